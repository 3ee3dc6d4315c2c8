/// What calls are worth when the least certain cases are left to a reader: error, sensitivity and specificity of the kept cases
/// against the share deferred (risk-coverage curve: El-Yaniv & Wiener, JMLR 2010;11:1605).
public struct DeferralCurve: Sendable {
  public struct Point: Sendable, Codable, Equatable {
    /// Share of the cases left to a reader, 0...1.
    public let deferred: Double
    public let kept: Int
    /// Least certainty among the kept.
    public let certainty: Double
    /// Share of wrong calls among the kept.
    public let error: Double
    /// Nil where no positive is kept.
    public let sensitivity: Double?
    /// Nil where no negative is kept.
    public let specificity: Double?

    public var accuracy: Double { 1 - error }
  }

  /// From none deferred on; a point for each value of the certainty, since equally certain cases are kept or deferred together.
  public let points: [Point]
  /// Area under the error over the share kept (AURC): the mean error over keeping 1, 2, ... n cases, equally certain ones in random
  /// order (Geifman, Uziel & El-Yaniv, ICLR 2019). Lower is better.
  public let areaUnderRiskCoverage: Double
  /// That area less the least any order of these calls could have.
  public let excessArea: Double

  /// - Parameters:
  ///   - certainties: higher is kept longer; such as |p - cut-off|, or a conformal confidence.
  ///   - cutOff: a case is called positive at or above it.
  /// - Throws: `lengthsDiffer`, `empty`, `notFinite`, `outOfRange` for a cut-off that is NaN.
  public init(
    scores: [Double], positives: [Bool], certainties: [Double], cutOff: Double
  ) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: scores.count)
    try Require.sameLength("certainties", certainties.count, as: scores.count)
    try Require.finite(scores, "score")
    if scores.isEmpty { throw .empty(what: "cases") }
    if cutOff.isNaN { throw .outOfRange(what: "cut-off", row: nil, expected: "a number", found: "NaN") }
    let entries = try RankedScores(certainties).entries
    let n = Double(entries.count)
    var points: [Point] = []
    var matrix = ConfusionMatrix(truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0)
    var (risks, kept) = (0.0, 0)
    var end = entries.count
    while end > 0 {
      let key = entries[end - 1].key
      let before = (wrong: matrix.falsePositives + matrix.falseNegatives, kept: kept)
      while end > 0, entries[end - 1].key == key {
        end -= 1
        let row = entries[end].row
        switch (scores[row] >= cutOff, positives[row]) {
        case (true, true): matrix.truePositives += 1
        case (true, false): matrix.falsePositives += 1
        case (false, false): matrix.trueNegatives += 1
        case (false, true): matrix.falseNegatives += 1
        }
        kept += 1
      }
      let wrong = matrix.falsePositives + matrix.falseNegatives
      let share = Double(wrong - before.wrong) / Double(kept - before.kept)
      for place in (before.kept + 1)...kept {
        risks += (Double(before.wrong) + Double(place - before.kept) * share) / Double(place)
      }
      points.append(
        Point(
          deferred: (n - Double(kept)) / n, kept: kept, certainty: RankedScores.score(of: key),
          error: Double(wrong) / Double(kept),
          sensitivity: matrix.positives > 0 ? matrix.sensitivity.value : nil,
          specificity: matrix.negatives > 0 ? matrix.specificity.value : nil))
    }
    self.points = points.reversed()
    areaUnderRiskCoverage = risks / n
    let wrong = matrix.falsePositives + matrix.falseNegatives
    var least = 0.0
    if wrong > 0 { for place in 1...wrong { least += Double(place) / Double(entries.count - wrong + place) } }
    excessArea = areaUnderRiskCoverage - least / n
  }

  /// |p - cut-off|, rounded to 1e-12 so that 0.3 and 0.7 are as certain of either side of 0.5.
  public static func certainty(score: Double, cutOff: Double) -> Double {
    (abs(score - cutOff) * 1e12).rounded() / 1e12
  }

  /// The curve where at least this share is deferred: the first such point; nil where no point defers so much.
  public func at(deferred share: Double) -> Point? { points.first { $0.deferred >= share - 1e-12 } }
}
