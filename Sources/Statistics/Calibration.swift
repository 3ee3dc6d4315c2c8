/// Do predicted probabilities agree with what happened? Bins and a smooth curve for the figure; the measures of
/// `CalibrationMeasures` for the text.
public struct CalibrationCurve: Sendable {
  public enum Binning: Sendable, Equatable {
    /// [k/n, (k+1)/n), the last closed.
    case equalWidth(Int)
    /// (a, b] between the distinct type-7 quantiles, the first closed.
    case quantile(Int)
  }

  /// One bin that holds at least one row.
  public struct Bin: Sendable, Codable {
    public let lower: Double
    public let upper: Double
    public let count: Int
    public let positives: Int
    public let meanPredicted: Double
    /// Share of positives with Wilson's interval.
    public let observed: Estimate
  }

  public struct SmoothPoint: Sendable, Codable, Equatable {
    public let predicted: Double
    public let observed: Double
  }

  public let bins: [Bin]
  /// 101 places from the lowest to the highest probability; empty, as all that stands on the loess curve, with fewer than 10
  /// rows or with too few distinct probabilities.
  public let places: [Double]
  /// The loess curve of outcome on probability there (R's `loess` by default: span 0.75, degree 2), clipped to 0...1.
  public let observed: [Double]
  /// Its pointwise band (R's `predict(se = TRUE)` with Student's t), clipped to 0...1. It takes rows as independent.
  public let lower: [Double]
  public let upper: [Double]
  /// ICI, E50, E90 of the same curve, not clipped; nil where there is no curve.
  public let distance: CalibrationDistance?
  /// Places and curve as points.
  public var smoothed: [SmoothPoint] { zip(places, observed).map(SmoothPoint.init) }
  public let measures: CalibrationMeasures

  /// - Throws: `lengthsDiffer`, `empty`, `notFinite`, `outOfRange` for what is no probability, `tooFew` for fewer than two bins.
  public init(
    probabilities: [Double], positives: [Bool], binning: Binning = .quantile(10), level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    measures = try CalibrationMeasures(probabilities: probabilities, positives: positives, level: level)
    bins = try Self.bins(probabilities, positives, binning, level: level)
    let smooth = Self.smooth(probabilities, positives, level: level)
    (places, observed, lower, upper) = (smooth.places, smooth.observed, smooth.lower, smooth.upper)
    distance = smooth.distance
  }

  private static func bins(
    _ probabilities: [Double], _ positives: [Bool], _ binning: Binning, level: Double
  ) throws(StatisticsError) -> [Bin] {
    let (edges, closedRight): ([Double], Bool)
    switch binning {
    case .equalWidth(let count):
      if count < 2 { throw .tooFew(what: "calibration bins", needed: 2, found: count) }
      (edges, closedRight) = ((0...count).map { Double($0) / Double(count) }, false)
    case .quantile(let count):
      if count < 2 { throw .tooFew(what: "calibration bins", needed: 2, found: count) }
      (edges, closedRight) = (quantileEdges(probabilities, bins: count), true)
    }
    let binCount = max(1, edges.count - 1)
    var counts = [Int](repeating: 0, count: binCount)
    var events = counts
    var sums = [Double](repeating: 0, count: binCount)
    for (p, positive) in zip(probabilities, positives) {
      let bin = closedRight ? rightClosedBin(of: p, edges: edges) : leftClosedBin(of: p, edges: edges)
      counts[bin] += 1
      events[bin] += positive ? 1 : 0
      sums[bin] += p
    }
    return (0..<binCount).filter { counts[$0] > 0 }.map { bin in
      Bin(
        lower: edges[bin], upper: edges[min(bin + 1, edges.count - 1)], count: counts[bin], positives: events[bin],
        meanPredicted: sums[bin] / Double(counts[bin]),
        observed: Proportion.wilson(successes: events[bin], of: counts[bin], level: level))
    }
  }

  private struct Smooth {
    var (places, observed, lower, upper): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    var distance: CalibrationDistance?
  }

  private static func smooth(_ probabilities: [Double], _ positives: [Bool], level: Double) -> Smooth {
    var smooth = Smooth()
    guard probabilities.count >= 10, let low = probabilities.min(), let high = probabilities.max(), low < high,
      let surface = try? LoessSurface(x: probabilities, y: positives.map { $0 ? 1 : 0 }),
      let inference = try? LoessInference(surface)
    else { return smooth }
    func clipped(_ value: Double) -> Double { min(1, max(0, value)) }
    let critical = inference.critical(level: level)
    for step in 0...100 {
      let place = step == 100 ? high : low + (high - low) * Double(step) / 100
      guard let value = surface(place), let error = inference.standardError(at: place) else { continue }
      smooth.places.append(place)
      smooth.observed.append(clipped(value))
      smooth.lower.append(clipped(value - critical * error))
      smooth.upper.append(clipped(value + critical * error))
    }
    smooth.distance = CalibrationDistance(surface)
    return smooth
  }

  /// Distinct type-7 quantiles at 0, 1/bins, ... 1.
  static func quantileEdges(_ values: [Double], bins: Int) -> [Double] {
    let sorted = values.sorted()
    var edges: [Double] = []
    for k in 0...bins {
      let edge = Quantile.type7(sorted: sorted, Double(k) / Double(bins))
      if edge != edges.last { edges.append(edge) }
    }
    return edges
  }

  /// Index of the bin (edges[i], edges[i+1]] that holds `value`; the first bin is closed at both ends.
  static func rightClosedBin(of value: Double, edges: [Double]) -> Int {
    var (low, high) = (0, max(0, edges.count - 2))
    while low < high {
      let middle = (low + high) / 2
      if value <= edges[middle + 1] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Index of the bin [edges[i], edges[i+1]) that holds `value`; the last bin is closed at both ends.
  static func leftClosedBin(of value: Double, edges: [Double]) -> Int {
    var (low, high) = (0, max(0, edges.count - 2))
    while low < high {
      let middle = (low + high + 1) / 2
      if value >= edges[middle] { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
