import Foundation
import Tables

/// Columns of a table with a row a reading.
struct LongTable {
  let table: Table

  init(_ table: Table) { self.table = table }

  /// Distinct keys, numbers by size and words by the alphabet, and each row's place among them.
  struct Places {
    let names: [String]
    let place: [Int]

    init(_ cells: [String]) {
      let names = Set(cells).sorted { a, b in
        if let x = Double(a), let y = Double(b), x != y { x < y } else { a < b }
      }
      let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      self.names = names
      place = cells.map { places[$0] ?? 0 }
    }
  }

  func cells(_ name: String) throws(AnalysisError) -> [String] {
    try asAnalysisError(table.source) { try table.column(name) }
  }

  /// Error: an empty cell.
  func places(_ name: String) throws(AnalysisError) -> Places {
    let cells = try cells(name)
    if let row = cells.firstIndex(of: "") { throw wrong(row, "column \(name) is empty") }
    return Places(cells)
  }

  /// Cells as written, nil for a missing one.
  func present(_ name: String) throws(AnalysisError) -> [String?] {
    try cells(name).map { Self.isMissing($0) ? nil : $0 }
  }

  private static func isMissing(_ cell: String) -> Bool { cell.isEmpty || ["na", "nan"].contains(cell.lowercased()) }

  /// Finite numbers, nil for a missing cell.
  func numbers(_ name: String) throws(AnalysisError) -> [Double?] {
    var numbers: [Double?] = []
    for (row, cell) in try cells(name).enumerated() {
      if Self.isMissing(cell) {
        numbers.append(nil)
      } else if let number = Double(cell), number.isFinite {
        numbers.append(number)
      } else {
        throw wrong(row, "column \(name): expected a number, or nothing where the case was skipped, found \"\(cell)\"")
      }
    }
    return numbers
  }

  /// Calls, nil for a missing cell.
  func flags(_ name: String) throws(AnalysisError) -> [Bool?] {
    let cells = try cells(name)
    let present = cells.indices.filter { !Self.isMissing(cells[$0]) }
    let flags = try ScoredRows.flags(table.keeping(rows: present), name)
    var result = [Bool?](repeating: nil, count: cells.count)
    for (row, flag) in zip(present, flags) { result[row] = flag }
    return result
  }

  /// The one value that each key has in all its rows, nil where it has none. Error: a key with two.
  func constant<Value: Equatable>(
    _ values: [Value?], of keys: Places, _ name: String, _ what: String
  ) throws(AnalysisError) -> [Value?] {
    var result = [Value?](repeating: nil, count: keys.names.count)
    for (row, value) in values.enumerated() {
      guard let value else { continue }
      let key = keys.place[row]
      if let known = result[key], known != value {
        throw wrong(row, "\(what) \(keys.names[key]) has another \(name) than in an earlier row")
      }
      result[key] = value
    }
    return result
  }

  private func wrong(_ row: Int, _ reason: String) -> AnalysisError {
    .input(source: "\(table.source):\(table.line(ofRow: row))", reason: reason)
  }
}
