extension DeLongTest {
  /// Two AUCs of different patients, each with a variance of its own kind (DeLong's or Obuchowski's). `p` is normal; the t-test
  /// with Satterthwaite's degrees of freedom, as pROC has it, is in `satterthwaiteP`.
  /// - Parameters:
  ///   - rowsA: number of rows behind the first AUC.
  ///   - rowsB: number behind the second.
  public static func unpaired(
    _ a: some AreaEstimate, rowsA: Int, _ b: some AreaEstimate, rowsB: Int, level: Double = 0.95
  ) throws(StatisticsError) -> AUCComparison {
    try Require.level(level)
    let sum = a.variance + b.variance
    let spread = a.variance * a.variance / Double(rowsA - 1) + b.variance * b.variance / Double(rowsB - 1)
    return AUCComparison(a, b, covariance: 0, level: level, degrees: spread > 0 ? sum * sum / spread : nil)
  }
}
