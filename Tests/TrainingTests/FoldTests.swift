import Cohort
import Foundation
import Protocols
import Testing
import Torch
import Ultrasound

@testable import Training

extension TrainingTests {
  struct Folds {
    private func progress(hash: String = "h", fold: Int = 0) -> Checkpoint.Progress {
      let record = EpochRecord(
        fold: fold, epoch: 0, trainLoss: 0.1 + 0.2, validationLoss: 1 / 3, validationAUC: nil, learningRate: 1e-3)
      return Checkpoint.Progress(
        protocolHash: hash, fold: fold, epochs: 1, chosen: .init(epoch: 0, loss: 1 / 3, auc: 0.5), history: [record],
        precision: "float32", threads: 2)
    }

    @Test func aCheckpointReadsBackToTheBit() throws {
      let folder = try TemporaryFolder()
      let tensors = ["a.weight": try Generator(seed: 1).normal([3, 4]), "a.count": try Tensor.ones([1], .int64)]
      let state = ["a.weight.first": try Generator(seed: 2).normal([3, 4])]
      try Checkpoint(progress: progress(), network: tensors, optimiser: state).write(to: folder("c"))
      let read = try Checkpoint(contentsOf: folder("c"), protocolHash: "h", fold: 0)
      #expect(read.progress == progress())
      #expect(Set(read.network.keys) == Set(tensors.keys))
      for (name, tensor) in tensors { #expect(try read.network[name]?.bytes() == tensor.bytes()) }
      #expect(try read.optimiser["a.weight.first"]?.bytes() == state["a.weight.first"]?.bytes())
      // The same state gives the same file.
      try Checkpoint(progress: progress(), network: tensors, optimiser: state).write(to: folder("d"))
      #expect(try Data(contentsOf: folder("c")) == Data(contentsOf: folder("d")))
    }

    @Test func aCheckpointThatIsCutOrOfAnotherRunIsNamed() throws {
      let folder = try TemporaryFolder()
      try Checkpoint(progress: progress(), network: ["a": Tensor.ones([100])], optimiser: [:]).write(to: folder("c"))
      let bytes = try Data(contentsOf: folder("c"))
      for count in stride(from: 0, to: bytes.count, by: 37) {
        try bytes.prefix(count).write(to: folder("cut"))
        #expect("\(count) bytes") { try Checkpoint(contentsOf: folder("cut"), protocolHash: "h", fold: 0) } throws: {
          "\($0)".contains("cut")
        }
      }
      func expectRefused(_ hash: String, _ fold: Int, _ word: String) {
        #expect { try Checkpoint(contentsOf: folder("c"), protocolHash: hash, fold: fold) } throws: {
          "\($0)".contains(word) && "\($0)".contains(folder("c").path)
        }
      }
      expectRefused("other", 0, "protocol")
      expectRefused("h", 1, "fold")
      try SafeTensors(tensors: ["a": Tensor.ones([1])]).write(to: folder("c"))
      expectRefused("h", 0, "no checkpoint")
    }

    @Test func sixteenLesionsAreLearntByHeart() throws {
      let names = try TinyCohort.get().images.map(\.name)
      let study = smallStudy {
        $0.network.name = "resnet18"
        $0.input.size = 64
        $0.training.epochs = 8
        $0.training.batchSize = 8
        $0.optimiser.learningRate = 0.02
        $0.augmentation = StudyProtocol().augmentation
        ($0.augmentation.rotation, $0.augmentation.scale, $0.augmentation.translation) = (0, 0, 0)
        ($0.augmentation.flip, $0.augmentation.gain) = (0, 0)
      }
      let folder = try TemporaryFolder()
      let fold = Fold(index: 0, train: names, validation: names, test: [])
      let history = try trainer(study, fold: fold, run: RunFolder(folder.url)).train()
      #expect(history.count == 8)
      let areas = history.compactMap { record in record.validationAUC }
      #expect((areas.max() ?? 0) > 0.95, "\(areas)")
      #expect((history.last?.trainLoss ?? 9) < history[0].trainLoss)
    }

    @Test(arguments: [2, 16]) func aLossThatIsNoNumberKeepsTheLastGoodCheckpoint(batch: Int) throws {
      let names = try TinyCohort.get().images.map(\.name)
      let folder = try TemporaryFolder()
      let run = RunFolder(folder.url)
      let fold = Fold(index: 0, train: Array(names.prefix(12)), validation: Array(names.suffix(4)), test: [])
      let good = smallStudy { $0.training.batchSize = batch }
      _ = try trainer(good, fold: fold, run: run).train()
      let files = [run.lastCheckpoint(0), run.chosenCheckpoint(0)]
      let before = try files.map { try Data(contentsOf: $0) }
      let wild = smallStudy {
        $0.training.batchSize = batch
        $0.training.epochs = 2
        $0.optimiser.learningRate = 1e30
      }
      do {
        _ = try trainer(wild, fold: fold, run: run).train()
        Issue.record("expected the loss to run away")
      } catch TrainingError.lossNotFinite(_, let epoch, let step, let images) {
        #expect(batch == 2 && epoch == 1 && step > 0)
        #expect(images.count == 2 && Set(images).isSubset(of: names))
      } catch TrainingError.scoreNotFinite(let images) {
        // A single batch: the next pass to show it is the validation part's.
        #expect(batch == 16)
        #expect(Set(images).isSubset(of: names.suffix(4)))
      }
      #expect(try files.map { try Data(contentsOf: $0) } == before)
    }

