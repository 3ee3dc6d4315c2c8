/// McNemar's test: two calls on the same patients, told apart by the pairs that disagree.
public struct McNemar: Sendable, Equatable {
  /// Pairs positive by the first only, and by the second only.
  public let firstOnly: Int
  public let secondOnly: Int
  /// min(1, 2 P(Bin(b + c, ½) <= min(b, c))); 1 without a disagreement.
  public let exactP: Double
  /// (b - c)² / (b + c), one degree of freedom; 0 without a disagreement.
  public let chiSquare: TestResult
  /// (|b - c| - 1)² / (b + c), the numerator not below 0.
  public let chiSquareCorrected: TestResult

  /// - Throws: `outOfRange` for a negative count.
  public init(firstOnly: Int, secondOnly: Int) throws(StatisticsError) {
    for count in [firstOnly, secondOnly] where count < 0 || count > 1_000_000_000 {
      throw .outOfRange(what: "discordant pairs", row: nil, expected: "0 to 1 000 000 000", found: "\(count)")
    }
    self.firstOnly = firstOnly
    self.secondOnly = secondOnly
    let total = firstOnly + secondOnly
    if total == 0 {
      exactP = 1
      chiSquare = TestResult(chiSquare: 0, degrees: 1)
      chiSquareCorrected = chiSquare
      return
    }
    exactP = min(1, 2 * BinomialDistribution.cumulative(min(firstOnly, secondOnly), of: total, probability: 0.5))
    let difference = Double(abs(firstOnly - secondOnly))
    let corrected = max(0, difference - 1)
    chiSquare = TestResult(chiSquare: difference * difference / Double(total), degrees: 1)
    chiSquareCorrected = TestResult(chiSquare: corrected * corrected / Double(total), degrees: 1)
  }

  /// From two calls on the same rows: true is a positive (or, to compare accuracy, a right) call.
  public init(_ first: [Bool], _ second: [Bool]) throws(StatisticsError) {
    try Require.sameLength("second call", second.count, as: first.count)
    var (firstOnly, secondOnly) = (0, 0)
    for (a, b) in zip(first, second) where a != b {
      if a { firstOnly += 1 } else { secondOnly += 1 }
    }
    try self.init(firstOnly: firstOnly, secondOnly: secondOnly)
  }
}
