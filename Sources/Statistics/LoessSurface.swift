import Foundation

/// Local regression as R's `loess(y ~ x, span, degree = 2)` computes it by default: parabolas are fitted at the vertices of a
/// k-d tree only, and cubic Hermite polynomials through their values and slopes run between them (Cleveland & Grosse, Stat
/// Comput 1991;1:47). A fit of any number of rows costs a dozen regressions, and any place afterwards next to nothing.
///
/// Where too few distinct x lie near a vertex for a parabola, a line or a mean takes its place (R uses a pseudo-inverse);
/// `isReduced` says so.
public struct LoessSurface: Sendable {
  /// A place where the regression was fitted. The fit is linear in y: row i has the weights
  /// tricube(u) · (value[0] + value[1] u + value[2] u²), u = (x - place) / reach, in the value there, and likewise in the slope.
  struct Vertex: Sendable {
    let place: Double
    let reach: Double
    let valueWeights: (Double, Double, Double)
    let slopeWeights: (Double, Double, Double)
    let value: Double
    let slope: Double
  }

  /// Ascending; the first and last lie just outside the data.
  let vertices: [Vertex]
  /// Ascending, with their outcomes.
  let x: [Double]
  let y: [Double]
  /// A vertex had to do without its parabola.
  public let isReduced: Bool

  /// - Parameter span: share of the rows that carry weight at each place, above 0 and up to 1.
  /// - Throws: `lengthsDiffer`, `notFinite`, `outOfRange`; `tooFew` with fewer than four rows within the span, or where more
  ///   rows than that share one x.
  public init(x: [Double], y: [Double], span: Double = 0.75) throws(StatisticsError) {
    try Require.sameLength("y", y.count, as: x.count)
    try Require.finite(x, "x")
    try Require.finite(y, "y")
    if !(span > 0 && span <= 1) {
      throw .outOfRange(what: "span", row: nil, expected: "a number above 0 and up to 1", found: "\(span)")
    }
    let neighbours = min(x.count, Int(Double(x.count) * span + 1e-5))
    if neighbours < 4 { throw .tooFew(what: "rows within the span of loess", needed: 4, found: neighbours) }
    let order = try RankedScores(x).entries.map(\.row)
    let (sortedX, sortedY) = (order.map { x[$0] }, order.map { y[$0] })
    let places = Self.places(sortedX, cell: Int(Double(x.count) * (span * 0.2)))
    var (vertices, isReduced): ([Vertex], Bool) = ([], false)
    for place in places {
      let reach = Self.reach(of: place, sortedX, neighbours)
      guard reach > 0, let (vertex, order) = Self.fit(place, reach, sortedX, sortedY) else {
        throw .tooFew(what: "distinct x near \(place) for loess", needed: 2, found: 1)
      }
      vertices.append(vertex)
      isReduced = isReduced || order < 2
    }
    (self.vertices, self.x, self.y, self.isReduced) = (vertices, sortedX, sortedY, isReduced)
  }

  /// The fitted value; nil outside the range of the data, where R has NA.
  public func callAsFunction(_ place: Double) -> Double? {
    guard let first = x.first, let last = x.last, place >= first, place <= last else { return nil }
    let (a, b, basis) = hermite(place)
    return basis.0 * a.value + basis.1 * b.value + basis.2 * a.slope + basis.3 * b.slope
  }

  /// The vertices around a place and the weights of their values and slopes.
  func hermite(_ place: Double) -> (Vertex, Vertex, (Double, Double, Double, Double)) {
    var (low, high) = (0, vertices.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if place <= vertices[middle].place { high = middle } else { low = middle }
    }
    let (a, b) = (vertices[low], vertices[high])
    let width = b.place - a.place
    let h = (place - a.place) / width
    let rest = 1 - h
    return (
      a, b, (rest * rest * (1 + 2 * h), h * h * (3 - 2 * h), h * rest * rest * width, h * h * (h - 1) * width)
    )
  }
}