    @Test func resumingAfterAnEpochGivesTheSameAsGoingOn() throws {
      let names = try TinyCohort.get().images.map(\.name)
      let fold = Fold(index: 0, train: Array(names.prefix(12)), validation: Array(names.suffix(4)), test: [])
      let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
      let whole = smallStudy {
        $0.training.epochs = 2
        $0.optimiser.kind = .adamw
      }
      let first = smallStudy {
        $0.training.epochs = 1
        $0.optimiser.kind = .adamw
      }
      let history = try trainer(whole, fold: fold, run: RunFolder(one.url)).train()
      _ = try trainer(first, fold: fold, run: RunFolder(two.url)).train()
      #expect(try trainer(whole, fold: fold, run: RunFolder(two.url)).train() == history)
      for file in [RunFolder(one.url).lastCheckpoint(0), RunFolder(one.url).chosenCheckpoint(0)] {
        let other = RunFolder(two.url).checkpoints.appending(path: file.lastPathComponent)
        #expect(try Data(contentsOf: file) == Data(contentsOf: other))
      }
    }
  }

  struct Runs {
    @Test func aRunKeepsItsPartsApartAndItsEnsembleIsTheMean() throws {
      let cohort = try TinyCohort.get().catalogue
      let folder = try TemporaryFolder()
      let (run, events) = (RunFolder(folder("run")), Events())
      let study = smallStudy { $0.validation.chooseOn = .test }
      try TrainingRun(study, cohort: cohort, folder: run) { events.add($0) }.execute(resuming: false)
      #expect(events.notes.contains { $0.contains("optimistic") })

      let folds = try SplitTable.read(run.splitFile)
      #expect(folds.count == 2)
      let patient = Dictionary(uniqueKeysWithValues: try cohort.images().map { ($0.name, $0.patient) })
      func patients(_ names: [String]) -> Set<String> { Set(names.compactMap { patient[$0] }) }
      for fold in folds {
        #expect(patients(fold.validation).isDisjoint(with: patients(fold.test)))
        #expect(patients(fold.train).isDisjoint(with: patients(fold.test)))
        #expect(patients(fold.train).isDisjoint(with: patients(fold.validation)))
        #expect(!fold.validation.isEmpty)
      }
      let rows = try PredictionTable.read(run.predictionsFile)
      for fold in folds {
        func images(_ split: String) -> [String] {
          rows.filter { $0.fold == fold.index && $0.split == split }.map(\.image)
        }
        #expect(images("train").sorted() == fold.train)
        #expect(images("validation").sorted() == fold.validation)
        #expect(images("internal-test").sorted() == fold.test)
      }

      let outcome = try Ensemble.predict(run: run, cohort: cohort)
      #expect(outcome.networks == 2)
      for row in outcome.rows {
        let own = ["score_fold_1", "score_fold_2"].compactMap { row.extra[$0].flatMap(Double.init) }
        #expect(own.count == 2)
        #expect(abs(row.score - own.reduce(0, +) / 2) < 1e-15)
      }
    }

    @Test func wrongStudiesMakeNoFolder() throws {
      let cohort = try TinyCohort.get().catalogue
      let folder = try TemporaryFolder()
      let wrong: [(inout StudyProtocol) -> Void] = [
        { $0.network.name = "resnet19" }, { $0.network.weights = "/nowhere.pth" }, { $0.validation.folds = 9 },
        { $0.cohort.modalities = [.contrast] }, { $0.training.device = "abacus" }, { $0.validation.split = .given },
      ]
      for change in wrong {
        let run = TrainingRun(smallStudy(change), cohort: cohort, folder: RunFolder(folder("run"))) { _ in }
        #expect(throws: TrainingError.self) { try run.execute(resuming: false) }
        #expect(throws: TrainingError.self) { try run.execute(resuming: true) }
        #expect(!FileManager.default.fileExists(atPath: folder("run").path))
      }
    }

    @Test func threadsLeftOpenAreTakenFromTheRunThatWasStopped() throws {
      let open = smallStudy {
        $0.training.threads = 0
        $0.training.precision = .auto
      }
      var earlier = Provenance(
        insonate: "", libtorch: "", protocolHash: "", cohort: "", cohortHash: "", cohortPatientsAreKnown: true,
        patientSource: "", images: 0, lesions: 0, patients: 0, seed: 0, device: "cpu", precision: "bfloat16",
        threads: 3,
        processor: "", started: "", finished: nil, trainingSeconds: 0, resumed: 0)
      #expect(try Compute(open.training, continuing: earlier).threads == 3)
      #expect(try Compute(open.training, continuing: earlier).precision == .bfloat16)
      earlier.precision = "float32"
      #expect(try Compute(open.training, continuing: earlier).precision == .float32)
      #expect(try Compute(smallStudy().training, continuing: earlier).threads == 2)
    }
  }
}
