/// What a test says.
public struct TestResult: Sendable, Equatable {
  /// t, z, chi-square or W, as the test's own documentation says.
  public let statistic: Double
  /// Nil where the reference distribution has none.
  public let degreesOfFreedom: Double?
  public let p: Double

  public init(statistic: Double, degreesOfFreedom: Double? = nil, p: Double) {
    (self.statistic, self.degreesOfFreedom, self.p) = (statistic, degreesOfFreedom, p)
  }

  init(z: Double) { self.init(statistic: z, p: NormalDistribution.twoSided(z)) }

  init(t: Double, degrees: Double) {
    self.init(
      statistic: t, degreesOfFreedom: degrees,
      p: t.isInfinite ? 0 : StudentDistribution.twoSided(t, degrees: degrees))
  }

  init(chiSquare: Double, degrees: Int) {
    self.init(
      statistic: chiSquare, degreesOfFreedom: Double(degrees),
      p: ChiSquareDistribution.upperTail(chiSquare, degrees: Double(degrees)))
  }
}

/// Two independent groups compared on one number.
public enum TwoGroups {
  /// Welch's t-test, two-sided; `statistic` is t of A minus B. Two constant groups give t 0 (equal) or ±infinity.
  public static func welch(_ a: [Double], _ b: [Double]) throws(StatisticsError) -> TestResult {
    let (meanA, varianceA, meanB, varianceB) = try moments(a, b)
    let (ofA, ofB) = (varianceA / Double(a.count), varianceB / Double(b.count))
    let sum = ofA + ofB
    if sum == 0 { return constant(meanA - meanB, degrees: Double(a.count + b.count - 2)) }
    let degrees = sum * sum / (ofA * ofA / Double(a.count - 1) + ofB * ofB / Double(b.count - 1))
    return TestResult(t: (meanA - meanB) / sum.squareRoot(), degrees: degrees)
  }

  /// Student's t-test with the pooled variance, two-sided.
  public static func student(_ a: [Double], _ b: [Double]) throws(StatisticsError) -> TestResult {
    let (meanA, varianceA, meanB, varianceB) = try moments(a, b)
    let degrees = Double(a.count + b.count - 2)
    let pooled = (varianceA * Double(a.count - 1) + varianceB * Double(b.count - 1)) / degrees
    if pooled == 0 { return constant(meanA - meanB, degrees: degrees) }
    let error = (pooled * (1 / Double(a.count) + 1 / Double(b.count))).squareRoot()
    return TestResult(t: (meanA - meanB) / error, degrees: degrees)
  }

  /// The Mann-Whitney test by its normal approximation with the variance corrected for ties.
  /// - Parameter continuity: take ½ off |U - mean|, the default of R and SciPy.
  public static func mannWhitney(
    _ a: [Double], _ b: [Double], continuity: Bool = true
  ) throws(StatisticsError) -> MannWhitney {
    try MannWhitney(a, b, continuity: continuity)
  }

  private static func moments(
    _ a: [Double], _ b: [Double]
  ) throws(StatisticsError) -> (Double, Double, Double, Double) {
    try Require.finite(a, "first group")
    try Require.finite(b, "second group")
    let (ofA, ofB) = (Moments.meanAndDeviation(a), Moments.meanAndDeviation(b))
    guard let deviationA = ofA.deviation else { throw .tooFew(what: "first group", needed: 2, found: a.count) }
    guard let deviationB = ofB.deviation else { throw .tooFew(what: "second group", needed: 2, found: b.count) }
    return (ofA.mean, deviationA * deviationA, ofB.mean, deviationB * deviationB)
  }

  private static func constant(_ difference: Double, degrees: Double) -> TestResult {
    TestResult(t: difference == 0 ? 0 : difference * .infinity, degrees: degrees)
  }
}

/// The Mann-Whitney U test (Wilcoxon's rank sum test).
public struct MannWhitney: Sendable, Equatable {
  /// Rank sum of the first group less n(n+1)/2, with midranks: the number of pairs the first group wins, ties half.
  public let u: Double
  /// Normal deviate; with the continuity correction when asked for. 0 when all values are equal.
  public let z: Double
  /// Two-sided.
  public let p: Double

  init(_ a: [Double], _ b: [Double], continuity: Bool) throws(StatisticsError) {
    try Require.finite(a, "first group")
    try Require.finite(b, "second group")
    if a.isEmpty { throw .empty(what: "first group") }
    if b.isEmpty { throw .empty(what: "second group") }
    let ranked = try RankedScores(a + b)
    let (nA, nB) = (Double(a.count), Double(b.count))
    var (twiceRankSum, tieSum, start) = (0, 0.0, 0)
    while start < ranked.entries.count {
      var (end, ofA) = (start, 0)
      while end < ranked.entries.count, ranked.entries[end].key == ranked.entries[start].key {
        ofA += ranked.entries[end].row < a.count ? 1 : 0
        end += 1
      }
      twiceRankSum += ofA * (start + end + 1)
      let ties = Double(end - start)
      tieSum += ties * ties * ties - ties
      start = end
    }
    u = Double(twiceRankSum - a.count * (a.count + 1)) / 2
    let n = nA + nB
    let variance = n > 1 ? nA * nB / 12 * ((n + 1) - tieSum / (n * (n - 1))) : 0
    let distance = u - nA * nB / 2
    let corrected = continuity ? max(0, abs(distance) - 0.5) : abs(distance)
    // Compared with rounding in mind: all values tied leave a variance of 0 or nearly so.
    z = variance > 1e-9 ? (distance < 0 ? -corrected : corrected) / variance.squareRoot() : 0
    p = NormalDistribution.twoSided(z)
  }
}
