/// Whether estimates of one quantity in several strata differ by more than chance.
///
/// Cochran's Q (Biometrics 1954;10:417) with weights 1 / variance. Strata that share patients are not independent: with the
/// covariances of their estimates Q is the Wald test of equal values, of which Cochran's is the case without covariances.
public struct Heterogeneity: Sendable {
  /// Q, chi-square with one degree of freedom less than there are strata.
  public let q: TestResult
  /// max(0, (Q - df) / Q), 0...1: the share of the spread beyond chance (Higgins & Thompson, Stat Med 2002;21:1539).
  public let iSquared: Double
  /// The mean of least variance.
  public let pooled: Double
  public let pooledStandardError: Double
  /// z of the slope over strata numbered 0, 1, 2, ... in their order, by generalised least squares.
  public let trend: TestResult

  /// Independent strata.
  /// - Parameter variances: of the estimates, above 0.
  /// - Throws: `lengthsDiffer`, `tooFew` under two strata, `notFinite`, `outOfRange` for a variance that is not above 0.
  public init(estimates: [Double], variances: [Double]) throws(StatisticsError) {
    try Require.sameLength("variances", variances.count, as: estimates.count)
    var covariance = Matrix(rows: estimates.count, columns: estimates.count)
    for (index, variance) in variances.enumerated() { covariance[index, index] = variance }
    try self.init(estimates: estimates, covariance: covariance)
  }

  init(estimates: [Double], covariance: Matrix) throws(StatisticsError) {
    try Require.finite(estimates, "estimate")
    try Require.finite(covariance.values, "variance")
    let k = estimates.count
    if k < 2 { throw .tooFew(what: "strata to compare", needed: 2, found: k) }
    let factored = Cholesky.factor(covariance)
    guard let factor = factored.factor else {
      throw .outOfRange(
        what: "variance of the estimates", row: factored.dependentColumn, expected: "a number above 0",
        found: "\(covariance[factored.dependentColumn, factored.dependentColumn]), or one the others determine")
    }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, factor.solve(b)).reduce(0) { $0 + $1.0 * $1.1 } }
    let ones = [Double](repeating: 1, count: k)
    let weight = product(ones, ones)
    let mean = product(ones, estimates) / weight
    let residuals = estimates.map { $0 - mean }
    let statistic = max(0, product(residuals, residuals))
    let degrees = Double(k - 1)
    q = TestResult(chiSquare: statistic, degrees: k - 1)
    iSquared = statistic > degrees ? (statistic - degrees) / statistic : 0
    pooled = mean
    pooledStandardError = (1 / weight).squareRoot()
    // The slope with the mean taken out of the places: (x - x̄)'V⁻¹θ / (x - x̄)'V⁻¹(x - x̄).
    let places = (0..<k).map(Double.init)
    let centre = product(ones, places) / weight
    let centred = places.map { $0 - centre }
    let spread = product(centred, centred)
    trend = TestResult(z: product(centred, estimates) / spread.squareRoot())
  }
}
