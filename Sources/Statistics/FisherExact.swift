import Foundation

extension ContingencyTable {
  /// Most cells Fisher's test fills before it gives up: well under a second in a release build.
  static let fisherLimit = 5_000_000

  /// Fisher's exact test, two-sided: the sum over all tables with these margins of P(table) <= P(observed)(1 + 1e-7).
  /// - Throws: `tooLarge` when the margins allow more tables than can be walked through (larger than 2 x 2 only); Pearson's
  ///   test is then the usual choice.
  public func fisher() throws(StatisticsError) -> Double { try fisher(limit: Self.fisherLimit) }

  func fisher(limit: Int) throws(StatisticsError) -> Double {
    if total > Self.fisherLimit {
      throw .tooLarge(what: "Fisher's exact test", limit: "a total of \(Self.fisherLimit)", found: "\(total)")
    }
    var walk = FisherWalk(self, limit: limit)
    walk.visit(column: 0, free: rowTotals, logProbability: 0)
    if walk.visited > limit {
      throw .tooLarge(
        what: "Fisher's exact test", limit: "\(limit) steps over the tables with these margins",
        found: "more")
    }
    return min(1, walk.sum)
  }

  /// Sample odds ratio of a 2 x 2 table, ad / bc: may be 0 or infinite; nil for other sizes.
  public var oddsRatio: Double? {
    guard counts.count == 2, columnTotals.count == 2 else { return nil }
    return Double(counts[0][0]) * Double(counts[1][1]) / (Double(counts[0][1]) * Double(counts[1][0]))
  }

  /// Conditional maximum-likelihood odds ratio of a 2 x 2 table, the one R's fisher.test reports: the odds ratio at which the
  /// noncentral hypergeometric mean equals the observed count; nil for other sizes.
  public var conditionalOddsRatio: Double? {
    guard counts.count == 2, columnTotals.count == 2 else { return nil }
    let low = max(0, columnTotals[0] - rowTotals[1])
    let high = min(rowTotals[0], columnTotals[0])
    let observed = counts[0][0]
    if observed == low { return 0 }
    if observed == high { return .infinity }
    let weights = (low...high).map { k in
      -logFactorial(k) - logFactorial(rowTotals[0] - k) - logFactorial(columnTotals[0] - k)
        - logFactorial(rowTotals[1] - columnTotals[0] + k)
    }
    func mean(_ logOdds: Double) -> Double {
      let terms = weights.enumerated().map { $0.element + logOdds * Double(low + $0.offset) }
      let largest = terms.max() ?? 0
      var (sum, total) = (0.0, 0.0)
      for (offset, term) in terms.enumerated() {
        let weight = exp(term - largest)
        sum += weight * Double(low + offset)
        total += weight
      }
      return sum / total
    }
    var (left, right) = (-50.0, 50.0)
    for _ in 0..<200 {
      let middle = (left + right) / 2
      if mean(middle) < Double(observed) { left = middle } else { right = middle }
    }
    return exp((left + right) / 2)
  }
}

/// All tables with given margins, column by column; within a column row by row.
private struct FisherWalk {
  let columnTotals: [Int]
  let logFactorials: [Double]
  /// log of (product of margin factorials / total!).
  let constant: Double
  let threshold: Double
  let limit: Int
  var sum = 0.0
  var visited = 0

  init(_ table: ContingencyTable, limit: Int) {
    self.limit = limit
    // The widest column last: it is determined by the others.
    columnTotals = table.columnTotals.sorted()
    var logs = [0.0]
    for k in 1...max(1, table.total) { logs.append(logs[k - 1] + log(Double(k))) }
    logFactorials = logs
    constant =
      table.rowTotals.reduce(0) { $0 + logs[$1] } + table.columnTotals.reduce(0) { $0 + logs[$1] } - logs[table.total]
    let observed = constant - table.counts.joined().reduce(0) { $0 + logs[$1] }
    threshold = observed + log1p(1e-7)
  }

  /// `free`: what each row still has to give; `logProbability`: minus the log factorials of the cells so far.
  mutating func visit(column: Int, free: [Int], logProbability: Double) {
    if column == columnTotals.count - 1 {
      var value = constant + logProbability
      for cell in free { value -= logFactorials[cell] }
      if value <= threshold { sum += exp(value) }
      return
    }
    var rest = free
    fill(column: column, row: 0, left: columnTotals[column], free: &rest, logProbability: logProbability)
  }

  private mutating func fill(column: Int, row: Int, left: Int, free: inout [Int], logProbability: Double) {
    visited += 1
    if visited > limit { return }
    if row == free.count - 1 {
      if left > free[row] { return }
      free[row] -= left
      visit(column: column + 1, free: free, logProbability: logProbability - logFactorials[left])
      free[row] += left
      return
    }
    for cell in 0...min(left, free[row]) where visited <= limit {
      free[row] -= cell
      fill(
        column: column, row: row + 1, left: left - cell, free: &free,
        logProbability: logProbability - logFactorials[cell])
      free[row] += cell
    }
  }
}
