import DICOM
import Imaging
import Testing

/// Frames in fragments: RLE and JPEG, and how frames are found among the fragments.
@Suite struct EncapsulationTests {
  private static let runLength = "1.2.840.10008.1.2.5"
  private static let baseline = "1.2.840.10008.1.2.4.50"

  private func segments(_ parts: [[UInt8]]) -> [UInt8] {
    var offset = 64
    var head = DICOMWriter().word(parts.count, 4)
    for part in parts {
      head += DICOMWriter().word(offset, 4)
      offset += part.count
    }
    return head + [UInt8](repeating: 0, count: 64 - head.count) + parts.flatMap(\.self)
  }

  @Test func runs() throws {
    var grey = DICOMWriter()
    grey.image(rows: 2, columns: 4, photometric: "MONOCHROME2")
    // Three plain, a no-op, a run of 4, one plain.
    grey.fragments([segments([[2, 1, 2, 3, 128, 253, 9, 0, 7]])])
    #expect(try grey.file(Self.runLength).shown() == [[1, 2, 3, 9, 9, 9, 9, 7].flatMap { [$0, $0, $0] as [UInt8] }])

    var colour = DICOMWriter()
    colour.image(rows: 1, columns: 3, photometric: "RGB", samples: 3, planar: 0)
    colour.fragments([segments([[2, 1, 2, 3], [254, 5], [1, 7, 8, 0, 9]])])
    #expect(try colour.file(Self.runLength).shown() == [[1, 5, 7, 2, 5, 8, 3, 5, 9]])

    var deep = DICOMWriter()
    deep.image(rows: 1, columns: 2, photometric: "MONOCHROME2", bits: 16)
    deep.fragments([segments([[1, 0x12, 0x56], [1, 0x34, 0x78]])])
    #expect(try FrameReader(deep.file(Self.runLength).opened()).storedFrame(0).bytes == [0x34, 0x12, 0x78, 0x56])
  }

  @Test(
    arguments: [
      [[2, 1, 2, 3], [254, 5], [1, 7, 8]], [[2, 1, 2, 3], [254, 5]], [[2, 1, 2], [254, 5], [1, 7, 8, 0, 9]],
      [[200], [254, 5], [2, 7, 8, 9]],
    ] as [[[UInt8]]])
  func runsThatDoNotFill(parts: [[UInt8]]) throws {
    var writer = DICOMWriter()
    writer.image(rows: 1, columns: 3, photometric: "RGB", samples: 3, planar: 0)
    writer.fragments([segments(parts)])
    #expect(throws: DICOMError.self) { try writer.file(Self.runLength).shown() }
  }

  /// Flat colours, which JPEG keeps to within its rounding.
  private func jpeg(_ colour: [UInt8]) throws -> [UInt8] {
    let pixels = (0..<16 * 16).flatMap { _ in colour }
    return try JPEG.encode(RGBImage(width: 16, height: 16, pixels: pixels), quality: 95)
  }

  private func isClose(_ frame: [UInt8], _ colour: [UInt8]) -> Bool {
    frame.count == 16 * 16 * 3 && frame.enumerated().allSatisfy { abs(Int($1) - Int(colour[$0 % 3])) <= 3 }
  }

  private static let three: [[UInt8]] = [[200, 30, 60], [10, 220, 90], [70, 80, 240]]

  private func cine(_ fragments: [[UInt8]], table: [Int] = [], photometric: String = "YBR_FULL_422") -> [UInt8] {
    var writer = DICOMWriter()
    writer.image(rows: 16, columns: 16, photometric: photometric, samples: 3, planar: 0, frames: 3)
    writer.fragments(fragments, table: table)
    return writer.file(Self.baseline)
  }

  @Test func framesAreFoundByTableByCountAndByMarks() throws {
    let frames = try Self.three.map { try jpeg($0) }.map { $0.count % 2 == 0 ? $0 : $0 + [0] }
    let halves = frames.flatMap { [Array($0[..<100]), Array($0[100...])] }
    var offsets: [Int] = []
    var next = 0
    for frame in frames {
      offsets.append(next)
      next += frame.count + 16
    }
    // One fragment a frame; two with a table; two without; two with a table that lies.
    for file in [cine(frames), cine(halves, table: offsets), cine(halves), cine(halves, table: [0, 5, 9])] {
      let shown = try file.shown()
      #expect(shown.count == 3)
      for (frame, colour) in zip(shown, Self.three) { #expect(isClose(frame, colour)) }
    }
    #expect(throws: DICOMError.self) { try cine(Array(frames[..<2])).shown() }
    #expect(throws: DICOMError.self) { try cine([frames[0], frames[1], Array(frames[2][..<200])]).shown() }
  }

  /// A JFIF mark means luma and chroma whatever the data set says; without it the data set is believed.
  @Test func coloursOfJPEG() throws {
    let frames = try Self.three.map { try jpeg($0) }
    for (frame, colour) in zip(try cine(frames, photometric: "RGB").shown(), Self.three) {
      #expect(isClose(frame, colour))
    }
    // Without its JFIF segment (18 bytes behind the first mark) the components are taken as they are: Y, Cb, Cr.
    let bare = frames.map { Array($0[..<2]) + Array($0[20...]) }
    #expect(frames[0][2...3].elementsEqual([0xff, 0xe0]))
    for (frame, colour) in zip(try cine(bare, photometric: "YBR_FULL").shown(), Self.three) {
      #expect(isClose(frame, colour))
    }
    let first = Self.three[0].map { Double($0) }
    let luma = 0.299 * first[0] + 0.587 * first[1] + 0.114 * first[2]
    #expect(try abs(Double(cine(bare, photometric: "RGB").shown()[0][0]) - luma) <= 3)
  }

  @Test func aSmallerFrameLiesAtTheUpperLeft() throws {
    let small = try JPEG.encode(
      RGBImage(width: 8, height: 4, pixels: (0..<32).flatMap { _ in Self.three[2] }), quality: 95)
    let file = cine([try jpeg(Self.three[0]), try jpeg(Self.three[1]), small])
    let reader = try FrameReader(file.opened())
    let frame = try reader.storedFrame(2)
    #expect(!frame.isWhole && frame.filled == (4, 8))
    let pixels = try reader.rgb(2).pixels
    #expect(abs(Int(pixels[2]) - 240) <= 3 && pixels[3 * 8] == 0 && pixels[3 * 16 * 4] == 0)
    #expect(FileInspection { () throws(DICOMError) in try file.opened() }.problems.contains { $0.contains("8 x 4") })
  }

  @Test func encapsulationThatContradictsTheSyntax() throws {
    let frames = try Self.three.map { try jpeg($0) }
    var writer = DICOMWriter()
    writer.image(rows: 16, columns: 16, photometric: "RGB", samples: 3, planar: 0, frames: 3)
    writer.fragments(frames)
    #expect(throws: DICOMError.self) { try writer.file().shown() }
    var native = DICOMWriter()
    native.image(rows: 1, columns: 1, photometric: "MONOCHROME2")
    native.raw(.pixels, "OB", [1, 2])
    #expect(throws: DICOMError.self) { try native.file(Self.baseline).shown() }
    #expect {
      try native.file("1.2.840.10008.1.2.4.102").shown()
    } throws: {
      "\($0)".contains("H.264")
    }
  }
}
