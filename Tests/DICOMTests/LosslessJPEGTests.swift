import DICOM
import Testing

/// Lossless JPEG in all its ways, written by an encoder of these tests (ISO 10918-1 annex H).
@Suite struct LosslessJPEGTests {
  struct Way: Sendable, CustomTestStringConvertible {
    var predictor = 1
    var bits = 8
    var samples = 1
    var shift = 0
    /// Rows between restarts; 0 where there are none.
    var rows = 0
    var isInterleaved = true
    var testDescription: String {
      "predictor \(predictor), \(bits) bits, \(samples) samples, shift \(shift), rows \(rows), \(isInterleaved)"
    }

    static let all: [Way] =
      (1...7).flatMap { predictor in
        [Way(predictor: predictor), Way(predictor: predictor, bits: 16), Way(predictor: predictor, samples: 3)]
      } + [
        Way(bits: 12, shift: 3), Way(predictor: 4, shift: 1), Way(predictor: 7, bits: 16, rows: 2),
        Way(predictor: 2, samples: 3, rows: 1), Way(predictor: 5, samples: 3, isInterleaved: false),
        Way(predictor: 6, bits: 16, samples: 3, isInterleaved: false), Way(bits: 2),
      ]
  }

  private static let (height, width) = (9, 13)

  /// Smooth, with a few jumps, so that differences of all sizes come up; the lowest `shift` bits are 0.
  private func picture(_ way: Way) -> [Int] {
    (0..<Self.height * Self.width * way.samples).map { index in
      let value = index % 11 == 0 ? index &* 40503 : index * 7 + index / 13 * 5
      return ((value & ((1 << way.bits) - 1)) >> way.shift) << way.shift
    }
  }

  private func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

  private func segment(_ mark: UInt8, _ body: [UInt8]) -> [UInt8] { [0xff, mark] + word(body.count + 2) + body }

  private func encoded(_ way: Way) -> [UInt8] {
    let all = Array(0..<way.samples)
    var bytes: [UInt8] = [0xff, 0xd8]
    let components: [UInt8] = all.flatMap { [UInt8($0 + 1), 0x11, 0] }
    bytes += segment(0xc3, [UInt8(way.bits)] + word(Self.height) + word(Self.width) + [UInt8(way.samples)] + components)
    // Codes of 5 bits for each of the sizes 0 to 16.
    let counts: [UInt8] = (1...16).map { $0 == 5 ? 17 : 0 }
    let sizes: [UInt8] = (0...16).map { UInt8($0) }
    bytes += segment(0xc4, [UInt8(0)] + counts + sizes)
    if way.rows > 0 { bytes += segment(0xdd, word(way.rows * Self.width)) }
    for scan in way.isInterleaved ? [all] : all.map({ [$0] }) {
      let header: [UInt8] = [UInt8(scan.count)] + scan.flatMap { [UInt8($0 + 1), UInt8(0)] }
      bytes += segment(0xda, header + [UInt8(way.predictor), 0, UInt8(way.shift)]) + entropy(way, scan)
    }
    return bytes + [0xff, 0xd9]
  }

  private func entropy(_ way: Way, _ scan: [Int]) -> [UInt8] {
    let values = picture(way).map { $0 >> way.shift }
    func at(_ y: Int, _ x: Int, _ c: Int) -> Int { values[(y * Self.width + x) * way.samples + c] }
    var bytes: [UInt8] = []
    var (held, count) = (0, 0)
    func flush() {
      if count > 0 { append((held << (8 - count)) | ((1 << (8 - count)) - 1)) }
      (held, count) = (0, 0)
    }
    func append(_ byte: Int) {
      bytes.append(UInt8(byte & 0xff))
      if byte & 0xff == 0xff { bytes.append(0) }
    }
    func put(_ value: Int, _ bits: Int) {
      for bit in stride(from: bits - 1, through: 0, by: -1) {
        (held, count) = (held << 1 | (value >> bit & 1), count + 1)
        if count == 8 {
          append(held)
          (held, count) = (0, 0)
        }
      }
    }
    for y in 0..<Self.height {
      let isFirst = way.rows > 0 ? y % way.rows == 0 : y == 0
      if isFirst, y > 0 {
        flush()
        bytes += [0xff, 0xd0 + UInt8((y / way.rows - 1) % 8)]
      }
      for x in 0..<Self.width {
        for c in scan {
          let guess: Int
          switch (x, isFirst) {
          case (0, true): guess = 1 << (way.bits - way.shift - 1)
          case (0, false): guess = at(y - 1, x, c)
          case (_, true): guess = at(y, x - 1, c)
          default:
            let (a, b, d) = (at(y, x - 1, c), at(y - 1, x, c), at(y - 1, x - 1, c))
            guess = [a, b, d, a + b - d, a + (b - d) >> 1, b + (a - d) >> 1, (a + b) >> 1][way.predictor - 1]
          }
          let difference = Int(Int16(truncatingIfNeeded: at(y, x, c) - guess))
          let size = difference == -32768 ? 16 : Int.bitWidth - difference.magnitude.leadingZeroBitCount
          put(size, 5)
          if size < 16 { put(difference < 0 ? difference + (1 << size) - 1 : difference, size) }
        }
      }
    }
    flush()
    return bytes
  }

  private func file(_ way: Way, _ frame: [UInt8]) -> [UInt8] {
    var writer = DICOMWriter()
    writer.image(
      rows: Self.height, columns: Self.width, photometric: way.samples == 3 ? "RGB" : "MONOCHROME2",
      samples: way.samples, bits: way.bits > 8 ? 16 : 8, stored: way.bits, planar: way.samples == 3 ? 0 : nil)
    writer.fragments([frame])
    return writer.file("1.2.840.10008.1.2.4.57")
  }

  @Test(arguments: Way.all)
  func valuesAreThoseEncoded(_ way: Way) throws {
    let frame = try FrameReader(file(way, encoded(way)).opened()).storedFrame(0)
    let size = frame.bytesPerSample
    let values = stride(from: 0, to: frame.bytes.count, by: size).map { start in
      Int(frame.bytes[start]) | (size == 2 ? Int(frame.bytes[start + 1]) << 8 : 0)
    }
    #expect(values == picture(way))
  }

  @Test(arguments: [Way(predictor: 4), Way(predictor: 7, bits: 16, rows: 2), Way(samples: 3, isInterleaved: false)])
  func damaged(_ way: Way) {
    let frame = encoded(way)
    let expected = Self.height * Self.width * 3
    for index in frame.indices {
      for change in [0xff, 0x01, 0x5a] as [UInt8] {
        var bytes = frame
        bytes[index] ^= change
        if let shown = try? file(way, bytes).shown() { #expect(shown[0].count == expected) }
      }
    }
    // Without its last pixels it is an error, not a picture that looks whole.
    #expect(throws: DICOMError.self) { try file(way, Array(frame.dropLast(12))).shown() }
  }
}
