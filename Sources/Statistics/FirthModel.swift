import Foundation

/// Logistic regression with Firth's penalty (Biometrika 1993;80:27; Heinze & Schemper, Stat Med 2002;21:2409): the likelihood
/// times the square root of the information's determinant (Jeffreys' prior). Finite where classes are separated.
public struct FirthModel: Sendable {
  /// Wald numbers use the Fisher information at the estimate; with separation the Wald intervals are rough.
  public let coefficients: [LogisticModel.Coefficient]
  /// With the penalty.
  public let penalizedLogLikelihood: Double
  public let iterations: Int

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange`, `collinear`, `notConverged`.
  public init(outcomes: [Bool], terms: [Term], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let design = try Design(terms: terms, outcomes: outcomes)
    let columns = design.names.count
    var beta = [Double](repeating: 0, count: columns)
    var state = try Self.evaluate(design, outcomes, beta)
    var iteration = 0
    while true {
      let step = state.covariance.times(state.score)
      // A step longer than 5 in one coefficient overshoots on separated data.
      let longest = step.reduce(0) { max($0, abs($1)) }
      var scale = min(1, 5 / max(longest, 1e-300))
      var (next, moved) = (state, beta)
      repeat {
        for j in 0..<columns { moved[j] = beta[j] + scale * step[j] }
        next = try Self.evaluate(design, outcomes, moved)
        scale /= 2
      } while next.penalized < state.penalized - 1e-10 * (1 + abs(state.penalized)) && scale > 1e-8
      var change = 0.0
      for j in 0..<columns { change = max(change, abs(moved[j] - beta[j])) }
      (beta, state) = (moved, next)
      iteration += 1
      if change < 1e-10 { break }
      if iteration == 1000 { throw .notConverged(what: "Firth's logistic regression", iterations: iteration) }
    }
    let critical = NormalDistribution.critical(level: level)
    coefficients = design.names.indices.map { j in
      let error = state.covariance[j, j].squareRoot()
      return LogisticModel.Coefficient(
        name: design.names[j], value: beta[j], standardError: error, z: beta[j] / error,
        p: NormalDistribution.twoSided(beta[j] / error),
        oddsRatio: Estimate(
          value: exp(beta[j]),
          interval: Interval(
            lower: exp(beta[j] - critical * error), upper: exp(beta[j] + critical * error), level: level)))
    }
    penalizedLogLikelihood = state.penalized
    iterations = iteration
  }

  private struct State {
    var penalized: Double
    var score: [Double]
    var covariance: Matrix
  }

  /// Penalised log-likelihood and the modified score, sum of (y - p + h (½ - p)) x with the leverages h.
  private static func evaluate(
    _ design: Design, _ outcomes: [Bool], _ beta: [Double]
  ) throws(StatisticsError) -> State {
    let plain = LogisticFit.evaluate(design.matrix, outcomes, nil, beta)
    let (factor, dependent) = Cholesky.factor(plain.information)
    guard let factor else { throw .collinear(column: design.names[dependent]) }
    let covariance = factor.inverse
    var score = plain.score
    let columns = design.names.count
    for i in 0..<design.matrix.rows {
      let x = (0..<columns).map { design.matrix[i, $0] }
      let eta = zip(x, beta).reduce(0) { $0 + $1.0 * $1.1 }
      let p = expit(eta)
      let leverage = p * expit(-eta) * zip(x, covariance.times(x)).reduce(0) { $0 + $1.0 * $1.1 }
      for j in 0..<columns { score[j] += leverage * (0.5 - p) * x[j] }
    }
    return State(
      penalized: plain.logLikelihood + factor.halfLogDeterminant, score: score, covariance: covariance)
  }
}
