import Foundation

/// An estimate with its values over resamples, and the intervals that follow from them.
public struct BootstrapSample: Sendable {
  /// The value of the data as they are.
  public let estimate: Double
  /// The value of each resample, in the order of their numbers.
  public let resampled: [Double]
  private let sorted: [Double]

  init(estimate: Double, resampled: [Double]) {
    (self.estimate, self.resampled, sorted) = (estimate, resampled, resampled.sorted())
  }

  /// Mean of the resamples less the estimate.
  public var bias: Double { Moments.meanAndDeviation(resampled).mean - estimate }

  /// Standard deviation (n - 1) of the resamples.
  public var standardError: Double { Moments.meanAndDeviation(resampled).deviation ?? .nan }

  /// Every resample has the same value, so that the interval has no width and says nothing (a perfect separation).
  public var isDegenerate: Bool { sorted.first == sorted.last }

  /// Percentiles of type 7.
  public func percentile(level: Double = 0.95) -> Interval {
    Interval(
      lower: Quantile.type7(sorted: sorted, (1 - level) / 2), upper: Quantile.type7(sorted: sorted, (1 + level) / 2),
      level: level)
  }

  /// The bias-corrected and accelerated interval (BCa; Efron, JASA 1987;82:171). Resamples equal to the estimate count half,
  /// which matters for statistics of few values.
  /// - Parameter acceleration: a sixth of the skewness of the influence values; see `acceleration(ofInfluences:)`.
  /// - Returns: nil where no or every resample is below the estimate, or all are equal to it: the correction is infinite.
  public func biasCorrected(acceleration: Double, level: Double = 0.95) -> Interval? {
    guard acceleration.isFinite, !isDegenerate else { return nil }
    var (below, equal) = (0, 0)
    for value in sorted {
      below += value < estimate ? 1 : 0
      equal += value == estimate ? 1 : 0
    }
    let share = (Double(below) + 0.5 * Double(equal)) / Double(sorted.count)
    guard share > 0, share < 1 else { return nil }
    let shift = NormalDistribution.quantile(share)
    func end(_ probability: Double) -> Double? {
      let reach = shift + NormalDistribution.quantile(probability)
      let denominator = 1 - acceleration * reach
      guard denominator > 0 else { return nil }
      return Quantile.type7(sorted: sorted, NormalDistribution.cumulative(shift + reach / denominator))
    }
    guard let lower = end((1 - level) / 2), let upper = end((1 + level) / 2) else { return nil }
    return Interval(lower: lower, upper: upper, level: level)
  }

  /// Efron's acceleration: Σ d³ / (6 (Σ d²)^1.5) over influence values d (for several samples each divided by the size of its
  /// own: Davison & Hinkley 1997, section 5.3.2). Nil where all are 0.
  static func acceleration(ofInfluences values: some Sequence<Double>) -> Double? {
    var (squares, cubes) = (0.0, 0.0)
    for value in values {
      squares += value * value
      cubes += value * value * value
    }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : nil
  }
}
