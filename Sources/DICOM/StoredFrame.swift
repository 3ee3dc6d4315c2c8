/// One frame as the file stores it: decoded, unpacked, in the machine's byte order, before any lookup table.
public struct StoredFrame: Sendable {
  public let rows: Int
  public let columns: Int
  public let samplesPerPixel: Int
  /// 1, 2 or 4 (integers), 4 or 8 (floating point).
  public let bytesPerSample: Int
  public let isSigned: Bool
  public let isFloat: Bool
  public let arrangement: Arrangement
  /// What the samples are now; a JPEG may already have been turned into RGB.
  public let photometric: Photometric
  /// Rows and columns that the frame itself holds; where they are fewer, the rest at the right and below is 0.
  public internal(set) var filled: (rows: Int, columns: Int)
  /// Grey samples whose unused bits carried something else are cleaned of it.
  public internal(set) var bytes: [UInt8]

  public enum Arrangement: Sendable, Hashable {
    /// Sample by sample: rows x columns x samples.
    case interleaved
    /// Plane by plane: samples x rows x columns.
    case planar
    /// Two lumas, then their blue and red chroma, twice the bytes of a grey frame (YBR_FULL_422 without compression).
    case halvedChroma
  }

  init(
    _ layout: PixelLayout, bytesPerSample: Int, arrangement: Arrangement, photometric: Photometric, bytes: [UInt8]
  ) {
    (rows, columns, samplesPerPixel) = (layout.rows, layout.columns, layout.samplesPerPixel)
    (self.bytesPerSample, isSigned, isFloat) = (bytesPerSample, layout.isSigned, layout.isFloat)
    (self.arrangement, self.photometric, self.bytes) = (arrangement, photometric, bytes)
    filled = (layout.rows, layout.columns)
  }

  /// Whether the frame is as large as the data set says.
  public var isWhole: Bool { filled.rows == rows && filled.columns == columns }

  /// Rebuilds grey values of `bits` bits from their container: the bits above are overlays or an earlier sign.
  mutating func keepLowest(_ bits: Int) {
    guard !isFloat, bits < bytesPerSample * 8 else { return }
    let isSigned = isSigned
    bytes.withUnsafeMutableBytes { raw in
      switch bytesPerSample {
      case 1: Self.keep(bits, in: raw.bindMemory(to: UInt8.self), isSigned)
      case 2: Self.keep(bits, in: raw.bindMemory(to: UInt16.self), isSigned)
      default: Self.keep(bits, in: raw.bindMemory(to: UInt32.self), isSigned)
      }
    }
  }

  private static func keep<Word: FixedWidthInteger & UnsignedInteger>(
    _ bits: Int, in words: UnsafeMutableBufferPointer<Word>, _ isSigned: Bool
  ) {
    let mask = (Word(1) << Word(bits)) &- 1
    let sign = Word(1) << Word(bits - 1)
    for index in words.indices {
      let value = words[index] & mask
      words[index] = isSigned && value & sign != 0 ? value | ~mask : value
    }
  }
}
