import Foundation

/// The change of the readers' mean figure from a first treatment to a second: in points, and relative to the first (S3-07).
public struct MeanChange: Sendable {
  public let figure: FigureOfMerit
  public let readers: Int
  public let first: Double
  public let second: Double
  /// Second less first, generalised to other readers and cases (Obuchowski-Rockette); nil for a single reader.
  public let change: Estimate?
  public let p: Double?
  /// Second less first, to other cases read by these readers.
  public let fixedReaders: Estimate
  public let fixedReadersP: Double
  /// Second / first - 1, to other cases read by these readers: by the delta method on the logarithm of the ratio. Undefined
  /// where the first is 0.
  public let relative: Estimate

  /// - Parameter figures: of two treatments, every reader under both.
  /// - Throws: what `MultiReaderAnalysis` throws; `lengthsDiffer` for other than two treatments or a reader under one only.
  public init(_ figures: ReaderFigures, level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    try Require.sameLength("treatments", figures.treatments, as: 2)
    try Require.sameLength("readers' figures", figures.cells.count, as: 2 * figures.readers)
    let r = Double(figures.readers)
    let of = figures.cells.map(\.treatment)
    let weights = of.map { ($0 == 0 ? 1 / r : 0, $0 == 1 ? 1 / r : 0) }
    let first = zip(figures.cells, weights).reduce(0) { $0 + $1.0.value * $1.1.0 }
    let second = zip(figures.cells, weights).reduce(0) { $0 + $1.0.value * $1.1.1 }
    self.figure = figures.figure
    readers = figures.readers
    (self.first, self.second) = (first, second)
    if figures.readers > 1 {
      let difference = try MultiReaderAnalysis(figures, level: level).differences(.readersAndCases)[0]
      let own = difference.estimate.interval
      change = Estimate(
        value: second - first, interval: own.map { Interval(lower: -$0.upper, upper: -$0.lower, level: level) })
      p = difference.p
    } else {
      (change, p) = (nil, nil)
    }
    let error = figures.variance(weights.map { $0.1 - $0.0 }).squareRoot()
    fixedReaders = MultiReaderAnalysis.estimate(second - first, error, .infinity, level)
    fixedReadersP = MultiReaderAnalysis.p(second - first, error, .infinity)
    if first > 0, second > 0 {
      let logError = figures.variance(weights.map { $0.1 / second - $0.0 / first }).squareRoot()
      let log = MultiReaderAnalysis.estimate(log(second / first), logError, .infinity, level)
      relative = Estimate(
        value: second / first - 1,
        interval: log.interval.map { Interval(lower: exp($0.lower) - 1, upper: exp($0.upper) - 1, level: level) })
    } else {
      relative = first > 0 ? Estimate(value: -1) : .undefined
    }
  }
}
