import Foundation

/// One explanatory variable of a model.
public struct Term: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    case numeric([Double])
    /// One dummy column for each level but the reference, levels in sorted order.
    case categorical([String], reference: String)
  }

  public let name: String
  public let values: Values

  public init(_ name: String, _ values: [Double]) { (self.name, self.values) = (name, .numeric(values)) }

  public init(_ name: String, _ values: [String], reference: String) {
    (self.name, self.values) = (name, .categorical(values, reference: reference))
  }

  var count: Int {
    switch values {
    case .numeric(let values): values.count
    case .categorical(let values, _): values.count
    }
  }

  /// Levels that get a column; empty for a number.
  func levels() throws(StatisticsError) -> [String] {
    guard case .categorical(let values, let reference) = values else { return [] }
    let found = Set(values)
    if !found.contains(reference) {
      throw .outOfRange(
        what: "reference level of \(name)", row: nil, expected: "one of \(found.sorted().joined(separator: ", "))",
        found: reference)
    }
    return found.subtracting([reference]).sorted()
  }

  /// Columns of the design matrix with their names: `age`, or `race=black`, `race=other`.
  func columns(levels: [String]) throws(StatisticsError) -> [(name: String, values: [Double])] {
    switch values {
    case .numeric(let values):
      try Require.finite(values, name)
      return [(name, values)]
    case .categorical(let values, let reference):
      let known = Set(levels + [reference])
      for (row, value) in values.enumerated() where !known.contains(value) {
        throw .outOfRange(
          what: name, row: row, expected: "one of \(known.sorted().joined(separator: ", "))", found: value)
      }
      return levels.map { level in ("\(name)=\(level)", values.map { $0 == level ? 1 : 0 }) }
    }
  }
}

/// Logistic regression by maximum likelihood (S2-15, S3, S4). Rows must be complete; drop or fill what is missing before.
public struct LogisticModel: Sendable {
  public struct Coefficient: Sendable {
    /// `(Intercept)`, `age`, `race=black`.
    public let name: String
    /// The log odds ratio.
    public let value: Double
    public let standardError: Double
    public let z: Double
    /// Wald, two-sided, normal.
    public let p: Double
    /// exp(value) with its Wald interval.
    public let oddsRatio: Estimate
  }

  public let coefficients: [Coefficient]
  public let terms: [Term]
  public let logLikelihood: Double
  public let nullLogLikelihood: Double
  public let iterations: Int
  /// Probability of each row.
  public let fitted: [Double]

