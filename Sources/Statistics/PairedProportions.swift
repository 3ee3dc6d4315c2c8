/// Two calls on the same rows (a reader unaided and aided): the change of the share that is right or positive.
public struct PairedProportions: Sendable {
  public let total: Int
  /// Shares with Wilson's interval, or that of `ClusteredProportion`.
  public let first: Estimate
  public let second: Estimate
  /// Second less first, with Newcombe's square-and-add interval of Wilson limits (Stat Med 1998;17:2635, method 10). Where
  /// rows come in clusters, Wald's interval with the between-cluster variance (Obuchowski, Stat Med 1998;17:1495), none where
  /// no cluster changes.
  public let difference: Estimate
  public let mcNemar: McNemar
  /// McNemar's exact p; with clusters the normal p of Obuchowski's test, in which the variance is that under no change.
  public let p: Double

  /// - Parameters:
  ///   - first, second: true where the call was right (or positive).
  ///   - clusters: of each row; nil where rows are independent.
  /// - Throws: `empty`, `lengthsDiffer`; `tooFew` with one cluster.
  public init(_ first: [Bool], _ second: [Bool], clusters: [Int]? = nil, level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    if first.isEmpty { throw .empty(what: "rows") }
    mcNemar = try McNemar(first, second)
    let (ofFirst, ofSecond) = (first.count { $0 }, second.count { $0 })
    total = first.count
    if let clusters {
      self.first = try ClusteredProportion(first, clusters: clusters, level: level).estimate
      self.second = try ClusteredProportion(second, clusters: clusters, level: level).estimate
      let change = try ClusteredChange(first, second, clusters)
      difference = MultiReaderAnalysis.estimate(change.mean, change.standardError, .infinity, level)
      p = change.mean == 0 ? 1 : NormalDistribution.twoSided(change.mean / change.nullError)
    } else {
      self.first = Proportion.wilson(successes: ofFirst, of: total, level: level)
      self.second = Proportion.wilson(successes: ofSecond, of: total, level: level)
      difference = Self.newcombe(self.first, self.second, mcNemar, both: zip(first, second).count { $0 && $1 }, total)
      p = mcNemar.exactP
    }
  }

  private static func newcombe(
    _ first: Estimate, _ second: Estimate, _ mcNemar: McNemar, both: Int, _ total: Int
  ) -> Estimate {
    guard let a = first.interval, let b = second.interval else { return .undefined }
    let difference = second.value - first.value
    // Correlation of the two calls, moved towards 0 by half a row over n where positive.
    let (e, f, g) = (Double(both), Double(mcNemar.firstOnly), Double(mcNemar.secondOnly))
    let n = Double(total)
    let h = n - e - f - g
    let margins = (e + f) * (g + h) * (e + g) * (f + h)
    var product = e * h - f * g
    if product > 0 { product = max(product - n / 2, 0) }
    let correlation = margins > 0 ? product / margins.squareRoot() : 0
    func reach(_ down: Double, _ up: Double) -> Double {
      max(0, down * down - 2 * correlation * down * up + up * up).squareRoot()
    }
    return Estimate(
      value: difference,
      interval: Interval(
        lower: difference - reach(second.value - b.lower, a.upper - first.value),
        upper: difference + reach(b.upper - second.value, first.value - a.lower), level: a.level))
  }
}

/// The mean change over rows that come in clusters.
private struct ClusteredChange {
  let mean: Double
  let standardError: Double
  /// Were there no change.
  let nullError: Double

  init(_ first: [Bool], _ second: [Bool], _ clusters: [Int]) throws(StatisticsError) {
    try Require.sameLength("clusters", clusters.count, as: first.count)
    var sums: [Int: (change: Int, rows: Int)] = [:]
    for row in first.indices {
      sums[clusters[row], default: (0, 0)].change += (second[row] ? 1 : 0) - (first[row] ? 1 : 0)
      sums[clusters[row], default: (0, 0)].rows += 1
    }
    if sums.count < 2 { throw .tooFew(what: "clusters", needed: 2, found: sums.count) }
    let (n, k) = (Double(first.count), Double(sums.count))
    // Integers, so that the order of the dictionary does not matter.
    var (change, squares, products, sizes) = (0, 0, 0, 0)
    for sum in sums.values {
      change += sum.change
      squares += sum.change * sum.change
      products += sum.change * sum.rows
      sizes += sum.rows * sum.rows
    }
    mean = Double(change) / n
    let spread = Double(squares) - 2 * mean * Double(products) + mean * mean * Double(sizes)
    standardError = (k / (k - 1) * max(0, spread)).squareRoot() / n
    nullError = (k / (k - 1) * Double(squares)).squareRoot() / n
  }
}
