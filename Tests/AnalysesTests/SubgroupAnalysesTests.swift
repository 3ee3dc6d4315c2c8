import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

/// `stats strata`, `selective` and `table1` over tables as they come.
@Suite struct SubgroupAnalysesTests {
  /// 240 patients, every third with two lesions; sites, sizes and ages with gaps.
  private static func rows(_ change: (Int, inout [String: String]) -> Void = { _, _ in }) -> Table? {
    var random = SplitMix64(seed: 9)
    let columns = ["patient", "lesion", "split", "site", "age", "size_mm", "sex", "id", "visit", "label", "score"]
    var rows: [[String]] = []
    for patient in 0..<240 {
      for lesion in 0..<(patient % 3 == 0 ? 2 : 1) {
        let positive = random.uniform() < 0.5
        let size = Int(5 + 60 * random.uniform())
        let logit = (random.uniform() + random.uniform() - 1) * 4 + (positive ? 1 : -1) * (size > 20 ? 1.2 : 0.3)
        var row = [
          "patient": "p\(patient)", "lesion": "\(lesion)", "split": patient < 120 ? "validation" : "external-test",
          "site": ["A", "B", "C"][patient % 3], "age": patient % 11 == 0 ? "" : "\(30 + patient % 50)",
          "size_mm": "\(size)", "sex": patient % 2 == 0 ? "F" : "M", "id": "\(9000 + rows.count)",
          "visit": "2019-0\(1 + patient % 9)-15", "label": positive ? "1" : "0",
          "score": String(format: "%.4f", 1 / (1 + exp(-logit))),
        ]
        change(rows.count, &row)
        rows.append(columns.map { row[$0] ?? "" })
      }
    }
    return try? Table(columns: columns, rows: rows, source: "t.csv")
  }

