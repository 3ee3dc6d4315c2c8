/// Why a table could not be read or written. Lines and places count from 1; columns of a line count bytes.
public enum TableError: Error, CustomStringConvertible, Sendable, Equatable {
  case cannotRead(path: String, reason: String)
  case empty(source: String)
  case invalidUTF8(source: String, line: Int, column: Int, isUTF16: Bool)
  case unterminatedQuote(source: String, line: Int, column: Int)
  case strayQuote(source: String, line: Int, column: Int)
  case cellTooLong(source: String, line: Int, bytes: Int)
  case raggedRow(source: String, line: Int, expected: Int, found: Int)
  case unnamedColumn(source: String, place: Int)
  case duplicateColumn(source: String, name: String, first: Int, second: Int)
  case missingColumn(source: String, name: String, columns: [String])
  case notANumber(source: String, line: Int, column: String, found: String)
  /// The table was good and its file could not be written.
  case output(OutputError)

  public var description: String {
    switch self {
    case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
    case .empty(let source): "\(source): the table is empty, expected a header line"
    case .invalidUTF8(let source, let line, let column, let isUTF16):
      "\(source):\(line):\(column): not UTF-8"
        + (isUTF16 ? "; the file is UTF-16, save it as UTF-8" : "; save the table as UTF-8")
    case .unterminatedQuote(let source, let line, let column):
      "\(source):\(line):\(column): this quote is never closed"
    case .strayQuote(let source, let line, let column):
      "\(source):\(line):\(column): a quote inside a cell; quote the whole cell and double the quote"
    case .cellTooLong(let source, let line, let bytes):
      "\(source):\(line): a cell of \(bytes) bytes; is a quote missing?"
    case .raggedRow(let source, let line, let expected, let found):
      "\(source):\(line): expected \(expected) cells as in the header, found \(found)"
    case .unnamedColumn(let source, let place): "\(source):1: column \(place) has no name"
    case .duplicateColumn(let source, let name, let first, let second):
      "\(source):1: columns \(first) and \(second) are both called \"\(name)\""
    case .missingColumn(let source, let name, let columns):
      "\(source): no column \"\(name)\"; there are: \(columns.joined(separator: ", "))"
    case .notANumber(let source, let line, let column, let found):
      "\(source):\(line): column \"\(column)\": expected a number, found \"\(found)\""
    case .output(let error): error.description
    }
  }
}
