/// Multi-reader multi-case analysis of AUC (Obuchowski & Rockette, Commun Stat Simul 1995;24:285, with the degrees of freedom
/// of Hillis, Stat Med 2007;26:596): do treatments (unaided, aided; modalities) differ, and to whom does that generalise?
public struct MultiReaderAnalysis: Sendable {
  /// How error covariances of the AUCs are estimated.
  public enum CovarianceMethod: Sendable { case delong, jackknife }

  /// To whom a result generalises.
  public enum Generalisation: Sendable, CaseIterable {
    case readersAndCases, casesOnly, readersOnly
  }

  public struct OverallTest: Sendable {
    /// F; for `casesOnly` a chi-square.
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
    public let p: Double
  }

  /// The mean AUC of one treatment.
  public struct Single: Sendable {
    public let estimate: Estimate
    public let standardError: Double
    public let degrees: Double
  }

  /// [treatments][readers].
  public let aucs: [[Double]]
  public let meanAUCs: [Double]
  public let meanSquareTreatment: Double
  public let meanSquareReader: Double
  public let meanSquareInteraction: Double
  /// Mean variance; covariance between treatments of a reader (1), between readers in a treatment (2), between both (3).
  public let variance: Double
  public let covariance1: Double
  public let covariance2: Double
  public let covariance3: Double
  public let level: Double

  private let treatmentVariances: [Double]
  private let treatmentCovariances: [Double]

  /// - Parameters:
  ///   - ratings: [treatments][readers][cases]: every reader rates every case under every treatment.
  ///   - positives: truth of each case.
  /// - Throws: `tooFew` under two treatments, readers, or cases of a class; `lengthsDiffer`, `notFinite`, `oneClassOnly`.
  public init(
    ratings: [[[Double]]], positives: [Bool], covariance method: CovarianceMethod = .delong, level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    let (treatments, readers) = (ratings.count, ratings.first?.count ?? 0)
    if treatments < 2 { throw .tooFew(what: "treatments", needed: 2, found: treatments) }
    if readers < 2 { throw .tooFew(what: "readers", needed: 2, found: readers) }
    var curves: [[DeLong]] = []
    for (index, ofTreatment) in ratings.enumerated() {
      try Require.sameLength("readers of treatment \(index + 1)", ofTreatment.count, as: readers)
      var row: [DeLong] = []
      for scores in ofTreatment { row.append(try DeLong(scores: scores, positives: positives)) }
      curves.append(row)
    }
    let aucs = curves.map { $0.map(\.auc) }
    let squares = MeanSquares(aucs)
    self.aucs = aucs
    self.level = level
    meanAUCs = squares.treatmentMeans
    (meanSquareTreatment, meanSquareReader) = (squares.treatment, squares.reader)
    meanSquareInteraction = squares.interaction

    let covariances = ErrorCovariances(curves, method)
    variance = covariances.variance
    covariance1 = covariances.sameReader
    covariance2 = covariances.sameTreatment
    covariance3 = covariances.neither
    treatmentVariances = covariances.treatmentVariances
    treatmentCovariances = covariances.treatmentCovariances
  }

  private var treatments: Double { Double(aucs.count) }
  private var readers: Double { Double(aucs[0].count) }
  private var correlation: Double { max(covariance2 - covariance3, 0) }

  /// Variance of one treatment's mean (times readers) in which treatments differ, and its degrees of freedom.
  private func errorTerm(_ generalisation: Generalisation) -> (value: Double, degrees: Double) {
    let interactionDegrees = (treatments - 1) * (readers - 1)
    switch generalisation {
    case .readersAndCases:
      let value = meanSquareInteraction + readers * correlation
      let ratio = value / meanSquareInteraction
      return (value, meanSquareInteraction > 0 ? ratio * ratio * interactionDegrees : .infinity)
    case .casesOnly:
      return (variance - covariance1 + (readers - 1) * correlation, .infinity)
    case .readersOnly:
      return (meanSquareInteraction, interactionDegrees)
    }
  }

