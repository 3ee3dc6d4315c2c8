/// Multi-reader multi-case analysis of a figure of merit (Obuchowski & Rockette, Commun Stat Simul 1995;24:285, with the
/// degrees of freedom of Hillis, Stat Med 2007;26:596): do treatments (unaided, aided; modalities) differ, and to whom does
/// that generalise?
///
/// Readers may be crossed with treatments or nested in them (each under one treatment), and need not share their cases (Hillis,
/// Stat Med 2014;33:330; Obuchowski, Gallas & Hillis, Acad Radiol 2012;19:1508): cases nested in readers, in groups of readers
/// (split plot) or in treatments, or simply skipped. A mean square is a quadratic form of the figures, so its expectation
/// holds the error covariances only by their averages over the pairs that share a reader (1), a treatment (2) or neither (3);
/// pairs without common cases enter with 0. The same F and degrees of freedom therefore serve all these designs.
public struct MultiReaderAnalysis: Sendable {
  /// How error covariances of the AUCs are estimated. The jackknife is the default: with it the analysis equals that of
  /// Dorfman, Berbaum & Metz on pseudovalues with Hillis' degrees of freedom, which the published programs print, and it
  /// serves clusters and every figure of merit.
  public enum CovarianceMethod: String, Sendable, CaseIterable { case delong, jackknife }

  /// To whom a result generalises.
  public enum Generalisation: Sendable, CaseIterable {
    case readersAndCases, casesOnly, readersOnly
  }

  public enum Design: String, Sendable {
    /// Every reader under every treatment.
    case crossed
    /// Every reader under one treatment only.
    case readersNestedInTreatments
  }

  public struct OverallTest: Sendable {
    /// F; for `casesOnly` a chi-square. NaN where the error it is measured by is 0.
    public let statistic: Double
    public let numeratorDegrees: Double
    /// Infinite for `casesOnly`.
    public let denominatorDegrees: Double
    public let p: Double
  }

  public struct Difference: Sendable {
    /// Treatments by their place in the data; the difference is first minus second.
    public let first: Int
    public let second: Int
    public let estimate: Estimate
    public let standardError: Double
    /// NaN, and the estimate without interval, where the standard error is 0.
    public let p: Double
  }

  /// The mean figure of one treatment.
  public struct Single: Sendable {
    public let estimate: Estimate
    public let standardError: Double
    public let degrees: Double
  }

  public let design: Design
  /// The figures by treatment, of its readers in their order.
  public let aucs: [[Double]]
  public let meanAUCs: [Double]
  public let meanSquareTreatment: Double
  /// Nil where readers are nested: they cannot be told from their treatment.
  public let meanSquareReader: Double?
  /// Treatment by reader; of readers within treatments where they are nested.
  public let meanSquareInteraction: Double
  /// Mean variance; covariance between treatments of a reader (1), between readers in a treatment (2), between both (3).
  public let variance: Double
  public let covariance1: Double
  public let covariance2: Double
  public let covariance3: Double
  public let level: Double

  /// Readers a treatment; the harmonic mean where treatments have different numbers of nested readers.
  private let readers: Double
  private let interactionDegrees: Double
  private let treatmentVariances: [Double]
  private let treatmentCovariances: [Double]

  /// - Parameters:
  ///   - ratings: [treatments][readers][cases]: every reader rates every case under every treatment.
  ///   - positives: truth of each case.
  /// - Throws: `tooFew` under two treatments, readers, or cases of a class; `lengthsDiffer`, `notFinite`, `oneClassOnly`.
  public init(
    ratings: [[[Double]]], positives: [Bool], covariance method: CovarianceMethod = .jackknife, level: Double = 0.95
  ) throws(StatisticsError) {
    try Self.requireNumbers(treatments: ratings.count, readers: ratings.first?.count ?? 0)
    try self.init(
      ReaderFigures(ratings: ratings.map { $0.map { $0.map { $0 } } }, positives: positives, covariance: method),
      level: level)
  }

  /// - Throws: `tooFew` under two treatments or two readers a treatment; `outOfRange` for a reader under some treatments but
  ///   neither all nor only one.
  public init(_ figures: ReaderFigures, level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let design = try Self.design(of: figures)
    let places = (0..<figures.treatments).map { treatment in
      figures.cells.indices.filter { figures.cells[$0].treatment == treatment }
    }
    for (treatment, cells) in places.enumerated() where cells.count < 2 {
      throw .tooFew(what: "readers of treatment \(treatment + 1)", needed: 2, found: cells.count)
    }
    let aucs = places.map { $0.map { figures.cells[$0].value } }
    let squares = design == .crossed ? MeanSquares(crossed: aucs) : MeanSquares(nested: aucs)
    self.design = design
    self.aucs = aucs
    self.level = level
    meanAUCs = squares.treatmentMeans
    (meanSquareTreatment, meanSquareReader) = (squares.treatment, squares.reader)
    (meanSquareInteraction, interactionDegrees) = (squares.interaction, squares.interactionDegrees)
    readers = squares.readers

    let averages = ErrorCovariances(figures, places)
    variance = averages.variance
    covariance1 = averages.sameReader
    covariance2 = averages.sameTreatment
    covariance3 = averages.neither
    treatmentVariances = averages.treatmentVariances
    treatmentCovariances = averages.treatmentCovariances
  }

