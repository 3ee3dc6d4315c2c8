/// The area under a part of the ROC curve: over a range of specificity (along the curve's x axis) or of sensitivity.
public struct PartialAUC: Sendable, Equatable {
  public enum Focus: Sendable, Equatable { case specificity, sensitivity }

  public let focus: Focus
  public let range: ClosedRange<Double>
  /// The area itself, 0 to the range's width.
  public let area: Double
  /// McClish's standardised area (Med Decis Making 1989;9:190): 1 for a perfect test, 0.5 for a useless one.
  public let standardised: Double

  /// - range: within 0...1, not empty.
  /// - Throws: what `ROCCurve` throws, and `outOfRange`.
  public init(scores: [Double], positives: [Bool], over range: ClosedRange<Double>, of focus: Focus)
    throws(StatisticsError)
  {
    try self.init(ROCCurve(scores: scores, positives: positives), over: range, of: focus)
  }

  public init(_ curve: ROCCurve, over range: ClosedRange<Double>, of focus: Focus) throws(StatisticsError) {
    try Self.check(range)
    // The curve as a function of 1 - specificity, or turned over as one of 1 - sensitivity.
    let line: [(x: Double, y: Double)] =
      switch focus {
      case .specificity: curve.points.map { (1 - $0.specificity, $0.sensitivity) }
      case .sensitivity: curve.points.reversed().map { (1 - $0.sensitivity, $0.specificity) }
      }
    let (from, to) = (1 - range.upperBound, 1 - range.lowerBound)
    let area = Self.area(under: line, from: from, to: to)
    (self.focus, self.range, self.area) = (focus, range, area)
    standardised = Self.standardised(area, over: range)
  }

  static func check(_ range: ClosedRange<Double>) throws(StatisticsError) {
    guard range.lowerBound >= 0, range.upperBound <= 1, range.lowerBound < range.upperBound else {
      throw .outOfRange(
        what: "range of the partial AUC", row: nil, expected: "two different numbers from 0 to 1",
        found: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// McClish's form of an area over `range`.
  static func standardised(_ area: Double, over range: ClosedRange<Double>) -> Double {
    let (from, to) = (1 - range.upperBound, 1 - range.lowerBound)
    let least = (to * to - from * from) / 2
    return (1 + (area - least) / (to - from - least)) / 2
  }

  /// The area under the line from a to b between two places on the x axis.
  static func trapezium(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double), from: Double, to: Double) -> Double {
    guard b.x > a.x, b.x > from, a.x < to else { return 0 }
    let (left, right) = (max(a.x, from), min(b.x, to))
    func height(_ x: Double) -> Double { a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) }
    return (right - left) * (height(left) + height(right)) / 2
  }

  /// Area under straight lines between points of rising x.
  private static func area(under line: [(x: Double, y: Double)], from: Double, to: Double) -> Double {
    var area = 0.0
    for (a, b) in zip(line, line.dropFirst()) { area += trapezium(a, b, from: from, to: to) }
    return area
  }
}
