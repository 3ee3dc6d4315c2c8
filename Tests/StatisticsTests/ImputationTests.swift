import Foundation
import Testing

@testable import Statistics

private typealias G = ModelsGolden

/// Rubin's rules and chained equations against mice (Tools/golden/models.R).
@Suite struct ImputationTests {
  private func near(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-10) -> Bool {
    abs(found - expected) <= tolerance * max(1, abs(expected))
  }

  @Test func poolingIsMices() throws {
    let pooled = try RubinPooling(estimates: G.rubinEstimates, variances: G.rubinVariances, completeDegrees: 116)
    let found = [
      pooled.estimate, pooled.within, pooled.between, pooled.total, pooled.degreesOfFreedom, pooled.missingInformation,
    ]
    for (value, expected) in zip(found, G.rubin) { #expect(near(value, expected)) }
    let unlimited = try RubinPooling(estimates: G.rubinEstimates, variances: G.rubinVariances)
    #expect(near(unlimited.degreesOfFreedom, G.rubinUnlimited[0]))
    #expect(near(unlimited.missingInformation, G.rubinUnlimited[1]))
    let interval = unlimited.interval()
    #expect(interval.lower < unlimited.estimate && unlimited.estimate < interval.upper)
  }

  @Test func theJointTestIsD1() throws {
    let covariances = (0..<4).map { set in
      var matrix = Matrix(rows: 2, columns: 2)
      for place in 0..<4 { matrix.values[place] = G.jointCovariances[4 * set + place] }
      return matrix
    }
    let estimates = (0..<4).map { Array(G.jointEstimates[(2 * $0)..<(2 * $0 + 2)]) }
    let test = try RubinPooling.jointTest(estimates, covariances, "x")
    #expect(near(test.statistic, G.joint[0]) && near(test.p, G.joint[1]))
  }

  /// One coefficient: D1 is the square of t. Equal data sets: the plain joint Wald test.
  @Test func theJointTestHasItsLimits() throws {
    let single = try RubinPooling.jointTest(
      G.rubinEstimates.map { [$0] },
      G.rubinVariances.map { variance in
        var matrix = Matrix(rows: 1, columns: 1)
        matrix[0, 0] = variance
        return matrix
      }, "x")
    let pooled = try RubinPooling(estimates: G.rubinEstimates, variances: G.rubinVariances)
    #expect(near(single.statistic, pow(pooled.estimate / pooled.standardError, 2)))
    let model = try LogisticModel(outcomes: SplineTests.outcomes, terms: try SplineTests.terms())
    let columns = [5, 6, 7]
    let beta = columns.map { model.coefficients[$0].value }
    let same = try RubinPooling.jointTest(
      [beta, beta, beta], [Matrix](repeating: model.covariance.submatrix(columns), count: 3), "hepatitis")
    let wald = try model.waldTest("hepatitis")
    #expect(near(same.statistic * 3, wald.statistic) && near(same.p, wald.p, 1e-9))
  }

  @Test func poolingRefusesWhatItCannotPool() {
    #expect(throws: StatisticsError.self) { try RubinPooling(estimates: [1], variances: [1]) }
    #expect(throws: StatisticsError.self) { try RubinPooling(estimates: [1, 2], variances: [1]) }
    #expect(throws: StatisticsError.self) { try RubinPooling(estimates: [1, 2], variances: [1, 0]) }
    #expect(throws: StatisticsError.self) { try RubinPooling(estimates: [1, .nan], variances: [1, 1]) }
  }

  private func incomplete() -> [IncompleteTerm] {
    let (noSize, noGrade) = (Set(G.sizeMissing.map { Int($0) }), Set(G.gradeMissing.map { Int($0) }))
    return [
      IncompleteTerm("age", .numbers(G.age, spline: nil)),
      IncompleteTerm(
        "size", .numbers(G.size.indices.map { noSize.contains($0) ? nil : G.size[$0] }, spline: nil)),
      IncompleteTerm(
        "hepatitis",
        .factor(G.hepatitis.indices.map { noGrade.contains($0) ? nil : G.hepatitis[$0] }, reference: "none")),
    ]
  }

  /// 200 imputations by mice and 25 by this: the pooled estimates agree within three tenths of a standard error, which complete
  /// cases do not.
  @Test func pooledEstimatesAreNearMices() throws {
    var options = MultipleImputation.Options()
    (options.imputations, options.iterations) = (25, 5)
    let imputed = try MultipleImputation(outcomes: SplineTests.outcomes, terms: incomplete(), options: options)
    let model = try FactorRegression(
      outcomes: SplineTests.outcomes, imputed: imputed.completed.map { $0.map { Factor($0) } })
    #expect(model.rows.count == G.pooledEstimates.count)
    expectCovariance(model)
    var farthest = 0.0
    for (row, (estimate, error)) in zip(model.rows, zip(G.pooledEstimates, G.pooledErrors)) {
      #expect(abs(row.value - estimate) < 0.3 * error, "\(row.name): \(row.value), mice \(estimate)")
      #expect(abs(row.standardError / error - 1) < 0.1, "\(row.name): \(row.standardError), mice \(error)")
      farthest = max(farthest, abs(row.value - estimate) / error)
    }
    for (row, fraction) in zip(model.rows, G.pooledMissing) {
      #expect(abs((row.pooling?.missingInformation ?? 1) - fraction) < 0.15, "\(row.name)")
    }
    let complete = zip(G.completeEstimates, zip(G.pooledEstimates, G.pooledErrors)).map { abs($0 - $1.0) / $1.1 }
    #expect(farthest < (complete.max() ?? 0))
    #expect(model.tests.map(\.columns) == [1, 1, 3])
    #expect(model.tests.allSatisfy { ($0.wald?.p).map { (0...1).contains($0) } == true })
  }

  @Test func knownValuesStayAndDrawnOnesWereSeen() throws {
    var options = MultipleImputation.Options()
    (options.imputations, options.iterations, options.seed) = (3, 2, 9)
    let terms = incomplete()
    let first = try MultipleImputation(outcomes: SplineTests.outcomes, terms: terms, options: options)
    let again = try MultipleImputation(outcomes: SplineTests.outcomes, terms: terms, options: options)
    #expect(first.completed == again.completed)
    #expect(first.completed[0] != first.completed[1])
    options.seed = 10
    #expect(
      try MultipleImputation(outcomes: SplineTests.outcomes, terms: terms, options: options).completed
        != first.completed)
    let missing = Set(terms[1].missingRows)
    let seen = Set(G.size.indices.filter { !missing.contains($0) }.map { G.size[$0] })
    for set in first.completed {
      guard case .numeric(let values) = set[1].values else {
        Issue.record("size is no number")
        continue
      }
      for row in values.indices where !missing.contains(row) { #expect(values[row] == G.size[row]) }
      #expect(values.allSatisfy { seen.contains($0) })
    }
  }

  @Test func nearestWindowsHoldTheNearest() {
    let sorted = [1.0, 2, 3, 5, 8, 13]
    #expect(MeanMatching.nearestWindow(sorted, 4.4, 3) == 1..<4)
    #expect(MeanMatching.nearestWindow(sorted, -9, 2) == 0..<2)
    #expect(MeanMatching.nearestWindow(sorted, 99, 4) == 2..<6)
    #expect(MeanMatching.nearestWindow(sorted, 3, 6) == 0..<6)
  }

  /// With two levels it is logistic regression, but for the added rows whose weight is that of three rows.
  @Test func polytomousRegressionOfTwoLevelsIsLogistic() throws {
    let ones = [Double](repeating: 1, count: G.age.count)
    let matrix = Matrix(columns: [ones, G.age.map { $0 / 10 }, G.size], rows: G.age.count)
    let rows = Array(G.age.indices)
    let fit = try PolytomousLogistic(
      G.outcomes.map { Int($0) }, levels: 2, matrix, known: rows, start: nil)
    let plain = try LogisticFit(design: matrix, outcomes: SplineTests.outcomes)
    for (a, b) in zip(fit.coefficients, plain.coefficients) { #expect(abs(a - b) < 0.1) }
    // A predictor that separates keeps finite coefficients.
    let split = Matrix(columns: [ones, G.outcomes], rows: ones.count)
    let separated = try PolytomousLogistic(G.outcomes.map { Int($0) }, levels: 2, split, known: rows, start: nil)
    #expect(separated.coefficients.allSatisfy { abs($0) < 20 })
  }

  @Test func missingAsALevel() throws {
    let number = IncompleteTerm("afp", .numbers([1, nil, 3, nil], spline: nil))
    let terms = try number.withMissingAsLevel()
    #expect(terms == [Term("afp", [1, 2, 3, 2]), Term("afp=missing", [0, 1, 0, 1])])
    let factor = IncompleteTerm("hbv", .factor(["a", nil, "b", "a"], reference: "a"))
    #expect(try factor.withMissingAsLevel() == [Term("hbv", ["a", "missing", "b", "a"], reference: "a")])
    let ordered = IncompleteTerm("grade", .ordered(["lo", nil, "hi", "hi"], levels: ["lo", "hi"], .scores))
    #expect(try ordered.withMissingAsLevel().map(\.name) == ["grade", "grade=missing"])
    #expect(throws: StatisticsError.self) {
      try IncompleteTerm("x", .numbers([nil, nil], spline: nil)).withMissingAsLevel()
    }
    #expect(throws: StatisticsError.self) { try number.term(rows: [0, 1]) }
  }

  /// The filling changes only what the indicator is against.
  @Test func theIndicatorTakesUpTheFilling() throws {
    let missing = Set(G.sizeMissing.map { Int($0) })
    let indicator = Term("size=missing", G.size.indices.map { missing.contains($0) ? 1 : 0 })
    func fit(_ filling: Double) throws -> FactorRegression {
      let size = Term("size", G.size.indices.map { missing.contains($0) ? filling : G.size[$0] })
      return try FactorRegression(
        outcomes: SplineTests.outcomes, factors: [Factor("size", [size, indicator]), Factor(Term("age", G.age))])
    }
    let (low, high) = (try fit(0), try fit(5))
    #expect(abs(low.rows[1].value - high.rows[1].value) < 1e-8)
    #expect(abs((low.logLikelihood ?? 0) - (high.logLikelihood ?? 1)) < 1e-9)
    #expect(low.tests[0].columns == 2)
    let p = try [low, high].map { try $0.formula.probability(["size": .missing, "age": .number(50)]) }
    #expect(abs(p[0] - p[1]) < 1e-9)
  }

  @Test func imputationRefusesBadOptionsAndEmptyColumns() {
    let outcomes = [true, false, true, false, true, false]
    let empty = IncompleteTerm("x", .numbers([nil, nil, nil, nil, nil, nil], spline: nil))
    #expect(throws: StatisticsError.self) { try MultipleImputation(outcomes: outcomes, terms: [empty]) }
    let short = IncompleteTerm("x", .numbers([1, nil], spline: nil))
    #expect(throws: StatisticsError.self) { try MultipleImputation(outcomes: outcomes, terms: [short]) }
    let good = IncompleteTerm("x", .numbers([1, nil, 2, 3, 5, 4], spline: nil))
    var options = MultipleImputation.Options()
    options.imputations = 1
    #expect(throws: StatisticsError.self) {
      try MultipleImputation(outcomes: outcomes, terms: [good], options: options)
    }
  }
}
