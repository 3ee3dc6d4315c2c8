import Cohort
import Foundation
import InSilico
import Protocols
import Tables
import Testing
import Ultrasound

@testable import Training

extension TrainingTests {
  /// The stage after training, on a simulated cohort and networks that were really trained.
  struct CombinationRuns {
    private func study(_ change: (inout Combination) -> Void = { _ in }) -> StudyProtocol {
      smallStudy {
        $0.model = "tiny"
        $0.combination.factors = [CombinationFactor("age", .number)]
        ($0.combination.screening, $0.combination.penalty) = (.all, .firth)
        change(&$0.combination)
      }
    }

    private func execute(_ study: StudyProtocol, in run: RunFolder, resuming: Bool = false) throws -> [String] {
      let events = Events()
      try TrainingRun(study, cohort: TinyCohort.get().catalogue, folder: run) { events.add($0) }
        .execute(resuming: resuming)
      return events.notes
    }

    private func bytes(_ run: RunFolder) throws -> [Data] {
      try [run.predictionsFile, run.combinationFile, run.protocolFile, run.chosenCheckpoint(0), run.provenanceFile]
        .map { try Data(contentsOf: $0) }
    }

    @Test func aRunHasACombinedModelThatPredictsANewCohort() throws {
      let folder = try TemporaryFolder()
      let run = RunFolder(folder("run"))
      let notes = try execute(study(), in: run)
      #expect(notes.contains { $0.contains("combined model of fold 1: network score, age") })
      let rows = try PredictionTable.read(run.predictionsFile)
      let (network, combined) = (rows.filter { $0.model == "tiny" }, rows.filter { $0.model == "tiny+clinical" })
      // One image a lesion here: the same places in both.
      func places(_ rows: [Prediction]) -> [String] {
        rows.map { "\($0.fold) \($0.split) \($0.lesion) \($0.label?.rawValue ?? "")" }
      }
      #expect(places(network) == places(combined))

      // A finished run is left as it is.
      let before = try bytes(run)
      _ = try execute(study(), in: run, resuming: true)
      #expect(try bytes(run) == before)

      try predictsAsItsFileSays(run, folder)
      try saysWhichColumnsAreMissing(run, folder)
      try isMadeAnewWithoutTraining(run, before)
    }

    /// The mean over the folds of expit(a + b logit(s) + c age), from combination.json's numbers.
    private func predictsAsItsFileSays(_ run: RunFolder, _ folder: TemporaryFolder) throws {
      let cohort = try newCohort(folder, "new") { $0 }
      let networks = try Ensemble.predict(run: run, cohort: cohort).rows
      let outcome = try #require(try CombinedEnsemble.predict(run: run, cohort: cohort, networks: networks))
      #expect(outcome.note == nil && outcome.rows.count == Set(networks.map(\.lesion)).count)
      let file = try JSONSerialization.jsonObject(with: Data(contentsOf: run.combinationFile)) as? [String: Any]
      let folds = try #require(file?["folds"] as? [[String: Any]])
      let ages = Dictionary(
        try cohort.images().map { ($0.lesion, Double($0.text(ofColumn: "age") ?? "") ?? .nan) }
      ) { first, _ in first }
      for row in outcome.rows {
        let ofLesion = networks.filter { $0.lesion == row.lesion }
        var sum = 0.0
        for (place, fold) in folds.enumerated() {
          let scores = ofLesion.compactMap { $0.extra["score_fold_\(place + 1)"].flatMap(Double.init) }
          let mean = scores.reduce(0, +) / Double(ofLesion.count)
          let regression = try #require(fold["combined"] as? [String: Any])
          let values = try #require(regression["coefficients"] as? [[String: Any]]).map {
            $0["value"] as? Double ?? .nan
          }
          sum += 1 / (1 + exp(-values[0] - values[1] * log(mean / (1 - mean)) - values[2] * (ages[row.lesion] ?? .nan)))
        }
        #expect(abs(row.score - sum / 2) < 1e-9)
        #expect(row.extra["images"] == String(ofLesion.count))
      }
    }

    private func saysWhichColumnsAreMissing(_ run: RunFolder, _ folder: TemporaryFolder) throws {
      let without = try newCohort(folder, "without") { $0.replacing(",age,", with: ",years,") }
      let networks = try Ensemble.predict(run: run, cohort: without).rows
      let outcome = try #require(try CombinedEnsemble.predict(run: run, cohort: without, networks: networks))
      #expect(outcome.rows.isEmpty && outcome.note?.contains("age") == true)
    }

    /// Another combination on the same networks: no checkpoint changes.
    private func isMadeAnewWithoutTraining(_ run: RunFolder, _ before: [Data]) throws {
      let other = study { $0.factors = [CombinationFactor("size_mm", .number)] }
      let notes = try execute(other, in: run, resuming: true)
      #expect(notes.contains { $0.contains("network score, size_mm") })
      let after = try bytes(run)
      #expect(after[3...] == before[3...])
      #expect(zip(after, before).prefix(3).allSatisfy { $0 != $1 })
      #expect(try run.studyProtocol() == other)
      #expect(try PredictionTable.read(run.predictionsFile).count { $0.model == "tiny+clinical" } == 32)
    }

    private func newCohort(_ folder: TemporaryFolder, _ name: String, header: (String) -> String) throws -> Catalogue {
      let settings = LiverSettings(patients: 6, imagesPerLesion: 2, lesionsPerPatient: 1, seed: 5, imageSize: 96)
      try Simulator.liver(settings).write(to: folder(name), progress: nil)
      let table = folder(name).appending(path: "cohort.csv")
      var lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").map(String.init)
      lines[0] = header(lines[0])
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: table)
      _ = try Importer.run(source: folder(name), into: folder(name + ".cohort"))
      return try Catalogue.open(folder(name + ".cohort"))
    }

    @Test func aColumnThatIsNotThereIsFoundBeforeTraining() throws {
      let folder = try TemporaryFolder()
      let wrong = study { $0.factors.append(CombinationFactor("bilirubin", .number)) }
      #expect { try execute(wrong, in: RunFolder(folder("run"))) } throws: { "\($0)".contains("bilirubin") }
      #expect(!FileManager.default.fileExists(atPath: folder("run").path))
    }

    @Test func aCombinationThatCannotBeFittedCostsNoTraining() throws {
      let folder = try TemporaryFolder()
      let run = RunFolder(folder("run"))
      // The validation part has one lesion of each class.
      let few = study { $0.fittedOn = .validation }
      #expect { try execute(few, in: run) } throws: {
        "\($0)".contains("combination, fold 1") && "\($0)".contains("more lesions than parameters, found 2 lesions")
      }
      #expect(try run.provenance().finished != nil)
      #expect(try Set(PredictionTable.read(run.predictionsFile).map(\.model)) == ["tiny"])
      #expect(!FileManager.default.fileExists(atPath: run.combinationFile.path))
      _ = try execute(study(), in: run, resuming: true)
      #expect(try Set(PredictionTable.read(run.predictionsFile).map(\.model)) == ["tiny", "tiny+clinical"])
    }
  }
}
