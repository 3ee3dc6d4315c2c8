import Testing

@testable import Statistics

/// All cases of shared/conformance/statistics against their expected values.
@Suite(.enabled(if: ConformanceCase.isPresent, "needs ../shared"))
struct ConformanceTests {
  @Test func everyCaseMatches() throws {
    let cases = try ConformanceCase.all()
    #expect(cases.count >= 43)
    var optionalMissing: Set<String> = []
    for given in cases where !ConformanceResults.notImplemented.contains(given.kind) {
      guard let results = try ConformanceResults.compute(given) else {
        Issue.record("\(given.case): no implementation of kind \(given.kind), and not named as missing")
        continue
      }
      let differences = given.differences(from: results)
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
      for (key, expected) in given.expected where expected.optional && results[key] == nil {
        optionalMissing.insert("\(given.kind) \(key)")
      }
    }
    #expect(optionalMissing.isEmpty, "optional values not computed: \(optionalMissing.sorted())")
  }

  /// The comparison can fail.
  @Test func aChangedValueIsNoticed() throws {
    let given = try #require(try ConformanceCase.all().first { $0.case == "roc_gen_o1" })
    var results = try #require(try ConformanceResults.compute(given))
    results["auc"] = 0.82001
    results["youden_J"] = nil
    #expect(given.differences(from: results).count == 2)
  }
}
