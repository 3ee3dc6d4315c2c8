// Tables: CSV files read and written strictly, JSON of no fixed form, and the one way files reach their final name. Imports
// only Foundation; knows nothing of ultrasound. Every stage's tables (cohort table, predictions.csv, split.csv) pass through
// here.

public import Foundation

/// A CSV table (RFC 4180) held as its bytes and the place of each cell; strings are made when a column is asked for.
///
/// Read are UTF-8 with or without byte order mark, CRLF, LF and CR line ends, quoted cells, and as delimiter the comma or,
/// where the header holds more of them, the semicolon or the tab. Column names are trimmed of spaces; cells are kept as
/// written. Blank lines are skipped.
public struct Table: Sendable {
  /// Column names in file order; unique, none empty.
  public let columns: [String]
  /// Rows below the header.
  public let rowCount: Int
  /// What messages call this table: its path, or a name given by the caller.
  public let source: String

  let bytes: [UInt8]
  let cells: [Cell]
  let lines: [UInt32]
  private let indexOfColumn: [String: Int]

  /// Reads a file. Errors: `cannotRead`, and those of ``init(csv:source:)-(_,String)``.
  public init(contentsOf file: URL) throws(TableError) {
    let bytes: [UInt8]
    do {
      bytes = [UInt8](try Data(contentsOf: file))
    } catch {
      throw .cannotRead(path: file.path, reason: Self.reason(of: file))
    }
    try self.init(csv: bytes, source: file.path)
  }

  /// Reads CSV bytes. Errors name `source`, line and column: no header, invalid UTF-8, an unterminated or stray quote, a row
  /// with more or fewer cells than the header, a column without a name or with one that another column has.
  public init(csv bytes: [UInt8], source: String) throws(TableError) {
    try UTF8Check.check(bytes, source: source)
    var scanner = Scanner(source: source)
    try scanner.scan(bytes)
    let columns = scanner.header.map { cell in
      cell.string(in: bytes).trimmingCharacters(in: .whitespaces)
    }
    self.indexOfColumn = try Self.index(columns, source: source)
    (self.columns, self.rowCount, self.source) = (columns, scanner.lines.count, source)
    (self.bytes, self.cells, self.lines) = (bytes, scanner.cells, scanner.lines)
  }

  /// Reads CSV text; see ``init(csv:source:)-([UInt8],_)``.
  public init(csv text: String, source: String) throws(TableError) {
    try self.init(csv: Array(text.utf8), source: source)
  }

  /// A table of rows in memory. Errors: a row of another length than `columns`, an empty or a repeated column name.
  public init(columns: [String], rows: [[String]], source: String) throws(TableError) {
    var bytes: [UInt8] = []
    var cells: [Cell] = []
    cells.reserveCapacity(rows.count * columns.count)
    for (row, values) in rows.enumerated() {
      guard values.count == columns.count else {
        throw .raggedRow(source: source, line: row + 2, expected: columns.count, found: values.count)
      }
      for value in values {
        let start = bytes.count
        bytes.append(contentsOf: value.utf8)
        cells.append(Cell(start: start, length: bytes.count - start, escaped: false))
      }
    }
    self.indexOfColumn = try Self.index(columns, source: source)
    (self.columns, self.rowCount, self.source) = (columns, rows.count, source)
    (self.bytes, self.cells, self.lines) = (bytes, cells, (0..<rows.count).map { UInt32($0 + 2) })
  }

  /// The table with only some of its rows, in their order; lines in messages stay those of the file.
  public func keeping(rows: [Int]) -> Table { Table(self, rows: rows.filter { (0..<rowCount).contains($0) }) }

  private init(_ other: Table, rows: [Int]) {
    let width = other.columns.count
    (columns, source, bytes, indexOfColumn) = (other.columns, other.source, other.bytes, other.indexOfColumn)
    rowCount = rows.count
    cells = rows.flatMap { other.cells[($0 * width)..<(($0 + 1) * width)] }
    lines = rows.map { other.lines[$0] }
  }

  /// Whether there is a column of this name.
  public func has(_ name: String) -> Bool { indexOfColumn[name] != nil }

  /// The cells of a column, top to bottom. Error: `missingColumn`, which lists the columns there are.
  public func column(_ name: String) throws(TableError) -> [String] {
    let column = try index(of: name)
    let width = columns.count
    return bytes.withUnsafeBufferPointer { buffer in
      (0..<rowCount).map { cells[$0 * width + column].string(in: buffer) }
    }
  }

  /// The cells of a column as finite numbers. Errors: `missingColumn`; `notANumber`, naming line and column.
  public func numbers(_ name: String) throws(TableError) -> [Double] {
    let text = try column(name)
    var numbers: [Double] = []
    numbers.reserveCapacity(text.count)
    for (row, cell) in text.enumerated() {
      guard let number = Double(cell), number.isFinite else {
        throw .notANumber(source: source, line: line(ofRow: row), column: name, found: cell)
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The line of the file (counted from 1) on which a row starts, for messages. Row numbers count from 0 below the header.
  public func line(ofRow row: Int) -> Int {
    lines.indices.contains(row) ? Int(lines[row]) : row + 2
  }

  private func index(of name: String) throws(TableError) -> Int {
    guard let column = indexOfColumn[name] else {
      throw .missingColumn(source: source, name: name, columns: columns)
    }
    return column
  }

  private static func index(_ columns: [String], source: String) throws(TableError) -> [String: Int] {
    var index: [String: Int] = [:]
    for (place, name) in columns.enumerated() {
      guard !name.isEmpty else { throw .unnamedColumn(source: source, place: place + 1) }
      if let first = index.updateValue(place, forKey: name) {
        throw .duplicateColumn(source: source, name: name, first: first + 1, second: place + 1)
      }
    }
    return index
  }

  private static func reason(of file: URL) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else { return "no such file" }
    return isFolder.boolValue ? "it is a folder" : "it cannot be opened"
  }
}
