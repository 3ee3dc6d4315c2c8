/// Estimates of several imputed data sets as one (Rubin 1987), with the degrees of freedom of Barnard & Rubin
/// (Biometrika 1999;86:948); as R's `mice::pool`.
public struct RubinPooling: Sendable, Equatable {
  /// Mean of the estimates.
  public let estimate: Double
  /// Mean of the squared standard errors.
  public let within: Double
  /// Sample variance of the estimates.
  public let between: Double
  /// within + (1 + 1/m) between.
  public let total: Double
  /// Of the t distribution for tests and intervals.
  public let degreesOfFreedom: Double
  /// Fraction of missing information: how much of what the full data would have said is not known, 0...1.
  public let missingInformation: Double
  /// Share of the total variance due to what is missing (lambda).
  public let missingShare: Double

  public var standardError: Double { total.squareRoot() }

  /// - Parameters:
  ///   - estimates: one for each imputed data set; a log odds ratio, not an odds ratio.
  ///   - variances: their squared standard errors.
  ///   - completeDegrees: the degrees of freedom with nothing missing: rows less coefficients; infinite where unknown.
  /// - Throws: `tooFew` under two data sets, `lengthsDiffer`, `notFinite`, `outOfRange` for a variance that is not above 0.
  public init(estimates: [Double], variances: [Double], completeDegrees: Double = .infinity) throws(StatisticsError) {
    if estimates.count < 2 { throw .tooFew(what: "imputed data sets", needed: 2, found: estimates.count) }
    try Require.sameLength("variances", variances.count, as: estimates.count)
    try Require.finite(estimates, "estimate")
    try Require.finite(variances, "variance")
    for (row, variance) in variances.enumerated() where !(variance > 0) {
      throw .outOfRange(what: "variance", row: row, expected: "a number above 0", found: "\(variance)")
    }
    let m = Double(estimates.count)
    let (mean, deviation) = Moments.meanAndDeviation(estimates)
    estimate = mean
    within = variances.reduce(0, +) / m
    between = (deviation ?? 0) * (deviation ?? 0)
    let added = (1 + 1 / m) * between
    total = within + added
    missingShare = added / total
    let share = max(missingShare, 1e-4)
    let ofImputations = (m - 1) / (share * share)
    if completeDegrees.isInfinite {
      degreesOfFreedom = ofImputations
    } else {
      let observed = (completeDegrees + 1) / (completeDegrees + 3) * completeDegrees * (1 - share)
      degreesOfFreedom = ofImputations * observed / (ofImputations + observed)
    }
    let increase = added / within
    missingInformation = (increase + 2 / (degreesOfFreedom + 3)) / (increase + 1)
  }

  /// Two-sided test of 0, by t.
  public var test: TestResult { TestResult(t: estimate / standardError, degrees: degreesOfFreedom) }

  /// The same test as F with one numerator degree of freedom.
  var squaredTest: TestResult {
    TestResult(statistic: test.statistic * test.statistic, degreesOfFreedom: 1, p: test.p)
  }

  public func interval(level: Double = 0.95) -> Interval {
    let reach = StudentDistribution.critical(level: level, degrees: degreesOfFreedom) * standardError
    return Interval(lower: estimate - reach, upper: estimate + reach, level: level)
  }

  /// Joint test that several coefficients are 0: D1 of Li, Raghunathan & Rubin (JASA 1991;86:1065), F with their
  /// denominator; as `mice::D1` without complete-data degrees of freedom. `statistic` is F.
  static func jointTest(_ estimates: [[Double]], _ covariances: [Matrix], _ name: String) throws(StatisticsError)
    -> TestResult
  {
    let (m, k) = (Double(estimates.count), estimates.first?.count ?? 0)
    if m < 2 { throw .tooFew(what: "imputed data sets", needed: 2, found: Int(m)) }
    let means = (0..<k).map { j in estimates.reduce(0) { $0 + $1[j] } / m }
    var within = Matrix(rows: k, columns: k)
    for covariance in covariances {
      for place in within.values.indices { within.values[place] += covariance.values[place] / m }
    }
    guard let factor = Cholesky.factor(within).factor else { throw .collinear(column: name) }
    // Trace of between · within⁻¹, a deviation at a time.
    var trace = 0.0
    for estimate in estimates {
      let deviation = zip(estimate, means).map { $0 - $1 }
      trace += zip(deviation, factor.solve(deviation)).reduce(0) { $0 + $1.0 * $1.1 } / (m - 1)
    }
    let size = Double(k)
    let increase = (1 + 1 / m) * trace / size
    let quadratic = zip(means, factor.solve(means)).reduce(0) { $0 + $1.0 * $1.1 }
    let f = quadratic / (size * (1 + increase))
    let t = size * (m - 1)
    let denominator: Double
    if increase <= 0 {
      denominator = .infinity
    } else if t > 4 {
      let inner = 1 + (1 - 2 / t) / increase
      denominator = 4 + (t - 4) * inner * inner
    } else {
      denominator = t * (1 + 1 / size) * (1 + 1 / increase) * (1 + 1 / increase) / 2
    }
    let p =
      denominator > 1e9
      ? ChiSquareDistribution.upperTail(f * size, degrees: size)
      : FDistribution.upperTail(f, numerator: size, denominator: denominator)
    return TestResult(statistic: f, degreesOfFreedom: size, p: p)
  }
}

extension RubinPooling {
  /// Total covariance of several estimates: the mean within data sets and (1 + 1/m) of that between them.
  /// - estimates, covariances: of each data set, two or more.
  static func total(_ estimates: [[Double]], _ covariances: [Matrix]) -> Matrix {
    let m = Double(estimates.count)
    let width = covariances.first?.rows ?? 0
    let means = (0..<width).map { place in estimates.reduce(0) { $0 + $1[place] } / m }
    var result = Matrix(rows: width, columns: width)
    for i in 0..<width {
      for j in 0..<width {
        let within = covariances.reduce(0) { $0 + $1[i, j] } / m
        let between = estimates.reduce(0) { $0 + ($1[i] - means[i]) * ($1[j] - means[j]) } / (m - 1)
        result[i, j] = within + (1 + 1 / m) * between
      }
    }
    return result
  }
}
