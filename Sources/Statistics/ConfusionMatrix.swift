import Foundation

/// Calls against truth at one cut-off, and what follows from the four counts. Proportions carry Wilson's 95 % interval; a
/// proportion of nothing is undefined (NaN, written to JSON as null).
public struct ConfusionMatrix: Sendable, Codable, Equatable {
  public var truePositives: Int
  public var falsePositives: Int
  public var trueNegatives: Int
  public var falseNegatives: Int

  public init(truePositives: Int, falsePositives: Int, trueNegatives: Int, falseNegatives: Int) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
    self.falseNegatives = falseNegatives
  }

  /// Calls a row positive when its score is at or above the cut-off.
  /// - Throws: `lengthsDiffer`, `notFinite`, `outOfRange` for a cut-off that is NaN.
  public init(scores: [Double], positives: [Bool], cutOff: Double) throws(StatisticsError) {
    try Require.finite(scores, "score")
    if cutOff.isNaN { throw .outOfRange(what: "cut-off", row: nil, expected: "a number", found: "NaN") }
    try self.init(calls: scores.map { $0 >= cutOff }, positives: positives)
  }

  /// - Parameter calls: true where the row was called positive.
  public init(calls: [Bool], positives: [Bool]) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: calls.count)
    self.init(truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0)
    for (call, positive) in zip(calls, positives) {
      switch (call, positive) {
      case (true, true): truePositives += 1
      case (true, false): falsePositives += 1
      case (false, false): trueNegatives += 1
      case (false, true): falseNegatives += 1
      }
    }
  }

  public var positives: Int { truePositives + falseNegatives }
  public var negatives: Int { trueNegatives + falsePositives }
  public var total: Int { positives + negatives }

  public var sensitivity: Estimate { sensitivity() }
  public var specificity: Estimate { specificity() }
  /// Positive predictive value, at the prevalence of the data.
  public var ppv: Estimate { ppv() }
  /// Negative predictive value, at the prevalence of the data.
  public var npv: Estimate { npv() }
  public var accuracy: Estimate { accuracy() }

  public func sensitivity(level: Double = 0.95) -> Estimate {
    Proportion.wilson(successes: truePositives, of: positives, level: level)
  }
  public func specificity(level: Double = 0.95) -> Estimate {
    Proportion.wilson(successes: trueNegatives, of: negatives, level: level)
  }
  public func ppv(level: Double = 0.95) -> Estimate {
    Proportion.wilson(successes: truePositives, of: truePositives + falsePositives, level: level)
  }
  public func npv(level: Double = 0.95) -> Estimate {
    Proportion.wilson(successes: trueNegatives, of: trueNegatives + falseNegatives, level: level)
  }
  public func accuracy(level: Double = 0.95) -> Estimate {
    Proportion.wilson(successes: truePositives + trueNegatives, of: total, level: level)
  }

  /// sensitivity / (1 - specificity), with the log interval of Simel et al. (J Clin Epidemiol 1991;44:763).
  public var positiveLikelihoodRatio: Estimate { positiveLikelihoodRatio() }
  public func positiveLikelihoodRatio(level: Double = 0.95) -> Estimate {
    ratio(truePositives, of: positives, to: falsePositives, of: negatives, level: level)
  }

  /// (1 - sensitivity) / specificity.
  public var negativeLikelihoodRatio: Estimate { negativeLikelihoodRatio() }
  public func negativeLikelihoodRatio(level: Double = 0.95) -> Estimate {
    ratio(falseNegatives, of: positives, to: trueNegatives, of: negatives, level: level)
  }

  /// Harmonic mean of sensitivity and PPV; NaN when there is neither a positive nor a positive call.
  public var f1: Double {
    let denominator = 2 * truePositives + falsePositives + falseNegatives
    return denominator == 0 ? .nan : 2 * Double(truePositives) / Double(denominator)
  }

  /// Youden's J: sensitivity + specificity - 1.
  public var youden: Double { sensitivity.value + specificity.value - 1 }

  private func ratio(_ a: Int, of n: Int, to b: Int, of m: Int, level: Double) -> Estimate {
    guard n > 0, m > 0, a > 0 || b > 0 else { return .undefined }
    let value = Double(a) / Double(n) / (Double(b) / Double(m))
    guard a > 0, b > 0 else { return Estimate(value: value) }
    let variance = 1 / Double(a) - 1 / Double(n) + 1 / Double(b) - 1 / Double(m)
    let reach = NormalDistribution.critical(level: level) * variance.squareRoot()
    return Estimate(
      value: value, interval: Interval(lower: value * exp(-reach), upper: value * exp(reach), level: level))
  }
}
