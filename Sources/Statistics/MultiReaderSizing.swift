/// Power of a multi-reader study of two treatments that is yet to be done, from the variance components of a pilot or from
/// conjectured ones (Hillis, Obuchowski & Berbaum, Acad Radiol 2011;18:129): error variances shrink as cases grow, the
/// treatment-by-reader variance stays.
public struct MultiReaderSizing: Sendable {
  /// Treatment-by-reader variance of the figure, without error; 0 or more.
  public let treatmentByReader: Double
  /// Error variance of one figure and the three covariances, at `cases` cases.
  public let variance: Double
  public let covariance1: Double
  public let covariance2: Double
  public let covariance3: Double
  public let cases: Double

  /// - Parameter cases: of the pilot. Its share of positives, and its clusters, are taken to stay as they are.
  /// - Throws: `outOfRange` where readers were nested in treatments, which says nothing of their interaction.
  public init(pilot: MultiReaderAnalysis, cases: Int) throws(StatisticsError) {
    guard pilot.design == .crossed else {
      throw .outOfRange(
        what: "design of the pilot", row: nil, expected: "readers under every treatment", found: "nested readers")
    }
    let shared = max(pilot.covariance2 - pilot.covariance3, 0)
    try self.init(
      treatmentByReader: max(0, pilot.meanSquareInteraction - pilot.variance + pilot.covariance1 + shared),
      variance: pilot.variance, covariance1: pilot.covariance1, covariance2: pilot.covariance2,
      covariance3: pilot.covariance3, cases: Double(cases))
  }

  /// Conjectured: an error variance and the correlations of two figures that share the reader (1), the treatment (2) or
  /// neither (3).
  /// - Throws: `outOfRange`, `notFinite`.
  public init(
    treatmentByReader: Double, variance: Double, correlations: (Double, Double, Double), cases: Double
  ) throws(StatisticsError) {
    for (number, value) in [correlations.0, correlations.1, correlations.2].enumerated() where !(abs(value) <= 1) {
      throw .outOfRange(what: "correlation \(number + 1)", row: nil, expected: "-1 to 1", found: "\(value)")
    }
    try self.init(
      treatmentByReader: treatmentByReader, variance: variance, covariance1: correlations.0 * variance,
      covariance2: correlations.1 * variance, covariance3: correlations.2 * variance, cases: cases)
  }

  private init(
    treatmentByReader: Double, variance: Double, covariance1: Double, covariance2: Double, covariance3: Double,
    cases: Double
  ) throws(StatisticsError) {
    try Require.finite([treatmentByReader, variance, covariance1, covariance2, covariance3], "variance component")
    if treatmentByReader < 0 {
      throw .outOfRange(
        what: "treatment-by-reader variance", row: nil, expected: "0 or more", found: "\(treatmentByReader)")
    }
    if variance <= 0 {
      throw .outOfRange(what: "error variance", row: nil, expected: "above 0", found: "\(variance)")
    }
    if !(cases >= 1) { throw .outOfRange(what: "cases", row: nil, expected: "1 or more", found: "\(cases)") }
    (self.treatmentByReader, self.variance, self.cases) = (treatmentByReader, variance, cases)
    (self.covariance1, self.covariance2, self.covariance3) = (covariance1, covariance2, covariance3)
  }

  /// Power of the two-sided test of a true difference.
  /// - Parameters:
  ///   - difference: of the two treatments' mean figures.
  ///   - readers: 2 or more.
  ///   - cases: with the pilot's share of positives.
  /// - Throws: `tooFew`, `outOfRange`.
  public func power(
    difference: Double, readers: Int, cases: Int, _ generalisation: MultiReaderAnalysis.Generalisation,
    alpha: Double = 0.05
  ) throws(StatisticsError) -> Double {
    try Sizing.check(alpha: alpha)
    if readers < 2 { throw .tooFew(what: "readers", needed: 2, found: readers) }
    if cases < 1 { throw .tooFew(what: "cases", needed: 1, found: cases) }
    try Require.finite([difference], "difference")
    let (r, scale) = (Double(readers), self.cases / Double(cases))
    let shared = scale * max(covariance2 - covariance3, 0)
    let ownError = max(0, scale * (variance - covariance1) - shared)
    let interaction = treatmentByReader + ownError
    let (error, degrees): (Double, Double)
    switch generalisation {
    case .readersAndCases:
      error = interaction + r * shared
      degrees = interaction > 0 ? error * error / (interaction * interaction / (r - 1)) : .infinity
    case .casesOnly: (error, degrees) = (ownError + r * shared, .infinity)
    case .readersOnly: (error, degrees) = (interaction, r - 1)
    }
    if error <= 0 { return difference == 0 ? alpha : 1 }
    let noncentrality = r * difference * difference / 2 / error
    // A distribution of so many degrees is a chi-square to all digits.
    if degrees > 1e7 {
      let critical = ChiSquareDistribution.quantile(1 - alpha, degrees: 1)
      return ChiSquareDistribution.upperTail(critical, degrees: 1, noncentrality: noncentrality)
    }
    let critical = FDistribution.quantile(1 - alpha, numerator: 1, denominator: degrees)
    return FDistribution.upperTail(critical, numerator: 1, denominator: degrees, noncentrality: noncentrality)
  }

  /// The fewest cases that reach a power with so many readers; nil where none do, since the readers' variance stays.
  public func cases(
    power wanted: Double, difference: Double, readers: Int, _ generalisation: MultiReaderAnalysis.Generalisation,
    alpha: Double = 0.05
  ) throws(StatisticsError) -> Int? {
    try Sizing.check(power: wanted)
    return try Sizing.smallest(from: 2) { (cases: Int) throws(StatisticsError) in
      try power(difference: difference, readers: readers, cases: cases, generalisation, alpha: alpha) >= wanted
    }
  }
}

/// What sample size calculations share.
enum Sizing {
  static let most = 10_000_000

  static func check(alpha: Double) throws(StatisticsError) {
    if !(alpha > 0 && alpha < 1) {
      throw .outOfRange(what: "alpha", row: nil, expected: "a number between 0 and 1", found: "\(alpha)")
    }
  }

  static func check(power: Double) throws(StatisticsError) {
    if !(power > 0 && power < 1) {
      throw .outOfRange(what: "power", row: nil, expected: "a number between 0 and 1", found: "\(power)")
    }
  }

  static func check(share: Double, _ what: String) throws(StatisticsError) {
    if !(share > 0 && share < 1) {
      throw .outOfRange(what: what, row: nil, expected: "a number between 0 and 1", found: "\(share)")
    }
  }

  /// The design effect of clusters of a mean size with an intraclass correlation: 1 + (size - 1) correlation.
  static func check(designEffect: Double) throws(StatisticsError) {
    if !(designEffect >= 1 && designEffect.isFinite) {
      throw .outOfRange(what: "design effect", row: nil, expected: "1 or more", found: "\(designEffect)")
    }
  }

  /// A number of rows, rounded up but for rounding errors.
  static func whole(_ number: Double, _ what: String) throws(StatisticsError) -> Int {
    guard number <= Double(most) else {
      throw .tooLarge(what: what, limit: "\(most)", found: "\(number)")
    }
    return max(1, Int((number - 1e-9 * number).rounded(.up)))
  }

  /// The smallest number that suffices, where larger ones do too; nil above ten million.
  static func smallest(
    from start: Int, _ suffices: (Int) throws(StatisticsError) -> Bool
  ) throws(StatisticsError) -> Int? {
    var (low, high) = (start - 1, start)
    while try !suffices(high) {
      if high >= most { return nil }
      (low, high) = (high, min(most, high * 2))
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
