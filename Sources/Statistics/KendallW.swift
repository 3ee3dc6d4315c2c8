/// Kendall's coefficient of concordance of several raters' rankings, corrected for ties.
public struct KendallW: Sendable, Equatable {
  public let w: Double
  /// k (n - 1) W with n - 1 degrees of freedom.
  public let test: TestResult

  /// - Parameter ratings: [objects][raters].
  /// - Throws: `tooFew` under two objects or raters, `lengthsDiffer`, `notFinite`, `outOfRange` when every rater ties all.
  public init(_ ratings: [[Double]]) throws(StatisticsError) {
    let (rows, columns) = (ratings.count, ratings.first?.count ?? 0)
    if rows < 2 { throw .tooFew(what: "objects", needed: 2, found: rows) }
    if columns < 2 { throw .tooFew(what: "raters", needed: 2, found: columns) }
    for (row, values) in ratings.enumerated() {
      try Require.sameLength("ratings of object \(row + 1)", values.count, as: columns)
    }
    var rankSums = [Double](repeating: 0, count: rows)
    var tieSum = 0.0
    for column in 0..<columns {
      let entries = try RankedScores(ratings.map { $0[column] }).entries
      var start = 0
      while start < rows {
        var end = start
        while end < rows, entries[end].key == entries[start].key { end += 1 }
        for entry in entries[start..<end] { rankSums[entry.row] += Double(start + end + 1) / 2 }
        let ties = Double(end - start)
        tieSum += ties * ties * ties - ties
        start = end
      }
    }
    let (n, k) = (Double(rows), Double(columns))
    let mean = k * (n + 1) / 2
    let squares = rankSums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let scale = k * k * (n * n * n - n) - k * tieSum
    if scale <= 0 {
      throw .outOfRange(what: "ratings", row: nil, expected: "a rater who tells objects apart", found: "all tied")
    }
    w = 12 * squares / scale
    test = TestResult(chiSquare: k * (n - 1) * w, degrees: rows - 1)
  }
}