  private static func requireNumbers(treatments: Int, readers: Int) throws(StatisticsError) {
    if treatments < 2 { throw .tooFew(what: "treatments", needed: 2, found: treatments) }
    if readers < 2 { throw .tooFew(what: "readers", needed: 2, found: readers) }
  }

  private static func design(of figures: ReaderFigures) throws(StatisticsError) -> Design {
    try requireNumbers(treatments: figures.treatments, readers: figures.readers)
    var counts = [Int](repeating: 0, count: figures.readers)
    for cell in figures.cells { counts[cell.reader] += 1 }
    if counts.allSatisfy({ $0 == figures.treatments }) { return .crossed }
    if counts.allSatisfy({ $0 == 1 }) { return .readersNestedInTreatments }
    let reader = counts.firstIndex { $0 != figures.treatments } ?? 0
    throw .outOfRange(
      what: "treatments of reader \(reader + 1)", row: nil,
      expected: "all \(figures.treatments) for every reader, or one for every reader", found: "\(counts[reader])")
  }

  private var treatments: Double { Double(aucs.count) }
  private var correlation: Double { max(covariance2 - covariance3, 0) }

  /// Expected mean square of treatments under the hypothesis, and its degrees of freedom.
  private func errorTerm(_ generalisation: Generalisation) -> (value: Double, degrees: Double) {
    switch generalisation {
    case .readersAndCases:
      let value = meanSquareInteraction + readers * correlation
      let ratio = value / meanSquareInteraction
      return (value, meanSquareInteraction > 0 ? ratio * ratio * interactionDegrees : .infinity)
    case .casesOnly:
      // Nested readers share nothing across treatments but cases.
      let ownError = design == .crossed ? variance - covariance1 - correlation : variance - covariance2
      return (ownError + readers * correlation, .infinity)
    case .readersOnly:
      return (meanSquareInteraction, interactionDegrees)
    }
  }

  /// The test that all treatments have the same figure.
  public func test(_ generalisation: Generalisation) -> OverallTest {
    let error = errorTerm(generalisation)
    let numerator = treatments - 1
    let ratio = error.value > 0 ? meanSquareTreatment / error.value : .nan
    if generalisation == .casesOnly {
      let chiSquare = ratio * numerator
      return OverallTest(
        statistic: chiSquare, numeratorDegrees: numerator, denominatorDegrees: .infinity,
        p: ChiSquareDistribution.upperTail(chiSquare, degrees: numerator))
    }
    let p =
      error.degrees.isInfinite
      ? ChiSquareDistribution.upperTail(ratio * numerator, degrees: numerator)
      : FDistribution.upperTail(ratio, numerator: numerator, denominator: error.degrees)
    return OverallTest(
      statistic: ratio, numeratorDegrees: numerator, denominatorDegrees: error.degrees, p: p)
  }

  /// Every pair of treatments.
  public func differences(_ generalisation: Generalisation) -> [Difference] {
    let error = errorTerm(generalisation)
    let standardError = (2 / readers * max(0, error.value)).squareRoot()
    var result: [Difference] = []
    for first in aucs.indices {
      for second in aucs.indices.dropFirst(first + 1) {
        let value = meanAUCs[first] - meanAUCs[second]
        result.append(
          Difference(
            first: first, second: second,
            estimate: Self.estimate(value, standardError, error.degrees, level), standardError: standardError,
            p: Self.p(value, standardError, error.degrees)))
      }
    }
    return result
  }

  /// The mean figure of one treatment, from its own mean square of readers, variance and covariance. `readersOnly` uses the
  /// spread of its readers alone.
  /// - Parameter treatment: its place in the data; nil is returned for a place that does not exist.
  public func single(_ treatment: Int, _ generalisation: Generalisation) -> Single? {
    guard aucs.indices.contains(treatment) else { return nil }
    let mean = ReaderMean(
      values: aucs[treatment], variance: treatmentVariances[treatment], covariance: treatmentCovariances[treatment])
    let (error, degrees) = mean.error(generalisation)
    return Single(
      estimate: Self.estimate(mean.value, error, degrees, level), standardError: error, degrees: degrees)
  }

  /// Without an interval where there is no error to make one of.
  static func estimate(_ value: Double, _ error: Double, _ degrees: Double, _ level: Double) -> Estimate {
    if error == 0 { return Estimate(value: value) }
    let critical =
      degrees.isInfinite
      ? NormalDistribution.critical(level: level) : StudentDistribution.critical(level: level, degrees: degrees)
    return Estimate(
      value: value, interval: Interval(lower: value - critical * error, upper: value + critical * error, level: level))
  }

  /// Two-sided, of a difference of 0; NaN without error.
  static func p(_ value: Double, _ error: Double, _ degrees: Double) -> Double {
    if error == 0 { return .nan }
    return degrees.isInfinite
      ? NormalDistribution.twoSided(value / error) : StudentDistribution.twoSided(value / error, degrees: degrees)
  }
}
