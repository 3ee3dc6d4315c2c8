import Analyses
import Cohort
import Foundation
import Testing
import Ultrasound
import Wording

@testable import Evaluation

/// What real tables hold: each gives a message or a flagged section, and no page says NaN.
@Suite struct StudyBadInputTests {
  /// A table's report as text without pictures and scripts, from files as a user has them.
  private func page(
    _ predictions: String, clinical: String? = nil, readings: String? = nil, variables: String? = nil,
    strata: [String] = [], language: Language = .english
  ) throws -> String {
    try withFolder { folder in
      func write(_ text: String, _ name: String) throws -> URL {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file
      }
      let rows = try PredictionTable.read(write(predictions, "predictions.csv"))
      let tables = try StudyTables(
        StudyFiles(
          clinical: clinical.map { try write($0, "clinical.csv") },
          readings: readings.map { try write($0, "readings.csv") }),
        regression: variables.map { try ModelAnalyses.Variable.list($0) } ?? [],
        strata: strata.map { try StratumChoice($0) }, predictions: rows)
      let out = folder.appendingPathComponent("out")
      try StudyReport.write(ReportInput(title: "t", predictions: rows, language: language), tables, to: out)
      let html = try String(contentsOf: out.appendingPathComponent("report.html"), encoding: .utf8)
      let shown = html.replacing(/<(script|style)>[\s\S]*?<\/(script|style)>/, with: "")
      for slip in ["NaN", "nan<", ">nan", "(nan", "inf)", ">inf"] { #expect(!shown.contains(slip), "\(slip)") }
      return shown.replacing(/<svg[\s\S]*?<\/svg>/, with: "")
    }
  }

  private func table(_ count: Int, _ score: (Int) -> Double) -> String {
    "label,score\n" + (0..<count).map { "\($0 % 2),\(score($0))\n" }.joined()
  }

  /// Scores that overlap, the same on every run.
  private func noisy(_ count: Int) -> [(label: Int, score: Double)] {
    var random = Seeded(state: 3)
    return (0..<count).map { row in
      let seen = Double(row % 2) * 1.6 - 0.8 + random.normal()
      return (row % 2, 1 / (1 + exp(-seen)))
    }
  }

  @Test func aBareTableIsEnough() throws {
    let rows = noisy(120)
    let page = try page("label,score\n" + rows.map { "\($0.label),\($0.score)\n" }.joined())
    for id in ["results-unnamed", "calibration-all", "decision", "selective", "claim", "tripod"] {
      #expect(page.contains("<section id=\"\(id)\">"), "\(id)")
    }
    for id in ["roc-all", "flow", "table1", "nomogram", "strata", "readers"] {
      #expect(!page.contains("<section id=\"\(id)\">"), "\(id)")
    }
  }

  @Test func oneClassOnlyIsSaid() throws {
    let one = try page("label,score\n1,0.2\n1,0.7\n1,0.9\n")
    #expect(one.contains("No decision curves: the lesions that every model scored are of one class"))
    #expect(one.contains("only one class is present; calibration cannot be judged"))
  }

  @Test func aConstantScoreIsSaid() throws {
    let page = try page(table(60) { _ in 0.5 })
    #expect(page.contains("The AUC has no variance, as where all scores are equal"))
    #expect(page.contains("no slope and intercept, since the scores separate the classes or are all equal"))
    #expect(!page.contains("Perfect separation"))
  }

  @Test func cellsThatAreNoScoresAreNamed() {
    for cell in ["nan", "", "high", "1.2"] {
      let found = complaint { try page("label,score\n0,0.1\n1,\(cell)\n") }
      #expect(found.contains("predictions.csv:3: score: expected a number from 0 to 1"), "\(found)")
    }
    #expect(complaint { try page("image,label,score\na,0,0.1\na,0,0.2\n") }.contains("already on line 2"))
  }

  @Test func separationGivesFirthsEstimates() throws {
    let separated = "label,score,mark\n" + (0..<60).map { "\($0 / 30),\(0.01 + Double($0) / 61),\($0 / 30)\n" }.joined()
    let page = try page(separated, variables: "mark")
    #expect(page.contains("Perfect separation (AUC 1)"))
    #expect(page.contains("Odds ratios are Firth’s penalised ones"))
  }

  @Test func fewerCasesThanParametersIsSaid() throws {
    let head = "label,score,a,b,c,d,e,f\n"
    var random = Seeded(state: 9)
    let rows = (0..<6).map { row -> String in
      ([String(row % 2)] + (0..<7).map { _ in String(Double.random(in: 0.1...0.9, using: &random)) }).joined(
        separator: ",")
    }
    let page = try page(head + rows.joined(separator: "\n") + "\n", variables: "a,b,c,d,e,f")
    #expect(page.contains("No regression of the label on the score and these variables: "))
    #expect(page.contains("No conformal sets: they need 20 patients"))
  }

  @Test func aStratumOfThreeIsFlagged() throws {
    let rows = noisy(80)
    let csv =
      "label,score,group\n"
      + rows.enumerated().map { "\($1.label),\($1.score),\($0 < 3 ? "rare" : "common")\n" }.joined()
    let page = try page(csv, strata: ["group"])
    #expect(page.contains("too few: 1 malignant, 2 benign"))
    #expect(page.contains("group: no test between the AUCs of strata"))
    #expect(page.contains("group: no test of the score’s interaction, since fewer than two strata are large enough"))
  }

  @Test(arguments: Language.allCases) func readersWhoSkippedCasesAreAnalysed(language: Language) throws {
    let rows = noisy(60)
    var random = Seeded(state: 4)
    var readings = "reader,arm,case,label,confidence,call\n"
    for reader in 0..<4 {
      for arm in ["unaided", "aided"] {
        for (place, row) in rows.enumerated() where (place + reader) % 4 != 0 {
          let seen = Double(row.label) - 0.5 + random.normal()
          readings += "R\(reader),\(arm),\(place + 1),\(row.label),\(Int(100 / (1 + exp(-seen)))),\(seen > 0 ? 1 : 0)\n"
        }
      }
    }
    let page = try page(
      "label,score\n" + rows.map { "\($0.label),\($0.score)\n" }.joined(), readings: readings, language: language)
    #expect(page.contains(language == .english ? "360 of 480 readings" : "480 次判读中有 360 次"))
    #expect(page.contains("tables/readers-mean.csv"))
  }

  @Test func aLoneReaderHasNoMean() throws {
    let rows = noisy(40)
    let readings = "reader,case,label,call\n" + rows.enumerated().map { "R,\($0 + 1),\($1.label),1\n" }.joined()
    let page = try page("label,score\n" + rows.map { "\($0.label),\($0.score)\n" }.joined(), readings: readings)
    #expect(page.contains("no comparison with the model") && !page.contains("tables/readers-mean.csv"))
  }

  @Test func aTableThatDoesNotJoinIsNamed() {
    let found = complaint { try page(table(10) { Double($0) / 10 }, clinical: "lesion,age\nx,1\ny,2\n") }
    #expect(found.contains("clinical.csv: none of its 2 rows is of a lesion of the predictions"))
  }

  // MARK: The folder

  private let rows = [row("a", .benign, 0.2), row("b", .malignant, 0.8), row("c", .malignant, 0.6)]

  @Test func aFolderWithAnythingElseIsLeftAlone() throws {
    try withFolder { folder in
      try Data("mine".utf8).write(to: folder.appendingPathComponent("notes.txt"))
      let input = ReportInput(title: "t", predictions: rows)
      let found = complaint { try StudyReport.write(input, StudyTables(predictions: rows), to: folder) }
      #expect(found.contains("found notes.txt in it"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
    }
  }

  @Test func anEarlierReportIsReplacedWholeAndKeptOnFailure() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("report")
      try StudyReport.write(ReportInput(title: "first", predictions: rows), StudyTables(predictions: rows), to: folder)
      let stale = folder.appendingPathComponent("figures/stale.svg")
      try Data("old".utf8).write(to: stale)
      try StudyReport.write(ReportInput(title: "second", predictions: rows), StudyTables(predictions: rows), to: folder)
      #expect(!FileManager.default.fileExists(atPath: stale.path))
      let page = folder.appendingPathComponent("report.html")
      #expect(try String(contentsOf: page, encoding: .utf8).contains("<title>second</title>"))
      let bad = [row("a", .benign, 2)]
      let found = complaint {
        try StudyReport.write(ReportInput(title: "third", predictions: bad), StudyTables(predictions: bad), to: folder)
      }
      #expect(found.contains("expected a score from 0 to 1"))
      #expect(try String(contentsOf: page, encoding: .utf8).contains("<title>second</title>"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["figures", "metrics.json", "report.html", "tables"])
      let fresh = parent.appendingPathComponent("fresh")
      _ = complaint {
        try StudyReport.write(ReportInput(title: "t", predictions: bad), StudyTables(predictions: bad), to: fresh)
      }
      #expect(!FileManager.default.fileExists(atPath: fresh.path))
    }
  }
}
