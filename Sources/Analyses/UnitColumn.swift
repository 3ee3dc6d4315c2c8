import Foundation
import Tables

/// A column of a table with one value a unit: a patient's age from the rows of its images.
struct UnitColumn {
  let name: String
  /// Trimmed; nil where every row of the unit has none.
  let values: [String?]
  /// Row of the table each value came from.
  let rows: [Int]
  /// Number of units whose rows differ, of which the first value was taken, and the line of the first such.
  let differing: (count: Int, line: Int)?

  /// Words that stand for a missing value, in lower case.
  static let missingWords: Set<String> = ["", "na", "n/a", "nan", "null"]

  /// - members: rows of the table that make each unit.
  /// Errors: a column the table does not have.
  init(_ table: Table, _ name: String, members: [[Int]]) throws(AnalysisError) {
    let cells = try asAnalysisError(table.source) { try table.column(name) }
    var (values, rows, differing): ([String?], [Int], [Int]) = ([], [], [])
    for unit in members {
      var found: (value: String, row: Int)?
      for row in unit {
        let value = cells[row].trimmingCharacters(in: .whitespaces)
        if Self.missingWords.contains(value.lowercased()) { continue }
        if let found, found.value != value {
          differing.append(row)
          break
        }
        found = found ?? (value, row)
      }
      values.append(found?.value)
      rows.append(found?.row ?? unit.first ?? 0)
    }
    (self.name, self.values, self.rows) = (name, values, rows)
    self.differing = differing.first.map { (differing.count, table.line(ofRow: $0)) }
  }

  /// Values as numbers; nil where missing.
  /// Errors: the line of a value that is no finite number.
  func numbers(in table: Table) throws(AnalysisError) -> [Double?] {
    var numbers: [Double?] = []
    for (value, row) in zip(values, rows) {
      guard let value else {
        numbers.append(nil)
        continue
      }
      guard let number = Double(value), number.isFinite else {
        throw .input(
          source: "\(table.source):\(table.line(ofRow: row))",
          reason: "column \(name): expected a number or nothing, found \"\(value)\"")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// What to say of values that differ within a unit; nil where none do.
  func note(unit: String) -> String? {
    differing.map {
      "\(name): values differ within \($0.count) \(unit)\($0.count == 1 ? "" : "s") (first at line \($0.line)); the first value "
        + "of each was taken"
    }
  }

  /// Numbers by size, words by the alphabet.
  static func ordered(_ levels: Set<String>) -> [String] {
    levels.sorted { a, b in
      if let x = Double(a), let y = Double(b), x != y { x < y } else { a < b }
    }
  }
}
