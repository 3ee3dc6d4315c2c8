import Foundation

/// How a bolus passes through a place: c + A * h(t - t0), h of area 1. See Strouthos et al., IEEE Trans Ultrason Ferroelectr Freq
/// Control 2010;57:1296, for the three in contrast ultrasound.
public enum BolusModel: String, Sendable, Codable, CaseIterable {
  /// h(u) = exp(-(ln u - m)^2 / (2 s^2)) / (sqrt(2 pi) s u); shape (m, s).
  case lognormal
  /// h(u) = u^a exp(-u / b) / (b^(a + 1) Gamma(a + 1)); shape (a, b). Thompson et al., Circ Res 1964;14:502.
  case gammaVariate
  /// Local density random walk: h(u) = exp(l) / m * sqrt(m l / (2 pi u)) * exp(-l / 2 * (u / m + m / u)); shape (m, l). Bogaard et
  /// al., 1984; Mischi et al., 2003.
  case localDensityRandomWalk

  /// h at `u` seconds after the onset; 0 before it.
  public func shape(_ u: Double, _ first: Double, _ second: Double) -> Double {
    guard u > 0 else { return 0 }
    let value: Double
    switch self {
    case .lognormal:
      let z = (log(u) - first) / second
      value = exp(-0.5 * z * z) / ((2 * Double.pi).squareRoot() * second * u)
    case .gammaVariate:
      value = exp(first * log(u) - u / second - (first + 1) * log(second) - lgamma(first + 1))
    case .localDensityRandomWalk:
      value =
        exp(second - 0.5 * second * (u / first + first / u)) / first
        * (first * second / (2 * .pi * u)).squareRoot()
    }
    return value.isFinite ? value : 0
  }

  /// Seconds from the onset to the peak.
  func mode(_ first: Double, _ second: Double) -> Double {
    switch self {
    case .lognormal: exp(first - second * second)
    case .gammaVariate: first * second
    case .localDensityRandomWalk: first * ((1 + 4 * second * second).squareRoot() - 1) / (2 * second)
    }
  }

  /// Mean of h: seconds from the onset.
  func mean(_ first: Double, _ second: Double) -> Double {
    switch self {
    case .lognormal: exp(first + second * second / 2)
    case .gammaVariate: (first + 1) * second
    case .localDensityRandomWalk: first * (1 + 1 / second)
    }
  }

  /// Shapes whose peak lies `mode` seconds after the onset, from narrow to broad.
  func starts(mode: Double) -> [(Double, Double)] {
    switch self {
    case .lognormal: [0.3, 0.6, 0.9].map { (log(mode) + $0 * $0, $0) }
    case .gammaVariate: [8, 3, 1].map { ($0, mode / $0) }
    case .localDensityRandomWalk:
      [8, 3, 1].map { (2 * $0 * mode / ((1 + 4 * $0 * $0).squareRoot() - 1), $0) }
    }
  }

  /// Bounds of the two numbers of the shape.
  var bounds: [ClosedRange<Double>] {
    switch self {
    case .lognormal: [-5...9, 0.02...3]
    case .gammaVariate: [0.05...200, 0.005...2000]
    case .localDensityRandomWalk: [0.01...5000, 0.02...500]
    }
  }

  /// Names of the two numbers, for tables.
  public var shapeNames: [String] {
    switch self {
    case .lognormal: ["mu", "sigma"]
    case .gammaVariate: ["alpha", "beta"]
    case .localDensityRandomWalk: ["mu", "lambda"]
    }
  }
}
