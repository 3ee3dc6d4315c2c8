import Statistics
import Tables

/// Outcome and variables of a model, read from a table's columns; gaps are kept as such.
struct ModelRows {
  private(set) var outcomes: [Bool]
  /// The patient of each row; nil where no clusters are asked for.
  private(set) var clusters: [String]?
  private let source: String
  private let columns: [(variable: ModelAnalyses.Variable, values: Values)]

  private enum Values {
    case numbers([Double?])
    case words([String?])

    func has(_ row: Int) -> Bool {
      switch self {
      case .numbers(let values): values[row] != nil
      case .words(let values): values[row] != nil
      }
    }
  }

  /// Words that stand for a missing value, in lower case.
  static let missingWords: Set<String> = ["", "na", "n/a", "nan", "null"]

  /// Errors name line and column: a text where a number is expected, a level that ordered levels do not name.
  init(
    _ table: Table, label: String, positive: String?, variables: [ModelAnalyses.Variable], cluster: String?
  ) throws(AnalysisError) {
    if variables.isEmpty { throw .input(source: table.source, reason: "no variable is named") }
    if table.rowCount == 0 { throw .input(source: table.source, reason: "no rows") }
    var columns: [(ModelAnalyses.Variable, Values)] = []
    for variable in variables { columns.append((variable, try Self.values(table, variable))) }
    outcomes = try ScoredRows.flags(table, label, positive: positive)
    self.columns = columns
    source = table.source
    if let cluster {
      let keys = try asAnalysisError(table.source) { try table.column(cluster) }
      clusters = keys.enumerated().map { $1.isEmpty ? "row \($0 + 1)" : $1 }
    }
  }

  private static func values(_ table: Table, _ variable: ModelAnalyses.Variable) throws(AnalysisError) -> Values {
    let cells = try asAnalysisError(table.source) { try table.column(variable.column) }
    let known = cells.map { missingWords.contains($0.lowercased()) ? nil : $0 }
    func fail(_ row: Int, _ expected: String) -> AnalysisError {
      .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason: "column \(variable.column): expected \(expected), found \"\(cells[row])\"")
    }
    switch variable.form {
    case .factor: return .words(known)
    case .ordered(let levels, _):
      for (row, cell) in known.enumerated() {
        if let cell, !levels.contains(cell) { throw fail(row, "one of \(levels.joined(separator: ", "))") }
      }
      return .words(known)
    case .number, .spline:
      var numbers: [Double?] = []
      for (row, cell) in known.enumerated() {
        guard let cell else {
          numbers.append(nil)
          continue
        }
        guard let number = Double(cell), number.isFinite else {
          throw fail(row, "a number (a category is named with its reference level, \(variable.column):LEVEL)")
        }
        numbers.append(number)
      }
      return .numbers(numbers)
    }
  }

  /// Variables with their gaps, of all rows or some.
  private func terms(rows: [Int]) throws(AnalysisError) -> [IncompleteTerm] {
    try asAnalysisError(source) {
      try columns.map { variable, values in
        switch (variable.form, values) {
        case (.spline(let knots), .numbers(let numbers)):
          let chosen = rows.map { numbers[$0] }
          do {
            let spline = try RestrictedCubicSpline(values: chosen.compactMap(\.self), knots: knots)
            return IncompleteTerm(variable.column, .numbers(chosen, spline: spline))
          } catch {
            throw AnalysisError.input(source: "\(source): column \(variable.column)", reason: "\(error)")
          }
        case (_, .numbers(let numbers)):
          return IncompleteTerm(variable.column, .numbers(rows.map { numbers[$0] }, spline: nil))
        case (.ordered(let levels, let coding), .words(let words)):
          return IncompleteTerm(variable.column, .ordered(rows.map { words[$0] }, levels: levels, coding))
        case (.factor(let reference), .words(let words)):
          return IncompleteTerm(variable.column, .factor(rows.map { words[$0] }, reference: reference))
        case (_, .words(let words)):
          return IncompleteTerm(variable.column, .factor(rows.map { words[$0] }, reference: ""))
        }
      }
    }
  }

  /// Where splines bend.
  private func knots(_ terms: [IncompleteTerm]) -> [String] {
    zip(columns, terms).compactMap { column, term in
      guard case .spline(let wanted) = column.variable.form, case .numbers(_, let spline?) = term.values else {
        return nil
      }
      let places = spline.knots.map { Printed.plain($0) }.joined(separator: ", ")
      return "\(term.name): restricted cubic spline with knots at \(places)"
        + (spline.knots.count < wanted ? " (\(wanted) asked for; its values are too few or tied)" : "")
    }
  }

  /// The factors of one data set, or of each imputed one.
  /// - notes: gets what was done with rows that lack a value.
  mutating func factors(
    _ missing: ModelAnalyses.Missing, _ options: MultipleImputation.Options, notes: inout [String]
  ) throws(AnalysisError) -> [[Factor]] {
    let all = Array(outcomes.indices)
    let complete = all.filter { row in columns.allSatisfy { $0.values.has(row) } }
    if complete.count == all.count || missing == .complete {
      if complete.isEmpty { throw .input(source: source, reason: "every row has an empty cell") }
      if complete.count < all.count {
        notes.append("\(all.count - complete.count) of \(all.count) rows with an empty cell were left out")
      }
      let terms = try terms(rows: complete)
      notes += knots(terms)
      outcomes = complete.map { outcomes[$0] }
      clusters = clusters.map { clusters in complete.map { clusters[$0] } }
      return [
        try asAnalysisError(source) {
          try terms.map { Factor(try $0.term(rows: Array(complete.indices))) }
        }
      ]
    }
    let terms = try terms(rows: all)
    notes += knots(terms)
    let gaps = terms.filter { !$0.missingRows.isEmpty }.map { "\($0.name) \($0.missingRows.count)" }
    let counts = gaps.joined(separator: ", ") + " of \(all.count) rows"
    return try asAnalysisError(source) {
      if missing == .level {
        notes.append("missing values are a level of their own: " + counts)
        return [try terms.map { try Factor(missingAsLevel: $0) }]
      }
      notes.append(
        "missing values were imputed \(options.imputations) times by chained equations with the outcome among the "
          + "predictors: \(counts); estimates are pooled by Rubin's rules, which holds if what is missing depends only on "
          + "what is known")
      return try MultipleImputation(outcomes: outcomes, terms: terms, options: options).completed.map { set in
        set.map { Factor($0) }
      }
    }
  }
}
