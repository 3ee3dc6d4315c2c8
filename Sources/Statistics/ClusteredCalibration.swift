import Foundation

/// Calibration intercept and slope of rows that share patients: the same estimates as `CalibrationMeasures`, with standard
/// errors that hold within-patient dependence (the sandwich of Liang & Zeger, Biometrika 1986;73:13, with the factor
/// G/(G - 1) for G patients; R's `sandwich::vcovCL(type = "HC0")`).
public struct ClusteredCalibration: Sendable {
  /// Nil where there is no finite estimate.
  public let slope: CalibrationMeasures.Coefficient?
  public let intercept: CalibrationMeasures.Coefficient?
  public let inTheLarge: CalibrationMeasures.Coefficient?
  public let clusters: Int

  /// - Throws: `lengthsDiffer`, `empty`, `notFinite`, `outOfRange` for what is no probability, `tooFew` clusters.
  public init<Cluster: Hashable>(
    probabilities: [Double], positives: [Bool], clusters: [Cluster], level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    try Require.sameLength("labels", positives.count, as: probabilities.count)
    try Require.sameLength("clusters", clusters.count, as: probabilities.count)
    try Require.probabilities(probabilities, "probability")
    if probabilities.isEmpty { throw .empty(what: "probabilities") }
    let members = try ClusterDesign(clusters).members
    self.clusters = members.count
    let logits = probabilities.map(CalibrationMeasures.logit)
    let ones = [Double](repeating: 1, count: logits.count)
    func coefficients(_ columns: [[Double]], _ offset: [Double]?) -> [CalibrationMeasures.Coefficient?] {
      let design = Matrix(columns: columns, rows: ones.count)
      guard let fit = try? LogisticFit(design: design, outcomes: positives, offset: offset) else {
        return columns.map { _ in nil }
      }
      let variances = fit.clusterVariances(design, positives, offset, members)
      return zip(fit.coefficients, variances).map {
        CalibrationMeasures.Coefficient(value: $0, standardError: $1.squareRoot(), level: level)
      }
    }
    let both = coefficients([ones, logits], nil)
    (intercept, slope) = (both[0], both[1])
    inTheLarge = coefficients([ones], logits)[0]
  }
}

extension LogisticFit {
  /// Diagonal of A⁻¹ (Σ s sᵀ) A⁻¹ · G/(G - 1), with s the score of each cluster's rows together.
  func clusterVariances(
    _ design: Matrix, _ outcomes: [Bool], _ offset: [Double]?, _ members: [[Int]]
  ) -> [Double] {
    let columns = design.columns
    var sums = [Double](repeating: 0, count: columns)
    for rows in members {
      var score = [Double](repeating: 0, count: columns)
      for row in rows {
        var eta = offset?[row] ?? 0
        for j in 0..<columns { eta += design[row, j] * coefficients[j] }
        let residual = outcomes[row] ? expit(-eta) : -expit(eta)
        for j in 0..<columns { score[j] += design[row, j] * residual }
      }
      // The cluster's move of each estimate; its square adds to the variance.
      let moved = covariance.times(score)
      for j in 0..<columns { sums[j] += moved[j] * moved[j] }
    }
    let clusters = Double(members.count)
    return sums.map { $0 * clusters / (clusters - 1) }
  }
}
