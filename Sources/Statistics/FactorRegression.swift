import Foundation

/// The logistic regression of a study's factors: maximum likelihood, or Firth's penalty where the classes are separated, with
/// a joint test for each factor (S2-15).
public struct FactorRegression: Sendable {
  public enum Method: String, Sendable, Codable {
    case maximumLikelihood = "maximum likelihood"
    case firth = "Firth"
  }

  /// A column of the model.
  public struct Row: Sendable {
    public let name: String
    /// The log odds ratio.
    public let value: Double
    public let standardError: Double
    /// Two-sided: Wald's; of the penalised likelihood ratio with Firth's method; of t where data sets are pooled.
    public let p: Double
    /// With the Wald interval; of t where data sets are pooled.
    public let oddsRatio: Estimate
    /// Profile likelihood interval of the odds ratio; nil where not asked for, with clusters and in pooled data sets.
    public let profile: Interval?
    /// Rubin's pooling; nil for a single data set.
    public let pooling: RubinPooling?
  }

  /// Joint tests of all columns of a factor. A nil one does not exist for the method.
  public struct FactorTest: Sendable {
    public let factor: String
    public let columns: Int
    /// Chi-square; F where data sets are pooled: t² of a single column, else Li, Raghunathan & Rubin's D1.
    public let wald: TestResult?
    /// Penalised with Firth's method.
    public let likelihoodRatio: TestResult?
    /// Of a spline: is it more than a line?
    public let nonlinearity: TestResult?
    public let nonlinearityLikelihoodRatio: TestResult?

    /// What selection goes by: Wald's, or the penalised likelihood ratio's with Firth's method.
    public var p: Double { wald?.p ?? likelihoodRatio?.p ?? .nan }
  }

  public let method: Method
  /// Why Firth's method was taken; nil where the classes overlap.
  public let separation: Separation?
  /// The intercept, then the factors' columns.
  public let rows: [Row]
  public let tests: [FactorTest]
  public let formula: PredictionFormula
  /// Nil for pooled data sets.
  public let logLikelihood: Double?
  public let aic: Double?
  /// Of the rows it was fitted on; over pooled data sets the mean.
  public let auc: Double
  /// Rows, and positives among them.
  public let count: Int
  public let events: Int
  /// Number of clusters the standard errors account for; nil without.
  public let clusters: Int?

  /// Of the coefficients; where data sets are pooled the total one.
  let covariance: Matrix
  /// Each factor's columns in the model, and those of them that bend a spline.
  let columns: [[Int]]
  let bends: [[Int]]

  /// Covariance of the formula's coefficients: the intercept, then those of each term in order.
  public var formulaCovariance: [[Double]] {
    let order = [0] + columns.joined()
    return order.map { row in order.map { covariance[row, $0] } }
  }

  /// - Parameters:
  ///   - clusters: the patient of each row, for standard errors that allow for rows that are not independent
  ///     (``LogisticModel/clustered(by:level:)``); Firth's method has none and leaves them out.
  ///   - profiles: whether profile intervals are wanted, which take the most time.
  ///   - method: Firth's even where the classes overlap; by default the data decide.
  /// - Throws: `tooFew` with no more rows than coefficients, and what `LogisticModel` throws but `separated`.
  public init(
    outcomes: [Bool], factors: [Factor], clusters: [String]? = nil, profiles: Bool = true, method: Method? = nil,
    level: Double = 0.95
  ) throws(StatisticsError) {
    let terms = factors.flatMap(\.terms)
    let width = try Self.requireEnough(outcomes.count, factors)
    var model: LogisticModel?
    var separation: Separation?
    if method != .firth {
      do throws(StatisticsError) {
        model = try LogisticModel(outcomes: outcomes, terms: terms, level: level)
      } catch .separated(let kind) {
        separation = Separation(rawValue: kind) ?? .quasi
      }
    }
    (count, events, self.separation) = (outcomes.count, outcomes.count { $0 }, separation)
    if var model {
      let independent = model
      if let clusters { model = try model.clustered(by: clusters, level: level) }
      self.method = .maximumLikelihood
      self.clusters = clusters.map { Set($0).count }
      (logLikelihood, aic, covariance) = (model.logLikelihood, model.aic, model.covariance)
      auc = try ROCCurve(scores: model.fitted, positives: outcomes).auc
      let intervals = profiles && clusters == nil ? try Self.profiles(of: independent, level: level) : nil
      let rows = model.coefficients.enumerated().map { Row($1, p: $1.p, profile: intervals?[$0]) }
      self.rows = rows
      (columns, bends, formula) = try Self.layout(factors, model.design, rows.map(\.value))
      tests = try Self.tests(of: model, factors, bends, clustered: clusters != nil)
    } else {
      let firth = try FirthModel(outcomes: outcomes, terms: terms, level: level)
      self.method = .firth
      (self.clusters, logLikelihood, covariance) = (nil, firth.penalizedLogLikelihood, firth.covariance)
      aic = 2 * Double(width) - 2 * firth.penalizedLogLikelihood
      let values = firth.coefficients.map(\.value)
      auc = try ROCCurve(scores: firth.design.matrix.times(values), positives: outcomes).auc
      var rows: [Row] = []
      for (place, each) in firth.coefficients.enumerated() {
        rows.append(
          Row(
            each, p: try firth.likelihoodRatioTest(holding: [place]).p,
            profile: profiles ? try firth.profileInterval(each.name, level: level) : nil))
      }
      self.rows = rows
      (columns, bends, formula) = try Self.layout(factors, firth.design, values)
      tests = try Self.tests(of: firth, factors, columns, bends)
    }
  }

