import Foundation

extension ConfusionMatrix {
  /// PPV and NPV where the disease is as frequent as `prevalence`, by Bayes' rule from sensitivity and specificity, with the
  /// logit interval of Mercaldo, Lau & Zhou (Stat Med 2007;26:2170). The values of a study hold at its own prevalence only,
  /// which enrichment sets.
  ///
  /// - prevalence: between 0 and 1. An interval is nil where sensitivity or specificity is 0 or 1, whose log odds have none.
  /// - Throws: `outOfRange`, `oneClassOnly`.
  public func predictiveValues(prevalence: Double, level: Double = 0.95) throws(StatisticsError)
    -> (ppv: Estimate, npv: Estimate)
  {
    try Require.level(level)
    guard prevalence > 0, prevalence < 1 else {
      throw .outOfRange(
        what: "prevalence", row: nil, expected: "a number between 0 and 1", found: "\(prevalence)")
    }
    guard positives > 0, negatives > 0 else { throw .oneClassOnly(positives: positives, negatives: negatives) }
    let (sensitivity, specificity) = (sensitivity.value, specificity.value)
    let (n, m) = (Double(positives), Double(negatives))
    let odds = prevalence / (1 - prevalence)
    func estimate(_ valueOdds: Double, _ variance: Double) -> Estimate {
      let value = valueOdds.isInfinite ? 1 : valueOdds / (1 + valueOdds)
      guard valueOdds > 0, valueOdds.isFinite, variance.isFinite else { return Estimate(value: value) }
      let reach = NormalDistribution.critical(level: level) * variance.squareRoot()
      return Estimate(
        value: value,
        interval: Interval(lower: expit(log(valueOdds) - reach), upper: expit(log(valueOdds) + reach), level: level))
    }
    let ppvOdds = sensitivity / (1 - specificity) * odds
    let npvOdds = specificity / (1 - sensitivity) / odds
    return (
      sensitivity == 0 && specificity == 1
        ? .undefined : estimate(ppvOdds, (1 - sensitivity) / sensitivity / n + specificity / (1 - specificity) / m),
      sensitivity == 1 && specificity == 0
        ? .undefined : estimate(npvOdds, sensitivity / (1 - sensitivity) / n + (1 - specificity) / specificity / m)
    )
  }
}
