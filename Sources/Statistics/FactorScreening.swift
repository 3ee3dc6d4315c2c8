/// How a study finds its independent predictors (S2-15): each factor alone, those with p below alpha together in one model,
/// those still below alpha there called independent. A factor goes in or stays out with all its columns, by their joint test.
public struct FactorScreening: Sendable {
  /// One regression a factor, in the order given.
  public let univariate: [FactorRegression]
  /// Factors with a univariate p strictly below alpha.
  public let selected: [String]
  /// The selected factors together; nil where there is none.
  public let multivariable: FactorRegression?
  /// Selected factors with p strictly below alpha there.
  public let independent: [String]

  /// - Parameters:
  ///   - sets: the factors; of each completed data set where values were imputed.
  ///   - clusters: see ``FactorRegression``.
  /// - Throws: what `FactorRegression` throws; `outOfRange` for an alpha outside (0, 1], `empty` without a factor.
  public init(
    outcomes: [Bool], sets: [[Factor]], alpha: Double = 0.05, clusters: [String]? = nil, profiles: Bool = true,
    level: Double = 0.95
  ) throws(StatisticsError) {
    if !(alpha > 0 && alpha <= 1) {
      throw .outOfRange(what: "alpha", row: nil, expected: "a number above 0 and up to 1", found: "\(alpha)")
    }
    func fit(_ names: [String]) throws(StatisticsError) -> FactorRegression {
      try FactorRegression(
        outcomes: outcomes, sets: sets.map { $0.filter { names.contains($0.name) } }, clusters: clusters,
        profiles: profiles, level: level)
    }
    guard let factors = sets.first, !factors.isEmpty else { throw .empty(what: "factors") }
    var univariate: [FactorRegression] = []
    for factor in factors { univariate.append(try fit([factor.name])) }
    self.univariate = univariate
    selected = zip(factors, univariate).filter { ($1.tests.first?.p ?? .nan) < alpha }.map(\.0.name)
    let multivariable = selected.isEmpty ? nil : try fit(selected)
    self.multivariable = multivariable
    independent = (multivariable?.tests ?? []).filter { $0.p < alpha }.map(\.factor)
  }
}

extension FactorRegression {
  /// Of one data set, or pooled over several.
  public init(
    outcomes: [Bool], sets: [[Factor]], clusters: [String]? = nil, profiles: Bool = true, level: Double = 0.95
  ) throws(StatisticsError) {
    if sets.count == 1 {
      try self.init(
        outcomes: outcomes, factors: sets[0], clusters: clusters, profiles: profiles, level: level)
    } else {
      try self.init(outcomes: outcomes, imputed: sets, clusters: clusters, level: level)
    }
  }
}
