/// The AUC's bootstrap: positives and negatives resampled apart.
public struct BootstrapAUC: Sendable {
  public let auc: Double
  /// Percentile interval.
  public let interval: Interval
  /// The AUC of each resample, in the order of their numbers.
  public var resampled: [Double] { sample.resampled }
  /// The AUC with its resamples: bias, standard error, intervals at other levels.
  public let sample: BootstrapSample
  /// Efron's acceleration from the placement values, whose deviations from the AUC are its jackknife influence values; nil
  /// where they are all 0.
  public let acceleration: Double?

  /// The BCa interval; nil where it is not defined: see `BootstrapSample.biasCorrected`.
  public func biasCorrected(level: Double = 0.95) -> Interval? {
    acceleration.flatMap { sample.biasCorrected(acceleration: $0, level: level) }
  }

  /// The same seed gives the same numbers on any number of threads: resample i draws from stream i.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `tooFew` under 100 resamples.
  public init(
    scores: [Double], positives labels: [Bool], resamples: Int = 2000, seed: UInt64 = 1, level: Double = 0.95,
    threads: Int? = nil
  ) throws(StatisticsError) {
    try Require.level(level)
    try Resamples.check(resamples)
    let counts = try ClassCounts(scores: scores, positives: labels)
    let ranked = try RankedScores(scores)
    let placed = Placements(ranked: ranked, labels: labels, counts: counts)
    let groups = TieGroups(ranked, labels)
    auc = placed.auc
    let (m, n) = (Double(counts.positives), Double(counts.negatives))
    acceleration = BootstrapSample.acceleration(
      ofInfluences: labels.indices.lazy.map { (placed.values[$0] - placed.auc) / (labels[$0] ? m : n) })
    let results = Resamples.run(resamples, seed: seed, threads: threads) {
      groups.noRows
    } body: { drawn, random in
      groups.drawStratified(into: &drawn, &random)
      return CurveMeasure.area.value(of: drawn) ?? .nan
    }
    sample = BootstrapSample(estimate: auc, resampled: results)
    interval = sample.percentile(level: level)
  }
}

/// A partial area (or another measure of the ROC curve) bootstrapped, positives and negatives resampled apart.
public struct BootstrapCurve: Sendable {
  public let sample: BootstrapSample

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange`, `tooFew` under 100 resamples.
  public init(
    _ measure: CurveMeasure, scores: [Double], positives labels: [Bool], resamples: Int = 2000, seed: UInt64 = 1,
    threads: Int? = nil
  ) throws(StatisticsError) {
    try measure.check()
    try Resamples.check(resamples)
    let counts = try ClassCounts(scores: scores, positives: labels)
    let groups = TieGroups(try RankedScores(scores), labels)
    guard let estimate = measure.value(of: groups.allRows) else {
      throw .oneClassOnly(positives: counts.positives, negatives: counts.negatives)
    }
    let results = Resamples.run(resamples, seed: seed, threads: threads) {
      groups.noRows
    } body: { drawn, random in
      groups.drawStratified(into: &drawn, &random)
      return measure.value(of: drawn) ?? .nan
    }
    sample = BootstrapSample(estimate: estimate, resampled: results)
  }
}
