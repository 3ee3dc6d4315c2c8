import Foundation

/// The Shapiro-Wilk test of normality, Royston's approximation (Appl Stat 1995;44:547, algorithm AS R94), the one R uses.
public struct ShapiroWilk: Sendable, Equatable {
  /// Close to 1 for normal samples.
  public let w: Double
  public let p: Double

  /// - Throws: `tooFew` under 3 values, `tooLarge` over 5000, `notFinite`, `outOfRange` when all values are equal.
  public init(_ values: [Double]) throws(StatisticsError) {
    try Require.finite(values, "value")
    let n = values.count
    if n < 3 { throw .tooFew(what: "values for the Shapiro-Wilk test", needed: 3, found: n) }
    if n > 5000 { throw .tooLarge(what: "values for the Shapiro-Wilk test", limit: "5000", found: "\(n)") }
    let sorted = values.sorted()
    let range = sorted[n - 1] - sorted[0]
    if range <= 0 {
      throw .outOfRange(what: "values", row: nil, expected: "at least two different ones", found: "all equal")
    }
    let gap = Self.oneMinusW(sorted.map { ($0 - sorted[0]) / range }, weights: Self.weights(n))
    w = 1 - gap
    p = Self.significance(gap: gap, n: n)
  }

  /// Antisymmetric weights, ascending.
  private static func weights(_ n: Int) -> [Double] {
    if n == 3 { return [-0.5.squareRoot(), 0, 0.5.squareRoot()] }
    let half = n / 2
    let scores = (1...half).map { NormalDistribution.quantile((Double($0) - 0.375) / (Double(n) + 0.25)) }
    let sum = 2 * scores.reduce(0) { $0 + $1 * $1 }
    let root = 1 / Double(n).squareRoot()
    var weights = [Double](repeating: 0, count: half)
    weights[0] =
      polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], root) - scores[0] / sum.squareRoot()
    let kept: Int
    let factor: Double
    if n > 5 {
      weights[1] =
        polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], root) - scores[1] / sum.squareRoot()
      kept = 2
      factor =
        ((sum - 2 * scores[0] * scores[0] - 2 * scores[1] * scores[1])
        / (1 - 2 * weights[0] * weights[0] - 2 * weights[1] * weights[1])).squareRoot()
    } else {
      kept = 1
      factor = ((sum - 2 * scores[0] * scores[0]) / (1 - 2 * weights[0] * weights[0])).squareRoot()
    }
    for i in kept..<max(half, kept) { weights[i] = -scores[i] / factor }
    var full = [Double](repeating: 0, count: n)
    for i in 0..<half {
      full[i] = -weights[i]
      full[n - 1 - i] = weights[i]
    }
    return full
  }

  /// 1 - W without the cancellation of 1 - (something near 1).
  private static func oneMinusW(_ x: [Double], weights a: [Double]) -> Double {
    let n = Double(x.count)
    let (meanX, meanA) = (x.reduce(0, +) / n, a.reduce(0, +) / n)
    var (ssa, ssx, sax) = (0.0, 0.0, 0.0)
    for i in x.indices {
      let (da, dx) = (a[i] - meanA, x[i] - meanX)
      ssa += da * da
      ssx += dx * dx
      sax += da * dx
    }
    let product = (ssa * ssx).squareRoot()
    return (product - sax) * (product + sax) / (ssa * ssx)
  }

  private static func significance(gap: Double, n: Int) -> Double {
    if n == 3 {
      let p = 6 / Double.pi * (asin((1 - gap).squareRoot()) - asin(0.75.squareRoot()))
      return min(1, max(0, p))
    }
    let size = Double(n)
    var y = log(gap)
    let (mean, deviation): (Double, Double)
    if n <= 11 {
      let gamma = polynomial([-2.273, 0.459], size)
      if y >= gamma { return 1e-99 }
      y = -log(gamma - y)
      mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], size)
      deviation = exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], size))
    } else {
      mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log(size))
      deviation = exp(polynomial([-0.4803, -0.082676, 0.0030302], log(size)))
    }
    return NormalDistribution.upperTail((y - mean) / deviation)
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }
}
