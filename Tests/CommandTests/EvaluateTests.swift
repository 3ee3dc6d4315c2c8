import Foundation
import Testing

extension CommandTests {
  /// `evaluate` of a table of predictions with a study's further tables.
  struct OfTables {
    private static let predictions: String = {
      let rows = (0..<60).map { row -> String in
        let score = Double((row * 37) % 60) / 100 + (row % 2 == 0 ? 0 : 0.3)
        return "P\(row / 2),L\(row),\(row % 2),\(score)"
      }
      return "patient,lesion,label,score\n" + rows.joined(separator: "\n") + "\n"
    }()

    private static let clinical: String = {
      let rows = (0..<60).map { "P\($0 / 2),L\($0),\(40 + ($0 * 13) % 30),\($0 % 3 == 0 ? "male" : "female")" }
      return "patient,lesion,age,sex\n" + rows.joined(separator: "\n") + "\n"
    }()

    @Test func aTableGivesAReport() throws {
      let sandbox = try Sandbox()
      let table = try sandbox.write(Self.predictions, to: "predictions.csv")
      let clinical = try sandbox.write(Self.clinical, to: "clinical.csv")
      let made = try object(
        insonate(
          "evaluate", table, "--out", sandbox("report"), "--clinical", clinical, "--variables", "age,sex:female",
          "--strata", "age:55", "--strata", "sex", "--title", "A table", "--language", "zh", "--json"))
      #expect(made["report"] as? String == sandbox("report/report.html"))
      let page = try String(contentsOfFile: sandbox("report/report.html"), encoding: .utf8)
      for text in ["<title>A table</title>", "id=\"nomogram\"", "id=\"strata\"", "id=\"table1\"", "lang=\"zh-Hans\""] {
        #expect(page.contains(text), "\(text)")
      }
      #expect(exists(sandbox("report/tables/odds-ratios.csv")) && exists(sandbox("report/figures/nomogram.pdf")))
    }

    @Test func whatIsWrongIsNamed() throws {
      let sandbox = try Sandbox()
      let table = try sandbox.write(Self.predictions, to: "predictions.csv")
      let bad = try sandbox.write("label,score\n0,0.1\n1,high\n", to: "bad.csv")
      let twice = try sandbox.write("patient,age\nP1,50\nP1,51\n", to: "twice.csv")
      expectRefusal(try insonate("evaluate", bad, "--out", sandbox("out")), 65, naming: "bad.csv:3")
      expectRefusal(
        try insonate("evaluate", table, "--out", sandbox("out"), "--clinical", twice), 65, naming: "twice.csv:3")
      expectRefusal(
        try insonate("evaluate", table, "--out", sandbox("out"), "--variables", "age"), 65, naming: "age")
      #expect(!exists(sandbox("out")))
      expectRefusal(try insonate("evaluate", table, "--out", sandbox.url.path), 73, naming: sandbox.url.path)
      #expect(try insonate("evaluate", table).code == 64)
      #expect(try insonate("evaluate", sandbox.url.path, "--out", sandbox("out")).code == 64)
    }
  }
}
