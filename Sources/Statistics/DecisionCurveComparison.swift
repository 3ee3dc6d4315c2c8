/// Decision curves of one or more models over the same rows, with bootstrap intervals of the net benefit and of its difference
/// from acting on all, and between models (Vickers, Cronin, Elkin & Gonen, BMC Med Inform Decis Mak 2008;8:53; S2-18).
///
/// Patients are resampled as a whole, classes together, so that the prevalence varies as it would in another sample. Intervals
/// are percentiles (type 7), each for its own threshold. Acting on nobody has net benefit 0, so the difference from it is the
/// net benefit itself.
public struct DecisionCurveComparison: Sendable, Codable {
  public struct Model: Sendable {
    public let name: String
    /// One for each row.
    public let probabilities: [Double]

    public init(_ name: String, _ probabilities: [Double]) { (self.name, self.probabilities) = (name, probabilities) }
  }

  public struct Point: Sendable, Codable {
    public let threshold: Double
    /// TP/n - FP/n · pt/(1 - pt).
    public let netBenefit: Estimate
    /// Net benefit over the prevalence: 1 is what a perfect test would reach (Kerr et al., J Clin Oncol 2016;34:2534).
    public let standardized: Estimate
    /// Net benefit less that of acting on all.
    public let againstAll: Estimate
    /// Interventions spared per 100 rows against acting on all, with no malignancy more missed.
    public let reductionPer100: Estimate
  }

  public struct Curve: Sendable, Codable {
    public let name: String
    /// In ascending order of the thresholds.
    public let points: [Point]
    /// Stretches of neighbouring thresholds at which acting on all is as good: the model is no better, or the interval of the
    /// difference holds 0. A figure shades them.
    public let allAsGood: [ClosedRange<Double>]
    /// The same for acting on nobody.
    public let noneAsGood: [ClosedRange<Double>]
    /// Nil without folds.
    public let folds: FoldedNetBenefit?
  }

  /// Net benefit of the first model less the second's.
  public struct Difference: Sendable, Codable {
    public let first: String
    public let second: String
    public let points: [Estimate]
  }

  /// Ascending.
  public let thresholds: [Double]
  public let prevalence: Double
  /// Acting on all, by threshold.
  public let all: [Estimate]
  public let curves: [Curve]
  /// Every pair of models, in the order given.
  public let differences: [Difference]
  /// Rows, positives and patients.
  public let count: Int
  public let positives: Int
  public let patients: Int
  /// 0 where no intervals were asked for.
  public let resamples: Int

  /// - Parameters:
  ///   - patients: whose rows are resampled together; each row by itself where nil.
  ///   - folds: the test fold of each row, for the spread over folds.
  ///   - thresholds: each between 0 and 1, sorted and taken once; by default 0.01, 0.02, ... 0.99.
  ///   - resamples: 0 for no intervals, else 100 or more. Resample i draws from stream i of the seed.
  /// - Throws: `lengthsDiffer`, `empty`, `notFinite`, `outOfRange`, `tooFew`; `oneClassOnly`, since then no threshold is sensible.
  public init(
    models: [Model], positives labels: [Bool], patients: [String]? = nil, folds: [String]? = nil,
    thresholds: [Double] = (1...99).map { Double($0) / 100 }, resamples: Int = 1000, seed: UInt64 = 1,
    level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    if models.isEmpty { throw .empty(what: "models") }
    if thresholds.isEmpty { throw .empty(what: "thresholds") }
    if resamples != 0 && resamples < 100 { throw .tooFew(what: "resamples", needed: 100, found: resamples) }
    for threshold in thresholds where !(threshold > 0 && threshold < 1) {
      throw .outOfRange(what: "threshold", row: nil, expected: "a number between 0 and 1", found: "\(threshold)")
    }
    for model in models { _ = try ClassCounts(scores: model.probabilities, positives: labels) }
    for model in models { try Require.probabilities(model.probabilities, model.name) }
    let sorted = Set(thresholds).sorted()
    let counts = try NetBenefitCounts(
      models.map(\.probabilities), labels, patients: patients, thresholds: sorted)
    let whole = counts.whole()
    let drawn = counts.resampled(resamples, seed: seed)

    /// The value of all rows, with the percentiles of the resamples' values.
    func estimate(_ value: (NetBenefits) -> Double) -> Estimate {
      let values = drawn.map(value).filter(\.isFinite).sorted()
      if values.count < 100 { return Estimate(value: value(whole)) }
      return Estimate(
        value: value(whole),
        interval: Interval(
          lower: Quantile.type7(sorted: values, (1 - level) / 2),
          upper: Quantile.type7(sorted: values, (1 + level) / 2),
          level: level))
    }
    all = sorted.indices.map { place in estimate { $0.all(place) } }
    var curves: [Curve] = []
    for (index, model) in models.enumerated() {
      let points = sorted.indices.map { place in
        let odds = sorted[place] / (1 - sorted[place])
        let againstAll = estimate { $0.againstAll(index, place) }
        func per100(_ value: Double) -> Double { value / odds * 100 }
        return Point(
          threshold: sorted[place], netBenefit: estimate { $0.model(index, place) },
          standardized: estimate { $0.model(index, place) / $0.prevalence }, againstAll: againstAll,
          reductionPer100: Estimate(
            value: per100(againstAll.value),
            interval: againstAll.interval.map {
              Interval(lower: per100($0.lower), upper: per100($0.upper), level: level)
            }))
      }
      curves.append(
        Curve(
          name: model.name, points: points,
          allAsGood: Self.stretches(sorted, points.map { Self.isNoBetter($0.againstAll) }),
          noneAsGood: Self.stretches(sorted, points.map { Self.isNoBetter($0.netBenefit) }),
          folds: try folds.map { folds throws(StatisticsError) in
            try FoldedNetBenefit(model.probabilities, labels, folds: folds, thresholds: sorted)
          }))
    }
    self.curves = curves
    var differences: [Difference] = []
    for first in models.indices {
      for second in models.indices.dropFirst(first + 1) {
        differences.append(
          Difference(
            first: models[first].name, second: models[second].name,
            points: sorted.indices.map { place in
              estimate { $0.model(first, place) - $0.model(second, place) }
            }))
      }
    }
    self.differences = differences
    (self.thresholds, prevalence, count) = (sorted, whole.prevalence, labels.count)
    (self.positives, self.patients, self.resamples) = (labels.count { $0 }, counts.clusterCount, resamples)
  }

