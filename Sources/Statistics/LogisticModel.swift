import Foundation

/// Logistic regression by maximum likelihood (S2-15, S3, S4). Rows must be complete; drop or fill what is missing before.
public struct LogisticModel: Sendable {
  public struct Coefficient: Sendable {
    /// `(Intercept)`, `age`, `race=black`.
    public let name: String
    /// The log odds ratio.
    public let value: Double
    public let standardError: Double
    public let z: Double
    /// Wald, two-sided, normal.
    public let p: Double
    /// exp(value) with its Wald interval.
    public let oddsRatio: Estimate

    static func list(_ names: [String], _ values: [Double], _ covariance: Matrix, level: Double) -> [Coefficient] {
      let critical = NormalDistribution.critical(level: level)
      return names.indices.map { j in
        let (value, error) = (values[j], covariance[j, j].squareRoot())
        return Coefficient(
          name: names[j], value: value, standardError: error, z: value / error,
          p: NormalDistribution.twoSided(value / error),
          oddsRatio: Estimate(
            value: exp(value),
            interval: Interval(
              lower: exp(value - critical * error), upper: exp(value + critical * error), level: level)))
      }
    }
  }

  public internal(set) var coefficients: [Coefficient]
  public let terms: [Term]
  public let logLikelihood: Double
  public let nullLogLikelihood: Double
  public let iterations: Int
  /// Probability of each row.
  public let fitted: [Double]

  let outcomes: [Bool]
  let design: Design
  var covariance: Matrix

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange` (reference level), `collinear` naming the column,
  ///   `separated` with its kind (then use `FirthModel`).
  public init(outcomes: [Bool], terms: [Term], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let design = try Design(terms: terms, outcomes: outcomes)
    let fit = try design.fit(outcomes)
    coefficients = Coefficient.list(design.names, fit.coefficients, fit.covariance, level: level)
    self.terms = terms
    self.outcomes = outcomes
    self.design = design
    covariance = fit.covariance
    logLikelihood = fit.logLikelihood
    iterations = fit.iterations
    let events = Double(outcomes.count { $0 })
    let n = Double(outcomes.count)
    nullLogLikelihood = events * log(events / n) + (n - events) * log((n - events) / n)
    fitted = design.matrix.times(fit.coefficients).map(expit)
  }

  public var deviance: Double { -2 * logLikelihood }
  public var nullDeviance: Double { -2 * nullLogLikelihood }
  public var aic: Double { deviance + 2 * Double(coefficients.count) }

  /// Nagelkerke's R² (Biometrika 1991;78:691).
  public var nagelkerke: Double {
    let n = Double(outcomes.count)
    return (1 - exp(2 * (nullLogLikelihood - logLikelihood) / n)) / (1 - exp(2 * nullLogLikelihood / n))
  }

  /// Joint Wald test of all columns of a term.
  /// - Throws: `outOfRange` for a term the model does not hold.
  public func waldTest(_ term: String) throws(StatisticsError) -> TestResult { try waldTest([term]) }

  /// Joint Wald test of all columns of several terms, such as a number and the indicator of its missing values.
  /// - Throws: `outOfRange` for a term the model does not hold.
  public func waldTest(_ terms: [String]) throws(StatisticsError) -> TestResult {
    try WaldTest.joint(coefficients.map(\.value), covariance, try design.columns(of: terms), terms)
  }

  /// Likelihood ratio test of the model against the one without the term.
  public func likelihoodRatioTest(_ term: String) throws(StatisticsError) -> TestResult {
    try likelihoodRatioTest([term])
  }

  /// Likelihood ratio test of the model against the one without any of the terms.
  public func likelihoodRatioTest(_ terms: [String]) throws(StatisticsError) -> TestResult {
    try likelihoodRatioTest(without: try design.columns(of: terms))
  }

  /// Is a spline more than a line? Joint tests of all its columns but the first.
  /// - Throws: `outOfRange` for a term the model does not hold or that is no spline.
  public func nonlinearityTests(
    _ term: String
  ) throws(StatisticsError) -> (wald: TestResult, likelihoodRatio: TestResult) {
    let columns = try design.columns(of: term)
    guard case .spline = design.codings[terms.firstIndex { $0.name == term } ?? 0] else {
      throw .outOfRange(what: "term", row: nil, expected: "a spline", found: term)
    }
    let bends = Array(columns.dropFirst())
    return (
      try WaldTest.joint(coefficients.map(\.value), covariance, bends, [term]),
      try likelihoodRatioTest(without: bends)
    )
  }

  private func likelihoodRatioTest(without columns: [Int]) throws(StatisticsError) -> TestResult {
    let kept = design.names.indices.filter { !columns.contains($0) }
    let reduced = try LogisticFit(
      design: design.matrix.columns(kept), outcomes: outcomes, names: kept.map { design.names[$0] })
    return TestResult(chiSquare: max(0, 2 * (logLikelihood - reduced.logLikelihood)), degrees: columns.count)
  }

  /// Probabilities of new rows; the terms must bear the names, kinds and known levels of the model's.
  public func probabilities(_ rows: [Term]) throws(StatisticsError) -> [Double] {
    try design.matrix(for: rows).times(coefficients.map(\.value)).map(expit)
  }
}

/// Joint Wald tests.
enum WaldTest {
  /// - terms: what the message calls the columns.
  static func joint(
    _ values: [Double], _ covariance: Matrix, _ columns: [Int], _ terms: [String]
  ) throws(StatisticsError) -> TestResult {
    let beta = columns.map { values[$0] }
    guard let factor = Cholesky.factor(covariance.submatrix(columns)).factor else {
      throw .collinear(column: terms.joined(separator: ", "))
    }
    let chiSquare = zip(beta, factor.solve(beta)).reduce(0) { $0 + $1.0 * $1.1 }
    return TestResult(chiSquare: chiSquare, degrees: columns.count)
  }
}
