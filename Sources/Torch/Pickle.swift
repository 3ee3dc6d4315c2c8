/// Reads the part of Python's pickle format that weight files use. Nothing is ever imported or called: a global is only its
/// name, and applying one gives a plain value, so a hostile file can at worst fail to load.
final class PickleList {
  var items: [PickleValue] = []
}
final class PickleDictionary {
  var entries: [(key: PickleValue, value: PickleValue)] = []

  subscript(_ name: String) -> PickleValue? {
    for (key, value) in entries { if case .text(name) = key { return value } }
    return nil
  }
}

indirect enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case bytes([UInt8])
  case tuple([PickleValue])
  case list(PickleList)
  case dictionary(PickleDictionary)
  case global(String)
  /// What `persistent_load` would be asked for: a storage.
  case persistent(PickleValue)
  /// A global applied to arguments.
  case applied(String, [PickleValue])
  case mark
}

struct PickleReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private var stack: [PickleValue] = []
  private var memo: [Int: PickleValue] = [:]

  init(_ bytes: UnsafeRawBufferPointer, from position: Int) { (self.bytes, self.position) = (bytes, position) }

  /// Reads one pickle up to its STOP; `position` is then just behind it. Throws a reason in words.
  mutating func read() throws(PickleError) -> PickleValue {
    stack = []
    memo = [:]
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return try pop() }
      try perform(opcode)
    }
  }

  // One case an opcode, as in Python's pickletools.
  private mutating func perform(_ opcode: UInt8) throws(PickleError) {
    switch opcode {
    case 0x80: _ = try byte()  // PROTO
    case 0x95: _ = try take(8)  // FRAME
    case UInt8(ascii: "("): stack.append(.mark)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "}"): stack.append(.dictionary(PickleDictionary()))
    case UInt8(ascii: "]"): stack.append(.list(PickleList()))
    case UInt8(ascii: ")"): stack.append(.tuple([]))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
    case UInt8(ascii: "M"): stack.append(.integer(try unsigned(2)))
    case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
    case 0x8A: stack.append(try long(try Int(byte())))
    case UInt8(ascii: "G"):
      let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.number(Double(bitPattern: bits)))
    case UInt8(ascii: "X"): stack.append(.text(try text(try unsigned(4))))
    case 0x8C, UInt8(ascii: "U"): stack.append(.text(try text(Int(try byte()))))
    case UInt8(ascii: "T"): stack.append(.text(try text(try unsigned(4))))
    case UInt8(ascii: "B"): stack.append(.bytes([UInt8](try take(try unsigned(4)))))
    case UInt8(ascii: "C"): stack.append(.bytes([UInt8](try take(Int(try byte())))))
    case UInt8(ascii: "t"): stack.append(.tuple(try popToMark()))
    case 0x85: try tuple(of: 1)
    case 0x86: try tuple(of: 2)
    case 0x87: try tuple(of: 3)
    case UInt8(ascii: "q"): try remember(Int(try byte()))
    case UInt8(ascii: "r"): try remember(try unsigned(4))
    case 0x94: try remember(memo.count)
    case UInt8(ascii: "h"): try recall(Int(try byte()))
    case UInt8(ascii: "j"): try recall(try unsigned(4))
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "c"): stack.append(.global(try line() + "." + line()))
    case 0x93:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else { throw .malformed("global") }
      stack.append(.global(module + "." + name))
    case UInt8(ascii: "Q"): stack.append(.persistent(try pop()))
    case UInt8(ascii: "R"), 0x81: try apply()
    case UInt8(ascii: "b"): _ = try pop()  // BUILD: attributes such as OrderedDict's _metadata are not needed
    case UInt8(ascii: "a"):
      let value = try pop()
      guard case .list(let list)? = stack.last else { throw .malformed("append to no list") }
      list.items.append(value)
    case UInt8(ascii: "e"):
      let values = try popToMark()
      guard case .list(let list)? = stack.last else { throw .malformed("append to no list") }
      list.items.append(contentsOf: values)
    case UInt8(ascii: "s"):
      let (value, key) = (try pop(), try pop())
      try setItems([key, value])
    case UInt8(ascii: "u"): try setItems(try popToMark())
    default: throw .malformed("opcode \(opcode) at byte \(position - 1)")
    }
  }

  private mutating func apply() throws(PickleError) {
    guard case .tuple(let arguments) = try pop(), case .global(let name) = try pop() else {
      throw .malformed("call of something that is no global")
    }
    // An ordered dictionary is a dictionary; its items follow as SETITEMS.
    stack.append(
      name == "collections.OrderedDict" ? .dictionary(PickleDictionary()) : .applied(name, arguments))
  }

  private mutating func setItems(_ items: [PickleValue]) throws(PickleError) {
    guard case .dictionary(let dictionary)? = stack.last, items.count % 2 == 0 else {
      throw .malformed("items for no dictionary")
    }
    for index in stride(from: 0, to: items.count, by: 2) {
      dictionary.entries.append((items[index], items[index + 1]))
    }
  }

  private mutating func tuple(of count: Int) throws(PickleError) {
    guard stack.count >= count else { throw .malformed("tuple of too few values") }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    stack.append(.tuple(items))
  }

  private mutating func remember(_ key: Int) throws(PickleError) {
    guard let value = stack.last else { throw .malformed("nothing to remember") }
    memo[key] = value
  }

  private mutating func recall(_ key: Int) throws(PickleError) {
    guard let value = memo[key] else { throw .malformed("unknown reference \(key)") }
    stack.append(value)
  }

  private mutating func pop() throws(PickleError) -> PickleValue {
    guard let value = stack.popLast() else { throw .malformed("stack is empty") }
    return value
  }

  private mutating func popToMark() throws(PickleError) -> [PickleValue] {
    var values: [PickleValue] = []
    while true {
      let value = try pop()
      if case .mark = value { return values.reversed() }
      values.append(value)
    }
  }

  // MARK: Bytes

  private mutating func byte() throws(PickleError) -> UInt8 {
    guard position < bytes.count else { throw .cutShort }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func take(_ count: Int) throws(PickleError) -> UnsafeRawBufferPointer.SubSequence {
    guard count >= 0, count <= bytes.count - position else { throw .cutShort }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func unsigned(_ count: Int) throws(PickleError) -> Int {
    try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func long(_ count: Int) throws(PickleError) -> PickleValue {
    let digits = try take(count)
    // Longer numbers (the format's magic number) are only ever compared or skipped.
    guard count <= 8 else { return .bytes([UInt8](digits)) }
    let negative = (digits.last ?? 0) >= 0x80
    let start: UInt64 = negative ? ~0 : 0
    return .integer(Int(Int64(bitPattern: digits.reversed().reduce(start) { $0 << 8 | UInt64($1) })))
  }

  private mutating func text(_ count: Int) throws(PickleError) -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  private mutating func line() throws(PickleError) -> String {
    var characters: [UInt8] = []
    while true {
      let next = try byte()
      if next == 0x0A { return String(decoding: characters, as: UTF8.self) }
      characters.append(next)
    }
  }
}

enum PickleError: Error {
  case cutShort
  case malformed(String)

  var reason: String {
    switch self {
    case .cutShort: "cut short"
    case .malformed(let what): "not a PyTorch weight file (\(what))"
    }
  }
}