  /// The test that all treatments have the same AUC.
  public func test(_ generalisation: Generalisation) -> OverallTest {
    let error = errorTerm(generalisation)
    let (numerator, ratio) = (treatments - 1, meanSquareTreatment / error.value)
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
        let statistic = value == 0 ? 0 : value / standardError
        let p =
          error.degrees.isInfinite || statistic.isInfinite
          ? NormalDistribution.twoSided(statistic)
          : StudentDistribution.twoSided(statistic, degrees: error.degrees)
        result.append(
          Difference(
            first: first, second: second,
            estimate: Self.estimate(value, standardError, error.degrees, level), standardError: standardError, p: p))
      }
    }
    return result
  }

  /// The mean AUC of one treatment, from its own mean square of readers, variance and covariance. `readersOnly` uses the
  /// spread of its readers alone.
  /// - Parameter treatment: its place in the data; nil is returned for a place that does not exist.
  public func single(_ treatment: Int, _ generalisation: Generalisation) -> Single? {
    guard aucs.indices.contains(treatment) else { return nil }
    let spread = aucs[treatment].reduce(0) { $0 + ($1 - meanAUCs[treatment]) * ($1 - meanAUCs[treatment]) }
    let meanSquare = spread / (readers - 1)
    let covariance = max(treatmentCovariances[treatment], 0)
    let (value, degrees): (Double, Double)
    switch generalisation {
    case .readersAndCases:
      value = meanSquare + readers * covariance
      degrees = meanSquare > 0 ? value * value / (meanSquare * meanSquare / (readers - 1)) : .infinity
    case .casesOnly:
      (value, degrees) = (treatmentVariances[treatment] + (readers - 1) * covariance, .infinity)
    case .readersOnly:
      (value, degrees) = (meanSquare, readers - 1)
    }
    let error = (value / readers).squareRoot()
    return Single(
      estimate: Self.estimate(meanAUCs[treatment], error, degrees, level), standardError: error, degrees: degrees)
  }

  private static func estimate(_ value: Double, _ error: Double, _ degrees: Double, _ level: Double) -> Estimate {
    let critical =
      degrees.isInfinite
      ? NormalDistribution.critical(level: level) : StudentDistribution.critical(level: level, degrees: degrees)
    return Estimate(
      value: value, interval: Interval(lower: value - critical * error, upper: value + critical * error, level: level))
  }
}

/// Mean squares of a treatment by reader table.
private struct MeanSquares {
  let treatmentMeans: [Double]
  let treatment: Double
  let reader: Double
  let interaction: Double

  init(_ table: [[Double]]) {
    let (t, r) = (Double(table.count), Double(table[0].count))
    let rows = table.map { $0.reduce(0, +) / r }
    let columns = table[0].indices.map { j in table.reduce(0) { $0 + $1[j] } / t }
    let grand = rows.reduce(0, +) / t
    treatmentMeans = rows
    treatment = r * rows.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (t - 1)
    reader = t * columns.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (r - 1)
    var squares = 0.0
    for (i, row) in table.enumerated() {
      for (j, value) in row.enumerated() {
        let residual = value - rows[i] - columns[j] + grand
        squares += residual * residual
      }
    }
    interaction = squares / ((t - 1) * (r - 1))
  }
}

/// Variances and covariances of all AUCs over the same cases, averaged by what two AUCs share.
private struct ErrorCovariances {
  let variance: Double
  let sameReader: Double
  let sameTreatment: Double
  let neither: Double
  let treatmentVariances: [Double]
  let treatmentCovariances: [Double]

  init(_ curves: [[DeLong]], _ method: MultiReaderAnalysis.CovarianceMethod) {
    let (t, r) = (curves.count, curves[0].count)
    func covariance(_ a: DeLong, _ b: DeLong) -> Double {
      method == .delong ? a.covariance(with: b) : a.jackknifeCovariance(with: b)
    }
    var (sameReader, neither) = (0.0, 0.0)
    var variances = [Double](repeating: 0, count: t)
    var withinTreatment = variances
    for i in 0..<t {
      for j in 0..<r {
        variances[i] += covariance(curves[i][j], curves[i][j])
        for other in 0..<r where other != j { withinTreatment[i] += covariance(curves[i][j], curves[i][other]) }
        for treatment in 0..<t where treatment != i {
          for reader in 0..<r {
            let value = covariance(curves[i][j], curves[treatment][reader])
            if reader == j { sameReader += value } else { neither += value }
          }
        }
      }
    }
    let (n, m) = (Double(t), Double(r))
    variance = variances.reduce(0, +) / (n * m)
    sameTreatment = withinTreatment.reduce(0, +) / (n * m * (m - 1))
    self.sameReader = sameReader / (n * (n - 1) * m)
    self.neither = neither / (n * (n - 1) * m * (m - 1))
    treatmentVariances = variances.map { $0 / m }
    treatmentCovariances = withinTreatment.map { $0 / (m * (m - 1)) }
  }
}

extension DeLong {
  /// (n - 1)/n times the sum of products of deviations of the AUCs with one case left out from their mean. A left-out case
  /// takes its placement value with it, so that no AUC is counted anew.
  func jackknifeCovariance(with other: DeLong) -> Double {
    let (own, others) = (leaveOneOut, other.leaveOneOut)
    let n = Double(own.count)
    let (ownMean, otherMean) = (own.reduce(0, +) / n, others.reduce(0, +) / n)
    var sum = 0.0
    for row in own.indices { sum += (own[row] - ownMean) * (others[row] - otherMean) }
    return (n - 1) / n * sum
  }

  private var leaveOneOut: [Double] {
    let (m, n) = (Double(positives), Double(negatives))
    return placements.indices.map { row in
      labels[row] ? (m * auc - placements[row]) / (m - 1) : (n * auc - placements[row]) / (n - 1)
    }
  }
}
