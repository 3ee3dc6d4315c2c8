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
    let (unaided, aided) = (try Agreement(measure, first), try Agreement(measure, second))
    let all = Array(first.indices)
    let (before, after) = (try unaided.value(all), try aided.value(all))
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
      guard let a = try? unaided.value(rows), let b = try? aided.value(rows) else { continue }
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
}

/// Ratings in the form that a measure is soonest computed from.
private enum Agreement {
  /// [cases][categories], how many readers chose each.
  case counts([[Int]])
  /// [cases][readers].
  case ratings([[Double]])

  init(_ measure: AgreementChange.Measure, _ ratings: [[Double]]) throws(StatisticsError) {
    if measure == .intraclassCorrelation {
      self = .ratings(ratings)
      return
    }
    for row in ratings { try Require.finite(row, "category") }
    let names = Set(ratings.joined()).sorted()
    let place = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    self = .counts(
      ratings.map { row in
        var counts = [Int](repeating: 0, count: names.count)
        for rating in row { counts[place[rating] ?? 0] += 1 }
        return counts
      })
  }

  func value(_ rows: [Int]) throws(StatisticsError) -> Double {
    let value =
      switch self {
      case .counts(let counts): try FleissKappa(counts: rows.map { counts[$0] }).kappa
      case .ratings(let ratings):
        try IntraclassCorrelation(rows.map { ratings[$0] }).agreement.estimate.value
      }
    if !value.isFinite { throw .notFinite(what: "agreement", row: 0, found: "\(value)") }
    return value
  }
}
