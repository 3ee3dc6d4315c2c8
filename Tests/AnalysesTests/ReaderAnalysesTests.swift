import Foundation
import Statistics
import Tables
import Testing

@testable import Analyses

private let vanDyke = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("../shared/conformance/statistics/data/mrmc_vandyke.csv").standardized

@Suite struct MultiReaderAnalysesTests {
  @Test(.enabled(if: FileManager.default.fileExists(atPath: vanDyke.path), "needs ../shared"))
  func vanDykeWithoutOptions() throws {
    let result = try ReaderAnalyses.multiReader(
      Table(contentsOf: vanDyke), ReaderAnalyses.ReadingColumns())
    let overall = try #require(result.values["randomReadersRandomCases"])
    func near(_ value: JSONValue?, _ expected: Double, _ reach: Double) -> Bool {
      abs((value?.number ?? .nan) - expected) < reach
    }
    #expect(near(overall["statistic"], 4.456319, 5e-7))
    #expect(near(overall["denominatorDegrees"], 15.25967, 5e-6))
    #expect(near(overall["p"], 0.05166569, 5e-9))
    #expect(near(overall["differences"]?.list.first?["difference"]?["value"], -0.04380032, 5e-9))
    #expect(result.values["covarianceMethod"]?.string == "jackknife")
    let other = result.values["otherCovariance"]
    #expect(other?["covarianceMethod"]?.string == "delong")
    #expect(near(other?["randomReadersRandomCases"]?["statistic"], 4.484854, 5e-7))
    #expect(result.notes.isEmpty)
    let plan = try PowerAnalyses.multiReader(
      pilot: Table(contentsOf: vanDyke), .init(difference: 0.043800322, readers: [6], cases: [251]))
    let row = plan.values["randomReadersRandomCases"]?.list.first
    #expect(row?["casesNeeded"]?.number == 251)
  }

  private func analyse(_ table: Table, figure: FigureOfMerit = .auc) throws -> AnalysisResult {
    try ReaderAnalyses.multiReader(table, ReaderAnalyses.ReadingColumns(), figure: figure)
  }

  @Test func usualColumnNamesAreFound() throws {
    let plain = try analyse(ReaderTable().table())
    let other = try analyse(
      ReaderTable { $0.columns = ["Radiologist", "modality", "lesion", "label", "confidence"] }.table())
    #expect(plain.values["randomReadersRandomCases"] == other.values["randomReadersRandomCases"])
    #expect(other.values["columns"]?["reader"]?.string == "Radiologist")
    #expect(other.values["design"]?["fullyCrossed"] == .bool(true))
    #expect(plain.notes.isEmpty)
  }

  @Test func skippedCasesAreFlagged() throws {
    let result = try analyse(ReaderTable { $0.skip = { reader, _, place in reader == 1 && place % 5 == 0 } }.table())
    #expect(result.values["design"]?["cases"]?.string == "skipped")
    #expect(result.values["design"]?["readings"]?.number == 152)
    #expect(result.notes.contains { $0.contains("not fully crossed: 152 of 160 readings") })
    #expect(result.values["randomReadersRandomCases"]?["p"]?.number?.isFinite == true)
    // Rows left out and empty ratings are the same.
    let left = try analyse(
      ReaderTable {
        $0.skip = { reader, _, place in reader == 1 && place % 5 == 0 }
        $0.leavesRowsOut = true
      }.table())
    #expect(left.values == result.values)
  }

  @Test func nestedDesignsAreNamed() throws {
    let readers = try analyse(ReaderTable { $0.skip = { reader, arm, _ in reader / 2 != arm } }.table())
    #expect(readers.values["design"]?["readers"]?.string == "readersNestedInTreatments")
    #expect(readers.values["components"]?["msR"] == .null)
    let cases = try analyse(ReaderTable { $0.skip = { reader, _, place in (place / 2) % 4 != reader } }.table())
    #expect(cases.values["design"]?["cases"]?.string == "nestedInReaders")
    #expect(cases.values["components"]?["cov2"]?.number == 0)
    let split = try analyse(ReaderTable { $0.skip = { reader, _, place in (place / 2) % 2 != reader % 2 } }.table())
    #expect(split.values["design"]?["cases"]?.string == "nestedInGroups")
    let treatments = try analyse(ReaderTable { $0.skip = { _, arm, place in (place / 2) % 2 != arm } }.table())
    #expect(treatments.values["design"]?["cases"]?.string == "nestedInTreatments")
    #expect(treatments.values["components"]?["cov1"]?.number == 0)
  }

  @Test func aReaderOfOneTreatmentIsLeftOut() throws {
    let result = try analyse(ReaderTable { $0.skip = { reader, arm, _ in reader == 3 && arm == 1 } }.table())
    #expect(result.values["readers"]?.list.count == 3)
    #expect(result.notes.contains { $0.contains("R4") && $0.contains("left out") })
  }

  @Test func patientsAreClusters() throws {
    let result = try analyse(ReaderTable { $0.extra = ["patient": { "P\($0.place / 2)" }] }.table())
    #expect(result.values["design"]?["clusters"]?.number == 10)
    #expect(result.notes.contains { $0.contains("20 cases in 10 clusters") })
    // Lesions counted within patients are told apart by both.
    let nested = try analyse(
      ReaderTable {
        $0.extra = ["patient": { "P\($0.place / 2)" }]
        $0.caseName = { "\($0 % 2)" }
      }.table())
    #expect(nested.values["randomReadersRandomCases"] == result.values["randomReadersRandomCases"])
    #expect(nested.values["cases"]?.number == 20)
  }

  @Test func identicalReadersAreFlagged() throws {
    let result = try analyse(
      ReaderTable {
        $0.readers = 2
        $0.identical = true
      }.table())
    #expect(result.notes.contains { $0.contains("variance 0") })
    #expect(result.values["randomReadersFixedCases"]?["p"]?.number?.isNaN == true)
  }

  @Test func callsHaveFiguresToo() throws {
    let table = ReaderTable { $0.extra = ["call": { $0.rating >= 3 ? "1" : "0" }] }.table()
    let result = try analyse(table, figure: .sensitivity)
    #expect(result.values["figure"]?.string == "sensitivity")
    #expect(result.values["otherCovariance"] == nil)
  }

  @Test(arguments: [
    ("duplicate", "second time"), ("truth", "another truth"), ("class", "expected two or more of either"),
    ("reader", "readers: expected at least 2"), ("text", "found \"high\""), ("empty", "column reader is empty"),
    ("label", "expected 0 or 1"), ("columns", "no column of the case"),
  ])
  func badTablesAreNamed(kind: String, expected: String) throws {
    var form = ReaderTable()
    var rows = form.rows()
    switch kind {
    case "duplicate": rows.append(rows[3])
    case "truth": rows[rows.count - 1][3] = rows[rows.count - 1][3] == "1" ? "0" : "1"
    case "class": rows = rows.filter { $0[3] == "1" }
    case "reader": rows = rows.filter { $0[0] == "R1" }
    case "text": rows[4][4] = "high"
    case "empty": rows[2][0] = ""
    case "label": rows[2][3] = "maybe"
    default: form.columns[2] = "nodule"
    }
    let table = try Table(columns: form.columns, rows: rows, source: "readings.csv")
    let error = #expect(throws: AnalysisError.self) { try analyse(table) }
    let text = error?.description ?? ""
    #expect(text.contains(expected) && text.hasPrefix("readings.csv"), "\(text)")
    if kind == "text" { #expect(text.contains("readings.csv:6")) }
  }
}
