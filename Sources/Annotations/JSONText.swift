import Foundation
import Tables

/// JSON (RFC 8259) to values, with the line and column of what is wrong. Of a name that stands twice in an object the
/// last counts.
struct JSONText {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let source: AnnotationSource
  private var position = 0

  static func parse(_ bytes: [UInt8], _ source: AnnotationSource) throws(AnnotationError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (buffer) throws(AnnotationError) in
      var text = JSONText(bytes: buffer, source: source)
      let value = try text.value(depth: 0)
      text.skipSpace()
      guard text.position == buffer.count else { throw text.syntax("expected the end of the file after the value") }
      return value
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, source: AnnotationSource) {
    (self.bytes, self.source) = (bytes, source)
  }

  private func syntax(_ detail: String, at place: Int? = nil) -> AnnotationError {
    let end = min(place ?? position, bytes.count)
    var (line, start) = (1, 0)
    for index in 0..<end where bytes[index] == UInt8(ascii: "\n") { (line, start) = (line + 1, index + 1) }
    return .syntax(file: source.name, line: line, column: end - start + 1, detail: detail)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
  }

  private mutating func value(depth: Int) throws(AnnotationError) -> JSONValue {
    skipSpace()
    guard position < bytes.count else { throw syntax("the JSON is cut short: expected a value") }
    guard depth < source.limits.maximumDepth else {
      throw syntax("lists and objects more than \(source.limits.maximumDepth) deep")
    }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try list(depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "N"), UInt8(ascii: "I"):
      throw syntax("expected a value, found NaN or Infinity, which is no number")
    default: throw syntax("expected a value")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(AnnotationError) -> JSONValue {
    guard bytes.count - position >= word.utf8.count,
      zip(word.utf8, bytes[position...]).allSatisfy({ $0 == $1 })
    else { throw syntax("expected \(word)") }
    position += word.utf8.count
    return value
  }

  private mutating func object(_ depth: Int) throws(AnnotationError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    position += 1
    skipSpace()
    if try closes(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw syntax("expected a name in quotes")
      }
      let name = try string()
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw syntax("expected a colon") }
      position += 1
      members[name] = try value(depth: depth + 1)
      skipSpace()
      if try closes(UInt8(ascii: "}")) { return .object(members) }
      try comma()
    }
  }

  private mutating func list(_ depth: Int) throws(AnnotationError) -> JSONValue {
    var items: [JSONValue] = []
    position += 1
    skipSpace()
    if try closes(UInt8(ascii: "]")) { return .list(items) }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      if try closes(UInt8(ascii: "]")) { return .list(items) }
      try comma()
    }
  }

  private mutating func closes(_ bracket: UInt8) throws(AnnotationError) -> Bool {
    guard position < bytes.count else { throw syntax("the JSON is cut short: a bracket is never closed") }
    guard bytes[position] == bracket else { return false }
    position += 1
    return true
  }

  private mutating func comma() throws(AnnotationError) {
    guard bytes[position] == UInt8(ascii: ",") else { throw syntax("expected a comma or the closing bracket") }
    position += 1
  }

  private mutating func number() throws(AnnotationError) -> JSONValue {
    let start = position
    var isWhole = true
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
      default: return try number(from: start, isWhole: isWhole)
      }
      position += 1
    }
    return try number(from: start, isWhole: isWhole)
  }

  private func number(from start: Int, isWhole: Bool) throws(AnnotationError) -> JSONValue {
    let text = String(decoding: bytes[start..<min(position, start + 400)], as: UTF8.self)
    if isWhole, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite, bytes[position - 1] != UInt8(ascii: ".") else {
      throw syntax("expected a number, found \(text.prefix(40).debugDescription)", at: start)
    }
    return .number(value)
  }

  private mutating func string() throws(AnnotationError) -> String {
    let open = position
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
      guard bytes[position] >= 0x20 else { throw syntax("a control character in a string") }
      position += 1
    }
    var text = Array(bytes[start..<position])
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        text += try escaped()
      } else {
        guard bytes[position] >= 0x20 else { throw syntax("a control character in a string") }
        text.append(bytes[position])
        position += 1
      }
    }
    guard position < bytes.count else { throw syntax("this quote is never closed", at: open) }
    position += 1
    guard let string = String(validating: text, as: UTF8.self) else { throw syntax("not UTF-8", at: open) }
    return string
  }

  private mutating func escaped() throws(AnnotationError) -> [UInt8] {
    position += 1
    guard position < bytes.count else { throw syntax("the JSON is cut short in a string") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var unit = try hexadecimal()
      if (0xd800..<0xdc00).contains(unit), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw syntax("half of a surrogate pair") }
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw syntax("half of a surrogate pair") }
      return Array(String(Character(scalar)).utf8)
    default: throw syntax("an escape that JSON does not know", at: position - 2)
    }
  }

  private mutating func hexadecimal() throws(AnnotationError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw syntax("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
