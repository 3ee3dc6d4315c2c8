import Cohort
import Foundation
import Networks
import Protocols
import Tables
import Testing
import Torch
import Ultrasound

@testable import Training

/// A system as small as it can be, and what it learns from.
struct SystemCase: CustomTestStringConvertible, Sendable {
  let name: String
  var settings: [String: JSONValue] = ["backbone": .text("resnet18")]
  var modalities: [Modality] = []
  var isClip = false
  var change: @Sendable (inout StudyProtocol) -> Void = { _ in }

  var testDescription: String { name + (settings["fusion"].map { " \($0)" } ?? "") }

  static let all: [SystemCase] = [
    SystemCase(name: "muf-net", modalities: [.bMode, .contrast]) {
      $0.loss.kind = .classBalancedFocal
      $0.sampler = .classBalanced
      $0.network.classes = 2
    },
    SystemCase(name: "muf-net-ceus", modalities: [.contrast]),
    SystemCase(name: "dcnn-us-l", modalities: [.bMode]) {
      $0.loss.tripletWeight = 1
      $0.sampler = .classesByLesions
      $0.input.sample = .image
    },
    SystemCase(name: "dcnn-us-lb", modalities: [.bMode]) {
      $0.loss.tripletWeight = 0.5
      $0.loss.tripletMargin = .hard(0.3)
    },
    SystemCase(
      name: "uc-sttnet", settings: ["backbone": .text("resnet18"), "width": .integer(16)],
      modalities: [.bMode, .colorDoppler]
    ) {
      $0.clinical = [
        .init("hepatitis", .ordinal, levels: ["0", "1", "2", "3"]), .init("sex", .flag, levels: ["female", "male"]),
        .init("age", .number),
      ]
    },
    SystemCase(
      name: "thyroid-bench", settings: ["backbone": .text("resnet18"), "fusion": .text("pooled")],
      modalities: [.bMode, .superbMicrovascular, .shearWave]),
    SystemCase(
      name: "thyroid-bench", settings: ["backbone": .text("resnet18"), "fusion": .text("stacked")],
      modalities: [.bMode, .superbMicrovascular, .shearWave]),
    SystemCase(name: "calcification-attention-2d", modalities: [.bMode]),
    SystemCase(name: "calcification-attention", settings: ["backbone": .text("mc3-18")], isClip: true) {
      ($0.input.sample, $0.input.clip.frames) = (.clip, 4)
      $0.training.checkpointing = true
    },
  ]

  func study(_ further: (inout StudyProtocol) -> Void = { _ in }) -> StudyProtocol {
    systemStudy(name, settings) {
      change(&$0)
      further(&$0)
    }
  }

  func images() throws -> [ImageRecord] {
    let cohort = try ExamCohort.get()
    return isClip ? cohort.frames : cohort.stills.filter { modalities.contains($0.modality) }
  }
}

extension TrainingTests {
  struct Systems {
    @Test(arguments: SystemCase.all) func sixteenLesionsAreLearntByHeart(system: SystemCase) throws {
      let images = try system.images()
      let names = images.map(\.name)
      let study = system.study {
        $0.training.epochs = 8
        $0.training.batchSize = 4
        $0.optimiser.kind = .adamw
        $0.schedule.kind = .cosine
      }
      let folder = try TemporaryFolder()
      let fold = Fold(index: 0, train: names, validation: names, test: [])
      let history = try trainer(study, images, fold: fold, run: RunFolder(folder.url)).train()
      let areas = history.compactMap { record in record.validationAUC }
      #expect(areas.max() == 1, "\(areas)")
      #expect((history.last?.trainLoss ?? 9) < history[0].trainLoss)
    }

    @Test(arguments: SystemCase.all) func aStoppedRunGoesOnToTheSameWeights(system: SystemCase) throws {
      let images = try system.images()
      let names = images.map(\.name)
      let (train, validation) = (names.filter { !$0.hasPrefix("L1-") }, names.filter { $0.hasPrefix("L1-") })
      let fold = Fold(index: 0, train: train, validation: validation, test: [])
      let (one, two) = (RunFolder(try TemporaryFolder().url), RunFolder(try TemporaryFolder().url))
      func study(_ epochs: Int) -> StudyProtocol {
        system.study {
          $0.training.epochs = epochs
          $0.augmentation = StudyProtocol().augmentation
        }
      }
      let whole = try trainer(study(2), images, fold: fold, run: one).train()
      _ = try trainer(study(1), images, fold: fold, run: two).train()
      #expect(try trainer(study(2), images, fold: fold, run: two).train() == whole)
      for file in [one.lastCheckpoint(0), one.chosenCheckpoint(0)] {
        let other = two.checkpoints.appending(path: file.lastPathComponent)
        #expect(try Data(contentsOf: file) == Data(contentsOf: other))
      }
      for run in [one, two] { try FileManager.default.removeItem(at: run.url) }
    }

    /// Part of the examinations lack a modality in training and in the new cohort; each gets an answer all the same.
    @Test func incompleteExaminationsAreAnswered() throws {
      let folder = try TemporaryFolder()
      let all = try ExamCohort.get().of(.bMode, .contrast)
      let lacking = all.filter { image in
        !(image.lesion == "L2" && image.modality == .contrast) && !(image.lesion == "L7" && image.modality == .bMode)
      }
      let cohort = try ExamCohort.imported(lacking, into: folder.url)
      let study = systemStudy("muf-net", ["backbone": .text("resnet18"), "modalityDropout": .number(0.2)]) {
        $0.validation.split = .given
        // Of a modality that one sample of a batch has, the last map still holds several places to normalise over.
        $0.input.size = 64
        $0.validation.fraction = 0
        $0.validation.choose = .last
      }
      let run = RunFolder(folder("run"))
      try TrainingRun(study, cohort: cohort, folder: run) { _ in }.execute(resuming: false)
      for rows in [try PredictionTable.read(run.predictionsFile), try Ensemble.predict(run: run, cohort: cohort).rows] {
        #expect(Set(rows.map(\.lesion)).count == 16)
        for row in rows {
          #expect((0...1).contains(row.score))
          let (hasB, hasC) = (row.extra["has_b-mode"], row.extra["has_ceus"])
          #expect(hasB == (row.lesion == "L7" ? "0" : "1") && hasC == (row.lesion == "L2" ? "0" : "1"))
          let weights = ["b-mode", "ceus"].compactMap { row.extra["weight_" + $0].flatMap(Double.init) }
          #expect(weights.count == 2 && abs(weights.reduce(0, +) - 1) < 1e-5)
        }
      }
      // Each sample once, by one image.
      let names = try PredictionTable.read(run.predictionsFile).filter { $0.fold == 0 }.map(\.image)
      #expect(names.count == 16 && Set(names).count == 16)
    }

    @Test func settingsAreCheckedByTheNetwork() throws {
      let wrong: [(StudyProtocol, String, String)] = [
        (systemStudy("muf-nett"), "network.name", "muf-net"),
        (systemStudy("muf-net", ["fusion": .text("x")]), "network.settings", "unknown setting fusion"),
        (systemStudy("muf-net", ["dropout": .number(2)]), "network.settings", "dropout"),
        (systemStudy("resnet18", ["dropout": .number(0)]), "network.settings", "dropout"),
      ]
      for (study, key, word) in wrong {
        #expect { try study.design() } throws: { "\($0)".contains(key) && "\($0)".contains(word) }
      }
    }
  }
}
