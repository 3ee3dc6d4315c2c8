/// A model against readers of the same cases.
///
/// `mean` asks whether the model differs from the mean of the readers' population: the model is fixed, readers and cases are
/// random. Each reader's figure less the model's is a one-treatment Obuchowski-Rockette study whose mean is tested against 0
/// (Chakraborty, Observer Performance Methods for Diagnostic Imaging, 2017, chapter 22; Hillis' degrees of freedom).
/// `rank` asks only where the model's single value lies among the readers' (S2-23): the exact Mann-Whitney test of one value
/// against many. It takes the cases as all there are, and cannot go below 2/(readers + 1).
public struct ModelAgainstReaders: Sendable {
  public let figure: FigureOfMerit
  public let model: Double
  /// Error variance of the model's figure.
  public let modelVariance: Double
  public let readers: [Double]
  public let meanReader: Double
  /// Mean of the readers less the model.
  public let difference: Estimate
  public let standardError: Double
  public let degrees: Double
  public let p: Double
  /// The same for these readers only; cases vary.
  public let fixedReaders: Estimate
  public let fixedReadersP: Double
  /// Readers below, equal to and above the model.
  public let below: Int
  public let equal: Int
  public let above: Int
  /// Two-sided, ties counted against the model's being extreme.
  public let rankP: Double

  /// - Parameters:
  ///   - ratings: [readers][cases], nil where a reader skipped a case.
  ///   - model: its score, or for shares of right calls its call (0 or 1), of each case; nil where it has none.
  /// - Throws: what `ReaderFigures` throws; `tooFew` under two readers.
  public init(
    _ figure: FigureOfMerit, ratings: [[Double?]], model: [Double?], positives: [Bool], clusters: [Int]? = nil,
    covariance method: MultiReaderAnalysis.CovarianceMethod = .jackknife, level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    let figures = try ReaderFigures(
      figure, ratings: [ratings + [model]], positives: positives, clusters: clusters, covariance: method)
    let last = figures.cells.count - 1
    if figures.cells[last].reader != ratings.count { throw .empty(what: "scores of the model") }
    if last < 2 { throw .tooFew(what: "readers", needed: 2, found: last) }
    let (model, variance) = (figures.cells[last].value, figures.covariances[last, last])
    let values = figures.cells[..<last].map(\.value)
    func covariance(_ a: Int, _ b: Int) -> Double {
      figures.covariances[a, b] - figures.covariances[a, last] - figures.covariances[b, last] + variance
    }
    var (own, shared) = (0.0, 0.0)
    for a in 0..<last {
      own += covariance(a, a)
      for b in 0..<last where b != a { shared += covariance(a, b) }
    }
    let r = Double(last)
    let mean = ReaderMean(
      values: values.map { $0 - model }, variance: own / r, covariance: shared / (r * (r - 1)))
    let (error, degrees) = mean.error(.readersAndCases)
    let fixedError = mean.error(.casesOnly).standardError
    self.figure = figure
    (self.model, modelVariance, readers, meanReader) = (model, variance, values, values.reduce(0, +) / r)
    difference = MultiReaderAnalysis.estimate(mean.value, error, degrees, level)
    (standardError, self.degrees) = (error, degrees)
    p = MultiReaderAnalysis.p(mean.value, error, degrees)
    fixedReaders = MultiReaderAnalysis.estimate(mean.value, fixedError, .infinity, level)
    fixedReadersP = MultiReaderAnalysis.p(mean.value, fixedError, .infinity)
    below = values.count { $0 < model }
    above = values.count { $0 > model }
    equal = last - below - above
    rankP = min(1, 2 * Double(equal + min(below, above) + 1) / (r + 1))
  }
}
