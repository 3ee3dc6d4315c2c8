import Foundation
import Testing
import Ultrasound
import Wording

@testable import Cohort
@testable import Evaluation

struct DivisionTests {
  /// The page shows the parts of each fold and the proof's hash.
  @Test func thePageShowsTheProof() throws {
    let study = Study(patients: 60, folds: 2)
    let names = Dictionary(grouping: study.images, by: \.patient)
    let (even, odd) = names.keys.sorted().enumerated().reduce(into: ([String](), [String]())) { sides, patient in
      let images = (names[patient.element] ?? []).map(\.name)
      if patient.offset % 2 == 0 { sides.0 += images } else { sides.1 += images }
    }
    let folds = [
      Fold(index: 0, train: even, validation: [], test: odd), Fold(index: 1, train: odd, validation: [], test: even),
    ]
    let proof = try SplitProof(
      folds, of: study.images, request: .kFold(folds: 2),
      likeness: LikenessSearch(version: 1, images: study.images.count, examined: 12, confirmed: 0),
      patientsAreKnown: true, cohortHash: "c")
    let folder = FileManager.default.temporaryDirectory.appending(path: "insonate-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for language in [Language.english, .chinese] {
      let place = folder.appending(path: language.rawValue)
      try Report.write(
        ReportInput(
          title: "t", predictions: study.predictions, images: study.images, splitProof: proof, language: language),
        to: place)
      let page = try String(contentsOf: place.appending(path: "report.html"), encoding: .utf8)
      #expect(page.contains(proof.sha256))
      #expect(page.contains(language == .english ? "The division and its proof" : "数据划分及其证明"))
      let table = try String(contentsOf: place.appending(path: "tables/division.csv"), encoding: .utf8)
      #expect(table.split(separator: "\n").count == 5)
      #expect(table.contains(",\(even.count),"))
    }
  }
}
