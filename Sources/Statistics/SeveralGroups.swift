/// Two or more independent groups compared on one number: R's `aov`, `oneway.test` and `kruskal.test`.
public enum SeveralGroups {
  /// One-way analysis of variance, equal variances assumed; `statistic` is F, `degreesOfFreedom` its numerator's.
  /// - Throws: `tooFew` under two groups, for an empty group, or with no more values than groups; `notFinite`; `outOfRange`
  ///   where no group varies.
  public static func analysisOfVariance(_ groups: [[Double]]) throws(StatisticsError) -> TestResult {
    let moments = try moments(groups, smallest: 1)
    let n = groups.reduce(0) { $0 + $1.count }
    if n <= groups.count { throw .tooFew(what: "values", needed: groups.count + 1, found: n) }
    let mean = moments.reduce(0) { $0 + $1.n * $1.mean } / Double(n)
    let between = moments.reduce(0) { $0 + $1.n * ($1.mean - mean) * ($1.mean - mean) }
    let within = moments.reduce(0) { $0 + ($1.n - 1) * $1.variance }
    guard within > 0 else { throw constant }
    let (numerator, denominator) = (Double(groups.count - 1), Double(n - groups.count))
    let f = between / numerator / (within / denominator)
    return TestResult(
      statistic: f, degreesOfFreedom: numerator,
      p: FDistribution.upperTail(f, numerator: numerator, denominator: denominator))
  }

  /// Welch's analysis of variance (Biometrika 1951;38:330), variances free; `statistic` is F. With two groups F = t² of
  /// Welch's t-test.
  /// - Throws: as above, and `tooFew` for a group of one.
  public static func welch(_ groups: [[Double]]) throws(StatisticsError) -> TestResult {
    let moments = try moments(groups, smallest: 2)
    guard moments.allSatisfy({ $0.variance > 0 }) else { throw constant }
    let weights = moments.map { $0.n / $0.variance }
    let sum = weights.reduce(0, +)
    let mean = zip(weights, moments).reduce(0) { $0 + $1.0 * $1.1.mean } / sum
    let k = Double(groups.count)
    let unevenness = zip(weights, moments).reduce(0) { total, pair in
      let rest = 1 - pair.0 / sum
      return total + rest * rest / (pair.1.n - 1)
    }
    let between = zip(weights, moments).reduce(0) { $0 + $1.0 * ($1.1.mean - mean) * ($1.1.mean - mean) }
    let f = between / (k - 1) / (1 + 2 * (k - 2) / (k * k - 1) * unevenness)
    let denominator = (k * k - 1) / (3 * unevenness)
    return TestResult(
      statistic: f, degreesOfFreedom: k - 1, p: FDistribution.upperTail(f, numerator: k - 1, denominator: denominator))
  }

  /// The Kruskal-Wallis test with midranks and the correction for ties; `statistic` is chi-square.
  /// - Throws: `tooFew` under two groups or for an empty group, `notFinite`, `outOfRange` where all values are equal.
  public static func kruskalWallis(_ groups: [[Double]]) throws(StatisticsError) -> TestResult {
    _ = try moments(groups, smallest: 1)
    let ranked = try RankedScores(groups.flatMap { $0 })
    var groupOfRow: [Int] = []
    for (index, group) in groups.enumerated() { groupOfRow += [Int](repeating: index, count: group.count) }
    var rankSums = [Double](repeating: 0, count: groups.count)
    var (tieSum, start) = (0.0, 0)
    while start < ranked.entries.count {
      var end = start
      while end < ranked.entries.count, ranked.entries[end].key == ranked.entries[start].key { end += 1 }
      for entry in ranked.entries[start..<end] { rankSums[groupOfRow[entry.row]] += Double(start + end + 1) / 2 }
      let ties = Double(end - start)
      tieSum += ties * ties * ties - ties
      start = end
    }
    let n = Double(groupOfRow.count)
    let correction = 1 - tieSum / (n * n * n - n)
    guard correction > 0 else { throw constant }
    let spread = zip(rankSums, groups).reduce(0) { $0 + $1.0 * $1.0 / Double($1.1.count) }
    let h = (12 * spread / (n * (n + 1)) - 3 * (n + 1)) / correction
    return TestResult(chiSquare: max(0, h), degrees: groups.count - 1)
  }

  private static let constant = StatisticsError.outOfRange(
    what: "values", row: nil, expected: "values that vary within the groups", found: "equal ones")

  private static func moments(
    _ groups: [[Double]], smallest: Int
  ) throws(StatisticsError) -> [(n: Double, mean: Double, variance: Double)] {
    if groups.count < 2 { throw .tooFew(what: "groups", needed: 2, found: groups.count) }
    var result: [(n: Double, mean: Double, variance: Double)] = []
    for (index, group) in groups.enumerated() {
      try Require.finite(group, "group \(index + 1)")
      if group.count < smallest {
        throw .tooFew(what: "values in group \(index + 1)", needed: smallest, found: group.count)
      }
      let (mean, deviation) = Moments.meanAndDeviation(group)
      result.append((Double(group.count), mean, (deviation ?? 0) * (deviation ?? 0)))
    }
    return result
  }
}
