/// Terms made into a matrix with an intercept.
struct Design: Sendable {
  let names: [String]
  let matrix: Matrix
  let codings: [TermCoding]
  private let terms: [String]
  private let ranges: [Range<Int>]

  init(terms: [Term], outcomes: [Bool]) throws(StatisticsError) {
    var names = ["(Intercept)"]
    var columns = [[Double](repeating: 1, count: outcomes.count)]
    var codings: [TermCoding] = []
    var ranges: [Range<Int>] = []
    for term in terms {
      try Require.sameLength(term.name, term.count, as: outcomes.count)
      let coding = try term.coding()
      let own = coding.columnNames(term.name)
      if own.isEmpty { throw .collinear(column: term.name) }
      ranges.append(columns.count..<columns.count + own.count)
      names += own
      columns += Self.columns(try coding.rows(term), count: own.count)
      codings.append(coding)
    }
    let positives = outcomes.count { $0 }
    if positives == 0 || positives == outcomes.count {
      throw .oneClassOnly(positives: positives, negatives: outcomes.count - positives)
    }
    self.names = names
    self.terms = terms.map(\.name)
    self.codings = codings
    self.ranges = ranges
    matrix = Matrix(columns: columns, rows: outcomes.count)
  }

  /// Columns already made, an intercept among them; of no terms.
  init(matrix: Matrix) {
    names = (0..<matrix.columns).map { "\($0 + 1)" }
    (self.matrix, codings, terms, ranges) = (matrix, [], [], [])
  }

  private static func columns(_ rows: [[Double]], count: Int) -> [[Double]] {
    (0..<count).map { column in rows.map { $0[column] } }
  }

  /// The maximum-likelihood fit; what stops it is told apart into separation, with its kind, and collinear columns.
  func fit(_ outcomes: [Bool]) throws(StatisticsError) -> LogisticFit {
    do {
      return try LogisticFit(design: matrix, outcomes: outcomes, names: names)
    } catch {
      if case .collinear = error { throw error }
      if let kind = Separation.kind(design: matrix, outcomes: outcomes) { throw .separated(kind: kind.rawValue) }
      throw error
    }
  }

  func columns(of term: String) throws(StatisticsError) -> [Int] {
    guard let index = terms.firstIndex(of: term) else {
      throw .outOfRange(
        what: "term", row: nil, expected: "one of \(terms.joined(separator: ", "))", found: term)
    }
    return Array(ranges[index])
  }

  func columns(of terms: [String]) throws(StatisticsError) -> [Int] {
    var columns: [Int] = []
    for term in terms { columns += try self.columns(of: term) }
    return columns
  }

  func matrix(for rows: [Term]) throws(StatisticsError) -> Matrix {
    let count = rows.first?.count ?? 0
    var columns = [[Double](repeating: 1, count: count)]
    for (place, (name, coding)) in zip(terms, codings).enumerated() {
      guard let given = rows.first(where: { $0.name == name }) else {
        throw .outOfRange(what: "terms", row: nil, expected: name, found: rows.map(\.name).joined(separator: ", "))
      }
      try Require.sameLength(name, given.count, as: count)
      columns += Self.columns(try coding.rows(given), count: ranges[place].count)
    }
    return Matrix(columns: columns, rows: count)
  }
}
