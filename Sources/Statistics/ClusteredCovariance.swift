extension LogisticModel {
  /// The same model with standard errors that hold where rows of one cluster (images of a lesion, lesions of a patient) are
  /// not independent: the sandwich of Liang & Zeger (Biometrika 1986;73:13) over clusters, times G / (G - 1) for G clusters,
  /// as R's `sandwich::vcovCL(type = "HC0")`; rms's `robcov` leaves out that factor. Wald tests use it; likelihood ratio
  /// tests and profile intervals do not, and take rows as independent.
  /// - Throws: `lengthsDiffer`; `tooFew` unless there are more clusters than coefficients.
  public func clustered(by clusters: [String], level: Double = 0.95) throws(StatisticsError) -> LogisticModel {
    try Require.level(level)
    try Require.sameLength("clusters", clusters.count, as: outcomes.count)
    let columns = design.names.count
    var place: [String: Int] = [:]
    var scores: [[Double]] = []
    for row in outcomes.indices {
      let cluster = place[clusters[row], default: scores.count]
      if cluster == scores.count {
        place[clusters[row]] = cluster
        scores.append([Double](repeating: 0, count: columns))
      }
      let residual = (outcomes[row] ? 1 : 0) - fitted[row]
      for j in 0..<columns { scores[cluster][j] += residual * design.matrix[row, j] }
    }
    let count = scores.count
    if count <= columns {
      throw .tooFew(what: "clusters for \(columns) coefficients", needed: columns + 1, found: count)
    }
    var meat = Matrix(rows: columns, columns: columns)
    for score in scores {
      for j in 0..<columns { for k in 0..<columns { meat[j, k] += score[j] * score[k] } }
    }
    var result = self
    let factor = Double(count) / Double(count - 1)
    result.covariance = covariance.times(meat).times(covariance)
    for place in result.covariance.values.indices { result.covariance.values[place] *= factor }
    result.coefficients = Coefficient.list(
      design.names, coefficients.map(\.value), result.covariance, level: level)
    return result
  }
}

extension Matrix {
  func times(_ other: Matrix) -> Matrix {
    var product = Matrix(rows: rows, columns: other.columns)
    for i in 0..<rows {
      for k in 0..<columns {
        for j in 0..<other.columns { product[i, j] += self[i, k] * other[k, j] }
      }
    }
    return product
  }
}
