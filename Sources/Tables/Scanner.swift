/// Place of a cell's text in the bytes of its table, packed into one word: 39 bits of start, 24 of length, and whether doubled
/// quotes are still to be halved. A table of a million rows holds millions of these.
struct Cell: Sendable {
  private let word: UInt64

  /// Cells are shorter than this many bytes (16 MiB); tables shorter than 2^39 bytes.
  static let maximumLength = 1 << 24

  init(start: Int, length: Int, escaped: Bool) {
    word = UInt64(start) << 25 | UInt64(length) << 1 | (escaped ? 1 : 0)
  }

  var start: Int { Int(word >> 25) }
  var length: Int { Int((word >> 1) & 0xFF_FFFF) }
  var escaped: Bool { word & 1 == 1 }

  func string(in bytes: [UInt8]) -> String {
    bytes.withUnsafeBufferPointer { string(in: $0) }
  }

  func string(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    let text = UnsafeBufferPointer(rebasing: bytes[start..<start + length])
    guard escaped else { return String(decoding: text, as: UTF8.self) }
    var halved: [UInt8] = []
    halved.reserveCapacity(length)
    var place = 0
    while place < text.count {
      halved.append(text[place])
      place += text[place] == Byte.quote ? 2 : 1
    }
    return String(decoding: halved, as: UTF8.self)
  }
}

enum Byte {
  static let quote = UInt8(ascii: "\"")
  static let comma = UInt8(ascii: ",")
  static let semicolon = UInt8(ascii: ";")
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
}

/// One pass over the bytes of a CSV table: finds header, cells and line numbers (RFC 4180, section 2).
struct Scanner {
  let source: String
  private(set) var header: [Cell] = []
  private(set) var cells: [Cell] = []
  private(set) var lines: [UInt32] = []

  private var position = 0
  private var line = 1
  private var lineStart = 0
  private var delimiter = Byte.comma

  init(source: String) { self.source = source }

  mutating func scan(_ bytes: [UInt8]) throws(TableError) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (position, lineStart) = (3, 3) }
    delimiter = Self.delimiter(ofHeader: bytes[position...])
    cells.reserveCapacity(bytes.count / 8)
    // The typed error passes through a closure that the standard library declares generic over it.
    try bytes.withUnsafeBufferPointer { (buffer) throws(TableError) in
      try scan(buffer)
    }
  }

  private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
    while skipBlankLines(bytes) {
      let (row, first) = (line, cells.count)
      try scanRow(bytes)
      if header.isEmpty {
        header = cells
        cells.removeAll(keepingCapacity: true)
      } else {
        guard cells.count - first == header.count else {
          throw .raggedRow(source: source, line: row, expected: header.count, found: cells.count - first)
        }
        lines.append(UInt32(clamping: row))
      }
    }
    guard !header.isEmpty else { throw .empty(source: source) }
  }

  /// False at the end of the bytes.
  private mutating func skipBlankLines(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    while position < bytes.count {
      guard bytes[position] == Byte.lineFeed || bytes[position] == Byte.carriageReturn else { return true }
      endLine(bytes)
    }
    return false
  }

  /// Steps over CRLF, LF or CR.
  private mutating func endLine(_ bytes: UnsafeBufferPointer<UInt8>) {
    if bytes[position] == Byte.carriageReturn, position + 1 < bytes.count, bytes[position + 1] == Byte.lineFeed {
      position += 1
    }
    position += 1
    line += 1
    lineStart = position
  }

  private mutating func scanRow(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
    while true {
      if position < bytes.count, bytes[position] == Byte.quote {
        try scanQuoted(bytes)
      } else {
        try scanPlain(bytes)
      }
      guard position < bytes.count else { return }
      if bytes[position] != delimiter { return endLine(bytes) }
      position += 1
    }
  }

  private mutating func scanPlain(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
    let start = position
    var here = position
    while here < bytes.count {
      let byte = bytes[here]
      if byte == delimiter || byte == Byte.lineFeed || byte == Byte.carriageReturn { break }
      if byte == Byte.quote {
        throw .strayQuote(source: source, line: line, column: here - lineStart + 1)
      }
      here += 1
    }
    position = here
    try append(start: start, end: here, escaped: false)
  }

  private mutating func scanQuoted(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
    let (openLine, openColumn) = (line, position - lineStart + 1)
    position += 1
    let start = position
    var escaped = false
    while position < bytes.count {
      switch bytes[position] {
      case Byte.quote:
        if position + 1 < bytes.count, bytes[position + 1] == Byte.quote {
          escaped = true
          position += 2
          continue
        }
        try append(start: start, end: position, escaped: escaped)
        position += 1
        return try requireCellEnd(bytes)
      case Byte.lineFeed, Byte.carriageReturn: endLine(bytes)
      default: position += 1
      }
    }
    throw .unterminatedQuote(source: source, line: openLine, column: openColumn)
  }

  private func requireCellEnd(_ bytes: UnsafeBufferPointer<UInt8>) throws(TableError) {
    guard position < bytes.count else { return }
    let byte = bytes[position]
    guard byte == delimiter || byte == Byte.lineFeed || byte == Byte.carriageReturn else {
      throw .strayQuote(source: source, line: line, column: position - lineStart)
    }
  }

  private mutating func append(start: Int, end: Int, escaped: Bool) throws(TableError) {
    guard end - start < Cell.maximumLength, start < 1 << 39 else {
      throw .cellTooLong(source: source, line: line, bytes: end - start)
    }
    cells.append(Cell(start: start, length: end - start, escaped: escaped))
  }

  /// The most frequent of comma, semicolon and tab outside quotes in the first line that is not blank.
  private static func delimiter(ofHeader bytes: ArraySlice<UInt8>) -> UInt8 {
    var (commas, semicolons, tabs) = (0, 0, 0)
    var (quoted, seen) = (false, false)
    for byte in bytes {
      switch byte {
      case Byte.quote: quoted.toggle()
      case Byte.comma where !quoted: commas += 1
      case Byte.semicolon where !quoted: semicolons += 1
      case Byte.tab where !quoted: tabs += 1
      case Byte.lineFeed where !quoted && seen, Byte.carriageReturn where !quoted && seen:
        return pick(commas, semicolons, tabs)
      default: break
      }
      if byte != Byte.lineFeed && byte != Byte.carriageReturn { seen = true }
    }
    return pick(commas, semicolons, tabs)
  }

  private static func pick(_ commas: Int, _ semicolons: Int, _ tabs: Int) -> UInt8 {
    if semicolons > commas && semicolons >= tabs { return Byte.semicolon }
    return tabs > commas ? Byte.tab : Byte.comma
  }
}
