/// The mean of readers' figures under one treatment, with the variance of its generalisation (Hillis 2007).
struct ReaderMean {
  let values: [Double]
  /// Mean error variance of a reader, and covariance of two.
  let variance: Double
  let covariance: Double

  var value: Double { values.reduce(0, +) / Double(values.count) }

  var meanSquare: Double {
    let mean = value
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  func error(_ generalisation: MultiReaderAnalysis.Generalisation) -> (standardError: Double, degrees: Double) {
    let readers = Double(values.count)
    let (shared, spread) = (max(covariance, 0), meanSquare)
    let (sum, degrees): (Double, Double)
    switch generalisation {
    case .readersAndCases:
      sum = spread + readers * shared
      degrees = spread > 0 ? sum * sum / (spread * spread / (readers - 1)) : .infinity
    case .casesOnly: (sum, degrees) = (variance + (readers - 1) * shared, .infinity)
    case .readersOnly: (sum, degrees) = (spread, readers - 1)
    }
    return ((max(0, sum) / readers).squareRoot(), degrees)
  }
}