  private static func isNoBetter(_ difference: Estimate) -> Bool {
    difference.value <= 0 || (difference.interval.map { $0.lower <= 0 } ?? false)
  }

  /// Runs of true, as the thresholds from their first to their last.
  private static func stretches(_ thresholds: [Double], _ flags: [Bool]) -> [ClosedRange<Double>] {
    var result: [ClosedRange<Double>] = []
    var start: Double?
    for (place, threshold) in thresholds.enumerated() {
      if flags[place], start == nil { start = threshold }
      if let from = start, place == thresholds.count - 1 || !flags[place + 1] {
        result.append(from...threshold)
        start = nil
      }
    }
    return result
  }
}

/// Net benefit of predictions made in cross-validation. The counts of true and false positives are summed over the folds
/// before they are divided by all rows: with the prevalence of all, this equals the mean of the folds' net benefits weighted by
/// their rows, and it is what `DecisionCurveComparison` gives. Thresholds are probabilities, the same in every fold. The plain
/// mean of the folds and their spread say how much depends on the fold.
public struct FoldedNetBenefit: Sendable, Codable {
  public struct Fold: Sendable, Codable {
    public let name: String
    public let count: Int
    public let positives: Int
    /// By threshold.
    public let netBenefit: [Double]
  }

  public let folds: [Fold]
  /// Mean over the folds, each counting the same, by threshold.
  public let mean: [Double]
  /// Standard deviation over the folds (n - 1), by threshold.
  public let standardDeviation: [Double]

  /// - Throws: `lengthsDiffer`, `tooFew` under two folds; as ``DecisionCurve``.
  public init(
    _ probabilities: [Double], _ positives: [Bool], folds names: [String], thresholds: [Double]
  ) throws(StatisticsError) {
    try Require.sameLength("folds", names.count, as: probabilities.count)
    var folds: [Fold] = []
    for name in Set(names).sorted() {
      let rows = names.indices.filter { names[$0] == name }
      let chosen = rows.map { positives[$0] }
      let curve = try DecisionCurve(
        probabilities: rows.map { probabilities[$0] }, positives: chosen, thresholds: thresholds)
      folds.append(
        Fold(name: name, count: rows.count, positives: chosen.count { $0 }, netBenefit: curve.points.map(\.model)))
    }
    if folds.count < 2 { throw .tooFew(what: "folds", needed: 2, found: folds.count) }
    self.folds = folds
    let moments = thresholds.indices.map { place in Moments.meanAndDeviation(folds.map { $0.netBenefit[place] }) }
    mean = moments.map(\.mean)
    standardDeviation = moments.map { $0.deviation ?? 0 }
  }
}
