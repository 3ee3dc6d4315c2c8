import Foundation
import Statistics

/// What the live nomogram's script computes with, as JSON.
struct LiveNumbers: Codable, Sendable {
  struct Variable: Codable, Sendable {
    var coefficients: [Double]
    /// The least it adds to the linear predictor: 0 points.
    var low: Double
    /// Columns of each level; nil for a number.
    var levels: [[Double]]?
    var bases: [NomogramModel.Basis]?
    var lower: Double?
    var upper: Double?
  }

  /// Linear predictor at 0 points.
  var base: Double
  var pointsPerUnit: Double
  var variables: [Variable]
  var covariance: [[Double]]?
  /// Standard errors from the estimate to an end of the interval.
  var critical: Double
  var words: [String: String] = [:]

  init(_ model: NomogramModel, _ nomogram: Nomogram, level: Double) {
    (base, pointsPerUnit) = (nomogram.base, nomogram.pointsPerUnit)
    covariance = model.usableCovariance
    critical = NormalDistribution.critical(level: level)
    variables = zip(model.variables, model.lows).map { variable, low in
      var numbers = Variable(coefficients: variable.coefficients, low: low)
      switch variable.kind {
      case .levels(let levels): numbers.levels = levels.map(\.columns)
      case .number(let range, let bases, _):
        (numbers.bases, numbers.lower, numbers.upper) = (bases, range.lowerBound, range.upperBound)
      }
      return numbers
    }
  }

  /// Safe within a script element: no "<" is left.
  func json(words: [String: String]) -> String {
    var numbers = self
    numbers.words = words
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(numbers) else { return "null" }
    return String(decoding: data, as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
  }
}