  /// The regressions of imputed data sets as one by Rubin's rules; see ``RubinPooling``. Where one is separated all are
  /// fitted by Firth's method.
  /// - Parameter sets: the factors of each completed data set, as ``MultipleImputation`` gives them.
  /// - Throws: what the single regressions throw; `tooFew` under two sets.
  public init(
    outcomes: [Bool], imputed sets: [[Factor]], clusters: [String]? = nil, level: Double = 0.95
  ) throws(StatisticsError) {
    func fit(_ method: Method?) throws(StatisticsError) -> [FactorRegression] {
      var fits: [FactorRegression] = []
      for set in sets {
        fits.append(
          try FactorRegression(
            outcomes: outcomes, factors: set, clusters: clusters, profiles: false, method: method, level: level))
      }
      return fits
    }
    var fits = try fit(nil)
    let separated = fits.compactMap(\.separation).first
    if separated != nil { fits = try fit(.firth) }
    guard let first = fits.first else { throw .tooFew(what: "imputed data sets", needed: 2, found: 0) }
    let degrees = Double((first.clusters ?? outcomes.count) - (first.clusters == nil ? first.rows.count : 1))
    var rows: [Row] = []
    for place in first.rows.indices {
      let pooled = try RubinPooling(
        estimates: fits.map { $0.rows[place].value }, variances: fits.map { $0.covariance[place, place] },
        completeDegrees: degrees)
      rows.append(Row(first.rows[place].name, pooled, level: level))
    }
    var tests: [FactorTest] = []
    for (place, test) in first.tests.enumerated() {
      func joint(_ columns: [Int]) throws(StatisticsError) -> TestResult {
        try RubinPooling.jointTest(
          fits.map { fit in columns.map { fit.rows[$0].value } }, fits.map { $0.covariance.submatrix(columns) },
          test.factor)
      }
      let own = first.columns[place]
      let bends = first.bends[place]
      tests.append(
        FactorTest(
          factor: test.factor, columns: own.count,
          wald: own.count == 1 ? rows[own[0]].pooling?.squaredTest : try joint(own), likelihoodRatio: nil,
          nonlinearity: bends.isEmpty ? nil : try joint(bends), nonlinearityLikelihoodRatio: nil))
    }
    (self.rows, self.tests, method, separation) = (rows, tests, first.method, separated)
    (logLikelihood, aic) = (nil, nil)
    auc = fits.reduce(0) { $0 + $1.auc } / Double(fits.count)
    (count, events, self.clusters) = (first.count, first.events, first.clusters)
    covariance = RubinPooling.total(fits.map { $0.rows.map(\.value) }, fits.map(\.covariance))
    (columns, bends) = (first.columns, first.bends)
    var formula = first.formula
    formula.intercept = rows[0].value
    for place in formula.terms.indices {
      formula.terms[place].coefficients = first.columns[place].map { rows[$0].value }
    }
    self.formula = formula
  }
}
