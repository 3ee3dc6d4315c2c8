/// A table of counts: rows against columns.
public struct ContingencyTable: Sendable, Equatable {
  /// Rows and columns whose total is 0 are left out: they say nothing and would divide by 0.
  public let counts: [[Int]]
  public let rowTotals: [Int]
  public let columnTotals: [Int]
  public let total: Int

  /// - Throws: `lengthsDiffer` for rows of different lengths, `outOfRange` for a negative count, `tooFew` when fewer than two
  ///   rows or columns hold anything.
  public init(_ table: [[Int]]) throws(StatisticsError) {
    let width = table.first?.count ?? 0
    for (row, values) in table.enumerated() {
      try Require.sameLength("table row \(row + 1)", values.count, as: width)
      for value in values where value < 0 || value > 1_000_000_000 {
        throw .outOfRange(what: "count", row: row, expected: "0 to 1 000 000 000", found: "\(value)")
      }
    }
    let rows = table.filter { row in row.contains { $0 > 0 } }
    let columns = (0..<width).filter { column in rows.contains { $0[column] > 0 } }
    if rows.count < 2 { throw .tooFew(what: "rows with a count above 0", needed: 2, found: rows.count) }
    if columns.count < 2 { throw .tooFew(what: "columns with a count above 0", needed: 2, found: columns.count) }
    let counts = rows.map { row in columns.map { row[$0] } }
    self.counts = counts
    rowTotals = counts.map { $0.reduce(0, +) }
    columnTotals = columns.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
    total = rowTotals.reduce(0, +)
  }

  /// Counts two columns of categories against each other, categories in order of their first appearance.
  public init<A: Hashable, B: Hashable>(_ a: [A], _ b: [B]) throws(StatisticsError) {
    try Require.sameLength("second column", b.count, as: a.count)
    var (rows, columns): ([A: Int], [B: Int]) = ([:], [:])
    for value in a where rows[value] == nil { rows[value] = rows.count }
    for value in b where columns[value] == nil { columns[value] = columns.count }
    var table = [[Int]](repeating: [Int](repeating: 0, count: columns.count), count: rows.count)
    for (left, right) in zip(a, b) { table[rows[left, default: 0]][columns[right, default: 0]] += 1 }
    try self.init(table)
  }

  func expected(_ row: Int, _ column: Int) -> Double {
    Double(rowTotals[row]) * Double(columnTotals[column]) / Double(total)
  }

  /// The smallest expected count; under 5 Fisher's test is the usual choice.
  public var minimumExpected: Double {
    Double(rowTotals.min() ?? 0) * Double(columnTotals.min() ?? 0) / Double(total)
  }

  /// Pearson's chi-square test.
  /// - Parameter yates: Yates' correction, min(½, |observed - expected|); has effect in 2 x 2 tables only.
  public func chiSquare(yates: Bool = false) -> TestResult {
    let corrects = yates && rowTotals.count == 2 && columnTotals.count == 2
    var sum = 0.0
    for row in rowTotals.indices {
      for column in columnTotals.indices {
        let expected = expected(row, column)
        let distance = abs(Double(counts[row][column]) - expected)
        let gap = distance - (corrects ? min(0.5, distance) : 0)
        sum += gap * gap / expected
      }
    }
    return TestResult(chiSquare: sum, degrees: (rowTotals.count - 1) * (columnTotals.count - 1))
  }
}
