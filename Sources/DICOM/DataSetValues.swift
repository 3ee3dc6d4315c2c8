import Foundation

extension DataSet {
  /// The values of a text attribute, separated by backslashes, without padding, in the
  /// data set's character set. Undecodable bytes become U+FFFD.
  public func strings(_ tag: Tag) throws(DICOMError) -> [String] {
    let bytes = try self.bytes(tag)
    guard !bytes.isEmpty, let vr = element(tag)?.vr else { return [] }
    let text = CharacterSets.decode(bytes, declared: vr.isOfCharacterSet ? characterSets : [])
    return text.split(separator: "\\", omittingEmptySubsequences: false).map(Self.trimmed)
  }

  /// The first value; nil where it is absent or empty.
  public func string(_ tag: Tag) throws(DICOMError) -> String? {
    guard let first = try strings(tag).first, !first.isEmpty else { return nil }
    return first
  }

  /// Whole numbers, from text (IS, DS) or binary.
  public func integers(_ tag: Tag) throws(DICOMError) -> [Int] {
    guard let element = element(tag) else { return [] }
    switch element.vr {
    case .us: return try binary(tag, as: UInt16.self).map { Int($0) }
    case .ss: return try binary(tag, as: Int16.self).map { Int($0) }
    case .ul: return try binary(tag, as: UInt32.self).map { Int($0) }
    case .sl: return try binary(tag, as: Int32.self).map { Int($0) }
    case .uv, .ov: return try binary(tag, as: UInt64.self).map { Int(clamping: $0) }
    case .sv: return try binary(tag, as: Int64.self).map { Int($0) }
    case .un: return try unknownIntegers(tag)
    default:
      var values: [Int] = []
      for number in try numbers(tag) {
        guard let value = Int(exactly: number) else {
          throw .attribute(file: source.name, attribute: "\(tag)", expected: "a whole number", found: "\(number)")
        }
        values.append(value)
      }
      return values
    }
  }

  public func integer(_ tag: Tag) throws(DICOMError) -> Int? { try integers(tag).first }

  /// Numbers, from text (IS, DS) or binary.
  public func numbers(_ tag: Tag) throws(DICOMError) -> [Double] {
    guard let element = element(tag) else { return [] }
    switch element.vr {
    case .fl, .of: return try binary(tag, as: UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .fd, .od: return try binary(tag, as: UInt64.self).map { Double(bitPattern: $0) }
    case .us, .ss, .ul, .sl, .uv, .ov, .sv: return try integers(tag).map { Double($0) }
    case .un where Tag.known[tag]?.vr == .fd: return try binary(tag, as: UInt64.self).map { Double(bitPattern: $0) }
    default:
      var values: [Double] = []
      for text in try strings(tag) where !text.isEmpty {
        guard let value = Double(text) else {
          throw .attribute(file: source.name, attribute: "\(tag)", expected: "a number", found: text.debugDescription)
        }
        values.append(value)
      }
      return values
    }
  }

  public func number(_ tag: Tag) throws(DICOMError) -> Double? { try numbers(tag).first }

  /// Words of the value in the machine's byte order; bytes beyond the last whole word are left out.
  func binary<Word: FixedWidthInteger>(_ tag: Tag, as type: Word.Type) throws(DICOMError) -> [Word] {
    let bytes = try self.bytes(tag)
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / MemoryLayout<Word>.size).map { index in
        let word = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
        return isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
      }
    }
  }

  /// What was passed on by a program that did not know the attribute: little endian, as the dictionary has it.
  private func unknownIntegers(_ tag: Tag) throws(DICOMError) -> [Int] {
    let bytes = try self.bytes(tag)
    let isSigned = Tag.known[tag]?.vr == .sl || Tag.known[tag]?.vr == .ss
    switch Tag.known[tag]?.vr {
    case .us, .ss:
      return stride(from: 0, to: bytes.count - 1, by: 2).map { start in
        let word = UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
        return isSigned ? Int(Int16(bitPattern: word)) : Int(word)
      }
    case .ul, .sl:
      return stride(from: 0, to: bytes.count - 3, by: 4).map { start in
        let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        return isSigned ? Int(Int32(bitPattern: word)) : Int(word)
      }
    default:
      return try strings(tag).compactMap { Int($0) }
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isPadding = { (character: Character) in character == " " || character == "\0" }
    let head = text.drop(while: isPadding)
    guard let last = head.lastIndex(where: { !isPadding($0) }) else { return "" }
    return String(head[...last])
  }
}
