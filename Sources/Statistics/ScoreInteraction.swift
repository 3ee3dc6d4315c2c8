import Foundation

/// Whether the score tells malignant from benign the same way at every value of a factor: the product of score and factor in
/// a logistic regression of the truth on score, factor and product. A number is tested as it is, without cut points.
///
/// It asks whether the odds ratio of the score changes, which is not the same as whether the AUC does.
public struct ScoreInteraction: Sendable {
  /// How the score enters.
  public enum Scale: String, Sendable {
    /// log(p / (1 - p)): where every score lies between 0 and 1.
    case logit
    /// The score divided by its standard deviation: where scores are no probabilities, or some are 0 or 1.
    case standardised = "score"
  }

  public enum Method: String, Sendable {
    case likelihoodRatio = "likelihood ratio"
    /// Where rows share patients: Wald's test with the variance of Huber and White clustered by patient, without a correction
    /// for small numbers (`robcov` of R's rms).
    case clusteredWald = "Wald, clustered by patient"
  }

  public let scale: Scale
  public let method: Method
  public let test: TestResult
  /// A number's product only: by what the odds ratio of the score is multiplied for each standard deviation of the factor.
  public let oddsRatio: Estimate?

  /// - Parameter clusters: patient of each row; with none twice the rows are independent.
  /// - Throws: what `LogisticModel` throws: `lengthsDiffer`, `oneClassOnly`, `collinear` (a factor that never varies), `separated`,
  ///   `notFinite`.
  public init<Cluster: Hashable>(
    scores: [Double], positives: [Bool], factor: Term.Values, clusters: [Cluster], level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: scores.count)
    try Require.sameLength("clusters", clusters.count, as: scores.count)
    try Require.finite(scores, "score")
    scale = scores.allSatisfy { $0 > 0 && $0 < 1 } ? .logit : .standardised
    let score = try scale == .logit ? scores.map { log($0 / (1 - $0)) } : Self.standardised(scores, "score")
    let terms = try Self.terms(score, factor)
    let model = try LogisticModel(outcomes: positives, terms: terms, level: level)
    let products = Array(terms.indices.suffix((terms.count - 1) / 2)).map { $0 + 1 }
    var covariance = model.covariance
    if Set(clusters).count < clusters.count {
      method = .clusteredWald
      covariance = Self.sandwich(model, clusters)
      let beta = products.map { model.coefficients[$0].value }
      guard let root = Cholesky.factor(covariance.submatrix(products)).factor else {
        throw .tooFew(what: "patients for a variance between patients", needed: covariance.rows + 1, found: 0)
      }
      test = TestResult(
        chiSquare: zip(beta, root.solve(beta)).reduce(0) { $0 + $1.0 * $1.1 }, degrees: products.count)
    } else {
      method = .likelihoodRatio
      let reduced = try LogisticModel(
        outcomes: positives, terms: Array(terms.dropLast(products.count)), level: level)
      test = TestResult(
        chiSquare: max(0, 2 * (model.logLikelihood - reduced.logLikelihood)), degrees: products.count)
    }
    if case .numeric = factor, let product = products.first {
      let value = model.coefficients[product].value
      let reach = NormalDistribution.critical(level: level) * covariance[product, product].squareRoot()
      oddsRatio = Estimate(
        value: exp(value), interval: Interval(lower: exp(value - reach), upper: exp(value + reach), level: level))
    } else {
      oddsRatio = nil
    }
  }

  /// Score, the factor's columns, and their products, each a term of one column.
  private static func terms(_ score: [Double], _ factor: Term.Values) throws(StatisticsError) -> [Term] {
    var columns: [(name: String, values: [Double])]
    switch factor {
    case .numeric(let values):
      try Require.sameLength("factor", values.count, as: score.count)
      try Require.finite(values, "factor")
      columns = [("factor", try standardised(values, "factor"))]
    case .categorical(let values, let reference):
      columns = try self.columns(Term("factor", values, reference: reference), as: score.count)
    case .spline(let values, let spline):
      columns = try self.columns(Term("factor", values, spline: spline), as: score.count)
    case .ordered(let values, let levels, let coding):
      columns = try self.columns(Term("factor", values, levels: levels, coding), as: score.count)
    }
    if columns.isEmpty { throw .collinear(column: "factor") }
    var terms = [Term("score", score)]
    for column in columns { terms.append(Term(column.name, column.values)) }
    for column in columns { terms.append(Term("score x " + column.name, zip(score, column.values).map { $0 * $1 })) }
    return terms
  }

  private static func columns(
    _ term: Term, as count: Int
  ) throws(StatisticsError) -> [(name: String, values: [Double])] {
    try Require.sameLength("factor", term.count, as: count)
    let coding = try term.coding()
    let rows = try coding.rows(term)
    return coding.columnNames("factor").enumerated().map { place, name in (name, rows.map { $0[place] }) }
  }

  private static func standardised(_ values: [Double], _ name: String) throws(StatisticsError) -> [Double] {
    let moments = Moments.meanAndDeviation(values)
    guard let deviation = moments.deviation, deviation > 0 else { throw .collinear(column: name) }
    return values.map { ($0 - moments.mean) / deviation }
  }

  /// A⁻¹ (Σ over patients of s sᵀ) A⁻¹, with s the patient's sum of x (y - p).
  private static func sandwich<Cluster: Hashable>(_ model: LogisticModel, _ clusters: [Cluster]) -> Matrix {
    let width = model.coefficients.count
    var place: [Cluster: Int] = [:]
    var sums: [[Double]] = []
    for row in clusters.indices {
      let cluster = place[clusters[row], default: sums.count]
      if cluster == sums.count {
        place[clusters[row]] = cluster
        sums.append([Double](repeating: 0, count: width))
      }
      let residual = (model.outcomes[row] ? 1 : 0) - model.fitted[row]
      for j in 0..<width { sums[cluster][j] += model.design.matrix[row, j] * residual }
    }
    var result = Matrix(rows: width, columns: width)
    for sum in sums {
      let influence = model.covariance.times(sum)
      for i in 0..<width { for j in 0..<width { result[i, j] += influence[i] * influence[j] } }
    }
    return result
  }
}
