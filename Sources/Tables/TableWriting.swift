public import Foundation

extension Table {
  /// The table as CSV: comma, LF, cells quoted only where they must be (RFC 4180, section 2).
  public func csv() -> String {
    String(decoding: encoded(), as: UTF8.self)
  }

  /// Writes the table beside its place and renames it, so that no half-written file is seen. Error: `output`.
  public func write(to file: URL) throws(TableError) {
    do {
      try AtomicFile.write(encoded(), to: file)
    } catch {
      throw .output(error)
    }
  }

  private func encoded() -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + cells.count + 64)
    for (place, name) in columns.enumerated() {
      if place > 0 { out.append(Byte.comma) }
      let name = Array(name.utf8)
      name.withUnsafeBufferPointer { Self.append($0, to: &out) }
    }
    out.append(Byte.lineFeed)
    bytes.withUnsafeBufferPointer { buffer in
      for row in 0..<rowCount { appendRow(row, of: buffer, to: &out) }
    }
    return out
  }

  private func appendRow(_ row: Int, of buffer: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
    let width = columns.count
    for place in 0..<width {
      if place > 0 { out.append(Byte.comma) }
      let cell = cells[row * width + place]
      let text = UnsafeBufferPointer(rebasing: buffer[cell.start..<cell.start + cell.length])
      if cell.escaped {
        // Its quotes are doubled already.
        out.append(Byte.quote)
        out.append(contentsOf: text)
        out.append(Byte.quote)
      } else if width == 1 && text.isEmpty {
        // Alone on its line an empty cell would read as a blank line.
        out.append(contentsOf: [Byte.quote, Byte.quote])
      } else {
        Self.append(text, to: &out)
      }
    }
    out.append(Byte.lineFeed)
  }

  private static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
    guard text.contains(where: needsQuotes) else { return out.append(contentsOf: text) }
    out.append(Byte.quote)
    for byte in text {
      if byte == Byte.quote { out.append(Byte.quote) }
      out.append(byte)
    }
    out.append(Byte.quote)
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    // A reader that detects the delimiter must not be led astray by the other two.
    case Byte.quote, Byte.comma, Byte.semicolon, Byte.tab, Byte.lineFeed, Byte.carriageReturn: true
    default: false
    }
  }
}
