/// The vote of a group of readers on each case (S1-20).
public struct MajorityVote: Sendable {
  public enum Vote: Sendable, Equatable {
    case positive, negative
    /// As many for as against.
    case tie
    /// Nobody called the case.
    case none
  }

  /// For each case.
  public let votes: [Vote]
  /// Calls for and against, of each case.
  public let counts: [(positive: Int, negative: Int)]
  /// Decided cases only.
  public let matrix: ConfusionMatrix
  /// All called cases, ties taken as positive, and as negative: no rule for ties gives more or less than these.
  public let tiesPositive: ConfusionMatrix
  public let tiesNegative: ConfusionMatrix

  /// - Parameters:
  ///   - calls: [readers][cases]; nil where a reader skipped a case.
  ///   - positives: truth of each case.
  /// - Throws: `empty` without readers, `lengthsDiffer`.
  public init(_ calls: [[Bool?]], positives: [Bool]) throws(StatisticsError) {
    if calls.isEmpty { throw .empty(what: "readers") }
    for (reader, ofReader) in calls.enumerated() {
      try Require.sameLength("calls of reader \(reader + 1)", ofReader.count, as: positives.count)
    }
    counts = positives.indices.map { place in
      (calls.count { $0[place] == true }, calls.count { $0[place] == false })
    }
    votes = counts.map { positive, negative in
      if positive + negative == 0 { return .none }
      return positive == negative ? .tie : positive > negative ? .positive : .negative
    }
    let votes = votes
    func matrix(_ call: (Vote) -> Bool?) throws(StatisticsError) -> ConfusionMatrix {
      let called = votes.indices.filter { call(votes[$0]) != nil }
      return try ConfusionMatrix(
        calls: called.map { call(votes[$0]) ?? false }, positives: called.map { positives[$0] })
    }
    self.matrix = try matrix { $0 == .positive ? true : $0 == .negative ? false : nil }
    tiesPositive = try matrix { $0 == .none ? nil : $0 != .negative }
    tiesNegative = try matrix { $0 == .none ? nil : $0 == .positive }
  }

  /// Places of the tied cases.
  public var ties: [Int] { votes.indices.filter { votes[$0] == .tie } }
}
