import Foundation

/// Logistic regression with Firth's penalty (Biometrika 1993;80:27; Heinze & Schemper, Stat Med 2002;21:2409): the likelihood
/// times the square root of the information's determinant (Jeffreys' prior). Finite where classes are separated.
public struct FirthModel: Sendable {
  /// Wald numbers use the Fisher information at the estimate; with separation the Wald intervals are rough, and
  /// `profileInterval` and `likelihoodRatioTest` are to be preferred.
  public let coefficients: [LogisticModel.Coefficient]
  /// With the penalty.
  public let penalizedLogLikelihood: Double
  public let iterations: Int

  private let outcomes: [Bool]
  private let design: Design

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange`, `collinear`, `notConverged`.
  public init(outcomes: [Bool], terms: [Term], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let design = try Design(terms: terms, outcomes: outcomes)
    let fit = try FirthFit(design, outcomes)
    let critical = NormalDistribution.critical(level: level)
    coefficients = design.names.indices.map { j in
      let (value, error) = (fit.coefficients[j], fit.covariance[j, j].squareRoot())
      return LogisticModel.Coefficient(
        name: design.names[j], value: value, standardError: error, z: value / error,
        p: NormalDistribution.twoSided(value / error),
        oddsRatio: Estimate(
          value: exp(value),
          interval: Interval(
            lower: exp(value - critical * error), upper: exp(value + critical * error), level: level)))
    }
    penalizedLogLikelihood = fit.penalized
    iterations = fit.iterations
    self.outcomes = outcomes
    self.design = design
  }

  /// Penalised likelihood ratio test of the model against the one with all columns of these terms held at 0, whose penalty
  /// stays that of the whole model (Heinze & Schemper 2002, as R's logistf).
  /// - Throws: `outOfRange` for a term the model does not hold, `notConverged`.
  public func likelihoodRatioTest(_ terms: [String]) throws(StatisticsError) -> TestResult {
    var held: [Int: Double] = [:]
    for term in terms {
      for column in try design.columns(of: term) { held[column] = 0 }
    }
    let reduced = try FirthFit(design, outcomes, held: held)
    return TestResult(chiSquare: max(0, 2 * (penalizedLogLikelihood - reduced.penalized)), degrees: held.count)
  }

  /// The profile interval of an odds ratio from the penalised likelihood: all values that test does not reject.
  /// - Parameter name: as in `coefficients`.
  /// - Throws: `outOfRange` for a name the model does not hold.
  public func profileInterval(_ name: String, level: Double = 0.95) throws(StatisticsError) -> Interval {
    try Require.level(level)
    guard let column = design.names.firstIndex(of: name) else {
      throw .outOfRange(
        what: "coefficient", row: nil, expected: "one of \(design.names.joined(separator: ", "))", found: name)
    }
    let drop = ChiSquareDistribution.quantile(level, degrees: 1) / 2
    let (estimate, error) = (coefficients[column].value, coefficients[column].standardError)
    func end(_ direction: Double) -> Double {
      ProfileEnd.find(from: estimate, error: error, direction: direction, drop: drop) { value in
        // Held so far out that nothing converges: the likelihood has fallen far enough.
        guard let fit = try? FirthFit(design, outcomes, held: [column: value]) else { return .infinity }
        return penalizedLogLikelihood - fit.penalized - drop
      }
    }
    return Interval(lower: exp(end(-1)), upper: exp(end(1)), level: level)
  }
}

/// Newton's method on the penalised likelihood, some coefficients held where wished.
struct FirthFit {
  let coefficients: [Double]
  /// Inverse of the Fisher information of all columns at the estimate.
  let covariance: Matrix
  let penalized: Double
  let iterations: Int

  /// - held: columns whose coefficient is given.
  /// - Throws: `collinear`, `notConverged`.
  init(_ design: Design, _ outcomes: [Bool], held: [Int: Double] = [:]) throws(StatisticsError) {
    let columns = design.names.count
    let free = (0..<columns).filter { held[$0] == nil }
    var beta = (0..<columns).map { held[$0] ?? 0 }
    var state = try Self.evaluate(design, outcomes, beta)
    var iteration = 0
    while !free.isEmpty {
      let step = try Self.step(state, free, names: design.names)
      // A step longer than 5 in one coefficient overshoots on separated data.
      let longest = step.reduce(0) { max($0, abs($1)) }
      var scale = min(1, 5 / max(longest, 1e-300))
      var (next, moved) = (state, beta)
      repeat {
        for (place, j) in free.enumerated() { moved[j] = beta[j] + scale * step[place] }
        next = try Self.evaluate(design, outcomes, moved)
        scale /= 2
      } while next.penalized < state.penalized - 1e-10 * (1 + abs(state.penalized)) && scale > 1e-8
      var change = 0.0
      for j in free { change = max(change, abs(moved[j] - beta[j])) }
      (beta, state) = (moved, next)
      iteration += 1
      if change < 1e-10 { break }
      if iteration == 1000 { throw .notConverged(what: "Firth's logistic regression", iterations: iteration) }
    }
    (coefficients, covariance, penalized) = (beta, state.covariance, state.penalized)
    iterations = iteration
  }

  private struct State {
    var penalized: Double
    var score: [Double]
    var information: Matrix
    var covariance: Matrix
  }

  /// Newton's step of the free coefficients.
  private static func step(_ state: State, _ free: [Int], names: [String]) throws(StatisticsError) -> [Double] {
    if free.count == state.score.count { return state.covariance.times(state.score) }
    let (factor, dependent) = Cholesky.factor(state.information.submatrix(free))
    guard let factor else { throw .collinear(column: names[free[dependent]]) }
    return factor.solve(free.map { state.score[$0] })
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
      penalized: plain.logLikelihood + factor.halfLogDeterminant, score: score, information: plain.information,
      covariance: covariance)
  }
}
