/// Walks over the headers of a source through a small window, so that a file costs few reads and no value is loaded.
struct ByteCursor {
  let source: ByteSource
  private(set) var position: Int
  private var window: [UInt8] = []
  private var windowStart = 0

  private static let windowSize = 8192

  init(_ source: ByteSource, at position: Int) {
    (self.source, self.position) = (source, position)
  }

  var end: Int { source.count }
  var remaining: Int { end - position }

  mutating func move(to position: Int) { self.position = position }

  /// The byte `offset` behind the position.
  mutating func peek(_ offset: Int) throws(DICOMError) -> UInt8 {
    let wanted = position + offset
    if wanted < windowStart || wanted >= windowStart + window.count {
      guard wanted < end else {
        throw .truncated(file: source.name, detail: "an element's header was expected at \(position)")
      }
      window = try source.bytes(at: wanted, count: min(Self.windowSize, end - wanted))
      windowStart = wanted
    }
    return window[wanted - windowStart]
  }

  mutating func peekUInt16(_ offset: Int, bigEndian: Bool) throws(DICOMError) -> UInt16 {
    let (first, second) = (UInt16(try peek(offset)), UInt16(try peek(offset + 1)))
    return bigEndian ? first << 8 | second : second << 8 | first
  }

  mutating func peekUInt32(_ offset: Int, bigEndian: Bool) throws(DICOMError) -> UInt32 {
    let first = UInt32(try peekUInt16(offset, bigEndian: bigEndian))
    let second = UInt32(try peekUInt16(offset + 2, bigEndian: bigEndian))
    return bigEndian ? first << 16 | second : second << 16 | first
  }

  mutating func peekTag(bigEndian: Bool) throws(DICOMError) -> Tag {
    Tag(try peekUInt16(0, bigEndian: bigEndian), try peekUInt16(2, bigEndian: bigEndian))
  }
}
