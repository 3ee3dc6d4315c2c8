import Foundation
import Tables
import Testing

@testable import Cohort

/// Each refused import must leave nothing behind.
struct BadSourceTests {
  let folder: TemporaryFolder
  private let header = "patient,lesion,label,file,modality"

  init() throws {
    folder = try TemporaryFolder()
    try folder.picture("s/a.png", seed: 1)
    try folder.picture("s/b.png", seed: 2)
  }

  private func problems(_ rows: [String], header: String? = nil) throws -> [String] {
    try folder.write(([header ?? self.header] + rows).joined(separator: "\n") + "\n", to: "s/t.csv")
    let before = folder.paths
    let problems = importProblems(folder("s/t.csv"), into: folder("a.cohort"))
    #expect(folder.paths == before)
    let place = folder("s/t.csv").path
    return problems.map { $0.description.replacingOccurrences(of: place, with: "t.csv") }
  }

  @Test func missingColumnsAreListed() throws {
    try folder.write("patient,lesion,file,modality\nP,L,a.png,b-mode\n", to: "s/t.csv")
    let error = #expect(throws: CohortError.self) {
      try Importer.run(source: folder("s/t.csv"), into: folder("a.cohort"))
    }
    #expect(
      error?.description.hasSuffix("t.csv: no column \"label\"; there are: patient, lesion, file, modality") == true)
    try folder.write("patient,lesion\nP,L\n", to: "s/t.csv")
    #expect(throws: CohortError.self) { try Importer.run(source: folder("s/t.csv"), into: folder("a.cohort")) }
  }

  @Test func everyProblemIsReported() throws {
    let found = try problems([
      "P1,L1,unsure,a.png,b-mode", "P1,L2,benign,none.png,b-mode", ",L3,benign,a.png,x-ray",
      "P1,L4,benign,b.png,b-mode",
    ])
    #expect(found.count == 4)
    #expect(found[0] == "t.csv:2: label \"unsure\" is unknown; expected one of benign, malignant")
    #expect(found[1].hasPrefix("t.csv:3: file \"none.png\" does not exist"))
    #expect(found[2] == "t.csv:4: patient is empty")
    #expect(found[3].hasPrefix("t.csv:4: modality \"x-ray\" is unknown"))
  }

  @Test func manyProblemsAreCounted() throws {
    let rows = (0..<80).map { "P,L\($0),benign,none\($0).png,b-mode" }
    try folder.write(([header] + rows).joined(separator: "\n"), to: "s/t.csv")
    let error = #expect(throws: CohortError.self) {
      try Importer.run(source: folder("s/t.csv"), into: folder("a.cohort"))
    }
    guard case .problems(_, let listed, let total) = error else {
      Issue.record("expected problems")
      return
    }
    #expect(listed.count == 50 && total == 80 && error?.description.hasSuffix("and 30 more") == true)
  }

  @Test func aLesionInTwoPatients() throws {
    let found = try problems(["P1,L1,benign,a.png,b-mode", "P2,L1,benign,b.png,b-mode"])
    #expect(found == ["t.csv:3: lesion \"L1\" has patient \"P2\" here and \"P1\" at t.csv:2"])
  }

  @Test func aLesionWithTwoLabels() throws {
    let found = try problems(["P1,L1,benign,a.png,b-mode", "P1,L1,malignant,b.png,b-mode"])
    #expect(found == ["t.csv:3: lesion \"L1\" has label \"malignant\" here and \"benign\" at t.csv:2"])
  }

  @Test func aLesionOfThePatientOfAnotherImport() throws {
    _ = try Importer.run(source: folder.simpleSource(), into: folder("a.cohort"))
    let hash = try Catalogue.open(folder("a.cohort")).contentHash()
    try folder.write("\(header)\nP9,L1,benign,b.png,b-mode\n", to: "s/t.csv")
    let problems = importProblems(folder("s/t.csv"), into: folder("a.cohort"))
    #expect(problems.first?.message.contains("has patient \"P9\" here and \"P1\" at") == true)
    #expect(try Catalogue.open(folder("a.cohort")).contentHash() == hash)
    #expect(try Catalogue.open(folder("a.cohort")).check().isSound)
  }

  @Test func anExamWithTwoDatesAndAPairOfTwoPatients() throws {
    let found = try problems(
      [
        "P1,L1,benign,a.png,b-mode,E1,2020-01-01,p", "P1,L2,benign,b.png,b-mode,E1,2020-01-02,",
        "P2,L3,benign,a.png,b-mode,,,p",
      ],
      header: header + ",exam,date,pair")
    #expect(
      found == [
        "t.csv:3: exam \"E1\" has date \"2020-01-02\" here and \"2020-01-01\" at t.csv:2",
        "t.csv:4: pair \"p\" is of patient \"P2\" here and \"P1\" at t.csv:2",
      ])
  }

  @Test func repeatedRows() throws {
    let found = try problems(["P1,L1,benign,a.png,b-mode", "P1,L1,benign,a.png,b-mode"])
    #expect(found == ["t.csv:3: repeats t.csv:2: same file, frame and lesion"])
  }

  @Test(arguments: [
    ("10,10,50,10", "roi 10.0, 10.0, 50.0 x 10.0 is not inside the image of 48 x 40 pixels"),
    ("-1,0,10,10", "roi -1.0, 0.0, 10.0 x 10.0 is not inside the image of 48 x 40 pixels"),
    ("100,100,5,5", "roi 100.0, 100.0, 5.0 x 5.0 is not inside the image of 48 x 40 pixels"),
    ("1,,5,5", "roi_x, roi_width, roi_height without roi_y"),
    ("1,1,0,5", "roi_width and roi_height: expected more than 0, found 0.0 x 5.0"),
    ("1,one,5,5", "roi_y: expected a number, found \"one\""),
  ]) func regions(cells: String, message: String) throws {
    let found = try problems(
      ["P1,L1,benign,a.png,b-mode,\(cells)"], header: header + ",roi_x,roi_y,roi_width,roi_height")
    #expect(found == ["t.csv:2: \(message)"])
  }

  @Test func masksOfAnotherSizeAndEmptyOnes() throws {
    try folder.mask("s/small.png", columns: 1...2, rows: 1...2, width: 20)
    try folder.write([UInt8](), to: "s/empty.png")
    try folder.mask("s/blank.png", columns: 1...1, rows: 1...1, value: 100)
    let found = try problems(
      [
        "P1,L1,benign,a.png,b-mode,small.png", "P1,L2,benign,b.png,b-mode,empty.png",
        "P1,L3,benign,b.png,b-mode,no.png",
        "P1,L4,benign,a.png,b-mode,blank.png",
      ],
      header: header + ",mask")
    #expect(found.count == 4 && found.last?.hasSuffix("blank.png marks no pixel") == true)
    #expect(found[0].hasPrefix("t.csv:2: mask") && found[0].hasSuffix("has 20 x 40 pixels, its image 48 x 40"))
    #expect(found[1].hasPrefix("t.csv:3: ") && found[1].contains("empty.png"))
    #expect(found[2].hasPrefix("t.csv:4: mask \"no.png\" does not exist"))
  }

  @Test func truncatedAndFakeImages() throws {
    let whole = [UInt8](try Data(contentsOf: folder("s/a.png")))
    try folder.write(Array(whole.prefix(whole.count / 2)), to: "s/cut.png")
    try folder.write("not an image", to: "s/fake.png")
    try FileManager.default.createDirectory(at: folder("s/folder.png"), withIntermediateDirectories: true)
    let found = try problems([
      "P1,L1,benign,cut.png,b-mode", "P1,L2,benign,fake.png,b-mode", "P1,L3,benign,folder.png,b-mode",
    ])
    #expect(found.count == 3)
    for (problem, name) in zip(found, ["2: ", "3: ", "4: "]) { #expect(problem.hasPrefix("t.csv:\(name)")) }
  }

  @Test(arguments: ["empty", "nothing", "wrong"]) func foldersWithoutStills(name: String) throws {
    try FileManager.default.createDirectory(at: folder("empty"), withIntermediateDirectories: true)
    try folder.write("nothing to see", to: "wrong/notes/a.txt")
    let before = folder.paths
    #expect(throws: CohortError.self) { try Importer.run(source: folder(name), into: folder("a.cohort")) }
    #expect(folder.paths == before)
  }

  @Test func cannotWriteThere() throws {
    let source = try folder.simpleSource()
    try folder.write("x", to: "plain")
    for place in ["plain/a.cohort", "missing/a.cohort"] {
      let error = #expect(throws: CohortError.self) { try Importer.run(source: source, into: folder(place)) }
      guard case .output(.cannotCreate(folder(place).path, _)) = error else {
        Issue.record("expected cannotCreate, found \(String(describing: error))")
        continue
      }
    }
    let error = #expect(throws: CohortError.self) {
      try Importer.run(source: source, into: URL(fileURLWithPath: "/proc/a.cohort"))
    }
    guard case .output(.cannotCreate("/proc/a.cohort", _)) = error else {
      Issue.record("expected cannotCreate, found \(String(describing: error))")
      return
    }
  }
}
