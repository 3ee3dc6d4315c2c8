/// Agreement of several raters on categories, chance from the pooled margins (Fleiss, Psychol Bull 1971;76:378).
public struct FleissKappa: Sendable {
  public let kappa: Double
  /// Mean observed and expected agreement.
  public let observedAgreement: Double
  public let expectedAgreement: Double
  /// Under kappa 0 (Fleiss, Nee & Landis, Psychol Bull 1979;86:974); for the test, not for intervals.
  public let nullStandardError: Double
  public let test: TestResult

  /// - Parameter counts: [objects][categories], how many raters chose each; the same number of raters for every object.
  /// - Throws: `empty`, `lengthsDiffer`, `outOfRange`, `tooFew` for one rater or one category in use.
  public init(counts: [[Int]]) throws(StatisticsError) {
    guard let width = counts.first?.count else { throw .empty(what: "objects") }
    let raters = counts[0].reduce(0, +)
    if raters < 2 { throw .tooFew(what: "raters", needed: 2, found: raters) }
    var totals = [Double](repeating: 0, count: width)
    var agreement = 0.0
    let m = Double(raters)
    for (row, object) in counts.enumerated() {
      try Require.sameLength("categories of object \(row + 1)", object.count, as: width)
      for count in object where count < 0 {
        throw .outOfRange(what: "count", row: row, expected: "0 or more", found: "\(count)")
      }
      try Require.sameLength("ratings of object \(row + 1)", object.reduce(0, +), as: raters)
      for (category, count) in object.enumerated() {
        totals[category] += Double(count)
        agreement += Double(count) * Double(count - 1) / (m * (m - 1))
      }
    }
    let n = Double(counts.count)
    let shares = totals.map { $0 / (n * m) }
    let used = shares.count { $0 > 0 }
    if used < 2 { throw .tooFew(what: "categories", needed: 2, found: used) }
    observedAgreement = agreement / n
    expectedAgreement = shares.reduce(0) { $0 + $1 * $1 }
    kappa = (observedAgreement - expectedAgreement) / (1 - expectedAgreement)
    let spread = shares.reduce(0) { $0 + $1 * (1 - $1) }
    let skew = shares.reduce(0) { $0 + $1 * (1 - $1) * (1 - 2 * $1) }
    nullStandardError = (2 / (n * m * (m - 1)) * (spread * spread - skew)).squareRoot() / spread
    test = TestResult(z: kappa / nullStandardError)
  }

  /// - Parameter ratings: [objects][raters].
  public init<Category: Hashable>(ratings: [[Category]]) throws(StatisticsError) {
    var categories: [Category: Int] = [:]
    for object in ratings {
      for rating in object where categories[rating] == nil { categories[rating] = categories.count }
    }
    try self.init(
      counts: ratings.map { object in
        var counts = [Int](repeating: 0, count: categories.count)
        for rating in object { counts[categories[rating] ?? 0] += 1 }
        return counts
      })
  }
}
