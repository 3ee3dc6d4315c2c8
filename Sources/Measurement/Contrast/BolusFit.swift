import Foundation

/// A bolus model laid on a curve by least squares.
public struct BolusFit: Sendable, Codable {
  public let model: BolusModel
  /// c: echo power without contrast, white = 1.
  public let baseline: Double
  /// A: the area under the whole enhancement, power x s.
  public let area: Double
  /// t0: seconds on the clip's clock.
  public let onset: Double
  /// The model's own two numbers (``BolusModel/shapeNames``).
  public let shape: [Double]
  /// Points of the curve.
  public let count: Int
  public let residualSumOfSquares: Double
  /// Part of the curve's variance that the model explains; at most 1.
  public let rSquared: Double
  /// Akaike's criterion with the correction for few points (Hurvich and Tsai, 1989); less is better.
  public let aicc: Double
  public let hasConverged: Bool

  public func value(at time: Double) -> Double {
    baseline + area * model.shape(time - onset, shape[0], shape[1])
  }

  public var peakTime: Double { onset + model.mode(shape[0], shape[1]) }

  /// - Parameters:
  ///   - onset: bounds of t0 in seconds on the clip's clock.
  ///   - peak: about where the peak lies; inside the curve.
  /// - Returns: nil where no start leads to a finite fit.
  public init?(_ model: BolusModel, to curve: TimeIntensityCurve, onset: ClosedRange<Double>, peak: Double) {
    var best: LeastSquares.Solution?
    let scale = curve.powers.max() ?? 0
    guard scale > 0, curve.times.count > 6, peak > onset.lowerBound else { return nil }
    let fitter = Fitter(model, curve.times, onset: onset)
    let observed = curve.powers.map { $0 / scale }
    for begin in [onset.lowerBound, 0.5 * (onset.lowerBound + onset.upperBound), onset.upperBound] {
      guard peak - begin > 0.05 else { continue }
      for shape in model.starts(mode: peak - begin) {
        let start = fitter.start(observed, onset: begin, shape)
        let found = fitter.solve(observed, from: start)
        guard found.squares.isFinite, found.squares < best?.squares ?? .infinity else { continue }
        best = found
      }
    }
    guard let best else { return nil }
    self.init(model, best, curve, scale: scale)
  }

  private init(_ model: BolusModel, _ found: LeastSquares.Solution, _ curve: TimeIntensityCurve, scale: Double) {
    self.model = model
    (baseline, area, onset) = (found.values[0] * scale, found.values[1] * scale, found.values[2])
    shape = [found.values[3], found.values[4]]
    count = curve.times.count
    hasConverged = found.hasConverged
    residualSumOfSquares = found.squares * scale * scale
    let mean = curve.powers.reduce(0, +) / Double(count)
    let total = curve.powers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    rSquared = total > 0 ? 1 - residualSumOfSquares / total : 0
    aicc = Self.aicc(residualSumOfSquares, count: count)
  }

  /// Five numbers and the variance.
  private static func aicc(_ squares: Double, count: Int) -> Double {
    let (n, k) = (Double(count), 6.0)
    let penalty = count > 7 ? 2 * k + 2 * k * (k + 1) / (n - k - 1) : 2 * k
    return n * log(max(squares / n, 1e-300)) + penalty
  }

  /// The same model laid on other powers at the same times, from this fit on.
  func refitted(to powers: [Double], of curve: TimeIntensityCurve, onset bounds: ClosedRange<Double>) -> BolusFit? {
    guard let scale = powers.max(), scale > 0, let moved = try? TimeIntensityCurve(times: curve.times, powers: powers)
    else { return nil }
    var fitter = Fitter(model, curve.times, onset: bounds)
    fitter.solver.maximumSteps = 40
    fitter.solver.tolerance = 1e-6
    let found = fitter.solve(powers.map { $0 / scale }, from: [baseline / scale, area / scale, onset] + shape)
    return found.squares.isFinite ? BolusFit(model, found, moved, scale: scale) : nil
  }
}

/// The five numbers (c, A, t0 and the shape) of powers scaled to at most 1.
private struct Fitter {
  let model: BolusModel
  let times: [Double]
  var solver: LeastSquares

  init(_ model: BolusModel, _ times: [Double], onset: ClosedRange<Double>) {
    (self.model, self.times) = (model, times)
    solver = LeastSquares(bounds: [-1...1, 0...1e5, onset] + model.bounds)
  }

  /// c and A of the least squares for a given onset and shape.
  func start(_ observed: [Double], onset: Double, _ shape: (Double, Double)) -> [Double] {
    let form = times.map { model.shape($0 - onset, shape.0, shape.1) }
    let n = Double(form.count)
    let (meanForm, mean) = (form.reduce(0, +) / n, observed.reduce(0, +) / n)
    var (cross, square) = (0.0, 0.0)
    for (h, y) in zip(form, observed) {
      cross += (h - meanForm) * (y - mean)
      square += (h - meanForm) * (h - meanForm)
    }
    let area = square > 0 ? max(0, cross / square) : 0
    return [mean - area * meanForm, area, onset, shape.0, shape.1]
  }

  func solve(_ observed: [Double], from start: [Double]) -> LeastSquares.Solution {
    solver.solve(
      observed, from: start,
      predict: { p in times.map { p[0] + p[1] * model.shape($0 - p[2], p[3], p[4]) } },
      differentiate: { p in
        // A power of 0 does not bend, and a step of a third of the digits loses least.
        var slopes = [[Double](repeating: 1, count: times.count), times.map { model.shape($0 - p[2], p[3], p[4]) }]
        for at in 2...4 {
          let step = 6e-6 * max(abs(p[at]), at == 2 ? max(1, model.mode(p[3], p[4])) : 1e-3)
          var (low, high) = (p, p)
          low[at] = max(p[at] - step, solver.bounds[at].lowerBound)
          high[at] = min(p[at] + step, solver.bounds[at].upperBound)
          let width = high[at] - low[at]
          slopes.append(
            times.map {
              p[1] * (model.shape($0 - high[2], high[3], high[4]) - model.shape($0 - low[2], low[3], low[4])) / width
            })
        }
        return slopes
      })
  }
}
