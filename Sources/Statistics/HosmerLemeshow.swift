/// Goodness of fit over groups of predicted risk (Hosmer & Lemeshow), as R's ResourceSelection computes it.
public struct HosmerLemeshow: Sendable {
  public let chiSquare: Double
  /// Requested groups less two, even where ties leave fewer groups.
  public let degreesOfFreedom: Int
  public let p: Double
  /// Groups that ties of the quantiles left.
  public let groups: Int

  /// Groups are the intervals (a, b] between the distinct type-7 quantiles of the probabilities, the first closed.
  public init(probabilities: [Double], positives: [Bool], groups requested: Int = 10) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: probabilities.count)
    try Require.probabilities(probabilities, "probability")
    if requested < 3 { throw .tooFew(what: "Hosmer-Lemeshow groups", needed: 3, found: requested) }
    if probabilities.isEmpty { throw .empty(what: "probabilities") }
    let cuts = CalibrationCurve.quantileEdges(probabilities, bins: requested)
    let groups = cuts.count - 1
    if groups < 2 { throw .tooFew(what: "distinct groups of probabilities", needed: 2, found: groups) }
    var observed = [Double](repeating: 0, count: groups)
    var expected = observed
    var sizes = observed
    for (p, positive) in zip(probabilities, positives) {
      let group = CalibrationCurve.rightClosedBin(of: p, edges: cuts)
      observed[group] += positive ? 1 : 0
      expected[group] += p
      sizes[group] += 1
    }
    var chiSquare = 0.0
    for group in 0..<groups where sizes[group] > 0 {
      let gap = (observed[group] - expected[group]) * (observed[group] - expected[group])
      // With all probabilities 0 or 1 in a group one expectation is 0: no gap adds nothing, a gap adds infinity.
      if gap > 0 { chiSquare += gap / expected[group] + gap / (sizes[group] - expected[group]) }
    }
    self.chiSquare = chiSquare
    self.groups = groups
    degreesOfFreedom = requested - 2
    p = chiSquare.isInfinite ? 0 : ChiSquareDistribution.upperTail(chiSquare, degrees: Double(requested - 2))
  }
}
