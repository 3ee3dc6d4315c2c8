/// What a table of patient characteristics says of one numeric column (S1-07).
public struct Summary: Sendable, Codable, Equatable {
  public let count: Int
  public let mean: Double
  /// With n - 1; nil for a single value.
  public let standardDeviation: Double?
  public let median: Double
  /// Quartiles of type 7 (the default of R and NumPy).
  public let lowerQuartile: Double
  public let upperQuartile: Double
  public let minimum: Double
  public let maximum: Double

  /// - Throws: `empty`, `notFinite`.
  public init(_ values: [Double]) throws(StatisticsError) {
    if values.isEmpty { throw .empty(what: "values") }
    try Require.finite(values, "value")
    let sorted = values.sorted()
    count = values.count
    (mean, standardDeviation) = Moments.meanAndDeviation(values)
    median = Quantile.type7(sorted: sorted, 0.5)
    lowerQuartile = Quantile.type7(sorted: sorted, 0.25)
    upperQuartile = Quantile.type7(sorted: sorted, 0.75)
    minimum = sorted[0]
    maximum = sorted[sorted.count - 1]
  }
}

/// Quantiles of a sample.
public enum Quantile {
  /// Type 7 of Hyndman & Fan (Am Stat 1996;50:361): linear between the order statistics, the k-th at (k - 1)/(n - 1).
  /// - Parameters:
  ///   - sorted: ascending, not empty (NaN for an empty list).
  ///   - probability: 0...1.
  public static func type7(sorted: [Double], _ probability: Double) -> Double {
    if sorted.isEmpty { return .nan }
    let position = Double(sorted.count - 1) * min(max(probability, 0), 1)
    let low = Int(position.rounded(.down))
    let high = min(low + 1, sorted.count - 1)
    if sorted[low] == sorted[high] { return sorted[low] }
    let share = position - Double(low)
    return share == 0 ? sorted[low] : (1 - share) * sorted[low] + share * sorted[high]
  }
}

enum Moments {
  /// Two passes, so that a large mean costs no digits. The deviation (n - 1) is nil for fewer than two values.
  static func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double?) {
    var sum = 0.0
    for value in values { sum += value }
    let mean = sum / Double(values.count)
    if values.count < 2 { return (mean, nil) }
    var squares = 0.0
    for value in values { squares += (value - mean) * (value - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }
}
