/// Local regression with tricube weights (Cleveland, JASA 1979;74:829), computed at each wished point without
/// interpolation: R's `loess(y ~ x, span, degree, family = "gaussian", surface = "direct")`.
public struct Loess: Sendable {
  private let x: [Double]
  private let y: [Double]
  private let neighbours: Int
  private let degree: Int

  /// - Parameters:
  ///   - span: share of the points that carry weight at each place, above 0 and up to 1.
  ///   - degree: 1 (line) or 2 (parabola).
  public init(x: [Double], y: [Double], span: Double = 0.75, degree: Int = 2) throws(StatisticsError) {
    try Require.sameLength("y", y.count, as: x.count)
    try Require.finite(x, "x")
    try Require.finite(y, "y")
    if !(span > 0 && span <= 1) {
      throw .outOfRange(what: "span", row: nil, expected: "a number above 0 and up to 1", found: "\(span)")
    }
    if degree != 1 && degree != 2 {
      throw .outOfRange(what: "degree", row: nil, expected: "1 or 2", found: "\(degree)")
    }
    let neighbours = Int((Double(x.count) * span + 1e-5).rounded(.down))
    if neighbours < degree + 1 {
      throw .tooFew(what: "points within the span", needed: degree + 1, found: neighbours)
    }
    (self.x, self.y, self.neighbours, self.degree) = (x, y, neighbours, degree)
  }

  /// The fitted value at `place`. Where too few distinct x carry weight, the parabola falls back to a line and the line to
  /// the weighted mean.
  public func callAsFunction(_ place: Double) -> Double {
    let distances = x.map { abs($0 - place) }
    let reach = distances.sorted()[neighbours - 1]
    var weights = [Double](repeating: 0, count: x.count)
    for i in x.indices {
      if distances[i] <= reach * 0.001 {
        weights[i] = 1
      } else if distances[i] < reach * 0.999 {
        let ratio = distances[i] / reach
        let tri = 1 - ratio * ratio * ratio
        weights[i] = tri * tri * tri
      }
    }
    for order in stride(from: degree, through: 1, by: -1) {
      if let value = polynomial(at: place, scale: reach, weights: weights, order: order) { return value }
    }
    var (sum, total) = (0.0, 0.0)
    for i in x.indices {
      sum += weights[i] * y[i]
      total += weights[i]
    }
    if total > 0 { return sum / total }
    // All neighbours lie at exactly the same distance.
    for i in x.indices where distances[i] <= reach {
      sum += y[i]
      total += 1
    }
    return sum / total
  }

  /// Weighted least squares in (x - place) / scale; the value at `place` is the constant term.
  private func polynomial(at place: Double, scale: Double, weights: [Double], order: Int) -> Double? {
    if scale <= 0 { return nil }
    var moments = [Double](repeating: 0, count: 2 * order + 1)
    var right = [Double](repeating: 0, count: order + 1)
    for i in x.indices where weights[i] > 0 {
      let u = (x[i] - place) / scale
      var power = weights[i]
      for k in 0...2 * order {
        moments[k] += power
        if k <= order { right[k] += power * y[i] }
        power *= u
      }
    }
    var normal = Matrix(rows: order + 1, columns: order + 1)
    for j in 0...order {
      for k in 0...order { normal[j, k] = moments[j + k] }
    }
    return Cholesky.factor(normal, tolerance: 1e-10).factor?.solve(right)[0]
  }
}
