import Foundation

/// Restricted (natural) cubic splines in the truncated power basis, linear beyond the outer knots, as Hmisc's `rcspline.eval`
/// and rms's `rcs`: the cubes are divided by (last knot - first knot)², so that all columns are in the variable's unit
/// (Harrell, Regression Modeling Strategies, 2nd ed., 2.4.5).
public struct RestrictedCubicSpline: Sendable, Equatable {
  /// Ascending, three or more.
  public let knots: [Double]

  /// - Throws: `tooFew` under three different knots, `notFinite`.
  public init(knots: [Double]) throws(StatisticsError) {
    try Require.finite(knots, "knot")
    let distinct = Set(knots).sorted()
    if distinct.count < 3 { throw .tooFew(what: "different knots of a spline", needed: 3, found: distinct.count) }
    self.knots = distinct
  }

  /// Knots at Harrell's quantiles of the values: 0.10 to 0.90 for three knots, 0.05 to 0.95 for four to six, 0.025 to 0.975 for
  /// seven. Ties at the ends and small samples are treated as `rcspline.eval` treats them; ties can leave fewer knots.
  /// - Parameter count: 3...7.
  /// - Throws: `outOfRange` for another count, `tooFew` under six values or where fewer than three different knots are left.
  public init(values: [Double], knots count: Int) throws(StatisticsError) {
    if !(3...7).contains(count) {
      throw .outOfRange(what: "number of knots", row: nil, expected: "3 to 7", found: "\(count)")
    }
    try Require.finite(values, "value of a spline")
    if values.count < 6 { throw .tooFew(what: "values of a spline", needed: 6, found: values.count) }
    try self.init(knots: Self.places(values.sorted(), count))
  }

  /// Columns: the value itself, then one for each knot but the last two.
  public var columnCount: Int { knots.count - 1 }

  /// The columns of one value.
  public func callAsFunction(_ x: Double) -> [Double] {
    let (last, beforeLast) = (knots[knots.count - 1], knots[knots.count - 2])
    let scale = (last - knots[0]) * (last - knots[0])
    func cube(_ distance: Double) -> Double { distance > 0 ? distance * distance * distance / scale : 0 }
    var columns = [x]
    for knot in knots.dropLast(2) {
      // What makes the curve a line again beyond the last knot.
      let bent = (beforeLast - knot) * cube(x - last) - (last - knot) * cube(x - beforeLast)
      columns.append(cube(x - knot) + bent / (last - beforeLast))
    }
    return columns
  }

  private static func places(_ sorted: [Double], _ count: Int) -> [Double] {
    let distinct = Set(sorted).sorted()
    if distinct.count - 2 <= count { return Array(distinct.dropFirst().dropLast()) }
    let outer = count > 6 ? 0.025 : count > 3 ? 0.05 : 0.1
    var (inner, free) = (sorted, count)
    var first: Double?
    var last: Double?
    // An end that a twentieth of the values share would hold a knot at its tie: the knot goes to the next value instead.
    var shares: [Double: Int] = [:]
    for value in sorted { shares[value, default: 0] += 1 }
    func isCommon(_ value: Double) -> Bool { Double(shares[value] ?? 0) / Double(sorted.count) >= 0.05 }
    if !distinct.dropFirst().dropLast().contains(where: isCommon) {
      if isCommon(distinct[0]) {
        first = distinct[1]
        inner = inner.filter { $0 > distinct[1] }
        free -= 1
      }
      if isCommon(distinct[distinct.count - 1]), let top = inner.last, let next = inner.last(where: { $0 < top }) {
        last = next
        inner = inner.filter { $0 < next }
        free -= 1
      }
    }
    let ends = [first, last].compactMap(\.self)
    if free == 1 { return ends + [Quantile.type7(sorted: inner, 0.5)] }
    if distinct.count <= free { return ends + distinct }
    func quantiles(_ number: Int, from low: Double) -> [Double] {
      (0..<number).map {
        Quantile.type7(sorted: inner, low + (1 - outer - low) * Double($0) / Double(number - 1))
      }
    }
    var knots = quantiles(free, from: free == 2 ? 0.5 : outer)
    if Set(knots).count < min(free, 3) { knots = Set(quantiles(2 * free, from: outer)).sorted() }
    // With under 100 values the outer knots lie at the fifth value from either end.
    if inner.count < 100, inner.count >= 5, knots.count >= free {
      if first == nil { knots[0] = inner[4] }
      if last == nil { knots[free - 1] = inner[inner.count - 5] }
    }
    return ends + knots
  }
}
