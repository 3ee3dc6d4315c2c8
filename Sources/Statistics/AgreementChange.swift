/// Readers' agreement with each other without and with an aid (S0-10), and its change with a bootstrap interval: cases, or
/// clusters of cases, are drawn again with all their readings, the readers stay.
public struct AgreementChange: Sendable {
  public enum Measure: String, Sendable, CaseIterable {
    /// Fleiss' kappa of categories, each number one.
    case fleissKappa
    /// ICC(2,1): absolute agreement, random readers, one reading.
    case intraclassCorrelation
  }

  public let measure: Measure
  public let first: Double
  public let second: Double
  /// Second less first; percentile interval, absent where a tenth of the resamples have no value.
  public let change: Estimate
  public let resamples: Int
  /// Resamples in which agreement is not defined (one category only).
  public let undefined: Int

  /// - Parameters:
  ///   - first, second: [cases][readers], complete; categories as numbers.
  ///   - clusters: of each case.
  /// - Throws: `tooFew`, `lengthsDiffer`, `notFinite`, `outOfRange` as the measure does.
  public init(
    _ measure: Measure, _ first: [[Double]], _ second: [[Double]], clusters: [Int]? = nil, resamples: Int = 2000,
    seed: UInt64 = 1, level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    if resamples < 100 { throw .tooFew(what: "resamples", needed: 100, found: resamples) }
    try Require.sameLength("cases with the aid", second.count, as: first.count)
    let (before, after) = (try Self.value(measure, first), try Self.value(measure, second))
    let keys = clusters ?? Array(first.indices)
    try Require.sameLength("clusters", keys.count, as: first.count)
    var place: [Int: Int] = [:]
    var members: [[Int]] = []
    for (row, key) in keys.enumerated() {
      if let known = place[key] {
        members[known].append(row)
      } else {
        place[key] = members.count
        members.append([row])
      }
    }
    var changes: [Double] = []
    for index in 0..<resamples {
      var random = SplitMix64(seed: seed, stream: UInt64(index))
      var rows: [Int] = []
      for _ in members.indices { rows += members[random.below(members.count)] }
      guard let a = try? Self.value(measure, rows.map { first[$0] }),
        let b = try? Self.value(measure, rows.map { second[$0] })
      else { continue }
      changes.append(b - a)
    }
    changes.sort()
    let missing = resamples - changes.count
    self.measure = measure
    (self.first, self.second) = (before, after)
    (self.resamples, undefined) = (resamples, missing)
    change = Estimate(
      value: after - before,
      interval: missing * 10 >= resamples
        ? nil
        : Interval(
          lower: Quantile.type7(sorted: changes, (1 - level) / 2),
          upper: Quantile.type7(sorted: changes, (1 + level) / 2), level: level))
  }

  private static func value(_ measure: Measure, _ ratings: [[Double]]) throws(StatisticsError) -> Double {
    let value =
      switch measure {
      case .fleissKappa: try FleissKappa(ratings: ratings).kappa
      case .intraclassCorrelation: try IntraclassCorrelation(ratings).agreement.estimate.value
      }
    if !value.isFinite { throw .notFinite(what: "agreement", row: 0, found: "\(value)") }
    return value
  }
}