// MARK: Vertices

extension LoessSurface {
  /// Cuts of the k-d tree: the range, half a percent wider, halved at a median row until no cell holds more than `cell` rows.
  private static func places(_ x: [Double], cell: Int) -> [Double] {
    guard let first = x.first, let last = x.last else { return [] }
    let margin = 0.005 * max(last - first, 1e-10 * max(abs(first), abs(last)) + 1e-30)
    var places: Set<Double> = [first - margin, last + margin]
    var cells = [(from: 0, to: x.count - 1, lower: first - margin, upper: last + margin)]
    var next = 0
    while next < cells.count {
      let (from, to, lower, upper) = cells[next]
      next += 1
      guard to - from + 1 > cell else { continue }
      // Rows count from 1 in the reference, so that the median of an even number is the lower one there and here.
      let middle = cut(x, from, to, (from + to + 2) / 2 - 1)
      let place = x[middle]
      guard place != lower, place != upper else { continue }
      places.insert(place)
      cells.append((from, middle, lower, place))
      cells.append((middle + 1, to, place, upper))
    }
    return places.sorted()
  }

  /// The row nearest the median whose successor has another x, looked for on either side by turns.
  private static func cut(_ x: [Double], _ from: Int, _ to: Int, _ median: Int) -> Int {
    var offset = 0
    while median + offset < to, median + offset >= from {
      if x[median + offset] != x[median + offset + 1] { return median + offset }
      offset = -offset
      if offset >= 0 { offset += 1 }
    }
    return median
  }

  /// Distance of the `neighbours`-th nearest row.
  private static func reach(of place: Double, _ x: [Double], _ neighbours: Int) -> Double {
    // The nearest rows follow one another: the best window is where moving on no longer helps.
    var (low, high) = (0, x.count - neighbours)
    while low < high {
      let middle = (low + high) / 2
      if place - x[middle] > x[middle + neighbours] - place { low = middle + 1 } else { high = middle }
    }
    return max(abs(place - x[low]), abs(x[low + neighbours - 1] - place))
  }

  static func tricube(_ u: Double) -> Double {
    let distance = abs(u)
    guard distance < 1 else { return 0 }
    let tri = 1 - distance * distance * distance
    return tri * tri * tri
  }

  /// The regression at a vertex and its degree.
  private static func fit(_ place: Double, _ reach: Double, _ x: [Double], _ y: [Double]) -> (Vertex, Int)? {
    var (moments, right) = ([Double](repeating: 0, count: 5), [Double](repeating: 0, count: 3))
    for (value, outcome) in zip(x, y) where abs(value - place) < reach {
      let u = (value - place) / reach
      var power = tricube(u)
      for k in 0..<5 {
        moments[k] += power
        if k < 3 { right[k] += power * outcome }
        power *= u
      }
    }
    for order in stride(from: 2, through: 0, by: -1) {
      var normal = Matrix(rows: order + 1, columns: order + 1)
      for j in 0...order {
        for k in 0...order { normal[j, k] = moments[j + k] }
      }
      guard moments[0] > 0, let factor = Cholesky.factor(normal, tolerance: 1e-10).factor else { continue }
      func weights(_ term: Int) -> (Double, Double, Double) {
        guard term <= order else { return (0, 0, 0) }
        var unit = [Double](repeating: 0, count: order + 1)
        unit[term] = 1
        let solved = factor.solve(unit) + [0, 0]
        return (solved[0], solved[1], solved[2])
      }
      let (value, slope) = (weights(0), weights(1))
      func applied(_ w: (Double, Double, Double)) -> Double { w.0 * right[0] + w.1 * right[1] + w.2 * right[2] }
      let vertex = Vertex(
        place: place, reach: reach, valueWeights: value,
        slopeWeights: (slope.0 / reach, slope.1 / reach, slope.2 / reach), value: applied(value),
        slope: applied(slope) / reach)
      return (vertex, order)
    }
    return nil
  }
}
