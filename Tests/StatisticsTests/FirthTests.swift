import Foundation
import Testing

@testable import Statistics

/// Tests and intervals of the penalised likelihood, against a general optimiser (Tools/golden/firth.R).
struct FirthTests {
  private let x: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3, 7]
  private let z: [Double] = [0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0]
  private let outcomes = [false, false, false, false, false, true, true, true, true, true, false, true]

  private func model() throws -> FirthModel {
    try FirthModel(outcomes: outcomes, terms: [Term("x", x), Term("z", z)])
  }

  @Test func theMaximumIsTheOptimisers() throws {
    let model = try model()
    for (coefficient, expected) in zip(model.coefficients, [-5.7863812447, 0.9681600649, 1.3896437881]) {
      #expect(abs(coefficient.value - expected) < 2e-6, "\(coefficient.name)")
    }
    #expect(abs(model.penalizedLogLikelihood + 1.529453003) < 1e-8)
  }

  @Test func likelihoodRatiosAreTheOptimisers() throws {
    let model = try model()
    let expected: [([String], Double, Double)] = [
      (["x"], 7.4102172, 0.0064854492), (["z"], 0.53618192, 0.46401939), (["x", "z"], 9.9398629, 0.0069436241),
    ]
    for (terms, chiSquare, p) in expected {
      let test = try model.likelihoodRatioTest(terms)
      #expect(abs(test.statistic - chiSquare) < 1e-6, "\(terms)")
      #expect(abs(test.p - p) < 1e-7, "\(terms)")
    }
    #expect(throws: StatisticsError.self) { try model.likelihoodRatioTest(["w"]) }
  }

  @Test func profileIntervalsAreTheOptimisersAndAgreeWithTheTest() throws {
    let model = try model()
    let interval = try model.profileInterval("x")
    #expect(abs(log(interval.lower) - 0.20489657) < 1e-6)
    #expect(abs(log(interval.upper) - 3.05805031) < 1e-6)
    // z is not significant: its interval holds 1, which that of x does not.
    #expect(try model.profileInterval("z").contains(1) && !interval.contains(1))
    #expect(throws: StatisticsError.self) { try model.profileInterval("w") }
  }

  /// For one binary column Firth's estimate is that of the table with half a case added to each cell.
  @Test func aTwoByTwoTableHasHalfACaseMoreInEachCell() throws {
    let exposed = [1.0, 1, 1, 1, 0, 0, 0, 0, 0]
    let ill = [true, true, true, true, true, false, false, false, false]
    let model = try FirthModel(outcomes: ill, terms: [Term("exposed", exposed)])
    #expect(abs(model.coefficients[1].value - log((4.5 / 0.5) / (1.5 / 4.5))) < 1e-9)
  }

  /// A level with a single case, as missing values often are: in a saturated model each cell has half a case more of
  /// both.
  @Test func aLevelOfASingleCaseIsFitted() throws {
    let level = ["a", "a", "a", "a", "a", "b", "b", "b", "b", "missing"]
    let ill = [true, false, false, false, true, true, true, false, true, true]
    let model = try FirthModel(outcomes: ill, terms: [Term("level", level, reference: "a")])
    let expected = [log(2.5 / 3.5), log(3.5 / 1.5) - log(2.5 / 3.5), log(1.5 / 0.5) - log(2.5 / 3.5)]
    for (coefficient, value) in zip(model.coefficients, expected) { #expect(abs(coefficient.value - value) < 1e-9) }
    #expect(model.iterations < 50)
    #expect(try model.likelihoodRatioTest(["level"]).p > 0.05)
    #expect(try model.profileInterval("level=missing").contains(1))
  }

  @Test func waldTestsOfSeveralTermsAreJoint() throws {
    let mixed = [false, true, false, false, true, true, false, true, true, true, false, true]
    let model = try LogisticModel(outcomes: mixed, terms: [Term("x", x), Term("z", z)])
    let whole = try LogisticModel(
      outcomes: mixed, terms: [Term("x", x), Term("z", z.map { $0 == 1 ? "b" : "a" }, reference: "a")])
    #expect(try model.waldTest(["z"]).statistic == model.waldTest("z").statistic)
    #expect(abs(try model.waldTest("z").statistic - whole.waldTest("z").statistic) < 1e-9)
    let joint = try model.waldTest(["x", "z"])
    let alone = try model.waldTest("x")
    #expect(joint.degreesOfFreedom == 2 && joint.statistic >= alone.statistic - 1e-9)
  }
}
