import Foundation

/// Text of the character sets of PS3.3 C.12.1.1.2, with their escape sequences (PS3.3 C.12.1.1.2, PS3.5 6.1.2.5).
enum CharacterSets {
  /// - Parameter declared: the values of Specific Character Set; none is the default repertoire.
  static func decode(_ bytes: [UInt8], declared: [String]) -> String {
    let first = declared.first ?? ""
    guard bytes.contains(0x1b) else { return converted(bytes, from: encoding(first)) }
    var text = ""
    var current = encoding(first)
    var prefix: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      if rest.first == 0x1b, let next = designated(by: rest) {
        (current, prefix) = (next.encoding, next.prefix)
        rest = rest.dropFirst(next.length)
      }
      let end = rest.dropFirst().firstIndex(of: 0x1b) ?? rest.endIndex
      text += converted(prefix + rest[rest.startIndex..<end], from: current)
      rest = rest[end...]
    }
    return text
  }

  /// iconv's name of a set; nil for the default repertoire and for names that are unknown.
  private static func encoding(_ name: String) -> String? {
    switch name {
    case "ISO_IR 192": "UTF-8"
    case "GB18030", "GBK": name
    default: name.split(separator: " ").last.flatMap { registered[String($0)] }
    }
  }

  private static let registered = [
    "100": "ISO-8859-1", "101": "ISO-8859-2", "109": "ISO-8859-3", "110": "ISO-8859-4", "144": "ISO-8859-5",
    "127": "ISO-8859-6", "126": "ISO-8859-7", "138": "ISO-8859-8", "148": "ISO-8859-9", "203": "ISO-8859-15",
    "13": "SHIFT_JIS", "166": "TIS-620", "58": "EUC-CN", "149": "EUC-KR",
  ]

  /// What an escape sequence designates. The Japanese sets of two bytes are converted with their escape before them.
  private static func designated(by bytes: ArraySlice<UInt8>) -> (encoding: String?, prefix: [UInt8], length: Int)? {
    let escapes: [(String, String?, Bool)] = [
      ("$(D", "ISO-2022-JP-2", true), ("$)C", "EUC-KR", false), ("$)A", "EUC-CN", false), ("$B", "ISO-2022-JP-2", true),
      ("(B", nil, false), ("(J", "SHIFT_JIS", false), (")I", "SHIFT_JIS", false), ("-A", "ISO-8859-1", false),
      ("-B", "ISO-8859-2", false), ("-C", "ISO-8859-3", false), ("-D", "ISO-8859-4", false),
      ("-L", "ISO-8859-5", false),
      ("-G", "ISO-8859-6", false), ("-F", "ISO-8859-7", false), ("-H", "ISO-8859-8", false),
      ("-M", "ISO-8859-9", false),
      ("-T", "TIS-620", false), ("-b", "ISO-8859-15", false),
    ]
    for (escape, encoding, isKept) in escapes where bytes.dropFirst().starts(with: escape.utf8) {
      let length = 1 + escape.utf8.count
      return (encoding, isKept ? Array(bytes.prefix(length)) : [], length)
    }
    return nil
  }

  /// Without a declared set bytes are met that are UTF-8 or Latin-1 all the same.
  private static func converted(_ bytes: [UInt8], from encoding: String?) -> String {
    if encoding == nil || encoding == "UTF-8" {
      return String(validating: bytes, as: UTF8.self)
        ?? (encoding == nil ? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) : nil)
        ?? String(decoding: bytes, as: UTF8.self)
    }
    guard let encoding, let converter = iconv_open("UTF-8", encoding), Int(bitPattern: converter) != -1 else {
      return String(decoding: bytes, as: UTF8.self)
    }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // A byte becomes at most four of UTF-8.
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
    let room = output.count
    let written = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        var (source, left) = (from.baseAddress, from.count)
        var (target, free) = (to.baseAddress, to.count)
        while left > 0, iconv(converter, &source, &left, &target, &free) == -1, left > 0, free >= 3 {
          // A byte that belongs to no character becomes U+FFFD.
          for byte in [0xef, 0xbf, 0xbd] as [UInt8] {
            target?.pointee = CChar(bitPattern: byte)
            target = target?.advanced(by: 1)
            free -= 1
          }
          source = source?.advanced(by: 1)
          left -= 1
        }
        return room - free
      }
    }
    return String(decoding: output[..<written].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension CharacterSets {
  /// `text` in a set of iconv's name; nil where the set lacks a character of it.
  static func encode(_ text: String, in encoding: String) -> [UInt8]? {
    guard let converter = iconv_open(encoding, "UTF-8"), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 4 + 16)
    let room = output.count
    let written: Int? = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        var (source, left) = (from.baseAddress, from.count)
        var (target, free) = (to.baseAddress, to.count)
        return iconv(converter, &source, &left, &target, &free) == -1 ? nil : room - free
      }
    }
    return written.map { output[..<$0].map { UInt8(bitPattern: $0) } }
  }
}

/// Text as files of China hold it, for searching in bytes whose meaning is not known.
public enum ChineseText {
  /// nil where GB18030 lacks a character of it, which does not happen with valid text.
  public static func gb18030(_ text: String) -> [UInt8]? { CharacterSets.encode(text, in: "GB18030") }
}
