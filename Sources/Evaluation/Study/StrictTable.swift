import Foundation
import Tables

/// A side table of a study, read cell by cell; what is wrong is said with file, line and column.
struct StrictTable: Sendable {
  let table: Table

  init(_ file: URL) throws(EvaluationError) {
    do {
      table = try Table(contentsOf: file)
    } catch {
      throw .unreadable("\(error)")
    }
    try requireRows()
  }

  init(_ table: Table) throws(EvaluationError) {
    self.table = table
    try requireRows()
  }

  var source: String { table.source }
  var rows: Range<Int> { 0..<table.rowCount }
  var columns: [String] { table.columns }

  /// The line of the file on which a row starts.
  func line(_ row: Int) -> Int { table.line(ofRow: row) }

  func has(_ name: String) -> Bool { table.has(name) }

  /// The cells of a column without spaces around them. Error: no such column, naming those there are.
  func cells(_ name: String) throws(EvaluationError) -> [String] {
    do {
      return try table.column(name).map { $0.trimmingCharacters(in: .whitespaces) }
    } catch {
      throw .unreadable("\(error)")
    }
  }

  /// nil where there is no such column.
  func optional(_ name: String) throws(EvaluationError) -> [String]? { has(name) ? try cells(name) : nil }

  /// The cells of a column none of which may be empty.
  func keys(_ name: String) throws(EvaluationError) -> [String] {
    let cells = try cells(name)
    for row in rows where cells[row].isEmpty { throw wrong(row, name, expected: "a name", found: "") }
    return cells
  }

  /// Yes or no, in the words tables use.
  func flag(_ cell: String, row: Int, column: String) throws(EvaluationError) -> Bool {
    guard let flag = ClinicalVariable.flag(cell) else {
      throw wrong(row, column, expected: "yes or no", found: cell)
    }
    return flag
  }

  /// 0 or 1, benign or malignant.
  func label(_ cell: String, row: Int, column: String) throws(EvaluationError) -> Bool {
    switch cell.lowercased() {
    case "1", "malignant": return true
    case "0", "benign": return false
    default: throw wrong(row, column, expected: "0 or 1 (benign or malignant)", found: cell)
    }
  }

  /// A finite number in a range.
  func number(
    _ cell: String, in range: ClosedRange<Double>, row: Int, column: String, expected: String
  ) throws(EvaluationError) -> Double {
    guard let number = Double(cell), range.contains(number) else {
      throw wrong(row, column, expected: expected, found: cell)
    }
    return number
  }

  /// A whole number from 0.
  func count(_ cell: String, row: Int, column: String) throws(EvaluationError) -> Int {
    guard let count = Int(cell), count >= 0, count <= 1_000_000_000 else {
      throw wrong(row, column, expected: "a whole number from 0", found: cell)
    }
    return count
  }

  func wrong(_ row: Int, _ column: String, expected: String, found: String) -> EvaluationError {
    .cell(source: source, line: line(row), column: column, expected: expected, found: found)
  }

  /// What is wrong with a row as a whole.
  func wrong(_ row: Int, _ reason: String) -> EvaluationError {
    .unreadable("\(source):\(line(row)): \(reason)")
  }

  private func requireRows() throws(EvaluationError) {
    guard table.rowCount > 0 else { throw .unreadable("\(source): no rows below the header") }
  }
}

/// A lesion of a study: what its tables are joined by.
struct LesionKey: Hashable, Sendable, CustomStringConvertible {
  var patient: String
  var lesion: String

  var description: String { patient == lesion ? lesion : "\(lesion) of \(patient)" }
}
