import Foundation
import Tables
import Testing

@testable import Analyses

private let file = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("../shared/conformance/statistics/cases.json").standardized

/// All cases of shared/conformance/statistics against their expected values.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: file.path), "needs ../shared"))
struct ConformanceTests {
  private let folder = file.deletingLastPathComponent()

  @Test func everyCaseMatches() throws {
    let cases = try Conformance.cases(in: file)
    #expect(cases.count >= 43)
    for given in cases {
      let results = try Conformance.results(of: given, folder: folder)
      let differences = given.differences(from: results)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
      let missing = (given.expected ?? [:]).keys.filter { results[$0] == nil }.sorted()
      #expect(missing.isEmpty, "optional values not computed: \(given.kind) \(missing)")
    }
  }

  /// The comparison can fail.
  @Test func aChangedValueIsNoticed() throws {
    let given = try #require(try Conformance.cases(in: file).first { $0.case == "roc_gen_o1" })
    var results = try Conformance.results(of: given, folder: folder)
    results["auc"] = .number(0.82001)
    results["youden_J"] = nil
    #expect(given.differences(from: results).count == 2)
  }
}

/// What is wrong with a file of cases is said, with the case and the parameter.
@Suite struct ConformanceFileTests {
  private func results(_ json: String) throws -> [String: JSONValue] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "analyses-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "data"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("y,s,g\n0,1,A\n1,2,A\n0,3,B\n1,4,B\n".utf8).write(to: folder.appending(path: "data/t.csv"))
    try Data(json.utf8).write(to: folder.appending(path: "cases.json"))
    let cases = try Conformance.cases(in: folder.appending(path: "cases.json"))
    return try Conformance.results(of: try #require(cases.first), folder: folder)
  }

  @Test func computesWithoutExpectations() throws {
    let found = try results(#"[{"case": "a", "kind": "roc", "data": "t.csv", "params": {"y": "y", "score": "s"}}]"#)
    #expect(found["auc"] == .number(0.75))
  }

  @Test(arguments: [
    (#"[{"case": "a", "kind": "palm", "params": {}}]"#, "palm"),
    (#"[{"case": "a", "kind": "roc", "params": {"y": "y", "score": "s"}}]"#, "needs data"),
    (#"[{"case": "a", "kind": "roc", "data": "t.csv", "params": {"y": "y"}}]"#, "score"),
    (#"[{"case": "a", "kind": "roc", "data": "t.csv", "params": {"y": "y", "score": "x"}}]"#, "column"),
    (#"[{"case": "a", "kind": "roc", "data": "u.csv", "params": {"y": "y", "score": "s"}}]"#, "u.csv"),
    (#"[{"case": "a", "kind": "roc", "data": "t.csv", "params": {"y": "y", "score": "g"}}]"#, "number"),
    (#"[{"case": "a", "kind": "mcnemar", "params": {"table": [[1]]}}]"#, "2 x 2"),
    (
      #"[{"case": "a", "kind": "delong_unpaired", "data": "t.csv", "params": {"y": "y", "score": "s", "group": "g"}}]"#,
      "groups"
    ),
    ("{}", "not a list"),
  ])
  func saysWhatIsWrong(json: String, expected: String) throws {
    let error = #expect(throws: AnalysisError.self) { try results(json) }
    #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "")")
  }
}

extension ConformanceCase {
  /// What differs from the expected values; a missing optional value is no difference.
  func differences(from results: [String: JSONValue]) -> [String] {
    (expected ?? [:]).sorted { $0.key < $1.key }.compactMap { key, expected in
      guard let found = results[key] else { return expected.optional ? nil : "\(`case`) \(key): missing" }
      return matches(expected, found) ? nil : "\(`case`) \(key): expected \(expected.value), found \(found)"
    }
  }

  private func matches(_ expected: Expected, _ found: JSONValue) -> Bool {
    switch (expected.value, found) {
    case (.text("inf"), .number(let value)): value == .infinity
    case (.text("-inf"), .number(let value)): value == -.infinity
    case (.integer, .number(let value)), (.number, .number(let value)):
      if let tol = expected.tol, let number = expected.value.number {
        abs(value - number) <= tol.abs + tol.rel * abs(number)
      } else {
        false
      }
    default: expected.value == found
    }
  }
}
