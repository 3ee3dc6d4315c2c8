/// Rows for a share (a sensitivity counts positives only), or for two shares compared.
public enum ProportionSizing {
  public enum IntervalMethod: String, Sendable, CaseIterable {
    case wilson
    case clopperPearson = "exact"
  }

  /// The full width that an interval has on average over what `rows` rows of a true share may give.
  /// - Parameter designEffect: `rows` count as rows / designEffect independent ones.
  public static func expectedWidth(
    share: Double, rows: Int, method: IntervalMethod = .wilson, level: Double = 0.95, designEffect: Double = 1
  ) throws(StatisticsError) -> Double {
    try Require.level(level)
    try Sizing.check(share: share, "share")
    try Sizing.check(designEffect: designEffect)
    let effective = Int(Double(rows) / designEffect)
    if effective < 1 { throw .tooFew(what: "independent rows", needed: 1, found: effective) }
    let n = Double(effective)
    let spread = 9 * (n * share * (1 - share)).squareRoot() + 9
    let range = max(0, Int(n * share - spread))...min(effective, Int(n * share + spread))
    var width = 0.0
    for successes in range {
      let estimate =
        method == .wilson
        ? Proportion.wilson(successes: successes, of: effective, level: level)
        : Proportion.clopperPearson(successes: successes, of: effective, level: level)
      guard let interval = estimate.interval else { continue }
      width +=
        (interval.upper - interval.lower)
        * BinomialDistribution.probability(successes, of: effective, probability: share)
    }
    return width
  }

  /// The fewest rows whose expected width is not above `width`.
  /// - Throws: `tooLarge` above ten million.
  public static func rows(
    share: Double, width: Double, method: IntervalMethod = .wilson, level: Double = 0.95, designEffect: Double = 1
  ) throws(StatisticsError) -> Int {
    try Sizing.check(share: width, "width")
    try Sizing.check(designEffect: designEffect)
    let independent = try Sizing.smallest(from: 1) { (rows: Int) throws(StatisticsError) in
      try expectedWidth(share: share, rows: rows, method: method, level: level) <= width
    }
    guard let independent else { throw .tooLarge(what: "rows", limit: "\(Sizing.most)", found: "more") }
    return try Sizing.whole(Double(independent) * designEffect, "rows")
  }

  /// Rows in each of two groups of different patients (R's power.prop.test).
  public static func rows(
    first: Double, second: Double, power: Double, alpha: Double = 0.05, designEffect: Double = 1
  ) throws(StatisticsError) -> Int {
    let (null, alternative) = try spreads(first, second, alpha, designEffect)
    try Sizing.check(power: power)
    let reach = NormalDistribution.quantile(1 - alpha / 2) * null + NormalDistribution.quantile(power) * alternative
    return try Sizing.whole(reach * reach / ((first - second) * (first - second)) * designEffect, "rows a group")
  }

  /// Power with so many rows in each of two groups.
  public static func power(
    first: Double, second: Double, rows: Int, alpha: Double = 0.05, designEffect: Double = 1
  ) throws(StatisticsError) -> Double {
    let (null, alternative) = try spreads(first, second, alpha, designEffect)
    if rows < 1 { throw .tooFew(what: "rows a group", needed: 1, found: rows) }
    let reach = (Double(rows) / designEffect).squareRoot() * abs(first - second)
    return NormalDistribution.cumulative((reach - NormalDistribution.quantile(1 - alpha / 2) * null) / alternative)
  }

  private static func spreads(
    _ first: Double, _ second: Double, _ alpha: Double, _ designEffect: Double
  ) throws(StatisticsError) -> (null: Double, alternative: Double) {
    try Sizing.check(alpha: alpha)
    try Sizing.check(share: first, "first share")
    try Sizing.check(share: second, "second share")
    try Sizing.check(designEffect: designEffect)
    if first == second {
      throw .outOfRange(what: "second share", row: nil, expected: "another than the first", found: "\(second)")
    }
    let sum = first + second
    return ((sum * (1 - sum / 2)).squareRoot(), (first * (1 - first) + second * (1 - second)).squareRoot())
  }
}

/// Rows for McNemar's test of two calls on the same rows, from the shares of rows right by one call alone.
public struct McNemarSizing: Sendable {
  public let firstOnly: Double
  public let secondOnly: Double
  public let designEffect: Double

  /// - Throws: `outOfRange` for equal shares, or ones that are no shares together.
  public init(firstOnly: Double, secondOnly: Double, designEffect: Double = 1) throws(StatisticsError) {
    for share in [firstOnly, secondOnly] where !(share >= 0 && share < 1) {
      throw .outOfRange(what: "discordant share", row: nil, expected: "0 to 1", found: "\(share)")
    }
    if firstOnly + secondOnly > 1 || firstOnly == secondOnly {
      throw .outOfRange(
        what: "discordant shares", row: nil, expected: "two different ones, together not above 1",
        found: "\(firstOnly) and \(secondOnly)")
    }
    try Sizing.check(designEffect: designEffect)
    (self.firstOnly, self.secondOnly, self.designEffect) = (firstOnly, secondOnly, designEffect)
  }

  /// By the normal approximation of Connor (Biometrics 1987;43:207).
  public func rows(power: Double, alpha: Double = 0.05) throws(StatisticsError) -> Int {
    try Sizing.check(alpha: alpha)
    try Sizing.check(power: power)
    let (sum, difference) = (firstOnly + secondOnly, firstOnly - secondOnly)
    let reach =
      NormalDistribution.quantile(1 - alpha / 2) * sum.squareRoot()
      + NormalDistribution.quantile(power) * (sum - difference * difference).squareRoot()
    return try Sizing.whole(reach * reach / (difference * difference) * designEffect, "rows")
  }

  /// Power of the exact test with so many rows, summed over the number of discordant ones.
  /// - Throws: `tooLarge` above a million rows.
  public func exactPower(rows: Int, alpha: Double = 0.05) throws(StatisticsError) -> Double {
    try Sizing.check(alpha: alpha)
    if rows > 1_000_000 { throw .tooLarge(what: "rows", limit: "1000000", found: "\(rows)") }
    let effective = Int(Double(rows) / designEffect)
    if effective < 1 { throw .tooFew(what: "independent rows", needed: 1, found: effective) }
    let (share, n) = (firstOnly + secondOnly, Double(effective))
    let spread = 9 * (n * share * (1 - share)).squareRoot() + 9
    let range = max(1, Int(n * share - spread))...max(1, min(effective, Int(n * share + spread)))
    var (power, critical) = (0.0, -1)
    for discordant in range {
      // The rejection region only grows with the number of discordant rows.
      while 2 * BinomialDistribution.cumulative(critical + 1, of: discordant, probability: 0.5) <= alpha {
        critical += 1
      }
      if critical < 0 { continue }
      let own = firstOnly / share
      let rejected =
        BinomialDistribution.cumulative(critical, of: discordant, probability: own)
        + BinomialDistribution.cumulative(critical, of: discordant, probability: 1 - own)
      power += rejected * BinomialDistribution.probability(discordant, of: effective, probability: share)
    }
    return power
  }
}
