/// What the main header (SIZ) of a JPEG 2000 or HTJ2K codestream says.
struct JPEG2000Header {
  let columns: Int
  let rows: Int
  let components: Int
  /// Of the first component.
  let precision: Int
  let isSigned: Bool

  /// The codestream may lie in a JP2 file. nil where there is none.
  init?(_ data: [UInt8]) {
    let isBoxed = data.starts(with: [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20])
    guard let start = Self.codestream(data, isBoxed: isBoxed), start + 43 <= data.count else { return nil }
    func word(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(data[start + offset + $1]) } }
    (columns, rows) = (word(8) - word(16), word(12) - word(20))
    components = Int(data[start + 40]) << 8 | Int(data[start + 41])
    precision = Int(data[start + 42] & 0x7f) + 1
    isSigned = data[start + 42] & 0x80 != 0
  }

  /// Where SOC and SIZ stand.
  private static func codestream(_ data: [UInt8], isBoxed: Bool) -> Int? {
    let mark: [UInt8] = [0xff, 0x4f, 0xff, 0x51]
    if data.starts(with: mark) { return 0 }
    guard isBoxed else { return nil }
    // The boxes before the codestream are short.
    return (0..<max(0, min(data.count - 4, 65536))).first { data[$0...].starts(with: mark) }
  }
}
