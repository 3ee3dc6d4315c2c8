import Foundation

/// Logistic regression with a penalty on the squares of the standardised coefficients (ridge; le Cessie and van Houwelingen,
/// Appl Stat 1992;41:191). It has an estimate whatever the columns are: many, equal, constant, or separating the classes.
public struct RidgeLogistic: Sendable, Equatable {
  /// Log-odds of an observation at the means of all columns.
  public let intercept: Double
  /// Per standard deviation of its column; 0 for a column that never changes.
  public let coefficients: [Double]
  /// The penalty it was fitted with.
  public let penalty: Double
  let means: [Double]
  let deviations: [Double]

  /// Maximises log-likelihood - penalty / 2 * sum of the squared coefficients. The intercept is free.
  /// - Parameters:
  ///   - columns: one list a column, as long as `outcomes`, finite.
  ///   - penalty: above 0.
  /// - Throws: `lengthsDiffer`, `notFinite`, `oneClassOnly`, `outOfRange`, `notConverged`.
  public init(columns: [[Double]], outcomes: [Bool], penalty: Double) throws(StatisticsError) {
    for (place, column) in columns.enumerated() {
      try Require.sameLength("column \(place + 1)", column.count, as: outcomes.count)
      try Require.finite(column, "column \(place + 1)")
    }
    guard penalty > 0, penalty.isFinite else {
      throw .outOfRange(what: "penalty", row: nil, expected: "a number above 0", found: "\(penalty)")
    }
    let positives = outcomes.filter(\.self).count
    guard positives > 0, positives < outcomes.count else {
      throw .oneClassOnly(positives: positives, negatives: outcomes.count - positives)
    }
    let count = Double(outcomes.count)
    let means = columns.map { $0.reduce(0, +) / count }
    let deviations = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
    // A deviation that is rounding alone is none.
    let used = columns.indices.filter { deviations[$0] > 1e-9 * max(1, abs(means[$0])) }
    let scaled = used.map { place in columns[place].map { ($0 - means[place]) / deviations[place] } }
    let design = Matrix(columns: [[Double](repeating: 1, count: outcomes.count)] + scaled, rows: outcomes.count)
    let start = [log(Double(positives) / (count - Double(positives)))] + [Double](repeating: 0, count: used.count)
    let beta = try Self.fit(design, outcomes, penalty, start: start)
    var coefficients = [Double](repeating: 0, count: columns.count)
    for (place, column) in used.enumerated() { coefficients[column] = beta[place + 1] }
    (intercept, self.coefficients, self.penalty) = (beta[0], coefficients, penalty)
    (self.means, self.deviations) = (means, deviations)
  }

  /// Newton's method with step halving on a concave function.
  private static func fit(
    _ design: Matrix, _ outcomes: [Bool], _ penalty: Double, start: [Double]
  ) throws(StatisticsError) -> [Double] {
    func penalised(_ state: LogisticFit.State, _ beta: [Double]) -> Double {
      state.logLikelihood - penalty / 2 * beta.dropFirst().reduce(0) { $0 + $1 * $1 }
    }
    var beta = start
    var state = LogisticFit.evaluate(design, outcomes, nil, beta)
    for _ in 0..<LogisticFit.iterationLimit {
      var (information, score) = (state.information, state.score)
      for j in 1..<max(1, beta.count) {
        information[j, j] += penalty
        score[j] -= penalty * beta[j]
      }
      guard let factor = Cholesky.factor(information).factor else { break }
      let step = factor.solve(score)
      let before = penalised(state, beta)
      var scale = 1.0
      var moved = beta
      var next = state
      repeat {
        for j in beta.indices { moved[j] = beta[j] + scale * step[j] }
        next = LogisticFit.evaluate(design, outcomes, nil, moved)
        scale /= 2
      } while !(penalised(next, moved) >= before - 1e-10 * (1 + abs(before))) && scale > 1e-8
      let change = zip(moved, beta).reduce(0.0) { max($0, abs($1.0 - $1.1) / (1 + abs($1.0))) }
      (beta, state) = (moved, next)
      if change <= 1e-9 { return beta }
    }
    throw .notConverged(what: "ridge logistic regression", iterations: LogisticFit.iterationLimit)
  }

  /// The log-odds of an observation whose columns are `values`, in the order of the fit.
  public func logOdds(_ values: [Double]) -> Double {
    var sum = intercept
    for (place, value) in values.enumerated() where coefficients[place] != 0 {
      sum += coefficients[place] * (value - means[place]) / deviations[place]
    }
    return sum
  }
}
