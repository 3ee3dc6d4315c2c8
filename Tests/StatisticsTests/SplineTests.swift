import Foundation
import Testing

@testable import Statistics

private typealias G = ModelsGolden

/// Knots, columns, tests and clustered errors against Hmisc, rms and sandwich (Tools/golden/models.R).
@Suite struct SplineTests {
  private func near(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-9) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  @Test func knotsAreHarrells() throws {
    for (count, expected) in [(3, G.knots3), (4, G.knots4), (5, G.knots5), (6, G.knots6), (7, G.knots7)] {
      #expect(near(try RestrictedCubicSpline(values: G.age, knots: count).knots, expected), "\(count)")
    }
  }

  @Test func knotsOfSmallAndTiedSamplesAreHmiscs() throws {
    #expect(near(try RestrictedCubicSpline(values: Array(G.age.prefix(60)), knots: 4).knots, G.knotsOfSixty))
    #expect(near(try RestrictedCubicSpline(values: G.tied, knots: 5).knots, G.tiedKnots))
    let few = (0..<30).map { Double($0 % 6 + 1) }
    #expect(near(try RestrictedCubicSpline(values: few, knots: 5).knots, G.fewKnots))
  }

  @Test func columnsAreHmiscs() throws {
    let spline = try RestrictedCubicSpline(knots: G.knots5)
    #expect(near(G.basisAt.flatMap { spline($0) }, G.basis))
    // A line beyond the last knot: second differences vanish.
    let (a, b, c) = (spline(100), spline(101), spline(102))
    for j in a.indices { #expect(abs(a[j] - 2 * b[j] + c[j]) < 1e-9) }
  }

  @Test func badKnotsAreRefused() {
    #expect(throws: StatisticsError.self) { try RestrictedCubicSpline(values: G.age, knots: 2) }
    #expect(throws: StatisticsError.self) { try RestrictedCubicSpline(values: G.age, knots: 8) }
    #expect(throws: StatisticsError.self) { try RestrictedCubicSpline(values: [1, 2, 3, 4, 5], knots: 3) }
    #expect(throws: StatisticsError.self) { try RestrictedCubicSpline(values: [0, 1, 0, 1, 0, 1, 1], knots: 3) }
    #expect(throws: StatisticsError.self) { try RestrictedCubicSpline(values: G.age + [.nan], knots: 4) }
    #expect(throws: StatisticsError.self) { try RestrictedCubicSpline(knots: [1, 2, 2]) }
  }

  static let outcomes = G.outcomes.map { $0 == 1 }
  static func terms() throws -> [Term] {
    [
      Term("age", G.age, spline: try RestrictedCubicSpline(values: G.age, knots: 4)), Term("size", G.size),
      Term("hepatitis", G.hepatitis, reference: "none"),
    ]
  }
  /// rms has the levels in the order none, HBV, HCV, both; here they are sorted: HBV, HCV, both.
  @Test func aModelWithASplineIsRmss() throws {
    let model = try LogisticModel(outcomes: Self.outcomes, terms: try Self.terms())
    #expect(near(model.coefficients.map(\.value), G.coefficients, 1e-8))
    #expect(near(model.coefficients.map(\.standardError), G.errors, 1e-7))
    #expect(model.coefficients.prefix(4).map(\.name) == ["(Intercept)", "age", "age'", "age''"])
    let wald = try model.waldTest("age")
    #expect(near([wald.statistic, wald.degreesOfFreedom ?? 0, wald.p], G.waldAge, 1e-7))
    let ratio = try model.likelihoodRatioTest("age")
    #expect(near([ratio.statistic, ratio.degreesOfFreedom ?? 0, ratio.p], G.ratioAge, 1e-8))
    let bend = try model.nonlinearityTests("age")
    #expect(near([bend.wald.statistic, 2, bend.wald.p], G.waldBend, 1e-7))
    #expect(near([bend.likelihoodRatio.statistic, 2, bend.likelihoodRatio.p], G.ratioBend, 1e-8))
    #expect(throws: StatisticsError.self) { try model.nonlinearityTests("size") }
  }

  @Test func clusteredErrorsAreSandwichs() throws {
    let model = try LogisticModel(outcomes: Self.outcomes, terms: try Self.terms())
    let clustered = try model.clustered(by: G.patients)
    #expect(near(clustered.coefficients.map(\.standardError), G.clusteredErrors, 1e-6))
    #expect(clustered.coefficients.map(\.value) == model.coefficients.map(\.value))
    #expect(throws: StatisticsError.self) { try model.clustered(by: G.patients.map { _ in "one" }) }
  }

  @Test func orderedLevelsAreScoresOrSteps() throws {
    let levels = ["none", "HBV", "HCV", "both"]
    func fit(_ coding: Term.OrderedCoding) throws -> LogisticModel {
      try LogisticModel(
        outcomes: Self.outcomes,
        terms: [Term("hepatitis", G.hepatitis, levels: levels, coding), Term("size", G.size)])
    }
    #expect(near(try fit(.steps).coefficients.map(\.value), G.stepCoefficients, 1e-8))
    #expect(near(try fit(.scores).coefficients.map(\.value), G.scoreCoefficients, 1e-8))
    #expect(try fit(.steps).coefficients[1].name == "hepatitis>=HBV")
    // Steps say the same as dummies.
    let dummies = try LogisticModel(
      outcomes: Self.outcomes, terms: [Term("hepatitis", G.hepatitis, reference: "none"), Term("size", G.size)])
    #expect(abs(try fit(.steps).logLikelihood - dummies.logLikelihood) < 1e-9)
    #expect(throws: StatisticsError.self) {
      try LogisticModel(
        outcomes: Self.outcomes, terms: [Term("hepatitis", G.hepatitis, levels: ["none", "HBV"], .scores)])
    }
  }

