import Foundation

/// An area under the ROC curve with a variance; the intervals follow from these two.
public protocol AreaEstimate: Sendable {
  var auc: Double { get }
  var variance: Double { get }
}

extension AreaEstimate {
  public var standardError: Double { variance.squareRoot() }

  /// auc ± z·se, not clipped: may reach beyond 0 or 1.
  public func wald(level: Double = 0.95) -> Interval {
    let reach = NormalDistribution.critical(level: level) * standardError
    return Interval(lower: auc - reach, upper: auc + reach, level: level)
  }

  /// The Wald interval clipped to 0...1, as pROC reports it.
  public func waldClipped(level: Double = 0.95) -> Interval { wald(level: level).clipped(to: 0...1) }

  /// expit(logit(auc) ± z·se / (auc (1 - auc))); nil at an AUC of 0 or 1, where it is undefined.
  public func logit(level: Double = 0.95) -> Interval? {
    guard auc > 0, auc < 1 else { return nil }
    let centre = log(auc / (1 - auc))
    let reach = NormalDistribution.critical(level: level) * standardError / (auc * (1 - auc))
    return Interval(lower: expit(centre - reach), upper: expit(centre + reach), level: level)
  }

  /// The AUC with its clipped Wald interval.
  public func estimate(level: Double = 0.95) -> Estimate {
    Estimate(value: auc, interval: waldClipped(level: level))
  }
}

/// AUC with the variance of DeLong, DeLong & Clarke-Pearson (Biometrics 1988;44:837), in O(n log n) by ranks after
/// Sun & Xu (IEEE Signal Process Lett 2014;21:1389).
public struct DeLong: AreaEstimate {
  public let auc: Double
  /// S10/m + S01/n, with S10 and S01 the sample (n - 1) variances of the placement values of either class.
  public let variance: Double
  /// One for each row: for a positive the share of negatives it beats (ties half), for a negative the share of positives
  /// that beat it. The mean over either class is the AUC.
  public let placements: [Double]
  /// The labels as given.
  public let labels: [Bool]
  public let positives: Int
  public let negatives: Int

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`; `tooFew` with fewer than two of a class, where no variance exists
  ///   (`ROCCurve` still gives the AUC).
  public init(scores: [Double], positives labels: [Bool]) throws(StatisticsError) {
    let counts = try ClassCounts(scores: scores, positives: labels)
    try self.init(ranked: try RankedScores(scores), labels: labels, counts: counts)
  }

  /// The curve and its DeLong variance from one sorting of the scores.
  /// - Throws: as `init(scores:positives:)`.
  public static func withCurve(
    scores: [Double], positives labels: [Bool]
  ) throws(StatisticsError) -> (curve: ROCCurve, delong: DeLong) {
    let counts = try ClassCounts(scores: scores, positives: labels)
    let ranked = try RankedScores(scores)
    return (
      ROCCurve(ranked: ranked, labels: labels, counts: counts),
      try DeLong(ranked: ranked, labels: labels, counts: counts)
    )
  }

  private init(ranked: RankedScores, labels: [Bool], counts: ClassCounts) throws(StatisticsError) {
    let placed = Placements(ranked: ranked, labels: labels, counts: counts)
    if counts.positives < 2 { throw .tooFew(what: "positives for a variance", needed: 2, found: counts.positives) }
    if counts.negatives < 2 { throw .tooFew(what: "negatives for a variance", needed: 2, found: counts.negatives) }
    let (m, n) = (Double(counts.positives), Double(counts.negatives))
    variance = placed.positiveSquares / (m - 1) / m + placed.negativeSquares / (n - 1) / n
    auc = placed.auc
    placements = placed.values
    self.labels = labels
    positives = counts.positives
    negatives = counts.negatives
  }

  /// Covariance of two AUCs over the same rows. Both must come from the same labels.
  func covariance(with other: DeLong) -> Double {
    var (positiveSum, negativeSum) = (0.0, 0.0)
    for row in placements.indices {
      let product = (placements[row] - auc) * (other.placements[row] - other.auc)
      if labels[row] { positiveSum += product } else { negativeSum += product }
    }
    let (m, n) = (Double(positives), Double(negatives))
    return positiveSum / (m - 1) / m + negativeSum / (n - 1) / n
  }
}

/// Placement values by one sweep over the ranked scores.
struct Placements {
  let values: [Double]
  let auc: Double
  /// Sums of squared deviations from the AUC, by class.
  let positiveSquares: Double
  let negativeSquares: Double

  init(ranked: RankedScores, labels: [Bool], counts: ClassCounts) {
    let (m, n) = (Double(counts.positives), Double(counts.negatives))
    let entries = ranked.entries
    var groups: [(end: Int, positives: Int)] = []
    groups.reserveCapacity(entries.count)
    var (start, negativesBelow, twiceWins) = (0, 0, 0)
    while start < entries.count {
      let key = entries[start].key
      var (end, tiedPositives) = (start, 0)
      while end < entries.count, entries[end].key == key {
        tiedPositives += labels[entries[end].row] ? 1 : 0
        end += 1
      }
      let tiedNegatives = end - start - tiedPositives
      twiceWins += tiedPositives * (2 * negativesBelow + tiedNegatives)
      negativesBelow += tiedNegatives
      groups.append((end, tiedPositives))
      start = end
    }
    let auc = Double(twiceWins) / (2 * m * n)

    var (positiveSquares, negativeSquares) = (0.0, 0.0)
    values = [Double](unsafeUninitializedCapacity: entries.count) { values, count in
      var (start, positivesBelow) = (0, 0)
      for group in groups {
        let tiedNegatives = group.end - start - group.positives
        let negativesBelow = start - positivesBelow
        let positivesAbove = counts.positives - positivesBelow - group.positives
        let ofPositive = (Double(negativesBelow) + 0.5 * Double(tiedNegatives)) / n
        let ofNegative = (Double(positivesAbove) + 0.5 * Double(group.positives)) / m
        positiveSquares += Double(group.positives) * (ofPositive - auc) * (ofPositive - auc)
        negativeSquares += Double(tiedNegatives) * (ofNegative - auc) * (ofNegative - auc)
        for entry in entries[start..<group.end] {
          values.initializeElement(at: entry.row, to: labels[entry.row] ? ofPositive : ofNegative)
        }
        positivesBelow += group.positives
        start = group.end
      }
      count = entries.count
    }
    self.auc = auc
    self.positiveSquares = positiveSquares
    self.negativeSquares = negativeSquares
  }
}

/// 1 / (1 + exp(-x)) without overflow.
func expit(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}
