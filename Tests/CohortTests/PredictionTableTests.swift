import Foundation
import Tables
import Testing
import Ultrasound

@testable import Cohort

struct PredictionTableTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws(CohortError) -> [Prediction] {
    do { try folder.write(text, to: "p.csv") } catch { throw .source(path: "p.csv", reason: "\(error)") }
    return try PredictionTable.read(folder("p.csv"))
  }

  private func refusal(_ text: String) -> String {
    do {
      _ = try read(text)
      return "nothing was refused"
    } catch {
      return error.description.replacingOccurrences(of: folder("p.csv").path, with: "p.csv")
    }
  }

  @Test func scoresReadBackToTheSameDouble() throws {
    var random = SplitMix64(seed: 1)
    var rows = [0, 1, 0.1, 1.0 / 3, .leastNonzeroMagnitude, 0.9999999999999999, 1e-17].enumerated().map {
      place, score in
      Prediction(
        model: "a, b", split: "test", fold: place, site: "", patient: "P\"1\"", lesion: "L", image: "i\(place)",
        label: place % 2 == 0 ? .benign : .malignant, score: score, extra: ["threshold": "0.5"])
    }
    for place in 0..<1000 {
      rows.append(
        Prediction(
          model: "m", split: "test", fold: 0, site: "s", patient: "p", lesion: "l", image: "r\(place)", label: .benign,
          score: Double(random.next() >> 11) / 9_007_199_254_740_992, extra: ["threshold": ""]))
    }
    try PredictionTable.write(rows, to: folder("out.csv"))
    let again = try PredictionTable.read(folder("out.csv"))
    #expect(again == rows)
    #expect(zip(again, rows).allSatisfy { $0.score.bitPattern == $1.score.bitPattern })
    let header = try String(contentsOf: folder("out.csv"), encoding: .utf8).prefix { $0 != "\n" }
    #expect(header == "model,split,fold,site,patient,lesion,image,label,score,threshold")
  }

  @Test func aBareTableIsEnough() throws {
    let rows = try read("label,score\n0,0.25\n1,1\n")
    #expect(rows.map(\.image) == ["1", "2"] && rows.map(\.lesion) == ["1", "2"] && rows.map(\.patient) == ["1", "2"])
    #expect(rows.map(\.label) == [.benign, .malignant] && rows.map(\.fold) == [0, 0])
    #expect(try read("label,score,lesion\nmalignant,0.25,L\nbenign,1,L\n").map(\.patient) == ["L", "L"])
  }

  @Test(arguments: [
    ("label\n1\n", "p.csv: no column \"score\"; there are: label"),
    ("label,score\n", "p.csv:1: no rows below the header"),
    ("label,score\n1,\n", "p.csv:2: score: expected a number from 0 to 1, found \"\""),
    ("label,score\n1,0.5\n0,nan\n", "p.csv:3: score: expected a number from 0 to 1, found \"nan\""),
    ("label,score\n1,1.01\n", "p.csv:2: score: expected a number from 0 to 1, found \"1.01\""),
    ("label,score\n1,-1e-9\n", "p.csv:2: score: expected a number from 0 to 1, found \"-1e-9\""),
    ("label,score\n2,0.5\n", "p.csv:2: label: expected 0 or 1, found \"2\""),
    ("label,score,fold\n1,0.5,-1\n", "p.csv:2: fold: expected a whole number from 0, found \"-1\""),
    ("label,score,image\n1,0.5,\n", "p.csv:2: image is empty"),
    (
      "label,score,image\n1,0.5,a\n1,0.5,a\n",
      "p.csv:3: image \"a\" has a score of this model, split and fold already on line 2"
    ),
  ]) func refuses(text: String, message: String) {
    #expect(refusal(text) == message)
  }

  @Test func readersMayRepeatAnImage() throws {
    #expect(try read("label,score,image,reader\n1,0.5,a,r1\n1,0.5,a,r2\n").count == 2)
  }

  @Test func aReadOnlyPlaceIsAnOutputError() {
    let error = #expect(throws: CohortError.self) {
      try PredictionTable.write([], to: URL(fileURLWithPath: "/proc/p.csv"))
    }
    guard case .output(.cannotCreate) = error else {
      Issue.record("expected cannotCreate, found \(String(describing: error))")
      return
    }
  }
}

struct SplitTableTests {
  @Test func foldsReadBack() throws {
    let folder = try TemporaryFolder()
    let images = SplitterTests.images + [image("nowhere.png", patient: "P77")]
    var folds = try Splitter.folds(of: images, request: .column("site"))
    try SplitTable.write(folds, of: images, to: folder("split.csv"))
    for place in folds.indices { folds[place].name = nil }
    #expect(try SplitTable.read(folder("split.csv")) == folds)
    let table = try Table(contentsOf: folder("split.csv"))
    #expect(table.columns == ["image", "patient", "fold", "role"] && table.rowCount == 4 * images.count)
    try folder.write("image,fold,role\na,0,train\na,0,test\n", to: "twice.csv")
    #expect(throws: CohortError.self) { try SplitTable.read(folder("twice.csv")) }
    try folder.write("image,fold,role\na,0,exam\n", to: "role.csv")
    #expect(throws: CohortError.self) { try SplitTable.read(folder("role.csv")) }
  }
}
