import DICOM
import Imaging
import Testing

/// A codestream that OpenJPEG made, and the samples that it decodes.
struct JPEG2000Case: Sendable, CustomTestStringConvertible {
  let name: String
  let components: Int
  let bits: Int
  let isSigned: Bool
  /// Irreversible transforms round in their last place.
  let tolerance: Int
  let frame: [UInt8]
  let samples: [Int]
  var testDescription: String { name }

  /// 27 rows of 33 columns.
  func file(_ frame: [UInt8]) -> [UInt8] {
    var writer = DICOMWriter()
    writer.image(
      rows: 27, columns: 33, photometric: components == 3 ? "RGB" : "MONOCHROME2", samples: components,
      bits: bits > 8 ? 16 : 8, stored: bits, signed: isSigned, planar: components == 3 ? 0 : nil)
    writer.fragments([frame])
    return writer.file("1.2.840.10008.1.2.4.91")
  }
}

/// Progressions, layers, tiles, precincts, offsets and both transforms (Tools/golden/jpeg2000.cpp).
@Suite struct JPEG2000Tests {
  @Test(arguments: JPEG2000Golden.all)
  func samples(_ example: JPEG2000Case) throws {
    let frame = try FrameReader(example.file(example.frame).opened()).storedFrame(0)
    let values = frame.bytes.withUnsafeBytes { raw in
      example.samples.indices.map { index in
        if example.bits <= 8 { return Int(raw[index]) }
        let word = raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        return example.isSigned ? Int(Int16(bitPattern: word)) : Int(word)
      }
    }
    #expect(frame.bytes.count == example.samples.count * (example.bits > 8 ? 2 : 1))
    let worst = zip(values, example.samples).map { abs($0 - $1) }.max()
    #expect(try #require(worst) <= example.tolerance)
  }

  /// Cut short or with bytes changed: an error or a picture of the right size, never a trap.
  @Test(arguments: JPEG2000Golden.all)
  func damaged(_ example: JPEG2000Case) {
    for index in stride(from: 0, to: example.frame.count, by: 29) {
      var bytes = example.frame
      bytes[index] ^= 0x5a
      for damaged in [bytes, Array(example.frame[..<index])] {
        if let shown = try? example.file(damaged).shown() { #expect(shown[0].count == 27 * 33 * 3) }
      }
    }
  }
}
