import Foundation

/// Estimates of several studies or sites brought together, each with its own true value drawn from a normal distribution:
/// DerSimonian & Laird (Control Clin Trials 1986;7:177).
public struct RandomEffects: Sendable {
  public let mean: Double
  public let standardError: Double
  /// Wald interval of the mean.
  public let interval: Interval
  /// Where a new site's true value would lie (Higgins, Thompson & Spiegelhalter, J R Stat Soc A 2009;172:137): Student's t
  /// with sites - 2 degrees of freedom; nil with fewer than three sites.
  public let prediction: Interval?
  /// Variance between sites; 0 where they differ no more than chance.
  public let tauSquared: Double
  /// Cochran's test that all have one value.
  public let heterogeneity: TestResult
  /// Share of the variation that is between sites, 0 to 1 (Higgins & Thompson, Stat Med 2002;21:1539).
  public let iSquared: Double
  public let count: Int

  /// - Parameter variances: of the estimates, each above 0.
  /// - Throws: `lengthsDiffer`, `notFinite`, `outOfRange`, `tooFew` with fewer than two.
  public init(_ estimates: [Double], variances: [Double], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    try Require.sameLength("variances", variances.count, as: estimates.count)
    try Require.finite(estimates, "estimate")
    try Require.finite(variances, "variance")
    if estimates.count < 2 { throw .tooFew(what: "estimates to bring together", needed: 2, found: estimates.count) }
    for (row, variance) in variances.enumerated() where variance <= 0 {
      throw .outOfRange(what: "variance", row: row, expected: "a number above 0", found: "\(variance)")
    }
    let (fixed, weight) = Self.weightedMean(estimates, variances)
    var (q, squares) = (0.0, 0.0)
    for (estimate, variance) in zip(estimates, variances) {
      q += (estimate - fixed) * (estimate - fixed) / variance
      squares += 1 / (variance * variance)
    }
    let degrees = estimates.count - 1
    tauSquared = max(0, (q - Double(degrees)) / (weight - squares / weight))
    heterogeneity = TestResult(chiSquare: q, degrees: degrees)
    iSquared = q > 0 ? max(0, (q - Double(degrees)) / q) : 0
    count = estimates.count

    let between = tauSquared
    let (mean, total) = Self.weightedMean(estimates, variances.map { $0 + between })
    (self.mean, standardError) = (mean, (1 / total).squareRoot())
    let reach = NormalDistribution.critical(level: level) * standardError
    interval = Interval(lower: mean - reach, upper: mean + reach, level: level)
    if count > 2 {
      let span =
        StudentDistribution.critical(level: level, degrees: Double(count - 2)) * (between + 1 / total).squareRoot()
      prediction = Interval(lower: mean - span, upper: mean + span, level: level)
    } else {
      prediction = nil
    }
  }

  /// By the inverse of the variances; with the sum of these weights.
  private static func weightedMean(_ values: [Double], _ variances: [Double]) -> (mean: Double, weight: Double) {
    var (sum, weight) = (0.0, 0.0)
    for (value, variance) in zip(values, variances) {
      sum += value / variance
      weight += 1 / variance
    }
    return (sum / weight, weight)
  }
}
