/// A proportion of rows that come in clusters (images of a lesion, lesions of a patient): the ratio estimate with its
/// between-cluster variance (Rao & Scott, Biometrics 1992;48:577), and Wilson's interval at the effective number of rows.
public struct ClusteredProportion: Sendable {
  public let estimate: Estimate
  public let successes: Int
  public let total: Int
  public let clusters: Int
  /// Variance relative to that of independent rows; 1 or more rows count as one where above 1. Not below 1 / total. Where all
  /// rows succeed or none does, the data cannot tell it: rows per cluster, so that each cluster counts as one row.
  public let designEffect: Double

  /// - Throws: `lengthsDiffer`, `empty`, `tooFew` with fewer than two clusters.
  public init<Cluster: Hashable>(_ successes: [Bool], clusters: [Cluster], level: Double = 0.95) throws(StatisticsError)
  {
    try Require.level(level)
    try Require.sameLength("clusters", clusters.count, as: successes.count)
    if successes.isEmpty { throw .empty(what: "rows") }
    var counts: [Cluster: (successes: Int, total: Int)] = [:]
    for (success, cluster) in zip(successes, clusters) {
      counts[cluster, default: (0, 0)].successes += success ? 1 : 0
      counts[cluster, default: (0, 0)].total += 1
    }
    if counts.count < 2 { throw .tooFew(what: "clusters", needed: 2, found: counts.count) }
    let hits = successes.count { $0 }
    let (n, k) = (Double(successes.count), Double(counts.count))
    let p = Double(hits) / n
    // Summed in integers over the order of a dictionary, so that the result does not depend on it.
    var (squares, products, sizes) = (0, 0, 0)
    for count in counts.values {
      squares += count.successes * count.successes
      products += count.successes * count.total
      sizes += count.total * count.total
    }
    let residuals = Double(squares) - 2 * p * Double(products) + p * p * Double(sizes)
    let variance = k / (k - 1) * residuals / (n * n)
    let independent = p * (1 - p) / n
    designEffect = independent > 0 ? max(variance / independent, 1 / n) : n / k
    (self.successes, total, self.clusters) = (hits, successes.count, counts.count)
    estimate = Self.wilson(p, effective: n / max(designEffect, 1), level)
  }

  /// Wilson's interval of a share of a number of rows that need not be whole.
  private static func wilson(_ p: Double, effective n: Double, _ level: Double) -> Estimate {
    let z = NormalDistribution.critical(level: level)
    let scale = 1 / (1 + z * z / n)
    let centre = scale * (p + z * z / (2 * n))
    let reach = scale * z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return Estimate(
      value: p, interval: Interval(lower: max(0, centre - reach), upper: min(1, centre + reach), level: level))
  }
}
