extension ROCCurve {
  /// Sensitivity + specificity - 1 is largest here, among observed cuts, compared in integers; of tied cuts the largest.
  public var youden: ROCPoint { points[youdenIndex] }

  private var youdenIndex: Int {
    func balance(_ point: ROCPoint) -> Int { point.truePositives * negatives - point.falsePositives * positives }
    // Points run from the largest cut down; (0,0) with its infinite threshold is no candidate.
    var best = 1
    for index in points.indices.dropFirst(2) where balance(points[index]) > balance(points[best]) { best = index }
    return best
  }

  /// Halfway from Youden's cut to the next lower observed score, as pROC places it; -infinity where none is lower.
  public var youdenMidpoint: Double {
    let index = youdenIndex
    guard index + 1 < points.count else { return -.infinity }
    return (points[index].threshold + points[index + 1].threshold) / 2
  }
}

/// The score from which a lesion is called malignant (score >= cut-off). To be chosen on training or validation data and
/// then kept (S2-20).
public enum CutOff {
  /// Youden's cut: maximises sensitivity + specificity - 1 among observed scores; on ties the largest.
  public static func youden(scores: [Double], positives: [Bool]) throws(StatisticsError) -> Double {
    try ROCCurve(scores: scores, positives: positives).youden.threshold
  }

  /// Halfway from Youden's cut to the next lower observed score.
  public static func youdenMidpoint(scores: [Double], positives: [Bool]) throws(StatisticsError) -> Double {
    try ROCCurve(scores: scores, positives: positives).youdenMidpoint
  }

  /// The largest observed score with at least this sensitivity, hence the best specificity it allows.
  public static func fixedSensitivity(
    _ target: Double, scores: [Double], positives: [Bool]
  ) throws(StatisticsError) -> Double {
    try check(target, "sensitivity")
    let curve = try ROCCurve(scores: scores, positives: positives)
    // The last point has sensitivity 1, so one is always found.
    let index = curve.points.indices.dropFirst().first { curve.points[$0].sensitivity >= target }
    return curve.points[index ?? curve.points.count - 1].threshold
  }

  /// The smallest observed score with at least this specificity; where none reaches it, the number just above the largest.
  public static func fixedSpecificity(
    _ target: Double, scores: [Double], positives: [Bool]
  ) throws(StatisticsError) -> Double {
    try check(target, "specificity")
    let curve = try ROCCurve(scores: scores, positives: positives)
    let index = curve.points.indices.last { curve.points[$0].specificity >= target } ?? 0
    return index == 0 ? curve.points[1].threshold.nextUp : curve.points[index].threshold
  }

  /// The cut of the greatest expected utility: maximises sensitivity + (1 - prevalence) / (cost · prevalence) · specificity,
  /// where missing a malignancy is `cost` times as bad as a false alarm (Perkins & Schisterman, Am J Epidemiol 2006;163:670).
  /// On ties the largest.
  public static func utility(prevalence: Double, cost: Double, scores: [Double], positives: [Bool])
    throws(StatisticsError) -> Double
  {
    guard prevalence > 0, prevalence < 1 else {
      throw .outOfRange(what: "prevalence", row: nil, expected: "a number between 0 and 1", found: "\(prevalence)")
    }
    guard cost > 0, cost.isFinite else {
      throw .outOfRange(what: "cost", row: nil, expected: "a number above 0", found: "\(cost)")
    }
    let weight = (1 - prevalence) / (cost * prevalence)
    let points = try ROCCurve(scores: scores, positives: positives).points.dropFirst()
    var best = (threshold: Double.nan, utility: -Double.infinity)
    for point in points {
      let utility = point.sensitivity + weight * point.specificity
      if utility > best.utility + 1e-12 { best = (point.threshold, utility) }
    }
    return best.threshold
  }

  private static func check(_ target: Double, _ what: String) throws(StatisticsError) {
    if !(target > 0 && target <= 1) {
      throw .outOfRange(what: what, row: nil, expected: "a number above 0 and up to 1", found: "\(target)")
    }
  }
}