  let outcomes: [Bool]
  let design: Design
  let covariance: Matrix

  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange` (reference level), `collinear` naming the column,
  ///   `separated` with its kind (then use `FirthModel`).
  public init(outcomes: [Bool], terms: [Term], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let design = try Design(terms: terms, outcomes: outcomes)
    let fit = try design.fit(outcomes)
    let errors = fit.covariance.diagonal.map { $0.squareRoot() }
    let critical = NormalDistribution.critical(level: level)
    coefficients = design.names.indices.map { j in
      let (value, error) = (fit.coefficients[j], errors[j])
      return Coefficient(
        name: design.names[j], value: value, standardError: error, z: value / error,
        p: NormalDistribution.twoSided(value / error),
        oddsRatio: Estimate(
          value: exp(value),
          interval: Interval(
            lower: exp(value - critical * error), upper: exp(value + critical * error), level: level)))
    }
    self.terms = terms
    self.outcomes = outcomes
    self.design = design
    covariance = fit.covariance
    logLikelihood = fit.logLikelihood
    iterations = fit.iterations
    let events = Double(outcomes.count { $0 })
    let n = Double(outcomes.count)
    nullLogLikelihood = events * log(events / n) + (n - events) * log((n - events) / n)
    fitted = design.matrix.times(fit.coefficients).map(expit)
  }

  public var deviance: Double { -2 * logLikelihood }
  public var nullDeviance: Double { -2 * nullLogLikelihood }
  public var aic: Double { deviance + 2 * Double(coefficients.count) }

  /// Nagelkerke's R² (Biometrika 1991;78:691).
  public var nagelkerke: Double {
    let n = Double(outcomes.count)
    return (1 - exp(2 * (nullLogLikelihood - logLikelihood) / n)) / (1 - exp(2 * nullLogLikelihood / n))
  }

  /// Joint Wald test of all columns of a term.
  /// - Throws: `outOfRange` for a term the model does not hold.
  public func waldTest(_ term: String) throws(StatisticsError) -> TestResult { try waldTest([term]) }

  /// Joint Wald test of all columns of several terms, such as a number and the indicator of its missing values.
  /// - Throws: `outOfRange` for a term the model does not hold.
  public func waldTest(_ terms: [String]) throws(StatisticsError) -> TestResult {
    var columns: [Int] = []
    for term in terms { columns += try design.columns(of: term) }
    let beta = columns.map { coefficients[$0].value }
    guard let factor = Cholesky.factor(covariance.submatrix(columns)).factor else {
      throw .collinear(column: terms.joined(separator: ", "))
    }
    let chiSquare = zip(beta, factor.solve(beta)).reduce(0) { $0 + $1.0 * $1.1 }
    return TestResult(chiSquare: chiSquare, degrees: columns.count)
  }

  /// Likelihood ratio test of the model against the one without the term.
  public func likelihoodRatioTest(_ term: String) throws(StatisticsError) -> TestResult {
    let columns = try design.columns(of: term)
    let kept = design.names.indices.filter { !columns.contains($0) }
    let reduced = try LogisticFit(design: design.matrix.columns(kept), outcomes: outcomes, names: design.names)
    return TestResult(chiSquare: max(0, 2 * (logLikelihood - reduced.logLikelihood)), degrees: columns.count)
  }

  /// Probabilities of new rows; the terms must bear the names, kinds and known levels of the model's.
  public func probabilities(_ rows: [Term]) throws(StatisticsError) -> [Double] {
    try design.matrix(for: rows).times(coefficients.map(\.value)).map(expit)
  }
}

/// Terms made into a matrix with an intercept.
struct Design: Sendable {
  let names: [String]
  let matrix: Matrix
  private let terms: [Term]
  private let levels: [[String]]
  private let ranges: [Range<Int>]

  init(terms: [Term], outcomes: [Bool]) throws(StatisticsError) {
    var names = ["(Intercept)"]
    var columns = [[Double](repeating: 1, count: outcomes.count)]
    var levels: [[String]] = []
    var ranges: [Range<Int>] = []
    for term in terms {
      try Require.sameLength(term.name, term.count, as: outcomes.count)
      let ofTerm = try term.levels()
      let start = columns.count
      for column in try term.columns(levels: ofTerm) {
        names.append(column.name)
        columns.append(column.values)
      }
      if columns.count == start { throw .collinear(column: term.name) }
      levels.append(ofTerm)
      ranges.append(start..<columns.count)
    }
    let positives = outcomes.count { $0 }
    if positives == 0 || positives == outcomes.count {
      throw .oneClassOnly(positives: positives, negatives: outcomes.count - positives)
    }
    self.names = names
    self.terms = terms
    self.levels = levels
    self.ranges = ranges
    matrix = Matrix(columns: columns, rows: outcomes.count)
  }

  /// The maximum-likelihood fit; what stops it is told apart into separation, with its kind, and collinear columns.
  func fit(_ outcomes: [Bool]) throws(StatisticsError) -> LogisticFit {
    do {
      return try LogisticFit(design: matrix, outcomes: outcomes, names: names)
    } catch {
      if case .collinear = error { throw error }
      if let kind = Separation.kind(design: matrix, outcomes: outcomes) { throw .separated(kind: kind.rawValue) }
      throw error
    }
  }

  func columns(of term: String) throws(StatisticsError) -> [Int] {
    guard let index = terms.firstIndex(where: { $0.name == term }) else {
      throw .outOfRange(
        what: "term", row: nil, expected: "one of \(terms.map(\.name).joined(separator: ", "))", found: term)
    }
    return Array(ranges[index])
  }

  func matrix(for rows: [Term]) throws(StatisticsError) -> Matrix {
    let count = rows.first?.count ?? 0
    var columns = [[Double](repeating: 1, count: count)]
    for (term, levels) in zip(terms, levels) {
      guard let given = rows.first(where: { $0.name == term.name }) else {
        throw .outOfRange(
          what: "terms", row: nil, expected: term.name, found: rows.map(\.name).joined(separator: ", "))
      }
      try Require.sameLength(term.name, given.count, as: count)
      switch (term.values, given.values) {
      case (.numeric, .numeric):
        columns += try given.columns(levels: []).map(\.values)
      case (.categorical(_, let reference), .categorical(let values, _)):
        columns += try Term(term.name, values, reference: reference).columns(levels: levels).map(\.values)
      default:
        throw .outOfRange(what: term.name, row: nil, expected: "the kind it was fitted with", found: "the other kind")
      }
    }
    return Matrix(columns: columns, rows: count)
  }
}
