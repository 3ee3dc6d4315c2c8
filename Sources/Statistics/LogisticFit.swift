import Foundation

/// Maximum likelihood of a logistic regression by Newton's method with step halving (iteratively reweighted least squares).
/// The engine under `LogisticModel` and the calibration measures.
struct LogisticFit: Sendable {
  let coefficients: [Double]
  /// Inverse of the Fisher information at the estimate.
  let covariance: Matrix
  let logLikelihood: Double
  let iterations: Int

  static let iterationLimit = 100
  /// A smallest margin that no rounding explains.
  private static let certainMargin = 1e-6

  /// - Parameters:
  ///   - design: [rows, columns], the intercept among the columns where one is wished.
  ///   - offset: added to the linear predictor, one for each row.
  ///   - names: of the columns, for messages.
  ///   - start: where the search begins; 0 where nil.
  /// - Throws: `collinear`, `separated`, `notConverged`.
  init(
    design: Matrix, outcomes: [Bool], offset: [Double]? = nil, names: [String] = [], start: [Double]? = nil
  ) throws(StatisticsError) {
    let columns = design.columns
    var beta = start ?? [Double](repeating: 0, count: columns)
    var state = Self.evaluate(design, outcomes, offset, beta)
    var iteration = 0
    while true {
      let (factor, dependent) = Cholesky.factor(state.information)
      guard let factor else {
        if iteration > 5 { throw .separated(kind: "quasi-complete or complete") }
        throw .collinear(column: dependent < names.count ? names[dependent] : "\(dependent + 1)")
      }
      let step = factor.solve(state.score)
      var scale = 1.0
      var next = state
      var moved = beta
      repeat {
        for j in 0..<columns { moved[j] = beta[j] + scale * step[j] }
        next = Self.evaluate(design, outcomes, offset, moved)
        scale /= 2
      } while !(next.logLikelihood >= state.logLikelihood - 1e-10 * (1 + abs(state.logLikelihood))) && scale > 1e-8
      var change = 0.0
      for j in 0..<columns { change = max(change, abs(moved[j] - beta[j]) / (1 + abs(moved[j]))) }
      beta = moved
      state = next
      iteration += 1
      // Every row strictly on its side: larger multiples of beta fit ever better, so that no maximum exists.
      if offset == nil && state.smallestMargin > Self.certainMargin {
        throw .separated(kind: Separation.complete.rawValue)
      }
      if change <= 1e-12 { break }
      if iteration == Self.iterationLimit {
        if change > 1e-8 { throw .notConverged(what: "logistic regression", iterations: iteration) }
        break
      }
    }
    guard let factor = Cholesky.factor(state.information).factor else {
      throw .separated(kind: "quasi-complete or complete")
    }
    coefficients = beta
    covariance = factor.inverse
    logLikelihood = state.logLikelihood
    iterations = iteration
  }

  struct State {
    var logLikelihood = 0.0
    var score: [Double]
    var information: Matrix
    /// Smallest |linear predictor|, where every row lies on its own side; else 0.
    var smallestMargin = Double.infinity
  }

  /// Log-likelihood, score and information at `beta`.
  static func evaluate(_ design: Matrix, _ outcomes: [Bool], _ offset: [Double]?, _ beta: [Double]) -> State {
    let columns = design.columns
    var state = State(
      score: [Double](repeating: 0, count: columns), information: Matrix(rows: columns, columns: columns))
    var (logLikelihood, smallestMargin) = (0.0, Double.infinity)
    // Over plain memory, since the profiles of a large table come here thousands of times.
    state.score.withUnsafeMutableBufferPointer { score in
      state.information.values.withUnsafeMutableBufferPointer { information in
        design.values.withUnsafeBufferPointer { values in
          for i in 0..<design.rows {
            let start = i * columns
            var eta = offset?[i] ?? 0
            for j in 0..<columns { eta += values[start + j] * beta[j] }
            let margin = outcomes[i] ? eta : -eta
            smallestMargin = min(smallestMargin, max(0, margin))
            let power = exp(-abs(eta))
            // log p(y) = -log(1 + exp(-margin))
            logLikelihood -= margin > 0 ? log1p(power) : log1p(power) - margin
            let (larger, smaller) = (1 / (1 + power), power / (1 + power))
            let residual = (margin > 0 ? smaller : larger) * (outcomes[i] ? 1 : -1)
            let weight = larger * smaller
            for j in 0..<columns {
              let x = values[start + j]
              score[j] += x * residual
              let weighted = weight * x
              for k in 0...j { information[j * columns + k] += weighted * values[start + k] }
            }
          }
        }
      }
    }
    (state.logLikelihood, state.smallestMargin) = (logLikelihood, smallestMargin)
    for j in 0..<columns {
      for k in 0..<j { state.information[k, j] = state.information[j, k] }
    }
    return state
  }
}
