/// Two AUCs compared.
public struct AUCComparison: Sendable {
  public let aucA: Double
  public let aucB: Double
  public let varianceA: Double
  public let varianceB: Double
  /// 0 when the two come from different patients.
  public let covariance: Double
  /// A minus B.
  public let difference: Double
  public let standardError: Double
  /// difference / standardError; 0 when both are 0, infinite when only the standard error is.
  public let z: Double
  /// Two-sided, normal.
  public let p: Double
  /// Wald interval of the difference.
  public let interval: Interval
  /// Unpaired only: Satterthwaite's degrees of freedom and the t-test pROC reports.
  public let satterthwaiteDegrees: Double?
  public let satterthwaiteP: Double?

  init(
    _ a: some AreaEstimate, _ b: some AreaEstimate, covariance: Double, level: Double, degrees: Double? = nil
  ) {
    (aucA, aucB, varianceA, varianceB) = (a.auc, b.auc, a.variance, b.variance)
    self.covariance = covariance
    difference = a.auc - b.auc
    // Equal curves: rounding may leave a variance of -1e-19.
    standardError = max(0, a.variance + b.variance - 2 * covariance).squareRoot()
    z = difference == 0 ? 0 : difference / standardError
    p = NormalDistribution.twoSided(z)
    let reach = NormalDistribution.critical(level: level) * standardError
    interval = Interval(lower: difference - reach, upper: difference + reach, level: level)
    satterthwaiteDegrees = degrees
    let statistic = z
    satterthwaiteP = degrees.map { StudentDistribution.twoSided(statistic, degrees: $0) }
  }
}

/// Tests of the difference of two AUCs.
public enum DeLongTest {
  /// Two scores of the same rows (DeLong 1988).
  /// - Throws: what `DeLong` throws, and `lengthsDiffer` when the scores have different lengths.
  public static func paired(
    _ scoresA: [Double], _ scoresB: [Double], positives: [Bool], level: Double = 0.95
  ) throws(StatisticsError) -> AUCComparison {
    try Require.level(level)
    try Require.sameLength("second score", scoresB.count, as: scoresA.count)
    let a = try DeLong(scores: scoresA, positives: positives)
    let b = try DeLong(scores: scoresB, positives: positives)
    return AUCComparison(a, b, covariance: a.covariance(with: b), level: level)
  }

  /// Scores of different patients: two cohorts, two strata. `p` is normal; pROC's t-test is in `satterthwaiteP`.
  public static func unpaired(_ a: DeLong, _ b: DeLong, level: Double = 0.95) throws(StatisticsError) -> AUCComparison {
    try unpaired(a, rowsA: a.labels.count, b, rowsB: b.labels.count, level: level)
  }

  /// As above, from the scores.
  public static func unpaired(
    scoresA: [Double], positivesA: [Bool], scoresB: [Double], positivesB: [Bool], level: Double = 0.95
  ) throws(StatisticsError) -> AUCComparison {
    try unpaired(
      DeLong(scores: scoresA, positives: positivesA), DeLong(scores: scoresB, positives: positivesB), level: level)
  }

  /// Two scores of the same rows, rows clustered in patients (Obuchowski, Biometrics 1997;53:567).
  public static func pairedClustered<Cluster: Hashable>(
    _ scoresA: [Double], _ scoresB: [Double], positives: [Bool], clusters: [Cluster], level: Double = 0.95
  ) throws(StatisticsError) -> AUCComparison {
    try Require.level(level)
    try Require.sameLength("second score", scoresB.count, as: scoresA.count)
    let a = try ClusteredAUC(scores: scoresA, positives: positives, clusters: clusters)
    let b = try ClusteredAUC(scores: scoresB, positives: positives, clusters: clusters)
    return AUCComparison(a, b, covariance: a.sums.covariance(with: b.sums), level: level)
  }
}
