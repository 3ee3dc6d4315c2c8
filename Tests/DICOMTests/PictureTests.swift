import DICOM
import Foundation
import Imaging
import Testing

/// Photometric interpretations, arrangements, depths and windows of files without compression.
@Suite struct PictureTests {
  /// 2 x 3 colours, two of them beyond the middle of each channel.
  private static let colours: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 200, 100, 50, 255, 255, 255]

  private func triples(_ greys: [UInt8]) -> [UInt8] { greys.flatMap { [$0, $0, $0] } }

  @Test(arguments: [DICOMWriter.Coding.explicitLittle, .explicitBig, .implicitLittle])
  func coloursAsStored(coding: DICOMWriter.Coding) throws {
    var writer = DICOMWriter(coding)
    writer.image(rows: 2, columns: 3, photometric: "RGB", samples: 3, planar: 0)
    writer.raw(.pixels, "OB", Self.colours)
    let file = try writer.file().opened()
    #expect(file.notes.isEmpty)
    #expect(try writer.file().shown() == [Self.colours])
    let layout = try PixelLayout(file)
    #expect(layout.rows == 2 && layout.columns == 3 && layout.photometric == .rgb && layout.frames == 1)
  }

  @Test func planesAreInterleaved() throws {
    var writer = DICOMWriter()
    writer.image(rows: 2, columns: 3, photometric: "RGB", samples: 3, planar: 1)
    writer.raw(.pixels, "OB", (0..<3).flatMap { channel in (0..<6).map { Self.colours[3 * $0 + channel] } })
    #expect(try writer.file().shown() == [Self.colours])
  }

  /// Words of 16 bits that hold two bytes each; the second frame begins inside a word.
  @Test func bytesInBigEndianWords() throws {
    var writer = DICOMWriter(.explicitBig)
    writer.image(rows: 1, columns: 3, photometric: "MONOCHROME2", frames: 2)
    writer.raw(.pixels, "OW", [2, 1, 4, 3, 6, 5])
    #expect(try writer.file().shown() == [triples([1, 2, 3]), triples([4, 5, 6])])
  }

  @Test func greyIsInvertedWhereSmallIsWhite() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 4, photometric: "MONOCHROME1")
    writer.raw(.pixels, "OB", [0, 1, 128, 255])
    #expect(try writer.file().shown() == [triples([255, 254, 127, 0])])
  }

  @Test(arguments: [DICOMWriter.Coding.explicitLittle, .explicitBig])
  func windowOnSignedWords(coding: DICOMWriter.Coding) throws {
    var writer = DICOMWriter(coding)
    writer.image(rows: 1, columns: 5, photometric: "MONOCHROME2", bits: 16, stored: 12, signed: true)
    writer.text(.windowCenter, "DS", "100\\40")
    writer.text(.windowWidth, "DS", "201\\10")
    writer.text(.rescaleIntercept, "DS", "-50")
    writer.text(.rescaleSlope, "DS", "2")
    // The four bits above the twelve stored are an overlay's; rescaled: -2050, 0, 100, 150, 200.
    let stored = [0xfc18, 0x7019, 0x004b, 0x1064, 0xf07d].map { $0 & 0xf000 | $0 & 0x0fff }
    writer.raw(.pixels, "OW", stored.flatMap { writer.word($0, 2) })
    // ((x - 99.5) / 200 + 0.5) * 255, half up
    let expected = [-2050.0, 0, 100, 150, 200].map { (value: Double) -> UInt8 in
      let grey: Double = ((value - 99.5) / 200 + 0.5) * 255
      return UInt8(min(255, max(0, (grey + 0.5).rounded(.down))))
    }
    #expect(try writer.file().shown() == [triples(expected)])
    let frame = try FrameReader(writer.file().opened()).storedFrame(0)
    let values = frame.bytes.withUnsafeBytes { raw in (0..<5).map { raw.load(fromByteOffset: 2 * $0, as: Int16.self) } }
    #expect(values == [-1000, 25, 75, 100, 125])
  }

  @Test func deepGreyWithoutWindowSpansAllFrames() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 2, photometric: "MONOCHROME2", bits: 16, frames: 2)
    writer.raw(.pixels, "OW", [1000, 1100, 1200, 2000].flatMap { writer.word($0, 2) })
    // 25.5 rounds up.
    #expect(try writer.file().shown() == [triples([0, 26]), triples([51, 255])])
  }

  @Test func deepColourKeepsItsUpperBits() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 1, photometric: "RGB", samples: 3, bits: 16, stored: 12, planar: 0)
    writer.raw(.pixels, "OW", [0x0abc, 0x0fff, 0x0010].flatMap { writer.word($0, 2) })
    #expect(try writer.file().shown() == [[0xab, 0xff, 0x01]])
  }

  @Test func singleBitsOfFramesThatEndInsideAByte() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 5, photometric: "MONOCHROME2", bits: 1, frames: 2)
    // From the lowest bit: 1 0 1 1 0, 0 1 1 0 1.
    writer.raw(.pixels, "OB", [0b1100_1101, 0b0000_0010])
    #expect(try writer.file().shown() == [triples([255, 0, 255, 255, 0]), triples([0, 255, 255, 0, 255])])
  }

  @Test func lumaAndChromaByTheMatrix() throws {
    func cut(_ value: Double) -> UInt8 { UInt8(min(255, max(0, value.rounded()))) }
    func expected(_ y: Double, _ cb: Double, _ cr: Double) -> [UInt8] {
      let (blue, red) = (cb - 128, cr - 128)
      return [cut(y + 1.402 * red), cut(y - 0.344136 * blue - 0.714136 * red), cut(y + 1.772 * blue)]
    }
    let pixels: [[UInt8]] = [
      [128, 128, 128], [76, 85, 255], [150, 44, 21], [29, 255, 107], [250, 200, 30], [3, 90, 250],
    ]
    var full = DICOMWriter()
    full.image(rows: 2, columns: 3, photometric: "YBR_FULL", samples: 3, planar: 0)
    full.raw(.pixels, "OB", pixels.flatMap(\.self))
    let shown = try full.file().shown()[0]
    let right = pixels.flatMap { expected(Double($0[0]), Double($0[1]), Double($0[2])) }
    #expect(zip(shown, right).allSatisfy { abs(Int($0) - Int($1)) <= 1 })

    // An odd row: its last pair has one pixel.
    var halved = DICOMWriter()
    halved.image(rows: 1, columns: 3, photometric: "YBR_FULL_422", samples: 3, planar: 0)
    halved.raw(.pixels, "OB", [100, 50, 90, 200, 70, 0, 128, 128])
    let pair = expected(100, 90, 200) + expected(50, 90, 200) + expected(70, 128, 128)
    #expect(zip(try halved.file().shown()[0], pair).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }

  @Test func palettes() throws {
    for (bits, isSegmented) in [(8, false), (16, false), (16, true)] {
      var writer = DICOMWriter()
      writer.image(rows: 1, columns: 5, photometric: "PALETTE COLOR")
      for channel in 0..<3 {
        writer.number(Tag.paletteDescriptors[channel], "US", 3, 10, bits)
        let values = [[0, 100, 200], [1, 101, 201], [2, 102, 202]][channel]
        if isSegmented {
          // One plain entry, then a line over two to the last.
          let words = [0, 1, values[0] << 8, 1, 2, values[2] << 8]
          writer.raw(Tag.segmentedPaletteData[channel], "OW", words.flatMap { writer.word($0, 2) })
        } else if bits == 8 {
          writer.raw(Tag.paletteData[channel], "OW", values.map { UInt8($0) })
        } else {
          writer.raw(Tag.paletteData[channel], "OW", values.flatMap { writer.word($0 << 8 | $0, 2) })
        }
      }
      // Below and above the table its ends hold.
      writer.raw(.pixels, "OB", [0, 10, 11, 12, 255])
      let table: [[UInt8]] = [[0, 1, 2], [100, 101, 102], [200, 201, 202]]
      #expect(try writer.file().shown() == [[0, 0, 1, 2, 2].flatMap { table[$0] }], "\(bits) bits, \(isSegmented)")
    }
  }

  @Test func modalityTable() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 3, photometric: "MONOCHROME2")
    writer.text(.windowCenter, "DS", "128")
    writer.text(.windowWidth, "DS", "256")
    writer.sequence(
      .modalityLUTs,
      [
        { item in
          item.number(.lutDescriptor, "US", 3, 1, 16)
          item.raw(.lutData, "OW", [200, 100, 0].flatMap { item.word($0, 2) })
        }
      ])
    writer.raw(.pixels, "OB", [0, 2, 9])
    #expect(try writer.file().shown() == [triples([200, 100, 0])])
  }

  @Test func doubleFloatPixels() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 3, photometric: "MONOCHROME2", bits: 64)
    writer.raw(.doublePixels, "OD", [-1.0, .nan, 3.0].flatMap { writer.double($0) })
    #expect(try writer.file().shown() == [triples([0, 0, 255])])
  }

  /// No preamble and no group 2, as in files of the nineties.
  @Test func bareDataSet() throws {
    var writer = DICOMWriter(.implicitLittle)
    writer.text(.modality, "CS", "US")
    writer.image(rows: 1, columns: 2, photometric: "MONOCHROME2")
    writer.raw(.pixels, "OW", [7, 9])
    let file = try DICOMFile(name: "bare", bytes: writer.bytes)
    #expect(!file.declaresTransferSyntax && file.transferSyntax.uid == "1.2.840.10008.1.2")
    #expect(try writer.bytes.shown() == [triples([7, 9])])
  }

  /// One stored block makes a deflate stream.
  @Test func deflated() throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 2, photometric: "MONOCHROME2")
    writer.raw(.pixels, "OB", [7, 9])
    let head = DICOMWriter().file("1.2.840.10008.1.2.1.99")
    let count = UInt16(writer.bytes.count)
    let length = [UInt8(count & 0xff), UInt8(count >> 8), UInt8(~count & 0xff), UInt8(~count >> 8)]
    let file = head + [1] + length + writer.bytes
    #expect(try file.shown() == [triples([7, 9])])
    var limits = DICOMLimits.standard
    limits.maximumInflatedBytes = writer.bytes.count - 1
    #expect(throws: DICOMError.self) { try file.opened(limits: limits) }
    #expect(throws: DICOMError.self) { try (head + [7, 7, 7, 7, 7, 7, 7, 7, 7]).opened() }
  }
}
