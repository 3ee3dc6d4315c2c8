import Cohort
import Foundation
import Protocols
import Testing
import Ultrasound

@testable import Training

extension TrainingTests {
  /// Divisions other than folds, from the protocol to the rows of predictions.csv.
  struct Divisions {
    @Test func partsOfOneDivisionAreScoredUnderTheirNames() throws {
      let folder = try TemporaryFolder()
      let run = RunFolder(folder("run"))
      let study = smallStudy {
        $0.validation.split = .parts
        $0.validation.parts = [0.4, 0.2, 0.2, 0.2]
      }
      let cohort = try TinyCohort.get().catalogue
      try TrainingRun(study, cohort: cohort, folder: run) { _ in }.execute(resuming: false)
      let rows = try PredictionTable.read(run.predictionsFile)
      #expect(Set(rows.map(\.split)) == Set(Split.allCases.map(\.rawValue)))
      #expect(Set(rows.map(\.patient)).count == rows.count)
      let proof = try #require(try run.splitProof(of: run.provenance()))
      let parts = try #require(proof.divisions.first).parts
      for part in parts {
        let name = part.role == .test ? "internal-test" : part.role.rawValue
        #expect(rows.count { $0.split == name } == part.images)
      }
      // A proof that somebody has written in is none.
      let text = try String(contentsOf: run.splitProofFile, encoding: .utf8)
      let changed = text.replacing("\"pairsExamined\" : ", with: "\"pairsExamined\" : 1")
      try Data(changed.utf8).write(to: run.splitProofFile)
      #expect(throws: TrainingError.self) { try run.splitProof(of: run.provenance()) }
    }

    @Test func requestsAreWhatTheProtocolSays() {
      let held = smallStudy {
        $0.validation.split = .holdOut
        $0.validation.holdOut = ["C", "D"]
        $0.validation.parts = [0.8, 0.2]
      }
      #expect(held.splitRequest.method == .holdOut(column: "site", values: ["C", "D"], parts: [0.8, 0.2]))
      let later = smallStudy {
        $0.validation.split = .date
        $0.validation.after = "2020-05-31"
      }
      #expect(later.splitRequest.method == .after(date: "2020-05-31"))
    }
  }
}
