import Testing

@testable import Statistics

private typealias G = ModelsGolden

@Suite struct FactorRegressionTests {
  private let outcomes = SplineTests.outcomes
  private func factors() throws -> [Factor] { try SplineTests.terms().map { Factor($0) } }

  @Test func itIsTheModelAndItsTests() throws {
    let regression = try FactorRegression(outcomes: outcomes, factors: try factors())
    expectCovariance(regression)
    let model = try LogisticModel(outcomes: outcomes, terms: try SplineTests.terms())
    #expect(regression.method == .maximumLikelihood && regression.separation == nil)
    #expect(regression.rows.map(\.value) == model.coefficients.map(\.value))
    #expect(regression.tests.map(\.factor) == ["age", "size", "hepatitis"])
    #expect(regression.tests[0].nonlinearity == (try model.nonlinearityTests("age").wald))
    #expect(regression.tests[1].nonlinearity == nil)
    #expect(regression.rows[4].profile == (try model.profileInterval("size")))
    #expect(regression.formula == model.formula)
  }

  @Test func clustersLeaveOutWhatTakesRowsAsIndependent() throws {
    let regression = try FactorRegression(outcomes: outcomes, factors: try factors(), clusters: G.patients)
    #expect(regression.clusters == Set(G.patients).count)
    #expect(abs(regression.rows[4].standardError - G.clusteredErrors[4]) < 1e-7)
    #expect(regression.tests.allSatisfy { $0.likelihoodRatio == nil && $0.wald != nil })
    #expect(regression.rows.allSatisfy { $0.profile == nil })
  }

  @Test func separationIsSaidAndPenalised() throws {
    let x = (0..<12).map(Double.init)
    let y = x.map { $0 > 5 }
    let regression = try FactorRegression(outcomes: y, factors: [Factor(Term("x", x))])
    #expect(regression.method == .firth && regression.separation == .complete)
    #expect(regression.rows.allSatisfy { $0.value.isFinite && $0.standardError.isFinite })
    #expect(regression.tests[0].wald == nil && regression.tests[0].likelihoodRatio?.p == regression.rows[1].p)
    // A level with cases of one class only.
    let level = ["a", "a", "a", "b", "b", "b", "c", "a", "b", "a", "b", "a"]
    let mixed = [true, false, true, true, false, true, true, false, true, false, false, true]
    let quasi = try FactorRegression(outcomes: mixed, factors: [Factor(Term("level", level, reference: "a"))])
    #expect(quasi.method == .firth && quasi.separation == .quasi)
  }

  @Test func moreCoefficientsThanRowsIsSaid() throws {
    let levels = ["a", "b", "c", "d", "e"]
    let error = #expect(throws: StatisticsError.self) {
      try FactorRegression(
        outcomes: [true, false, true, false, true],
        factors: [Factor(Term("x", [1, 5, 2, 4, 3])), Factor(Term("l", levels, reference: "a"))])
    }
    #expect(error == .tooFew(what: "rows for 6 coefficients", needed: 7, found: 5))
  }

  @Test func aConstantColumnIsNamed() {
    let error = #expect(throws: StatisticsError.self) {
      try FactorRegression(
        outcomes: outcomes, factors: [Factor(Term("size", G.size)), Factor(Term("one", G.size.map { _ in 1 }))])
    }
    #expect(error == .collinear(column: "one"))
  }

  @Test func screeningTakesFactorsWhole() throws {
    let screening = try FactorScreening(outcomes: outcomes, sets: [try factors()], alpha: 0.05)
    #expect(screening.univariate.count == 3)
    let plain = try LogisticSelection(outcomes: outcomes, terms: try SplineTests.terms(), alpha: 0.05)
    #expect(screening.selected == plain.selected && screening.independent == plain.independent)
    #expect(screening.selected == ["size", "hepatitis"])
    #expect(screening.multivariable?.rows.map(\.name).last == "hepatitis=both")
    let none = try FactorScreening(outcomes: outcomes, sets: [try factors()], alpha: 1e-12)
    #expect(none.selected.isEmpty && none.multivariable == nil)
    #expect(throws: StatisticsError.self) { try FactorScreening(outcomes: outcomes, sets: [try factors()], alpha: 0) }
  }

  private func scored() throws -> [Factor] {
    let terms = try SplineTests.terms()
    return [
      Factor(terms[0]), Factor(terms[1]),
      Factor(Term("hepatitis", G.hepatitis, levels: ["none", "HBV", "HCV", "both"])),
    ]
  }

  /// rms::validate of the same model, 3,000 resamples against 300.
  @Test func optimismIsNearRmss() throws {
    let validation = try ModelValidation(outcomes: outcomes, factors: try scored(), resamples: 300)
    func area(_ dxy: Double) -> Double { (dxy + 1) / 2 }
    #expect(abs(validation.auc.apparent - area(G.validateDxy[0])) < 1e-9)
    #expect(abs(validation.auc.training - area(G.validateDxy[1])) < 0.01)
    #expect(abs(validation.auc.corrected - area(G.validateDxy[3])) < 0.01)
    #expect(abs(validation.slope.corrected - G.validateSlope[3]) < 0.03)
    #expect(abs(validation.intercept.corrected - G.validateIntercept[3]) < 0.06)
    #expect(abs(validation.brier.apparent - G.validateB[0]) < 1e-9)
    #expect(abs(validation.brier.corrected - G.validateB[3]) < 0.004)
    #expect(abs(validation.slope.apparent - 1) < 1e-7 && abs(validation.slope.training - 1) < 1e-6)
    #expect(validation.resamples + validation.failed == 300)
  }

  @Test func validationRepeatsTheScreening() throws {
    let screened = try ModelValidation(outcomes: outcomes, factors: try factors(), alpha: 0.05, resamples: 40)
    let again = try ModelValidation(outcomes: outcomes, factors: try factors(), alpha: 0.05, resamples: 40)
    #expect(screened.auc == again.auc)
    #expect(screened.auc.corrected < screened.auc.apparent)
    let clustered = try ModelValidation(
      outcomes: outcomes, factors: try factors(), clusters: G.patients, resamples: 40)
    #expect(clustered.auc.apparent > clustered.auc.corrected)
    #expect(throws: StatisticsError.self) {
      try ModelValidation(outcomes: outcomes, factors: try factors(), alpha: 1e-9, resamples: 100)
    }
    #expect(throws: StatisticsError.self) {
      try ModelValidation(outcomes: outcomes, factors: try factors(), resamples: 5)
    }
  }

  /// Resamples with separated classes count, by Firth's method.
  @Test func separatedResamplesAreNotLeftOut() throws {
    let x = (0..<16).map(Double.init)
    let y = [false, false, false, false, false, true, false, false, true, true, false, true, true, true, true, true]
    let validation = try ModelValidation(outcomes: y, factors: [Factor(Term("x", x))], resamples: 100)
    #expect(validation.failed == 0)
    #expect(validation.slope.corrected < 0.95 && validation.slope.corrected > 0)
  }
}

/// The covariance of the formula's coefficients goes with their standard errors.
func expectCovariance(_ regression: FactorRegression) {
  let covariance = regression.formulaCovariance
  #expect(covariance.count == 1 + regression.formula.terms.reduce(0) { $0 + $1.coefficients.count })
  for (place, row) in regression.rows.enumerated() {
    #expect(abs(covariance[place][place] - row.standardError * row.standardError) < 1e-12)
    for other in covariance.indices { #expect(abs(covariance[place][other] - covariance[other][place]) < 1e-12) }
  }
}
