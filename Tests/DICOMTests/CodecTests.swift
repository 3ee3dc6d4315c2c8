import DICOM
import Imaging
import Testing

/// Frames that DCMTK's and OpenJPEG's encoders made of a known picture (Tools/golden/dicom.cpp).
@Suite struct CodecTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let syntax: String
    let frame: [UInt8]
    let bits: Int
    var samples = 1
    /// How far a value may be off.
    var tolerance = 0
    var testDescription: String { name }

    static let all = [
      Case(name: "lossless, colour", syntax: "4.70", frame: CodecGolden.lossless8Colour, bits: 8, samples: 3),
      Case(name: "lossless, 12 bits", syntax: "4.70", frame: CodecGolden.lossless12, bits: 12),
      Case(name: "lossless, 16 bits", syntax: "4.57", frame: CodecGolden.lossless16, bits: 16),
      Case(name: "extended", syntax: "4.51", frame: CodecGolden.extended12, bits: 12, tolerance: 8),
      Case(name: "JPEG-LS", syntax: "4.80", frame: CodecGolden.jpegLS12, bits: 12),
      Case(name: "JPEG-LS, near", syntax: "4.81", frame: CodecGolden.jpegLSNear16, bits: 16, tolerance: 2),
      Case(name: "JPEG 2000, colour", syntax: "4.90", frame: CodecGolden.jpeg2000Colour, bits: 8, samples: 3),
      Case(name: "JPEG 2000, 16 bits", syntax: "4.90", frame: CodecGolden.jpeg2000Grey16, bits: 16),
    ]

    var picture: [Int] {
      (0..<6).flatMap { y in
        (0..<7).flatMap { x in
          (0..<samples).map { c in (x * 37 + y * 91 + c * 50) * (bits > 8 ? 13 : 1) % (1 << bits) }
        }
      }
    }

    func file(_ frame: [UInt8], columns: Int = 7) -> [UInt8] {
      var writer = DICOMWriter()
      writer.image(
        rows: 6, columns: columns, photometric: samples == 3 ? "RGB" : "MONOCHROME2", samples: samples,
        bits: bits > 8 ? 16 : 8, stored: bits, planar: samples == 3 ? 0 : nil)
      writer.fragments([frame])
      return writer.file("1.2.840.10008.1.2." + syntax)
    }
  }

  @Test(arguments: Case.all)
  func valuesAreThoseEncoded(_ example: Case) throws {
    let frame = try FrameReader(example.file(example.frame).opened()).storedFrame(0)
    let size = example.bits > 8 ? 2 : 1
    #expect(frame.bytesPerSample == size && frame.bytes.count == example.picture.count * size)
    let values = stride(from: 0, to: frame.bytes.count, by: size).map { start in
      Int(frame.bytes[start]) | (size == 2 ? Int(frame.bytes[start + 1]) << 8 : 0)
    }
    let worst = zip(values, example.picture).map { abs($0 - $1) }.max()
    #expect(try #require(worst) <= example.tolerance, "\(values) \(example.picture)")
  }

  /// Cut short, of another size, or with bytes changed: an error or a picture of the right size, never a trap.
  @Test(arguments: Case.all)
  func damagedFrames(_ example: Case) throws {
    #expect(throws: DICOMError.self) { try example.file(example.frame, columns: 8).shown() }
    #expect(throws: DICOMError.self) { try example.file([]).shown() }
    #expect(throws: DICOMError.self) { try example.file(Array(example.frame[..<20])).shown() }
    for index in example.frame.indices {
      var bytes = example.frame
      bytes[index] ^= 0x5a
      if let shown = try? example.file(bytes).shown() { #expect(shown[0].count == 6 * 7 * 3) }
      if let shown = try? example.file(Array(example.frame[..<index])).shown() { #expect(shown[0].count == 6 * 7 * 3) }
    }
  }
}
