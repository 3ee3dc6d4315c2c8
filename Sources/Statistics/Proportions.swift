/// A proportion with its confidence interval.
public enum Proportion {
  /// Wilson's score interval without continuity correction (JASA 1927;22:209). Undefined for 0 of 0, for counts that
  /// cannot be, and for a level outside 0...1.
  public static func wilson(successes: Int, of total: Int, level: Double = 0.95) -> Estimate {
    guard total > 0, (0...total).contains(successes), level > 0, level < 1 else { return .undefined }
    let (n, z) = (Double(total), NormalDistribution.critical(level: level))
    let p = Double(successes) / n
    let scale = 1 / (1 + z * z / n)
    let centre = scale * (p + z * z / (2 * n))
    let reach = scale * z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    // At the ends the formula gives 0 and 1 but for rounding.
    let lower = successes == 0 ? 0 : centre - reach
    let upper = successes == total ? 1 : centre + reach
    return Estimate(value: p, interval: Interval(lower: lower, upper: upper, level: level))
  }

  /// The exact interval of Clopper & Pearson (Biometrika 1934;26:404) by beta quantiles; 0 and 1 at the ends.
  public static func clopperPearson(successes: Int, of total: Int, level: Double = 0.95) -> Estimate {
    guard total > 0, (0...total).contains(successes), level > 0, level < 1 else { return .undefined }
    let (k, n, tail) = (Double(successes), Double(total), (1 - level) / 2)
    let lower = successes == 0 ? 0 : BetaDistribution.quantile(tail, a: k, b: n - k + 1)
    let upper = successes == total ? 1 : BetaDistribution.quantile(1 - tail, a: k + 1, b: n - k)
    return Estimate(value: k / n, interval: Interval(lower: lower, upper: upper, level: level))
  }
}
