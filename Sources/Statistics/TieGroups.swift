/// Rows by their group of equal scores. A resample needs only how many of either class it drew from each group: its curve
/// follows by one sweep, without sorting again.
struct TieGroups: Sendable {
  /// Rows of either class within one group.
  struct Count: Sendable {
    var positives: Int32 = 0
    var negatives: Int32 = 0
  }

  let count: Int
  /// Of each row, ascending with its score.
  let ofRow: [Int32]
  /// Of each positive and each negative, ascending.
  let ofPositive: [Int32]
  let ofNegative: [Int32]

  init(_ ranked: RankedScores, _ labels: [Bool]) {
    var (groups, previous): (Int32, UInt64?) = (0, nil)
    var ofRow = [Int32](repeating: 0, count: labels.count)
    var (ofPositive, ofNegative): ([Int32], [Int32]) = ([], [])
    for entry in ranked.entries {
      if entry.key != previous { groups += 1 }
      previous = entry.key
      ofRow[entry.row] = groups - 1
      if labels[entry.row] { ofPositive.append(groups - 1) } else { ofNegative.append(groups - 1) }
    }
    count = Int(groups)
    (self.ofRow, self.ofPositive, self.ofNegative) = (ofRow, ofPositive, ofNegative)
  }

  var noRows: [Count] { [Count](repeating: Count(), count: count) }

  /// Every row once.
  var allRows: [Count] {
    var counts = noRows
    for group in ofPositive { counts[Int(group)].positives += 1 }
    for group in ofNegative { counts[Int(group)].negatives += 1 }
    return counts
  }

  /// As many rows of either class as there are, drawn with replacement.
  func drawStratified(into counts: inout [Count], _ random: inout SplitMix64) {
    for place in counts.indices { counts[place] = Count() }
    for _ in ofPositive.indices { counts[Int(ofPositive[random.below(ofPositive.count)])].positives += 1 }
    for _ in ofNegative.indices { counts[Int(ofNegative[random.below(ofNegative.count)])].negatives += 1 }
  }
}

/// A number read off the ROC curve.
public enum CurveMeasure: Sendable, Equatable {
  case area
  /// Over a range of specificity or sensitivity; standardised after McClish or the area itself. See `PartialAUC`.
  case partialArea(ClosedRange<Double>, PartialAUC.Focus, standardised: Bool)

  func check() throws(StatisticsError) {
    if case .partialArea(let range, _, _) = self { try PartialAUC.check(range) }
  }

  /// Nil where one class is missing.
  func value(of counts: [TieGroups.Count]) -> Double? {
    switch self {
    case .area: Self.area(counts)
    case .partialArea(let range, let focus, let standardised):
      Self.partialArea(counts, range, focus).map {
        standardised ? PartialAUC.standardised($0, over: range) : $0
      }
    }
  }

  private static func area(_ counts: [TieGroups.Count]) -> Double? {
    var (twiceWins, positives, below) = (0, 0, 0)
    for group in counts {
      let negatives = Int(group.negatives)
      twiceWins += Int(group.positives) * (2 * below + negatives)
      below += negatives
      positives += Int(group.positives)
    }
    guard positives > 0, below > 0 else { return nil }
    return Double(twiceWins) / (2 * Double(positives) * Double(below))
  }

  /// The curve as a function of 1 - specificity from the highest group down, or of 1 - sensitivity from the lowest up.
  private static func partialArea(
    _ counts: [TieGroups.Count], _ range: ClosedRange<Double>, _ focus: PartialAUC.Focus
  ) -> Double? {
    var (positives, negatives) = (0, 0)
    for group in counts {
      positives += Int(group.positives)
      negatives += Int(group.negatives)
    }
    guard positives > 0, negatives > 0 else { return nil }
    let (from, to) = (1 - range.upperBound, 1 - range.lowerBound)
    let (across, up) = focus == .specificity ? (negatives, positives) : (positives, negatives)
    var (area, x, y, passedAcross, passedUp) = (0.0, 0.0, 0.0, 0, 0)
    for step in counts.indices {
      let group = counts[focus == .specificity ? counts.count - 1 - step : step]
      passedAcross += Int(focus == .specificity ? group.negatives : group.positives)
      passedUp += Int(focus == .specificity ? group.positives : group.negatives)
      let (nextX, nextY) = (Double(passedAcross) / Double(across), Double(passedUp) / Double(up))
      area += PartialAUC.trapezium((x, y), (nextX, nextY), from: from, to: to)
      (x, y) = (nextX, nextY)
      if x >= to { break }
    }
    return area
  }
}
