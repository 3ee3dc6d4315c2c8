import Foundation
import Tables
import Testing

@testable import Analyses

/// `stats audit` over docs/examples/published.csv: the figures of S1, S2 and S3, and what is wrong with them.
@Suite struct PublishedAuditTests {
  private func rows() throws -> [JSONValue] {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/examples/published.csv")
    let result = try AuditAnalysis.audit(Table(contentsOf: file))
    let table = try #require(result.tables.first)
    #expect(table.columns == ["name", "figures", "finding", "off by", "why"])
    return try #require(result.values["rows"]?.list)
  }

  private func findings(_ row: JSONValue, _ weight: String) -> [(figures: [String], distance: Double?, message: String)]
  {
    (row["findings"]?.list ?? []).filter { $0["weight"]?.string == weight }.map { finding in
      (
        finding["figures"]?.list.compactMap(\.string) ?? [], finding["distance"]?.number,
        finding["message"]?.string ?? ""
      )
    }
  }

  @Test func everyListedInconsistencyIsFound() throws {
    let rows = try rows()
    func named(_ name: String) -> [JSONValue] { rows.filter { $0["name"]?.string == name } }
    // S1: no row comes from one confusion matrix of 181 patients.
    let kidney = rows.filter { $0["name"]?.string?.hasPrefix("S1") == true }
    #expect(kidney.count == 6)
    for row in kidney {
      #expect(
        findings(row, "impossible").contains { $0.message.contains("no confusion matrix of 100 positive and 81") })
    }
    // Accuracy outside sensitivity and specificity.
    for name in ["S1 B-mode", "S2 external validation"] {
      let row = try #require(named(name).first)
      #expect(findings(row, "impossible").contains { $0.message.contains("lies outside sensitivity and specificity") })
    }
    // The readers' prevalence of 39 %.
    for name in ["S1 junior radiologists", "S1 senior radiologists"] {
      let row = try #require(named(name).first)
      #expect(findings(row, "note").contains { $0.message.contains("PPV 0.39") || $0.message.contains("PPV 0.389") })
    }
    // 0.740 with 0.70 to 0.75; 0.72 in the text and 0.70 in the table.
    #expect(
      findings(try #require(named("S1 junior radiologists").first), "unusual").contains {
        $0.figures == ["AUC", "its interval"]
      })
    #expect(
      findings(try #require(named("S1 B-mode").last), "impossible").contains { $0.figures == ["AUC's lower limit"] })
    // Net benefit above the prevalence of either validation cohort; no gain over acting on everybody.
    for (name, distance) in [("S2 internal validation", 0.0005), ("S2 external validation", 0.0333)] {
      let found = findings(try #require(named(name).first), "impossible").filter { $0.figures.contains("net benefit") }
      #expect(found.count == 1 && abs((found.first?.distance ?? 0) - distance) < 1e-4)
    }
    let training = try #require(named("S2 training and internal validation").first)
    #expect(findings(training, "note").contains { $0.message.contains("gains nothing over it") })
    #expect(training["possible"]?.bool == true)
    // A p-value that the intervals of different patients do not give.
    #expect(
      findings(try #require(named("S2 external validation").first), "unusual").contains { $0.figures == ["p", "AUC"] })
    // An interval from 0 to 1; the readers' sensitivity in two places.
    #expect(findings(try #require(named("S2 lesions up to 2 cm").first), "note").count == 1)
    let readers = named("S2 236 radiologists")
    #expect(readers.count == 2 && readers[1]["possible"]?.bool == false)
    #expect(readers[1]["source"]?.string == "against LBC")
    // S3 is possible with 57 malignant of 232.
    let thyroid = try #require(named("S3 external test").first)
    #expect(thyroid["possible"]?.bool == true && thyroid["findings"]?.list.isEmpty == true)
  }

  @Test(arguments: [
    ("name,auc\na,0.8\nb,high\n", "t.csv:3: column auc: expected a number, found \"high\""),
    ("name,kappa\na,0.8\n", "unknown column kappa"),
    ("name,auc\n", "no rows"),
    ("name,p,compared_with\na,0.02,c\n", "t.csv:2: column compared_with: no other row is named \"c\""),
    ("name,p,compared_with\na,0.02,a\n", "no other row"),
    ("name,positives\na,-3\n", "column positives"),
  ])
  func saysWhatIsWrong(csv: String, expected: String) throws {
    let table = try Table(csv: csv, source: "t.csv")
    let error = #expect(throws: AnalysisError.self) { try AuditAnalysis.audit(table) }
    #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "")")
  }
}
