import Foundation

extension FactorRegression.Row {
  init(_ coefficient: LogisticModel.Coefficient, p: Double, profile: Interval?) {
    self.init(
      name: coefficient.name, value: coefficient.value, standardError: coefficient.standardError, p: p,
      oddsRatio: coefficient.oddsRatio, profile: profile, pooling: nil)
  }

  init(_ name: String, _ pooled: RubinPooling, level: Double) {
    let interval = pooled.interval(level: level)
    self.init(
      name: name, value: pooled.estimate, standardError: pooled.standardError, p: pooled.test.p,
      oddsRatio: Estimate(
        value: exp(pooled.estimate),
        interval: Interval(lower: exp(interval.lower), upper: exp(interval.upper), level: level)),
      profile: nil, pooling: pooled)
  }
}

extension FactorRegression {
  /// How many coefficients the factors need; that many rows or fewer fit anything.
  static func requireEnough(_ rows: Int, _ factors: [Factor]) throws(StatisticsError) -> Int {
    var width = 1
    for factor in factors { width += try factor.columnCount() }
    if rows <= width { throw .tooFew(what: "rows for \(width) coefficients", needed: width + 1, found: rows) }
    return width
  }

  /// The profile interval of each coefficient.
  static func profiles(of model: LogisticModel, level: Double) throws(StatisticsError) -> [Interval] {
    let results = concurrentMap(model.coefficients.count) { place -> Result<Interval, StatisticsError> in
      do throws(StatisticsError) {
        return .success(try model.profileInterval(model.coefficients[place].name, level: level))
      } catch {
        return .failure(error)
      }
    }
    var intervals: [Interval] = []
    for result in results { intervals.append(try result.get()) }
    return intervals
  }

  /// Where the factors' columns lie, and the formula of the coefficients.
  static func layout(
    _ factors: [Factor], _ design: Design, _ values: [Double]
  ) throws(StatisticsError) -> (columns: [[Int]], bends: [[Int]], PredictionFormula) {
    var columns: [[Int]] = []
    var bends: [[Int]] = []
    var parts: [PredictionFormula.Term] = []
    var codings = design.codings[...]
    for factor in factors {
      let own = try design.columns(of: factor.terms.map(\.name))
      var curved: [Int] = []
      for term in factor.terms {
        if case .spline = term.values { curved += try design.columns(of: term.name).dropFirst() }
      }
      columns.append(own)
      bends.append(curved)
      parts.append(factor.formula(Array(codings.prefix(factor.terms.count)), own.map { values[$0] }))
      codings = codings.dropFirst(factor.terms.count)
    }
    return (columns, bends, PredictionFormula(intercept: values.first ?? 0, terms: parts))
  }

  static func tests(
    of model: LogisticModel, _ factors: [Factor], _ bends: [[Int]], clustered: Bool
  ) throws(StatisticsError) -> [FactorTest] {
    var tests: [FactorTest] = []
    for (factor, bends) in zip(factors, bends) {
      let names = factor.terms.map(\.name)
      let curved =
        bends.isEmpty || factor.terms.isEmpty ? nil : try model.nonlinearityTests(factor.terms[0].name)
      tests.append(
        FactorTest(
          factor: factor.name, columns: try factor.columnCount(), wald: try model.waldTest(names),
          likelihoodRatio: clustered ? nil : try model.likelihoodRatioTest(names), nonlinearity: curved?.wald,
          nonlinearityLikelihoodRatio: clustered ? nil : curved?.likelihoodRatio))
    }
    return tests
  }

  static func tests(
    of model: FirthModel, _ factors: [Factor], _ columns: [[Int]], _ bends: [[Int]]
  ) throws(StatisticsError) -> [FactorTest] {
    var tests: [FactorTest] = []
    for (place, factor) in factors.enumerated() {
      tests.append(
        FactorTest(
          factor: factor.name, columns: columns[place].count, wald: nil,
          likelihoodRatio: try model.likelihoodRatioTest(holding: columns[place]), nonlinearity: nil,
          nonlinearityLikelihoodRatio: bends[place].isEmpty
            ? nil : try model.likelihoodRatioTest(holding: bends[place])))
    }
    return tests
  }
}