  private func strata(_ table: Table?, _ factors: [StrataFactor], cutOff: Double? = 0.5) throws
    -> StrataAnalysis.Findings
  {
    try StrataAnalysis.strata(try #require(table), ScoredRows.Columns(), by: factors, unit: .lesion, cutOff: cutOff)
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  // MARK: Strata

  @Test func strataHoldTheRightRows() throws {
    let table = try #require(Self.rows())
    let found = try strata(
      table, [StrataFactor(column: "size_mm", cuts: [20, 50]), StrataFactor(column: "age", cuts: [60])])
    #expect(found.forest.map(\.label) == ["all", "size_mm", "≤20", ">20 to 50", ">50", "age", "≤60", ">60", "missing"])
    #expect(found.forest.map(\.isHeading) == [false, true, false, false, false, true, false, false, false])
    let tests = found.result.values["factors"]?.list[0]["tests"]?.list
    #expect(found.forest[1].p == tests?[0]["p"]?.number && found.forest[0].p == nil)
    let rows = try ScoredRows(table, ScoredRows.Columns())
    let small = try table.numbers("size_mm").map { $0 <= 20 }
    let chosen = rows.scores.indices.filter { small[$0] }
    let line = found.forest[2]
    #expect(line.n == chosen.count && line.events == chosen.count { rows.positives[$0] })
    let direct = try ClusteredAUC(
      scores: chosen.map { rows.scores[$0] }, positives: chosen.map { rows.positives[$0] },
      clusters: chosen.map { rows.patients[$0] })
    #expect(line.estimate == direct.auc && line.lower == direct.logit()?.lower)
    let sizes = found.forest[2...4].compactMap(\.n).reduce(0, +)
    let ages = found.forest[6...8].compactMap(\.n).reduce(0, +)
    #expect(sizes == rows.scores.count && ages == rows.scores.count)
  }

  @Test func theFamilyIsAdjustedTogether() throws {
    let found = try strata(
      Self.rows(), [StrataFactor(column: "size_mm", cuts: [20, 50]), StrataFactor(column: "site")])
    let factors = try #require(found.result.values["factors"]?.list)
    let tests = factors.flatMap { $0["tests"]?.list ?? [] }
    // Size: AUC, sensitivity and specificity with trends, and the interaction; site, unordered: three and the interaction.
    #expect(tests.count == 11 && found.result.values["testsInFamily"]?.number == 11)
    let p = tests.compactMap { $0["p"]?.number }
    #expect(tests.compactMap { $0["pHolm"]?.number } == (try Multiplicity.holm(p)))
    #expect(tests.compactMap { $0["pBenjaminiHochberg"]?.number } == (try Multiplicity.benjaminiHochberg(p)))
    let pairs = try #require(factors[0]["pairs"]?.list)
    #expect(pairs.count == 3)
    let marked = pairs.contains { ($0["pHolm"]?.number ?? 1) < 0.05 }
    #expect(marked == found.forest.contains { $0.marks != nil })
    #expect(found.result.notes.contains { $0.hasPrefix("a: the AUCs of size_mm") } == marked)
  }

  @Test func aNumberWithoutCutPointsIsTestedWhole() throws {
    let found = try strata(Self.rows(), [StrataFactor(column: "age")])
    #expect(found.forest.count == 3 && found.forest[2].label == "missing")
    #expect(found.result.notes.contains { $0.contains("tested as a number only") })
    #expect(found.result.values["factors"]?.list[0]["tests"]?.list.count == 1)
  }

  @Test func threePatientsAndOneClassAreFlagged() throws {
    let table = Self.rows { index, row in
      if index < 3 { row["site"] = "tiny" }
      if (10..<40).contains(index) { (row["site"], row["label"]) = ("all malignant", "1") }
    }
    let found = try strata(table, [StrataFactor(column: "site")])
    let tiny = try #require(found.forest.first { $0.label == "tiny" })
    #expect(tiny.n == 3 && tiny.estimate == nil && tiny.lower == nil && tiny.flag != nil)
    let one = try #require(found.forest.first { $0.label == "all malignant" })
    #expect(one.n == 30 && one.events == 30 && one.estimate == nil && one.flag?.contains("one class") == true)
    let json = String(decoding: try JSONEncoder().encode(found.result), as: UTF8.self)
    #expect(!json.contains("NaN") && !json.contains(":nan"))
    let text = found.result.lines.joined(separator: "\n")
    #expect(text.contains("tiny") && !text.contains("NaN") && !text.contains(" nan"))
  }

  @Test func strataSayWhatIsWrong() throws {
    #expect(message { _ = try StrataFactor("size_mm:20,x") }.contains("\"x\""))
    #expect(message { _ = try StrataFactor("size_mm:50,20") }.contains("ascending"))
    #expect(message { _ = try StrataFactor("size_mm:") }.contains("found nothing"))
    #expect(try StrataFactor("size_mm: 20, 50") == StrataFactor(column: "size_mm", cuts: [20, 50]))
    func failed(_ factors: [StrataFactor], _ change: (Int, inout [String: String]) -> Void = { _, _ in }) -> String {
      let table = Self.rows(change)
      return message { _ = try strata(table, factors) }
    }
    #expect(
      failed([StrataFactor(column: "colour")]).contains("no column \"colour\""))
    #expect(failed([]).contains("no factor"))
    #expect(failed([StrataFactor(column: "site"), StrataFactor(column: "site")]).contains("twice"))
    #expect(failed([StrataFactor(column: "site", cuts: [1])]).contains("t.csv:2: column site: expected a number"))
    #expect(failed([StrataFactor(column: "patient")]).contains("at most 20 categories, found 240"))
    #expect(failed([StrataFactor(column: "site")]) { _, row in row["site"] = " " }.contains("has no values"))
    let text = failed([StrataFactor(column: "site")]) { index, row in if index == 4 { row["score"] = "high" } }
    #expect(text.contains("line 6") || text.contains(":6"), "\(text)")
    #expect(failed([StrataFactor(column: "site")]) { _, row in row["label"] = "1" }.contains("both classes"))
  }

  @Test func aTableTooSmallForAnyEstimateIsRefused() throws {
    let table = try Table(
      columns: ["label", "score", "site"], rows: [["1", "0.9", "A"], ["0", "0.1", "A"], ["1", "0.4", "B"]],
      source: "t.csv")
    let text = message { _ = try strata(table, [StrataFactor(column: "site")]) }
    #expect(text.contains("found 2 positive and 1 negative"), "\(text)")
  }

  // MARK: Selective

  private func selective(
    _ table: Table?, _ division: SelectiveAnalysis.Division, alpha: Double = 0.1
  ) throws -> SelectiveAnalysis.Findings {
    try SelectiveAnalysis.selective(
      try #require(table), ScoredRows.Columns(), division: division, unit: .lesion, alpha: alpha)
  }
  private let splits = SelectiveAnalysis.Division.column("split", calibration: "validation", test: "external-test")

  @Test func selectiveCoversByClassAndSite() throws {
    let found = try selective(Self.rows(), splits)
    let sets = try #require(found.result.values["sets"]?.object)
    #expect(sets.keys.sorted() == ["class", "class-and-site", "marginal", "site"])
    let coverage = try #require(sets["class"]?["coverage"]?.list)
    #expect(
      coverage.compactMap { $0["label"]?.string } == ["all", "benign", "malignant", "site A", "site B", "site C"])
    #expect(coverage.allSatisfy { ($0["coverage"]?["value"]?.number ?? 0) > 0.75 })
    #expect(found.coverage.count == 4 * 7)
    #expect(found.byDistance.points[0].deferred == 0 && found.byDistance.areaUnderRiskCoverage > 0)
    #expect(found.byDistance.points[0].error == found.byConfidence.points[0].error)
    #expect(found.result.values["calibration"]?["patients"]?.number == 120)
  }

  @Test func aDrawnDivisionKeepsPatientsTogether() throws {
    let table = Self.rows()
    let found = try selective(table, .fraction(0.4, seed: 3))
    #expect(found.result.values["calibration"]?["patients"]?.number == 96)
    #expect(found.result.values["test"]?["patients"]?.number == 144)
    let again = try selective(table, .fraction(0.4, seed: 3))
    #expect(again.result.values == found.result.values)
    #expect(try selective(table, .fraction(0.4, seed: 4)).result.values != found.result.values)
  }

  @Test func tooFewCalibrationCasesAreFlagged() throws {
    let table = Self.rows { index, row in
      row["split"] = row["patient"].map { Int($0.dropFirst()) ?? 0 < 16 } == true ? "validation" : "external-test"
    }
    let found = try selective(table, splits, alpha: 0.02)
    #expect(found.result.notes.contains { $0.contains("fewer than 1/alpha - 1 = 49") })
    let marginal = try #require(found.result.values["sets"]?["marginal"]?["coverage"]?.list.first)
    #expect(marginal["both"]?.number == marginal["n"]?.number && marginal["meanSize"]?.number == 2)
    #expect(found.result.notes.contains { $0.contains("pooled quantile") })
  }

  @Test func selectiveSaysWhatIsWrong() throws {
    func failed(_ division: SelectiveAnalysis.Division, _ change: (Int, inout [String: String]) -> Void = { _, _ in })
      -> String
    {
      let table = Self.rows(change)
      return message { _ = try selective(table, division) }
    }
    #expect(failed(.column("split", calibration: "train", test: "external-test")).contains("has no \"train\""))
    #expect(failed(.column("part", calibration: "a", test: "b")).contains("part"))
    #expect(failed(.column("split", calibration: "validation", test: "validation")).contains("different cases"))
    #expect(failed(.fraction(1, seed: 1)).contains("between 0 and 1"))
    let leak = failed(splits) { index, row in if index == 0 { row["split"] = "external-test" } }
    #expect(leak.contains("1 patients are in both") && leak.contains("p0"), "\(leak)")
    #expect(failed(splits) { index, row in if index == 7 { row["score"] = "1.7" } }.contains("probability"))
    #expect(failed(splits) { index, row in if index == 7 { row["score"] = "" } }.contains("score"))
    let oneClass = failed(splits) { _, row in if row["split"] == "validation" { row["label"] = "0" } }
    #expect(oneClass.contains("both classes"))
  }

  // MARK: Table 1

  private func tableOne(_ table: Table?, _ change: (inout TableOneAnalysis.Options) -> Void = { _ in }) throws
    -> AnalysisResult
  {
    var options = TableOneAnalysis.Options()
    options.group = "label"
    change(&options)
    return try TableOneAnalysis.tableOne(try #require(table), options)
  }

  private func variable(_ result: AnalysisResult, _ name: String) throws -> JSONValue {
    try #require(result.values["variables"]?.list.first { $0["name"]?.string == name })
  }

  @Test func kindsAreFound() throws {
    let result = try tableOne(Self.rows())
    #expect(result.unit == "lesion" && result.values["n"]?.number == 320)
    #expect(try variable(result, "age")["kind"]?.string == "number")
    #expect(try variable(result, "site")["kind"]?.string == "category")
    #expect(try variable(result, "visit")["kind"]?.string == "date")
    #expect(result.notes.contains { $0.hasPrefix("id: left out") })
    #expect(result.notes.contains { $0.contains("more than one group") })
    let lines = result.tables[0].rows
    #expect(lines.contains { $0[0] == "  missing" && $0[1].hasPrefix("30 (9.4)") }, "\(lines)")
    #expect(result.tables[0].latex.contains("tabular"))
  }

  @Test func numbersAreThoseOfTheTests() throws {
    let table = try #require(Self.rows())
    let result = try tableOne(table)
    let sizes = try table.numbers("size_mm")
    let labels = try table.column("label")
    let benign = sizes.indices.filter { labels[$0] == "0" }.map { sizes[$0] }
    let malignant = sizes.indices.filter { labels[$0] == "1" }.map { sizes[$0] }
    let size = try variable(result, "size_mm")
    #expect(size["test"]?.string == "Mann-Whitney")
    #expect(size["p"]?.number == (try TwoGroups.mannWhitney(benign, malignant).p))
    #expect(size["standardisedDifference"]?.number == StandardisedDifference.ofNumbers(benign, malignant))
    #expect(size["groups"]?.list[1]["median"]?.number == (try Summary(malignant).median))
    let three = try tableOne(table) { ($0.group, $0.variables) = ("site", ["size_mm", "sex"]) }
    #expect(try variable(three, "size_mm")["test"]?.string == "Kruskal-Wallis")
    #expect(three.tables[0].columns.count == 1 + 1 + 3 + 3)
    let bare = try tableOne(table) { ($0.showsP, $0.variables) = (false, ["sex"]) }
    #expect(bare.tables[0].columns.count == 1 + 1 + 2 + 1)
    #expect(try variable(bare, "sex")["p"] == nil)
    let all = try tableOne(table) { ($0.group, $0.unit) = (nil, .patient) }
    #expect(all.tables[0].columns.count == 2 && all.values["n"]?.number == 240)
  }

  @Test func normalGroupsHaveMeans() throws {
    let normal = (1...40).map { 50 + 10 * NormalDistribution.quantile((Double($0) - 0.5) / 40) }
    let rows = normal.enumerated().map { ["\($0 % 2)", String(format: "%.3f", $1 + ($0 % 2 == 0 ? 0 : 2))] }
    let table = try Table(columns: ["label", "age"], rows: rows, source: "t.csv")
    let result = try tableOne(table)
    #expect(try variable(result, "age")["test"]?.string == "Welch t")
    #expect(result.tables[0].rows[0][1].contains(" ± "))
    #expect(try variable(try tableOne(table) { $0.hasEqualVariances = true }, "age")["test"]?.string == "Student t")
  }

  @Test func tableOneSaysWhatIsWrong() throws {
    func failed(
      _ options: @escaping (inout TableOneAnalysis.Options) -> Void = { _ in },
      rows change: (Int, inout [String: String]) -> Void = { _, _ in }
    ) -> String {
      let table = Self.rows(change)
      return message { _ = try tableOne(table, options) }
    }
    #expect(failed({ $0.group = "colour" }).contains("colour"))
    #expect(failed({ $0.variables = ["weight"] }).contains("weight"))
    #expect(failed({ $0.kinds = ["weight": .number] }).contains("weight"))
    #expect(failed({ $0.group = "patient" }).contains("1 to 12 groups, found 240"))
    #expect(failed({ $0.unit = .patient }).contains("belong to no one group"))
    let text = failed(
      { $0.kinds = ["size_mm": .number] }, rows: { index, row in if index == 2 { row["size_mm"] = "<5" } })
    #expect(text.contains("t.csv:4: column size_mm: expected a number or nothing, found \"<5\""), "\(text)")
    #expect(failed({ $0.kinds = ["site": .yesNo] }).contains("expected yes or no"))
    #expect(failed({ $0.kinds = ["site": .date] }).contains("expected a date"))
    #expect(failed({ $0.variables = ["id"] }).contains("no column to show"))
    #expect(
      failed(rows: { index, row in if index == 1 { row["lesion"] = "" } }).contains(
        "t.csv:3: column lesion is empty"))
    #expect(failed({ $0.group = "age" }, rows: { _, row in row["age"] = "" }).contains("found 0"))
    let words = try tableOne(Self.rows { index, row in if index == 2 { row["size_mm"] = "<5" } }) {
      $0.variables = ["size_mm", "sex"]
    }
    #expect(words.notes.contains { $0.contains("size_mm") })
  }
}
