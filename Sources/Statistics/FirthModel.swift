import Foundation

/// Logistic regression with Firth's penalty (Biometrika 1993;80:27; Heinze & Schemper, Stat Med 2002;21:2409): the
/// likelihood times the square root of the information's determinant (Jeffreys' prior). Finite where classes are
/// separated.
public struct FirthModel: Sendable {
  /// Wald numbers use the Fisher information at the estimate; with separation the Wald intervals are rough, and
  /// `profileInterval` and `likelihoodRatioTest` are to be preferred.
  public let coefficients: [LogisticModel.Coefficient]
  /// With the penalty.
  public let penalizedLogLikelihood: Double
  public let iterations: Int

  private let outcomes: [Bool]
  let design: Design
  let covariance: Matrix

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange`, `collinear`, `notConverged`.
  public init(outcomes: [Bool], terms: [Term], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let design = try Design(terms: terms, outcomes: outcomes)
    let fit = try FirthFit(design, outcomes)
    coefficients = LogisticModel.Coefficient.list(design.names, fit.coefficients, fit.covariance, level: level)
    penalizedLogLikelihood = fit.penalized
    iterations = fit.iterations
    self.outcomes = outcomes
    self.design = design
    covariance = fit.covariance
  }

  /// Penalised likelihood ratio test of the model against the one with all columns of these terms held at 0, whose
  /// penalty stays that of the whole model (Heinze & Schemper 2002, as R's logistf).
  /// - Throws: `outOfRange` for a term the model does not hold, `notConverged`.
  public func likelihoodRatioTest(_ terms: [String]) throws(StatisticsError) -> TestResult {
    try likelihoodRatioTest(holding: try design.columns(of: terms))
  }

  func likelihoodRatioTest(holding columns: [Int]) throws(StatisticsError) -> TestResult {
    let reduced = try profile(Dictionary(columns.map { ($0, 0) }, uniquingKeysWith: { first, _ in first }))
    return TestResult(chiSquare: max(0, 2 * (penalizedLogLikelihood - reduced)), degrees: columns.count)
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
        guard let reduced = try? profile([column: value]) else { return .infinity }
        return penalizedLogLikelihood - reduced - drop
      }
    }
    return Interval(lower: exp(end(-1)), upper: exp(end(1)), level: level)
  }

  /// Largest penalised log-likelihood with some coefficients held. It can have several summits then: the search starts
  /// both from 0 and from where the estimate's covariance expects the others.
  private func profile(_ held: [Int: Double]) throws(StatisticsError) -> Double {
    let columns = held.keys.sorted()
    let away = columns.map { (held[$0] ?? 0) - coefficients[$0].value }
    var expected = coefficients.map(\.value)
    if let factor = Cholesky.factor(covariance.submatrix(columns)).factor {
      let pull = factor.solve(away)
      for j in expected.indices {
        for (place, column) in columns.enumerated() { expected[j] += covariance[j, column] * pull[place] }
      }
    }
    let fits = [expected, nil].compactMap { try? FirthFit(design, outcomes, held: held, start: $0) }
    guard let best = fits.map(\.penalized).max() else {
      throw .notConverged(what: "Firth's logistic regression", iterations: FirthFit.iterationLimit)
    }
    return best
  }
}

/// Newton's method on the penalised likelihood, some coefficients held where wished.
struct FirthFit {
  let coefficients: [Double]
  /// Inverse of the Fisher information of all columns at the estimate.
  let covariance: Matrix
  let penalized: Double
  let iterations: Int

  static let iterationLimit = 1000

  /// - held: columns whose coefficient is given.
  /// - start: where the others begin; 0 where none is given.
  /// - Throws: `collinear`, `notConverged`.
  init(
    _ design: Design, _ outcomes: [Bool], held: [Int: Double] = [:], start: [Double]? = nil
  ) throws(StatisticsError) {
    let columns = design.names.count
    let free = (0..<columns).filter { held[$0] == nil }
    var beta = (0..<columns).map { held[$0] ?? start?[$0] ?? 0 }
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
      for j in free { change = max(change, abs(moved[j] - beta[j]) / (1 + abs(moved[j]))) }
      (beta, state) = (moved, next)
      iteration += 1
      if change < 1e-10 { break }
      if iteration == Self.iterationLimit {
        throw .notConverged(what: "Firth's logistic regression", iterations: iteration)
      }
    }
    (coefficients, covariance, penalized) = (beta, state.covariance, state.penalized)
    iterations = iteration
  }

  private struct State {
    var penalized: Double
    var score: [Double]
    /// Minus the score's derivative with the leverages held: each row weighs 1 + h times as in the Fisher information,
    /// whose own step is twice too long for a level of a single case and then swings for ever.
    var steepness: Matrix
    var covariance: Matrix
  }

  /// Newton's step of the free coefficients.
  private static func step(_ state: State, _ free: [Int], names: [String]) throws(StatisticsError) -> [Double] {
    let (factor, dependent) = Cholesky.factor(state.steepness.submatrix(free))
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
    var steepness = plain.information
    let columns = design.names.count
    let (x, spread) = (design.matrix.values, covariance.values)
    for start in stride(from: 0, to: x.count, by: columns) {
      var (eta, quadratic) = (0.0, 0.0)
      for j in 0..<columns {
        eta += x[start + j] * beta[j]
        var sum = 0.0
        for k in 0..<columns { sum += spread[j * columns + k] * x[start + k] }
        quadratic += x[start + j] * sum
      }
      let p = expit(eta)
      let weight = p * expit(-eta)
      let leverage = weight * quadratic
      for j in 0..<columns {
        score[j] += leverage * (0.5 - p) * x[start + j]
        for k in 0..<columns { steepness[j, k] += weight * leverage * x[start + j] * x[start + k] }
      }
    }
    return State(
      penalized: plain.logLikelihood + factor.halfLogDeterminant, score: score, steepness: steepness,
      covariance: covariance)
  }
}
