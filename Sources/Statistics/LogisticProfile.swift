import Foundation

extension LogisticModel {
  /// The profile-likelihood interval of an odds ratio: all values a likelihood ratio test at 1 - level does not reject
  /// (Venzon & Moolgavkar, Appl Stat 1988;37:87). An end the likelihood leaves open is 0 or infinity.
  /// - Parameter name: as in `coefficients`.
  /// - Throws: `outOfRange` for a name the model does not hold.
  public func profileInterval(_ name: String, level: Double = 0.95) throws(StatisticsError) -> Interval {
    try Require.level(level)
    guard let column = design.names.firstIndex(of: name) else {
      throw .outOfRange(
        what: "coefficient", row: nil, expected: "one of \(design.names.joined(separator: ", "))", found: name)
    }
    let drop = ChiSquareDistribution.quantile(level, degrees: 1) / 2
    return Interval(
      lower: exp(profileEnd(column, drop: drop, direction: -1)),
      upper: exp(profileEnd(column, drop: drop, direction: 1)), level: level)
  }

  /// Where the profile log-likelihood has fallen by `drop`, below (-1) or above (+1) the estimate; ±infinity if nowhere.
  private func profileEnd(_ column: Int, drop: Double, direction: Double) -> Double {
    ProfileEnd.find(
      from: coefficients[column].value, error: coefficients[column].standardError, direction: direction, drop: drop
    ) { logLikelihood - profile(column, at: $0) - drop }
  }

  /// Largest log-likelihood with one coefficient held.
  private func profile(_ column: Int, at value: Double) -> Double {
    let others = design.names.indices.filter { $0 != column }
    let offset = (0..<design.matrix.rows).map { design.matrix[$0, column] * value }
    // Near where the estimate's covariance expects the others; held far out that can be a bad start, and 0 is tried.
    let away = (value - coefficients[column].value) / covariance[column, column]
    let expected = others.map { coefficients[$0].value + covariance[$0, column] * away }
    // Held far out the other coefficients may have no finite estimate: the likelihood has then fallen far enough.
    let matrix = design.matrix.columns(others)
    for start in [expected, nil] {
      if let fit = try? LogisticFit(design: matrix, outcomes: outcomes, offset: offset, start: start) {
        return fit.logLikelihood
      }
    }
    return -.infinity
  }
}

/// The end of a profile interval.
enum ProfileEnd {
  /// Where `excess`, the fall of a profile likelihood less `drop`, is 0, below (-1) or above (+1) the estimate; ±infinity
  /// if nowhere.
  static func find(
    from estimate: Double, error: Double, direction: Double, drop: Double, excess: (Double) -> Double
  ) -> Double {
    // Bracketed between a place inside (excess below 0) and one outside.
    var (inside, below) = (estimate, -drop)
    var outside = estimate + direction * 2 * error
    var above = excess(outside)
    var widening = 0
    while above < 0 {
      widening += 1
      if widening > 12 { return direction * .infinity }
      (inside, below) = (outside, above)
      outside = estimate + (outside - estimate) * 2
      above = excess(outside)
    }
    // False position; an end that stays twice is halved (Illinois), an infinite one bisected.
    for _ in 0..<100 {
      let share = above.isFinite ? below / (below - above) : 0.5
      let middle = inside + share * (outside - inside)
      let value = excess(middle)
      if abs(value) < 1e-10 { return middle }
      if value < 0 {
        (inside, below) = (middle, value)
        above /= 2
      } else {
        (outside, above) = (middle, value)
        below /= 2
      }
      if abs(outside - inside) < 1e-12 * (1 + abs(middle)) { break }
    }
    return (inside + outside) / 2
  }
}