  /// New rows get the columns they were fitted with, and the formula the same probabilities.
  @Test func predictionsFollowTheFit() throws {
    let model = try LogisticModel(outcomes: Self.outcomes, terms: try Self.terms())
    let again = try model.probabilities(try Self.terms())
    #expect(near(again, model.fitted, 1e-12))
    let formula = model.formula
    let decoded = try JSONDecoder().decode(PredictionFormula.self, from: try JSONEncoder().encode(formula))
    #expect(decoded == formula)
    for row in [0, 17, 80] {
      let p = try decoded.probability([
        "age": .number(G.age[row]), "size": .number(G.size[row]), "hepatitis": .level(G.hepatitis[row]),
      ])
      #expect(abs(p - model.fitted[row]) < 1e-12)
    }
    #expect(throws: StatisticsError.self) { try formula.probability(["age": .number(40), "size": .number(1)]) }
    #expect(throws: StatisticsError.self) {
      try formula.probability(["age": .number(40), "size": .number(1), "hepatitis": .level("D")])
    }
  }

  @Test func theNomogramIsRmss() throws {
    let model = try LogisticModel(outcomes: Self.outcomes, terms: try Self.terms())
    let nomogram = try Nomogram(
      model,
      ticks: [
        ("age", .numbers([20, 30, 40, 50, 60, 70, 80])), ("size", .numbers([1, 2, 4, 6, 8])),
        ("hepatitis", .levels(["none", "HBV", "HCV", "both"])),
      ])
    for (axis, expected) in zip(nomogram.axes, [G.agePoints, G.sizePoints, G.gradePoints]) {
      #expect(near(axis.marks.map(\.points), expected, 1e-6), "\(axis.term)")
    }
    // Down to 60 years, then up: the axis doubles back.
    #expect(nomogram.axes[0].stretches == [0...4, 4...6])
    #expect(nomogram.axes[1].stretches == [0...4])
    #expect(nomogram.axes[0].marks[0].label == "20")
    // A patient's points give the model's probability.
    let points = nomogram.axes[0].marks[2].points + nomogram.axes[1].marks[3].points + nomogram.axes[2].marks[1].points
    let p = try #require(nomogram.formula).probability([
      "age": .number(40), "size": .number(6), "hepatitis": .level("HBV"),
    ])
    #expect(abs(nomogram.probability(total: points) - p) < 1e-12)
    #expect(nomogram.totalTicks == G.nomogramTotals + [200])
    for mark in nomogram.probabilityMarks() {
      #expect(abs(nomogram.probability(total: mark.points) - mark.probability) < 1e-12)
      #expect((0...nomogram.largestTotal).contains(mark.points))
    }
    let decoded = try JSONDecoder().decode(Nomogram.self, from: try JSONEncoder().encode(nomogram))
    #expect(decoded == nomogram)
  }

  @Test(
    arguments: [
      (0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (14, 45, [10, 15, 20, 25, 30, 35, 40, 45]), (-0.03, 0.07, nil),
      (3, 3, [3]), (0, 1e6, nil), (0.0012, 0.0019, nil),
    ] as [(Double, Double, [Double]?)])
  func ticksAreRound(low: Double, high: Double, expected: [Double]?) {
    let ticks = RoundTicks.covering(low, high)
    if let expected { #expect(ticks == expected) }
    #expect(ticks.first.map { $0 <= low + 1e-12 } == true && ticks.last.map { $0 >= high - 1e-12 } == true)
    #expect(ticks.count <= 12)
  }
}
