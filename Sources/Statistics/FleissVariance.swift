/// Fleiss' kappa where readers may have skipped objects, with its large-sample variance (Gwet, Educ Psychol Meas 2021;81:781).
/// An object of one rating adds to the shares of the categories but to no agreement. Without gaps kappa is `FleissKappa`'s.
public struct FleissVariance: Sendable {
  public let kappa: Double
  public let observedAgreement: Double
  public let expectedAgreement: Double
  /// Objects with a rating, and with two or more.
  public let objects: Int
  public let objectsCompared: Int
  public let standardError: Double
  /// By Student's t with one degree less than objects; the upper end not above 1.
  public let interval: Interval

  /// - Parameter ratings: [objects][raters], nil for a gap. Objects without a rating are left out.
  /// - Throws: `tooFew` under two objects, without an object of two ratings, or with one category in use.
  public init<Category: Hashable & Comparable>(ratings: [[Category?]], level: Double = 0.95) throws(StatisticsError) {
    try Require.level(level)
    let rated = ratings.map { $0.compactMap { $0 } }.filter { !$0.isEmpty }
    if rated.count < 2 { throw .tooFew(what: "objects with a rating", needed: 2, found: rated.count) }
    let names = Set(rated.joined()).sorted()
    if names.count < 2 { throw .tooFew(what: "categories", needed: 2, found: names.count) }
    let compared = rated.count { $0.count > 1 }
    if compared == 0 { throw .tooFew(what: "objects with two or more ratings", needed: 1, found: 0) }
    let place = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let n = Double(rated.count)
    let shares = rated.map { object in
      var counts = [Double](repeating: 0, count: names.count)
      for rating in object { counts[place[rating] ?? 0] += 1 }
      return counts.map { $0 / Double(object.count) }
    }
    let pooled = names.indices.map { k in shares.reduce(0) { $0 + $1[k] } / n }
    let agreements = zip(rated, shares).map { object, shares -> Double? in
      let m = Double(object.count)
      return m < 2 ? nil : shares.reduce(0) { $0 + $1 * (m * $1 - 1) } / (m - 1)
    }
    let po = agreements.reduce(0) { $0 + ($1 ?? 0) } / Double(compared)
    let pe = pooled.reduce(0) { $0 + $1 * $1 }
    let kappa = (po - pe) / (1 - pe)
    var squares = 0.0
    for (agreement, share) in zip(agreements, shares) {
      let own = agreement.map { n / Double(compared) * ($0 - pe) / (1 - pe) } ?? 0
      let chance = zip(share, pooled).reduce(0) { $0 + $1.0 * $1.1 }
      let term = own - 2 * (1 - kappa) * (chance - pe) / (1 - pe) - kappa
      squares += term * term
    }
    self.kappa = kappa
    (observedAgreement, expectedAgreement) = (po, pe)
    (objects, objectsCompared) = (rated.count, compared)
    standardError = (squares / (n * (n - 1))).squareRoot()
    let reach = StudentDistribution.critical(level: level, degrees: n - 1) * standardError
    interval = Interval(lower: kappa - reach, upper: min(1, kappa + reach), level: level)
  }
}
