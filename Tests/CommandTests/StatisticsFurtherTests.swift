import Foundation
import Testing

extension CommandTests {
  /// `stats` commands over a whole study's tables: strata, table1, selective, reader-study, power.
  struct OfStudyStatistics {
    /// 120 lesions of 100 patients at two sites, scores that tell the classes apart, by a fixed rule.
    private static let study: String = {
      var lines = ["patient,lesion,site,size_mm,sex,split,label,score"]
      for row in 0..<120 {
        let isMalignant = row % 5 < 2
        let wave = Double((row * 37) % 101) / 101
        let score = min(0.99, max(0.01, 0.25 + (isMalignant ? 0.3 : 0) + 0.4 * (wave - 0.3)))
        lines.append(
          "p\(row * 5 / 6),l\(row),\(row % 2 == 0 ? "north" : "south"),\(5 + (row * 13) % 50),\(row % 3 == 0 ? "f" : "m"),"
            + "\(row * 5 / 6 % 2 == 0 ? "validation" : "test"),\(isMalignant ? 1 : 0),\(String(format: "%.4f", score))")
      }
      return lines.joined(separator: "\n") + "\n"
    }()

    /// 4 readers, 30 cases, both arms; the aid moves confidence to the truth in every third case.
    private static let readings: String = {
      var lines = ["reader,experience,arm,lesion,label,confidence,call,ai"]
      for reader in 0..<4 {
        for lesion in 0..<30 {
          let truth = lesion % 2
          let base = 50 + (truth == 1 ? 12 : -12) + ((lesion * 29 + reader * 17) % 61) - 30
          for arm in ["unaided", "aided"] {
            let moved = arm == "aided" && lesion % 3 == 0 ? (truth == 1 ? 80 : 20) : base
            lines.append(
              "r\(reader),\(reader < 2 ? "junior" : "senior"),\(arm),l\(lesion),\(truth),\(moved),\(moved >= 50 ? 1 : 0),"
                + "\(lesion % 7 == 0 ? 1 - truth : truth)")
          }
        }
      }
      return lines.joined(separator: "\n") + "\n"
    }()

    private func run(_ command: [String], _ table: String, _ sandbox: Sandbox) throws -> Outcome {
      try insonate(["stats", command[0], sandbox.write(table, to: "table.csv")] + command.dropFirst())
    }

    private func values(_ command: [String], _ table: String, location: SourceLocation = #_sourceLocation) throws
      -> [String: Any]
    {
      let outcome = try run(command + ["--json"], table, Sandbox())
      #expect(outcome.code == 0, "\(outcome.errors)", sourceLocation: location)
      return try #require(object(outcome)["values"] as? [String: Any], sourceLocation: location)
    }

    @Test(
      arguments: [
        ["strata", "--by", "size_mm:20,40", "--by", "site", "--at", "0.5"], ["table1", "--by", "label"],
        ["selective", "--calibration-split", "validation", "--test-split", "test"],
        ["clusters", "--at", "0.5"], ["calibration"],
        ["decision-curve", "--thresholds", "0.1,0.3", "--resamples", "200"],
        ["logistic", "--variables", "score,sex:m,size_mm~spline3"], ["nomogram", "--variables", "score,sex:m"],
        ["compare", "--group", "site"], ["roc", "--bootstrap", "500", "--method", "bca"],
      ])
    func aWholeTableIsAnalysed(_ command: [String]) throws {
      let sandbox = try Sandbox()
      let text = try run(command, Self.study, sandbox)
      #expect(text.code == 0 && !text.output.isEmpty, "\(text.errors)")
      #expect(text.output.lowercased().firstMatch(of: /\bnan\b/) == nil, "\(text.output)")
      let json = try run(command + ["--json"], Self.study, sandbox)
      #expect(try object(json)["values"] != nil)
      #expect(!json.output.contains("NaN"))
    }

    @Test func aReadersStudyTellsWhatTheAidDid() throws {
      let found = try values(["reader-study"], Self.readings)
      #expect(!found.isEmpty)
      let text = try run(["reader-study"], Self.readings, Sandbox()).output
      for word in ["r0", "junior", "senior"] { #expect(text.contains(word), "\(word)") }
    }

    @Test func readersUnderTwoConditionsAreCompared() throws {
      let found = try values(["mrmc"], Self.readings)
      let test = try #require(found["randomReadersRandomCases"] as? [String: Any])
      let p = try #require((test["p"] as? NSNumber)?.doubleValue)
      #expect(p > 0 && p < 1)
    }

    @Test func sizesAreGiven() throws {
      for command in [
        ["auc", "0.8", "0.9"], ["shares", "0.7", "0.85"],
        [
          "mrmc", "--difference", "0.05", "--auc", "0.85", "--correlations", "0.47,0.3,0.3", "--reader-variance",
          "0.0005",
        ],
      ] {
        let outcome = try insonate(["stats", "power"] + command)
        #expect(outcome.code == 0 && !outcome.output.isEmpty, "\(command): \(outcome.errors)")
      }
    }

    /// Small strata and gaps are flagged, not computed.
    @Test func aStratumOfThreePatientsIsFlagged() throws {
      let lines = Self.study.split(separator: "\n").enumerated().map { place, line in
        line + (place == 0 ? ",device" : place <= 3 ? ",rare" : ",usual")
      }
      let text = try run(["strata", "--by", "device", "--at", "0.5"], lines.joined(separator: "\n") + "\n", Sandbox())
      #expect(text.code == 0, "\(text.errors)")
      let rare = try #require(text.output.split(separator: "\n").first { $0.contains("rare") })
      #expect(rare.contains("too few"))
      #expect(text.output.lowercased().firstMatch(of: /\bnan\b/) == nil)
    }

    @Test func aReaderWhoSkippedCasesIsFlagged() throws {
      let lines = Self.readings.split(separator: "\n").filter { !$0.hasPrefix("r3,senior,aided,l4,") }
      let outcome = try run(["mrmc", "--json"], lines.joined(separator: "\n") + "\n", Sandbox())
      #expect(outcome.code == 0, "\(outcome.errors)")
      let design = try #require((object(outcome)["values"] as? [String: Any])?["design"] as? [String: Any])
      #expect(design["fullyCrossed"] as? Bool == false)
    }

    @Test(
      arguments: [
        (["strata", "--by", "colour"], "colour"), (["strata", "--by", "size_mm:small"], "small"),
        (["selective", "--calibration-split", "training", "--test-split", "test"], "training"),
        (["table1", "--by", "colour"], "colour"), (["clusters", "--lesion", "colour"], "colour"),
      ] as [([String], String)])
    func whatTheTableLacksIsNamed(_ command: [String], _ named: String) throws {
      expectRefusal(try run(command, Self.study, Sandbox()), 65, naming: named)
    }

    @Test func aRepeatedImageIsNamed() throws {
      let table = "image,label,score\na,1,0.9\nb,0,0.1\na,1,0.8\nc,0,0.3\n"
      expectRefusal(try run(["roc"], table, Sandbox()), 65, naming: "table.csv:4", "2")
    }
  }
}
