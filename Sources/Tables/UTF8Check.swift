/// Finds the first byte that is not UTF-8 (Unicode 15, table 3-7), so that a message can name its line and column.
enum UTF8Check {
  static func check(_ bytes: [UInt8], source: String) throws(TableError) {
    guard let bad = firstInvalid(bytes) else { return }
    let before = bytes[..<bad]
    let line = before.reduce(1) { $1 == Byte.lineFeed ? $0 + 1 : $0 }
    let start = before.lastIndex(of: Byte.lineFeed).map { $0 + 1 } ?? 0
    throw .invalidUTF8(source: source, line: line, column: bad - start + 1, isUTF16: isUTF16(bytes))
  }

  /// Index of the first byte of the first ill-formed sequence, or nil.
  static func firstInvalid(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { raw in
      var here = 0
      while here < raw.count {
        // Eight ASCII bytes at a time: most tables hold nothing else.
        while here + 8 <= raw.count,
          raw.loadUnaligned(fromByteOffset: here, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
          here += 8
        }
        guard here < raw.count else { break }
        guard let length = sequenceLength(raw, at: here) else { return here }
        here += length
      }
      return nil
    }
  }

  private static func sequenceLength(_ raw: UnsafeRawBufferPointer, at here: Int) -> Int? {
    let first = raw[here]
    func next(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      here + offset < raw.count && range.contains(raw[here + offset])
    }
    switch first {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return next(1) ? 2 : nil
    case 0xE0: return next(1, 0xA0...0xBF) && next(2) ? 3 : nil
    case 0xED: return next(1, 0x80...0x9F) && next(2) ? 3 : nil
    case 0xE1...0xEF: return next(1) && next(2) ? 3 : nil
    case 0xF0: return next(1, 0x90...0xBF) && next(2) && next(3) ? 4 : nil
    case 0xF1...0xF3: return next(1) && next(2) && next(3) ? 4 : nil
    case 0xF4: return next(1, 0x80...0x8F) && next(2) && next(3) ? 4 : nil
    default: return nil
    }
  }

  /// Spreadsheets save "Unicode text" as UTF-16 with a byte order mark.
  private static func isUTF16(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
  }
}
