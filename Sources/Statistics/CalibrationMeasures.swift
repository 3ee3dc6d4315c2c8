import Foundation

/// Numbers that say how well predicted probabilities agree with outcomes.
public struct CalibrationMeasures: Sendable {
  /// Logistic recalibration: outcome on logit(p). Ideal 1. Nil where it has no finite estimate.
  public let slope: Coefficient?
  /// Intercept of the same model. Ideal 0.
  public let intercept: Coefficient?
  /// Intercept with the slope held at 1 (calibration in the large). Ideal 0.
  public let inTheLarge: Coefficient?
  /// Mean squared difference of probability and outcome.
  public let brier: Double
  /// 1 - Brier / Brier of always predicting the prevalence; NaN with one class only.
  public let scaledBrier: Double
  /// Weighted mean over 10 equal-width bins [k/10, (k+1)/10) of |mean outcome - mean probability|.
  public let expectedCalibrationError: Double
  /// Largest such difference.
  public let maximumCalibrationError: Double
  /// The same mean with bins (k/10, (k+1)/10], as many Python implementations have it.
  public let expectedCalibrationErrorRightClosed: Double
  /// Observed over expected events; NaN where none are expected.
  public let observedToExpected: Double
  /// Ten groups; nil where too few distinct probabilities leave no groups.
  public let hosmerLemeshow: HosmerLemeshow?
  /// Spiegelhalter's z for the Brier score (Stat Med 1986;5:421); nil where every probability is 0, ½ or 1.
  public let spiegelhalter: TestResult?

  /// A regression coefficient.
  public struct Coefficient: Sendable, Codable {
    public let value: Double
    public let standardError: Double
    /// Wald interval.
    public let interval: Interval

    init(value: Double, standardError: Double, level: Double) {
      let reach = NormalDistribution.critical(level: level) * standardError
      (self.value, self.standardError) = (value, standardError)
      interval = Interval(lower: value - reach, upper: value + reach, level: level)
    }
  }

  /// - Throws: `lengthsDiffer`, `empty`, `notFinite`, `outOfRange` for what is no probability.
  public init(probabilities: [Double], positives: [Bool], level: Double = 0.95) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: probabilities.count)
    try Require.probabilities(probabilities, "probability")
    try Require.level(level)
    if probabilities.isEmpty { throw .empty(what: "probabilities") }
    let n = Double(probabilities.count)
    var (squares, events, expected, numerator, variance) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (p, positive) in zip(probabilities, positives) {
      let y = positive ? 1.0 : 0.0
      squares += (p - y) * (p - y)
      events += y
      expected += p
      numerator += (y - p) * (1 - 2 * p)
      variance += (1 - 2 * p) * (1 - 2 * p) * p * (1 - p)
    }
    let prevalence = events / n
    brier = squares / n
    scaledBrier = prevalence * (1 - prevalence) > 0 ? 1 - brier / (prevalence * (1 - prevalence)) : .nan
    observedToExpected = expected > 0 ? events / expected : .nan
    spiegelhalter = variance > 0 ? TestResult(z: numerator / variance.squareRoot()) : nil

    let edges = (0...10).map { Double($0) / 10 }
    let leftClosed = Self.gaps(probabilities, positives) { CalibrationCurve.leftClosedBin(of: $0, edges: edges) }
    let rightClosed = Self.gaps(probabilities, positives) { CalibrationCurve.rightClosedBin(of: $0, edges: edges) }
    (expectedCalibrationError, maximumCalibrationError) = leftClosed
    expectedCalibrationErrorRightClosed = rightClosed.mean
    hosmerLemeshow = try? HosmerLemeshow(probabilities: probabilities, positives: positives)

    let logits = probabilities.map(Self.logit)
    let ones = [Double](repeating: 1, count: probabilities.count)
    if let fit = try? LogisticFit(design: Matrix(columns: [ones, logits], rows: ones.count), outcomes: positives) {
      let errors = fit.covariance.diagonal.map { $0.squareRoot() }
      intercept = Coefficient(value: fit.coefficients[0], standardError: errors[0], level: level)
      slope = Coefficient(value: fit.coefficients[1], standardError: errors[1], level: level)
    } else {
      (intercept, slope) = (nil, nil)
    }
    if let fit = try? LogisticFit(
      design: Matrix(columns: [ones], rows: ones.count), outcomes: positives, offset: logits)
    {
      inTheLarge = Coefficient(
        value: fit.coefficients[0], standardError: fit.covariance[0, 0].squareRoot(), level: level)
    } else {
      inTheLarge = nil
    }
  }

  /// log(p / (1 - p)) with p kept 1e-12 away from 0 and 1, whose logits are infinite.
  static func logit(_ p: Double) -> Double {
    let inner = min(max(p, 1e-12), 1 - 1e-12)
    return log(inner / (1 - inner))
  }

  private static func gaps(
    _ probabilities: [Double], _ positives: [Bool], bin: (Double) -> Int
  ) -> (mean: Double, largest: Double) {
    var counts = [Double](repeating: 0, count: 10)
    var differences = counts
    for (p, positive) in zip(probabilities, positives) {
      let index = bin(p)
      counts[index] += 1
      differences[index] += (positive ? 1 : 0) - p
    }
    var (mean, largest) = (0.0, 0.0)
    for index in 0..<10 where counts[index] > 0 {
      mean += abs(differences[index])
      largest = max(largest, abs(differences[index]) / counts[index])
    }
    return (mean / Double(probabilities.count), largest)
  }
}
