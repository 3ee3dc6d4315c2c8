package import Statistics

/// What one calibration plot shows: of one model on one cohort.
package struct CalibrationPanel: Sendable {
  /// Rows of neighbouring score, their mean score and how many of them were malignant.
  package struct Group: Sendable {
    package var meanScore: Double
    package var malignant: Int
    package var count: Int

    package init(meanScore: Double, malignant: Int, count: Int) {
      (self.meanScore, self.malignant, self.count) = (meanScore, malignant, count)
    }
  }

  /// A place of the smooth curve; the limits are nil where there is no band.
  package struct CurvePoint: Sendable {
    package var predicted: Double
    package var observed: Double
    package var limits: (lower: Double, upper: Double)?

    package init(predicted: Double, observed: Double, limits: (lower: Double, upper: Double)? = nil) {
      (self.predicted, self.observed, self.limits) = (predicted, observed, limits)
    }
  }

  /// Numbers written into the plot; what is nil is left out, an undefined estimate is said to be not estimable.
  package struct Measures: Sendable {
    package var slope: Estimate?
    package var intercept: Estimate?
    package var brier: Double?
    package var ici: Double?
    package var hosmerLemeshowP: Double?

    package init(
      slope: Estimate? = nil, intercept: Estimate? = nil, brier: Double? = nil, ici: Double? = nil,
      hosmerLemeshowP: Double? = nil
    ) {
      (self.slope, self.intercept, self.brier) = (slope, intercept, brier)
      (self.ici, self.hosmerLemeshowP) = (ici, hosmerLemeshowP)
    }
  }

  package var heading: String
  package var groups: [Group]
  package var curve: [CurvePoint]
  package var histogram: ScoreHistogram
  package var measures: Measures

  package init(
    heading: String, groups: [Group], curve: [CurvePoint], histogram: ScoreHistogram, measures: Measures
  ) {
    (self.heading, self.groups, self.curve, self.histogram, self.measures) = (
      heading, groups, curve, histogram, measures
    )
  }

  /// Fewer rows than this and a smooth curve would draw noise.
  private static let fewestRows = 40

  /// From the rows themselves.
  /// - calibration: of these rows; nil where it is not at hand and is made here.
  package init(
    heading: String, scores: [Double], positives: [Bool], measures: Measures, calibration: CalibrationCurve? = nil
  ) {
    let calibration = calibration ?? (try? CalibrationCurve(probabilities: scores, positives: positives))
    self.init(
      heading: heading, groups: CalibrationPanel.grouped(scores: scores, positives: positives),
      curve: scores.count < CalibrationPanel.fewestRows ? [] : calibration.map(CalibrationPanel.points) ?? [],
      histogram: ScoreHistogram(scores: scores, positives: positives, bins: 40), measures: measures)
  }

  private static func points(_ curve: CalibrationCurve) -> [CurvePoint] {
    curve.places.indices.map { place in
      let hasBand = curve.lower.indices.contains(place) && curve.upper.indices.contains(place)
      return CurvePoint(
        predicted: curve.places[place], observed: curve.observed[place],
        limits: hasBand ? (curve.lower[place], curve.upper[place]) : nil)
    }
  }

  /// Up to ten groups of equal size, each of at least eight rows; equal scores stay together.
  package static func grouped(scores: [Double], positives: [Bool]) -> [Group] {
    let order = zip(scores, positives).filter { $0.0.isFinite }.sorted { $0.0 < $1.0 }
    guard !order.isEmpty else { return [] }
    let wanted = max(1, min(10, order.count / 8))
    var groups: [Group] = []
    var start = 0
    for part in 1...wanted {
      var end = max(start, order.count * part / wanted)
      while end > 0, end < order.count, order[end].0 == order[end - 1].0 { end += 1 }
      guard end > start else { continue }
      let members = order[start..<end]
      let sum = members.reduce(0) { $0 + $1.0 }
      groups.append(
        Group(meanScore: sum / Double(members.count), malignant: members.count { $0.1 }, count: members.count))
      start = end
    }
    return groups
  }
}
