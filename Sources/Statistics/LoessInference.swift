import Foundation

/// Standard errors of a `LoessSurface`, as R's `predict(loess, se = TRUE)` has them: constant variance of the residuals, whose
/// degrees of freedom come from the trace of the operator by the interpolation of Cleveland & Grosse (`statistics =
/// "approximate"`). For outcomes of 0 and 1 the constant variance is itself an approximation.
public struct LoessInference: Sendable {
  private let surface: LoessSurface
  /// Trace of the operator: the equivalent number of parameters.
  public let trace: Double
  public let residualStandardError: Double
  /// δ1²/δ2, for Student's t.
  public let degreesOfFreedom: Double

  /// - Throws: `tooFew` where the fit leaves no degrees of freedom.
  public init(_ surface: LoessSurface) throws(StatisticsError) {
    self.surface = surface
    var (trace, squares) = (0.0, 0.0)
    for (x, y) in zip(surface.x, surface.y) {
      trace += Self.weight(of: x, surface.hermite(x))
      let residual = y - (surface(x) ?? y)
      squares += residual * residual
    }
    self.trace = trace
    let n = surface.x.count
    let (delta1, delta2) = Self.deltas(trace: trace, rows: n)
    guard delta1 > 0, delta2 > 0 else { throw .tooFew(what: "rows for a band of loess", needed: n + 1, found: n) }
    residualStandardError = (squares / delta1).squareRoot()
    degreesOfFreedom = delta1 * delta1 / delta2
  }

  /// Standard error of the fitted value; nil outside the range of the data.
  public func standardError(at place: Double) -> Double? {
    guard let first = surface.x.first, let last = surface.x.last, place >= first, place <= last else { return nil }
    let around = surface.hermite(place)
    var squares = 0.0
    for x in surface.x {
      let weight = Self.weight(of: x, around)
      squares += weight * weight
    }
    return residualStandardError * squares.squareRoot()
  }

  /// Half width of the pointwise interval in standard errors.
  public func critical(level: Double) -> Double {
    StudentDistribution.critical(level: level, degrees: degreesOfFreedom)
  }

  /// The weight of a row at x in the fitted value between two vertices.
  private static func weight(
    of x: Double, _ around: (LoessSurface.Vertex, LoessSurface.Vertex, (Double, Double, Double, Double))
  ) -> Double {
    let (a, b, basis) = around
    func part(_ vertex: LoessSurface.Vertex, _ value: Double, _ slope: Double) -> Double {
      let u = (x - vertex.place) / vertex.reach
      let tricube = LoessSurface.tricube(u)
      if tricube == 0 { return 0 }
      let (v, s) = (vertex.valueWeights, vertex.slopeWeights)
      return tricube * (value * (v.0 + u * (v.1 + u * v.2)) + slope * (s.0 + u * (s.1 + u * s.2)))
    }
    return part(a, basis.0, basis.2) + part(b, basis.1, basis.3)
  }

  /// First two moments of the residuals' quadratic form, from the trace: constants for one predictor and degree 2.
  private static func deltas(trace: Double, rows: Int) -> (Double, Double) {
    let (n, parameters) = (Double(rows), 3.0)
    let correction = (parameters / n).squareRoot()
    let z = min(1, max(0, ((parameters / trace).squareRoot() - correction) / (1 - correction)))
    let scale = exp(correctionCurve(z))
    func delta(_ c1: Double, _ c2: Double, _ c3: Double) -> Double {
      n - trace * exp(c1 * pow(z, c2) * pow(1 - z, c3) * scale)
    }
    return (delta(0.1611761, 0.3091323, 0.4401023), delta(0.2075670, 0.2822574, 0.2369957))
  }

  /// (place, value, slope) of the curve that corrects the interpolation, tabulated by its authors.
  private static let correctionTable: [(place: Double, value: Double, slope: Double)] = [
    (-0.005, -0.090572, 4.4844), (0.1204, 0.095807, -0.7978), (0.2017, 0.026152, -0.7286),
    (0.2815, -0.031926, -0.4457), (0.3705, -0.053718, -0.3495), (0.4536, -0.064170, 0.032813),
    (0.5591, -0.058387, 0.1611), (0.7132, -0.020636, 0.3350), (0.8751, 0.040172, -0.041032),
    (1.005, -0.010856, -0.7736),
  ]

  private static func correctionCurve(_ z: Double) -> Double {
    let table = correctionTable
    let upper = table.dropLast().dropFirst().firstIndex { z <= $0.place } ?? table.count - 1
    let (a, b) = (table[upper - 1], table[upper])
    let width = b.place - a.place
    let h = (z - a.place) / width
    let rest = 1 - h
    return rest * rest * (1 + 2 * h) * a.value + h * h * (3 - 2 * h) * b.value
      + (h * rest * rest * a.slope + h * h * (h - 1) * b.slope) * width
  }
}
