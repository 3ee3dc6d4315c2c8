/// How prediction sets did on cases whose truth is known.
public struct ConformalCoverage: Sendable {
  public let label: String
  public let n: Int
  public let patients: Int
  /// Share of rows whose set holds their class; Wilson's interval, at the effective number of rows where patients repeat. Nil
  /// without rows; without an interval for two or more rows of one patient.
  public let coverage: Estimate?
  public let empty: Int
  public let benignOnly: Int
  public let malignantOnly: Int
  public let both: Int
  /// Rows with a single class that is the wrong one.
  public let wrongSingles: Int

  public var meanSize: Double { n > 0 ? Double(benignOnly + malignantOnly + 2 * both) / Double(n) : .nan }
  /// Share of rows whose set is not a single class: to be left to a reader.
  public var deferred: Double { n > 0 ? Double(empty + both) / Double(n) : .nan }
  /// Share of wrong ones among the single classes; nil where there are none.
  public var errorOfSingles: Double? {
    let singles = benignOnly + malignantOnly
    return singles > 0 ? Double(wrongSingles) / Double(singles) : nil
  }

  /// - Throws: `lengthsDiffer`, `outOfRange` for the level.
  public init(
    _ label: String, sets: [PredictionSet], positives: [Bool], patients names: [String], level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    try Require.sameLength("labels", positives.count, as: sets.count)
    try Require.sameLength("patients", names.count, as: sets.count)
    (self.label, n, patients) = (label, sets.count, Set(names).count)
    let covered = zip(sets, positives).map { $0.holds(positive: $1) }
    let hits = covered.count { $0 }
    if sets.isEmpty {
      coverage = nil
    } else if patients == sets.count {
      coverage = Proportion.wilson(successes: hits, of: sets.count, level: level)
    } else {
      coverage =
        (try? ClusteredProportion(covered, clusters: names, level: level))?.estimate
        ?? Estimate(value: Double(hits) / Double(sets.count))
    }
    empty = sets.count { $0.size == 0 }
    both = sets.count { $0.size == 2 }
    benignOnly = sets.count { $0.benign && !$0.malignant }
    malignantOnly = sets.count { !$0.benign && $0.malignant }
    wrongSingles = zip(sets, covered).count { $0.size == 1 && !$1 }
  }
}
