/// Decision curve analysis (Vickers & Elkin, Med Decis Making 2006;26:565; S2-18): the net benefit of acting on a model at
/// each threshold probability, beside acting on all and on none (whose net benefit is 0).
public struct DecisionCurve: Sendable {
  public struct Point: Sendable, Codable, Equatable {
    /// Act on a probability at or above this.
    public let threshold: Double
    /// TP/n - FP/n · pt/(1 - pt).
    public let model: Double
    /// prevalence - (1 - prevalence) · pt/(1 - pt).
    public let all: Double
    /// Interventions spared per 100 patients, with no malignancy more missed than by acting on all; nil at threshold 0.
    public let reductionPer100: Double?
  }

  public let points: [Point]
  public let prevalence: Double

  /// - Parameter thresholds: each from 0 to below 1; by default 0.01, 0.02, ... 0.99.
  /// - Throws: `lengthsDiffer`, `empty`, `notFinite`, `outOfRange`.
  public init(
    probabilities: [Double], positives: [Bool], thresholds: [Double] = (1...99).map { Double($0) / 100 }
  ) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: probabilities.count)
    try Require.probabilities(probabilities, "probability")
    if probabilities.isEmpty { throw .empty(what: "probabilities") }
    for (row, threshold) in thresholds.enumerated() where !(threshold >= 0 && threshold < 1) {
      throw .outOfRange(what: "threshold", row: row, expected: "0 to below 1", found: "\(threshold)")
    }
    let ranked = try RankedScores(probabilities)
    // Counted from the top: position k holds how many of the k lowest rows are positive.
    var below = [0]
    below.reserveCapacity(positives.count + 1)
    for entry in ranked.entries { below.append(below[below.count - 1] + (positives[entry.row] ? 1 : 0)) }
    let n = Double(positives.count)
    let events = below[below.count - 1]
    let prevalence = Double(events) / n
    points = thresholds.map { threshold in
      let cut = Self.firstIndex(atOrAbove: threshold, ranked)
      let truePositives = events - below[cut]
      let falsePositives = positives.count - cut - truePositives
      let odds = threshold / (1 - threshold)
      let model = Double(truePositives) / n - Double(falsePositives) / n * odds
      let all = prevalence - (1 - prevalence) * odds
      return Point(
        threshold: threshold, model: model, all: all, reductionPer100: odds > 0 ? (model - all) / odds * 100 : nil)
    }
    self.prevalence = prevalence
  }

  private static func firstIndex(atOrAbove threshold: Double, _ ranked: RankedScores) -> Int {
    let key = RankedScores.key(of: threshold)
    var (low, high) = (0, ranked.entries.count)
    while low < high {
      let middle = (low + high) / 2
      if ranked.entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
