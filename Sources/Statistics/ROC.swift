/// One operating point: everything with score >= threshold is called positive.
public struct ROCPoint: Sendable, Codable, Equatable {
  /// +infinity at (0,0), else an observed score.
  public var threshold: Double
  public var truePositives: Int
  public var falsePositives: Int
  public var sensitivity: Double
  public var specificity: Double

  enum CodingKeys: CodingKey { case threshold, truePositives, falsePositives, sensitivity, specificity }

  public init(
    threshold: Double, truePositives: Int, falsePositives: Int, sensitivity: Double, specificity: Double
  ) {
    self.threshold = threshold
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.sensitivity = sensitivity
    self.specificity = specificity
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    threshold = try values.decodeNumber(.threshold)
    truePositives = try values.decode(Int.self, forKey: .truePositives)
    falsePositives = try values.decode(Int.self, forKey: .falsePositives)
    sensitivity = try values.decode(Double.self, forKey: .sensitivity)
    specificity = try values.decode(Double.self, forKey: .specificity)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(threshold, .threshold)
    try values.encode(truePositives, forKey: .truePositives)
    try values.encode(falsePositives, forKey: .falsePositives)
    try values.encode(sensitivity, forKey: .sensitivity)
    try values.encode(specificity, forKey: .specificity)
  }
}

/// The empirical ROC curve, exact with ties: tied scores make one point, so that the area under the straight lines between
/// points is (#(x>y) + ½ #(x=y)) / (m n) over all pairs of a positive x and a negative y.
public struct ROCCurve: Sendable {
  /// From (0,0) with threshold +infinity to (1,1) with the lowest score; one point for each distinct score.
  public let points: [ROCPoint]
  /// Area under the curve, 0...1, counted in integers.
  public let auc: Double
  public let positives: Int
  public let negatives: Int

  /// - Parameters:
  ///   - scores: higher means more likely positive; finite.
  ///   - positives: true for the positive class, one for each score.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`.
  public init(scores: [Double], positives labels: [Bool]) throws(StatisticsError) {
    let counts = try ClassCounts(scores: scores, positives: labels)
    let ranked = try RankedScores(scores)
    self.init(ranked: ranked, labels: labels, counts: counts)
  }

  init(ranked: RankedScores, labels: [Bool], counts: ClassCounts) {
    let (m, n) = (Double(counts.positives), Double(counts.negatives))
    var points: [ROCPoint] = []
    points.reserveCapacity(ranked.entries.count + 1)
    points.append(
      ROCPoint(threshold: .infinity, truePositives: 0, falsePositives: 0, sensitivity: 0, specificity: 1))
    var (truePositives, falsePositives, twiceWins) = (0, 0, 0)
    var end = ranked.entries.count
    while end > 0 {
      let key = ranked.entries[end - 1].key
      var (tiedPositives, tied) = (0, 0)
      while end > 0, ranked.entries[end - 1].key == key {
        end -= 1
        tied += 1
        tiedPositives += labels[ranked.entries[end].row] ? 1 : 0
      }
      let tiedNegatives = tied - tiedPositives
      // A negative of this group loses to every positive above and halves with those it ties with.
      twiceWins += tiedNegatives * (2 * truePositives + tiedPositives)
      truePositives += tiedPositives
      falsePositives += tiedNegatives
      points.append(
        ROCPoint(
          threshold: RankedScores.score(of: key), truePositives: truePositives, falsePositives: falsePositives,
          sensitivity: Double(truePositives) / m,
          specificity: Double(counts.negatives - falsePositives) / n))
    }
    self.points = points
    positives = counts.positives
    negatives = counts.negatives
    auc = Double(twiceWins) / (2 * m * n)
  }

  /// Fewest points that draw the same line: corners only. Useful for figures of large cohorts.
  public var corners: [ROCPoint] {
    var kept: [ROCPoint] = []
    for point in points {
      if kept.count >= 2 {
        let (before, last) = (kept[kept.count - 2], kept[kept.count - 1])
        let turn =
          (last.falsePositives - before.falsePositives) * (point.truePositives - last.truePositives)
          - (last.truePositives - before.truePositives) * (point.falsePositives - last.falsePositives)
        if turn == 0 { kept.removeLast() }
      }
      kept.append(point)
    }
    return kept
  }
}
