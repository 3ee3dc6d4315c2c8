/// Agreement of raters on a number (S1-20): the six intraclass correlations of Shrout & Fleiss (Psychol Bull 1979;86:420) with
/// the intervals of McGraw & Wong (Psychol Methods 1996;1:30). Negative values are not clipped.
public struct IntraclassCorrelation: Sendable {
  public struct Form: Sendable {
    public let estimate: Estimate
    /// F test of a correlation of 0.
    public let f: Double
    public let p: Double
  }

  /// One-way random, single rater: ICC(1,1), and the mean of k raters.
  public let oneWay: Form
  public let oneWayMean: Form
  /// Two-way random, absolute agreement: ICC(2,1), ICC(2,k). The interval of the mean is Spearman-Brown's of the single one.
  public let agreement: Form
  public let agreementMean: Form
  /// Two-way mixed, consistency: ICC(3,1), ICC(3,k).
  public let consistency: Form
  public let consistencyMean: Form
  /// Mean squares of rows (objects), columns (raters), residual, and within rows.
  public let meanSquareRows: Double
  public let meanSquareColumns: Double
  public let meanSquareError: Double
  public let meanSquareWithin: Double
  /// Satterthwaite's degrees of freedom in the interval of ICC(2,1).
  public let agreementDegrees: Double

  /// - Parameter ratings: [objects][raters], complete.
  /// - Throws: `tooFew` under two objects or raters, `lengthsDiffer`, `notFinite`, `outOfRange` when all ratings are equal.
  public init(_ ratings: [[Double]], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let (rows, columns) = (ratings.count, ratings.first?.count ?? 0)
    if rows < 2 { throw .tooFew(what: "objects", needed: 2, found: rows) }
    if columns < 2 { throw .tooFew(what: "raters", needed: 2, found: columns) }
    for (row, values) in ratings.enumerated() {
      try Require.sameLength("ratings of object \(row + 1)", values.count, as: columns)
      try Require.finite(values, "ratings of object \(row + 1)")
    }
    let (n, k) = (Double(rows), Double(columns))
    let rowMeans = ratings.map { $0.reduce(0, +) / k }
    let columnMeans = (0..<columns).map { j in ratings.reduce(0) { $0 + $1[j] } / n }
    let grand = rowMeans.reduce(0, +) / n
    let ssRows = k * rowMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    let ssColumns = n * columnMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    var (ssError, ssWithin) = (0.0, 0.0)
    for i in 0..<rows {
      for j in 0..<columns {
        let residual = ratings[i][j] - rowMeans[i] - columnMeans[j] + grand
        ssError += residual * residual
        ssWithin += (ratings[i][j] - rowMeans[i]) * (ratings[i][j] - rowMeans[i])
      }
    }
    if ssRows + ssWithin <= 0 {
      throw .outOfRange(what: "ratings", row: nil, expected: "at least two different ones", found: "all equal")
    }
    let msr = ssRows / (n - 1)
    let msc = ssColumns / (k - 1)
    let mse = ssError / ((n - 1) * (k - 1))
    let msw = ssWithin / (n * (k - 1))
    (meanSquareRows, meanSquareColumns, meanSquareError, meanSquareWithin) = (msr, msc, mse, msw)

    (oneWay, oneWayMean) = Self.ratio(msr, msw, n - 1, n * (k - 1), k, level)
    (consistency, consistencyMean) = Self.ratio(msr, mse, n - 1, (n - 1) * (k - 1), k, level)

    let rho = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
    let fj = msc / mse
    let part = n * (1 + (k - 1) * rho) - k * rho
    let sum = k * rho * fj + part
    let degrees =
      mse > 0
      ? (k - 1) * (n - 1) * sum * sum / ((n - 1) * k * k * rho * rho * fj * fj + part * part)
      : k - 1  // the limit as the residual vanishes
    agreementDegrees = degrees
    let upperF = FDistribution.quantile((1 + level) / 2, numerator: n - 1, denominator: degrees)
    let lowerF = FDistribution.quantile((1 + level) / 2, numerator: degrees, denominator: n - 1)
    let rest = k * msc + (k * n - k - n) * mse
    let lower = n * (msr - upperF * mse) / (upperF * rest + n * msr)
    let upper = n * (lowerF * msr - mse) / (rest + n * lowerF * msr)
    func mean(_ single: Double) -> Double { single * k / (1 + single * (k - 1)) }
    agreement = Form(
      estimate: Estimate(value: rho, interval: Interval(lower: lower, upper: upper, level: level)),
      f: consistency.f, p: consistency.p)
    agreementMean = Form(
      estimate: Estimate(
        value: (msr - mse) / (msr + (msc - mse) / n),
        interval: Interval(lower: mean(lower), upper: mean(upper), level: level)),
      f: consistency.f, p: consistency.p)
  }

  /// The forms that are a function of one F ratio: single and mean.
  private static func ratio(
    _ between: Double, _ within: Double, _ numerator: Double, _ denominator: Double, _ k: Double, _ level: Double
  ) -> (Form, Form) {
    let f = between / within
    let p = f.isInfinite ? 0 : FDistribution.upperTail(f, numerator: numerator, denominator: denominator)
    let low =
      f / FDistribution.quantile((1 + level) / 2, numerator: numerator, denominator: denominator)
    let high =
      f * FDistribution.quantile((1 + level) / 2, numerator: denominator, denominator: numerator)
    func single(_ f: Double) -> Double { f.isInfinite ? 1 : (f - 1) / (f + k - 1) }
    func mean(_ f: Double) -> Double { 1 - 1 / f }
    return (
      Form(
        estimate: Estimate(
          value: single(f), interval: Interval(lower: single(low), upper: single(high), level: level)), f: f, p: p),
      Form(
        estimate: Estimate(value: mean(f), interval: Interval(lower: mean(low), upper: mean(high), level: level)),
        f: f, p: p)
    )
  }
}
