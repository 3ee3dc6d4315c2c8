import Foundation

/// Rows for one AUC, or for two compared, from the binormal model (Obuchowski & McClish, Stat Med 1997;16:1529).
public struct AreaSizing: Sendable {
  public enum Variance: String, Sendable, CaseIterable {
    /// As printed in the paper and computed by pROC: without the covariance of the two parameters, and so too large.
    case obuchowskiMcClish
    /// The delta method with it: a score compared with itself has no variance.
    case binormal
  }

  public let first: Double
  public let second: Double
  /// Correlation of the two scores among positives and among negatives; 0 where different patients are scored.
  public let correlationPositives: Double
  public let correlationNegatives: Double
  /// Negatives for each positive.
  public let ratio: Double
  public let designEffect: Double

  /// - Parameters:
  ///   - correlationPositives, correlationNegatives: of the scores, paired studies only.
  ///   - designEffect: 1 + (rows a patient - 1) times the intraclass correlation, where rows share patients.
  /// - Throws: `outOfRange`.
  public init(
    first: Double, second: Double, correlationPositives: Double = 0, correlationNegatives: Double = 0,
    ratio: Double = 1, designEffect: Double = 1
  ) throws(StatisticsError) {
    try Sizing.check(share: first, "first AUC")
    try Sizing.check(share: second, "second AUC")
    for value in [correlationPositives, correlationNegatives] where !(value > -1 && value < 1) {
      throw .outOfRange(what: "correlation", row: nil, expected: "between -1 and 1", found: "\(value)")
    }
    if !(ratio > 0 && ratio.isFinite) {
      throw .outOfRange(what: "negatives a positive", row: nil, expected: "above 0", found: "\(ratio)")
    }
    try Sizing.check(designEffect: designEffect)
    (self.first, self.second, self.ratio, self.designEffect) = (first, second, ratio, designEffect)
    (self.correlationPositives, self.correlationNegatives) = (correlationPositives, correlationNegatives)
  }

  /// AUC = Φ(a / √(1 + b²)): its slopes in a and b, at b = 1, where a is √2 Φ⁻¹(AUC).
  private struct Slopes {
    let separation: Double
    let ofSeparation: Double
    let ofSpread: Double

    init(_ auc: Double) {
      separation = 2.0.squareRoot() * NormalDistribution.quantile(auc)
      let density = exp(-separation * separation / 4)
      ofSeparation = density / (4 * Double.pi).squareRoot()
      ofSpread = -density * separation / (16 * Double.pi).squareRoot()
    }
  }

  /// Covariance of two AUCs times positives, for scores correlated so in either class.
  private func covariance(_ one: Slopes, _ other: Slopes, positives: Double, negatives: Double) -> Double {
    let squares = positives * positives
    let separation = positives + negatives / ratio + squares * one.separation * other.separation / 2
    let spread = (negatives * negatives + ratio * squares) / (2 * ratio)
    let mixed =
      one.ofSeparation * other.ofSpread * one.separation + other.ofSeparation * one.ofSpread * other.separation
    return one.ofSeparation * other.ofSeparation * separation + one.ofSpread * other.ofSpread * spread
      + mixed * squares / 2
  }

  /// The paper's variance leaves out what a and b have in common.
  private func variance(_ slopes: Slopes, _ form: Variance) -> Double {
    let whole = covariance(slopes, slopes, positives: 1, negatives: 1)
    return form == .binormal ? whole : whole - slopes.ofSeparation * slopes.ofSpread * slopes.separation
  }

  /// Standard deviations of the difference times √positives: were both AUCs the first, and as they are.
  private func deviations(_ form: Variance) -> (null: Double, alternative: Double) {
    let (one, other) = (Slopes(first), Slopes(second))
    let (ofFirst, ofSecond) = (variance(one, form), variance(other, form))
    let shared = covariance(one, other, positives: correlationPositives, negatives: correlationNegatives)
    return (
      (designEffect * max(0, 2 * ofFirst - 2 * shared)).squareRoot(),
      (designEffect * max(0, ofFirst + ofSecond - 2 * shared)).squareRoot()
    )
  }

  /// Power of the two-sided comparison with so many positives (in each group, where unpaired).
  public func power(
    positives: Int, alpha: Double = 0.05, variance form: Variance = .obuchowskiMcClish
  ) throws(StatisticsError) -> Double {
    try Sizing.check(alpha: alpha)
    if positives < 2 { throw .tooFew(what: "positives", needed: 2, found: positives) }
    let deviations = deviations(form)
    let reach = Double(positives).squareRoot() * abs(first - second)
    return NormalDistribution.cumulative(
      (reach - NormalDistribution.quantile(1 - alpha / 2) * deviations.null) / deviations.alternative)
  }

  /// Positives (in each group, where unpaired) for a power.
  /// - Throws: `outOfRange` for equal AUCs; `tooLarge` above ten million.
  public func positives(
    power: Double, alpha: Double = 0.05, variance form: Variance = .obuchowskiMcClish
  ) throws(StatisticsError) -> Int {
    try Sizing.check(alpha: alpha)
    try Sizing.check(power: power)
    if first == second {
      throw .outOfRange(what: "second AUC", row: nil, expected: "another than the first", found: "\(second)")
    }
    let deviations = deviations(form)
    let reach =
      NormalDistribution.quantile(1 - alpha / 2) * deviations.null
      + NormalDistribution.quantile(power) * deviations.alternative
    return try Sizing.whole(reach * reach / ((first - second) * (first - second)), "positives")
  }

  // MARK: One AUC

  /// Full width of the first AUC's Wald interval by the variance of Hanley & McNeil (Radiology 1982;143:29).
  public func width(positives: Int, level: Double = 0.95) throws(StatisticsError) -> Double {
    try Require.level(level)
    if positives < 2 { throw .tooFew(what: "positives", needed: 2, found: positives) }
    let variance = AreaVariance.hanleyMcNeil(
      first, positives: Double(positives), negatives: Double(positives) * ratio)
    return 2 * NormalDistribution.critical(level: level) * (designEffect * variance).squareRoot()
  }

  /// Positives for a full width of the first AUC's interval.
  /// - Throws: `outOfRange`; `tooLarge` above ten million.
  public func positives(width wanted: Double, level: Double = 0.95) throws(StatisticsError) -> Int {
    try Sizing.check(share: wanted, "width")
    let found = try Sizing.smallest(from: 2) { (positives: Int) throws(StatisticsError) in
      try width(positives: positives, level: level) <= wanted
    }
    guard let found else { throw .tooLarge(what: "positives", limit: "\(Sizing.most)", found: "more") }
    return found
  }
}

/// Variance of an AUC that is yet to be estimated.
public enum AreaVariance {
  /// Of exponential scores (Hanley & McNeil, Radiology 1982;143:29).
  public static func hanleyMcNeil(_ auc: Double, positives: Double, negatives: Double) -> Double {
    let (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc))
    return
      (auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc))
      / (positives * negatives)
  }
}
