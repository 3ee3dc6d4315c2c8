import Foundation
import Testing

extension CommandTests {
  /// `stats`: over tables as studies have them. The numbers themselves are tested beside their targets.
  struct OfStatistics {
    private static let scores = """
      patient,lesion,label,score,other
      p1,a,malignant,0.9,0.6
      p2,b,malignant,0.8,0.9
      p3,c,malignant,0.4,0.2
      p4,d,benign,0.7,0.5
      p4,e,benign,0.3,0.7
      p5,f,benign,0.2,0.4
      p6,g,benign,0.1,0.3

      """

    private func run(_ command: [String], _ table: String, _ sandbox: Sandbox) throws -> Outcome {
      try insonate(["stats", command[0], sandbox.write(table, to: "table.csv")] + command.dropFirst())
    }

    private func number(_ value: Any?) throws -> Double { try #require((value as? NSNumber)?.doubleValue) }

    @Test func theAreaIsGivenWithItsIntervalAsTextAsJSONAndAsTables() throws {
      let sandbox = try Sandbox()
      let plain = try run(["roc", "--tables", sandbox("tables")], Self.scores, sandbox)
      #expect(plain.code == 0, "\(plain.errors)")
      #expect(plain.output.contains("0.9167"))
      let found = try object(run(["roc", "--json"], Self.scores, sandbox))
      let values = try #require(found["values"] as? [String: Any])
      #expect(abs(try number(values["auc"]) - 11.0 / 12) < 1e-15)
      #expect(found["unit"] as? String == "lesion")
      #expect(exists(sandbox("tables/table-01.csv")))
      #expect(try String(contentsOfFile: sandbox("tables/table-01.tex"), encoding: .utf8).contains("\\toprule"))
    }

    @Test func twoScoresAreCompared() throws {
      let sandbox = try Sandbox()
      let found = try object(run(["compare", "--scores", "score,other", "--json"], Self.scores, sandbox))
      let values = try #require(found["values"] as? [String: Any])
      let pair = try #require((values["comparisons"] as? [[String: Any]])?.first)
      // other: 0.6 beats 3 of 4, 0.9 all, 0.2 none.
      #expect(abs(try number(pair["difference"]) - (11.0 - 7) / 12) < 1e-15)
      #expect((values["method"] as? String)?.contains("clustered") == true)
    }

    @Test func aCutOffCountsCalls() throws {
      let sandbox = try Sandbox()
      let found = try object(run(["threshold", "--at", "0.5", "--json"], Self.scores, sandbox))
      let values = try #require(found["values"] as? [String: Any])
      #expect(try ["tp", "fp", "tn", "fn"].map { try number(values[$0]) } == [2, 1, 3, 1])
    }

    @Test func everyUnitIsGivenAtOnce() throws {
      let sandbox = try Sandbox()
      let found = try object(run(["clusters", "--json"], Self.scores, sandbox))
      let values = try #require(found["values"] as? [String: Any])
      #expect(try number((values["patient"] as? [String: Any])?["n"]) == 6)
      #expect(try number((values["lesion"] as? [String: Any])?["n"]) == 7)
    }

    @Test func publishedFiguresThatCannotBeAreNamed() throws {
      let sandbox = try Sandbox()
      let table = "name,positives,negatives,sensitivity,specificity,accuracy\nLBC,262,76,86.5,85.5,84.7\n"
      let outcome = try run(["audit"], table, sandbox)
      #expect(outcome.code == 0 && outcome.output.contains("LBC") && outcome.output.contains("accuracy"))
    }

    @Test func aConformanceFileIsComputed() throws {
      let sandbox = try Sandbox()
      _ = try sandbox.write("y,a\n1,0.9\n1,0.4\n0,0.5\n0,0.1\n", to: "data/t.csv")
      let cases = try sandbox.write(
        #"[{"case": "one", "kind": "roc", "data": "t.csv", "params": {"y": "y", "score": "a"}, "expected": {}}]"#,
        to: "cases.json")
      #expect(try insonate("stats", "conform", cases, "--out", sandbox("results.json")).code == 0)
      let results =
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: sandbox("results.json"))))
        as? [String: Any]
      #expect(try number((results?["one"] as? [String: Any])?["auc"]) == 0.75)
    }

    /// What tables of real studies get wrong: exit code 65 and one message that names the place.
    @Test(
      arguments: [
        ("label,score\n1,0.4\n1,0.6\n", ["roc"], "class"),
        ("label,score\n1,0.4\n0,\n", ["roc"], "table.csv:3"),
        ("label,score\n1,0.4\n0,nan\n", ["roc"], "table.csv:3"),
        ("label,score\n1,high\n0,0.2\n", ["roc"], "high"),
        ("label,score\n1,0.4\n2,0.2\n", ["roc"], "\"2\""),
        ("label,score\n1,0.4\n0,0.2\n", ["roc", "--score", "probability"], "probability"),
        ("label,score\n", ["roc"], "no rows"),
        ("label,score\n1,3\n0,0.2\n1,0.1\n0,0.9\n", ["calibration"], "probability"),
        ("label,score\n1,0.3\n0,0.2\n1,0.1\n0,0.9\n", ["decision-curve", "--thresholds", "0.2,1.5"], "1.5"),
        ("label,x\n1,1\n0,2\n1,3\n0,red\n", ["logistic", "--variables", "x"], "red"),
        ("label,x,y\n1,1,2\n0,2,2\n", ["logistic", "--variables", "x,y"], ""),
        ("reader,treatment,case,truth,rating\n1,1,1,1,4\n1,2,1,1,3\n", ["mrmc"], ""),
      ] as [(String, [String], String)])
    func aTableThatCannotBeUsedIsNamed(_ table: String, _ command: [String], _ named: String) throws {
      let sandbox = try Sandbox()
      expectRefusal(try run(command, table, sandbox), 65, naming: named)
    }

    @Test func aTableThatIsNotThere() throws {
      expectRefusal(try insonate("stats", "roc", "no-such.csv"), 65, naming: "no-such.csv")
    }

    @Test(
      arguments: [
        ["roc", "--level", "1.5"], ["threshold", "--at", "0.5", "--sensitivity", "0.9"], ["roc", "--unit", "town"],
      ])
    func aWrongCallIsNamed(_ command: [String]) throws {
      let sandbox = try Sandbox()
      #expect(try run(command, Self.scores, sandbox).code == 64)
    }

    /// A constant score and perfect separation have values, and flags.
    @Test func degenerateTablesAreFlagged() throws {
      let sandbox = try Sandbox()
      let constant = try run(["roc", "--json"], "label,score\n1,0.5\n0,0.5\n1,0.5\n0,0.5\n", sandbox)
      #expect(constant.code == 0 && constant.output.contains("every score is the same"))
      let separated = try run(
        ["logistic", "--variables", "x"], "label,x\n0,1\n0,2\n0,3\n0,4\n1,5\n1,6\n1,7\n1,8\n", sandbox)
      #expect(separated.code == 0 && separated.output.lowercased().contains("separat"), "\(separated.errors)")
      for text in [constant.output, separated.output] { #expect(text.lowercased().firstMatch(of: /\bnan\b/) == nil) }
    }
  }
}
