import DICOM
import Foundation
import Imaging
import Testing

/// Files that are damaged or lie: an error each, or a picture, never a trap.
@Suite struct BadFileTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static func small(_ fill: (inout DICOMWriter) -> Void = { _ in }) -> [UInt8] {
    var writer = DICOMWriter()
    writer.text(.modality, "CS", "US")
    fill(&writer)
    return writer.file()
  }

  /// A file with a little of everything.
  private static let cine: [UInt8] = small { writer in
    writer.text(.frameTimeVector, "DS", "0\\30")
    writer.sequence(
      .ultrasoundRegions,
      [
        { item in
          item.number(.regionDataType, "US", 1)
          for tag in [Tag.regionMinX0, .regionMinY0, .regionMaxX1, .regionMaxY1] { item.number(tag, "UL", 1) }
          item.raw(.physicalDeltaX, "FD", item.double(0.1))
        }
      ])
    writer.image(rows: 3, columns: 4, photometric: "PALETTE COLOR", frames: 2)
    for channel in 0..<3 {
      writer.number(Tag.paletteDescriptors[channel], "US", 2, 0, 16)
      writer.raw(Tag.paletteData[channel], "OW", [1, 2, 3, 4])
    }
    writer.raw(.pixels, "OB", (0..<24).map { UInt8($0) })
  }

  private static let runs: [UInt8] = {
    var writer = DICOMWriter()
    writer.image(rows: 2, columns: 4, photometric: "MONOCHROME2", frames: 2)
    let frame = writer.word(1, 4) + writer.word(64, 4) + [UInt8](repeating: 0, count: 56) + [253, 9, 3, 1, 2, 3, 4, 0]
    writer.fragments([frame, frame], table: [0, 80])
    return writer.file("1.2.840.10008.1.2.5")
  }()

  /// Everything that can be asked of a file; true where all of it could be read.
  @discardableResult
  private static func useAll(_ bytes: [UInt8]) -> Bool {
    do {
      let file = try bytes.opened()
      _ = try? FileSummary(file)
      _ = try? file.ultrasoundRegions()
      let reader = try FrameReader(file)
      for index in 0..<min(reader.frameCount, 100) { _ = try reader.rgb(index) }
      return true
    } catch {
      return false
    }
  }

  @Test func everyTruncation() {
    for whole in [Self.cine, Self.runs] {
      #expect(Self.useAll(whole))
      for count in 0..<whole.count where Self.useAll(Array(whole[..<count])) {
        // Only the delimiter behind the last fragment may be missing.
        #expect(whole == Self.runs && count >= whole.count - 8, "cut at \(count) of \(whole.count)")
      }
    }
  }

  @Test func flippedBytes() {
    var generator = Generator(state: 20_261_122)
    for round in 0..<500 {
      var bytes = round % 2 == 0 ? Self.cine : Self.runs
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 128..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      Self.useAll(bytes)
      _ = FileInspection { () throws(DICOMError) in try bytes.opened() }
    }
  }

  @Test func sequencesInSequences() throws {
    func nested(_ depth: Int, closed: Bool) -> [UInt8] {
      Self.small { writer in
        for _ in 0..<depth {
          writer.header(Tag(0x0008, 0x1140), "SQ", length: nil)
          writer.tag(Tag(0xfffe, 0xe000))
          writer.append(writer.word(0xffff_ffff, 4))
        }
        guard closed else { return }
        for _ in 0..<depth {
          for end in [Tag(0xfffe, 0xe00d), Tag(0xfffe, 0xe0dd)] {
            writer.tag(end)
            writer.append(writer.word(0, 4))
          }
        }
      }
    }
    #expect(throws: Never.self) { try nested(64, closed: true).opened() }
    for (depth, closed) in [(65, true), (5000, true), (5000, false)] {
      #expect {
        try nested(depth, closed: closed).opened()
      } throws: {
        "\($0)".contains("64 deep")
      }
    }
  }

  @Test func elementsBeyondTheLimit() {
    var limits = DICOMLimits.standard
    limits.maximumElements = 100
    let file = Self.small { writer in for _ in 0..<101 { writer.text(.manufacturer, "LO", "x") } }
    #expect(throws: DICOMError.self) { try file.opened(limits: limits) }
    #expect(throws: Never.self) { try file.opened() }
  }

  /// What is wrong, and a word of the message that must name it.
  @Test(arguments: [
    ("Rows", 0, 4, 1, 1, "8"), ("Columns", 3, 0, 1, 1, "8"), ("Number of Frames", 3, 4, 1, 1, "0"),
    ("Samples per Pixel", 3, 4, 3, 1, "8"), ("Bits Allocated", 3, 4, 1, 12, "12"), ("limit", 65535, 65535, 1, 32, "32"),
  ])
  func impossiblePictures(word: String, rows: Int, columns: Int, samples: Int, bits: Int, other: String) {
    let file = Self.small { writer in
      writer.image(
        rows: rows, columns: columns, photometric: "MONOCHROME2", samples: samples, bits: max(bits, Int(other) ?? 8),
        frames: other == "0" ? 0 : 1)
      writer.raw(.pixels, "OB", [UInt8](repeating: 0, count: 64))
    }
    #expect {
      try file.shown()
    } throws: {
      "\($0)".contains(word)
    }
  }

  @Test func pixelsShorterThanDeclared() throws {
    for frames in [3, 1_000_000_000, 1 << 50] {
      let file = Self.small { writer in
        writer.image(rows: 3, columns: 4, photometric: "MONOCHROME2", frames: frames)
        writer.raw(.pixels, "OB", [UInt8](repeating: 0, count: 24))
      }
      #expect {
        try file.shown()
      } throws: {
        "\($0)".contains("hold 2 whole frames")
      }
    }
  }

  @Test func objectsWithoutPictures() throws {
    let report = Self.small { $0.text(.sopClass, "UI", "1.2.840.10008.5.1.4.1.1.88.22") }
    #expect {
      try FrameReader(report.opened())
    } throws: {
      "\($0)".contains("Enhanced SR")
    }
    for bytes in [[], [1, 2, 3], [UInt8](repeating: 0x55, count: 5000), Array("\u{89}PNG\r\n\u{1a}\n0000000000".utf8)] {
      #expect(throws: DICOMError.self) { try bytes.opened() }
    }
    #expect(throws: DICOMError.notAFile(file: "/tmp")) { try DICOMFile(URL(fileURLWithPath: "/tmp")) }
    #expect(throws: DICOMError.self) { try DICOMFile(URL(fileURLWithPath: "/nowhere/at/all.dcm")) }
  }

  @Test func inspectionNamesWhatIsWrong() throws {
    let sound = FileInspection { () throws(DICOMError) in try Self.runs.opened() }
    #expect(sound.isSound && !sound.notes.isEmpty)
    let broken = FileInspection { () throws(DICOMError) in
      try Self.small { writer in
        writer.image(rows: 3, columns: 4, photometric: "PALETTE COLOR")
        writer.raw(.pixels, "OB", [UInt8](repeating: 0, count: 12))
      }.opened()
    }
    #expect(broken.problems.count == 1 && broken.problems[0].contains("Red Palette Color Lookup Table Descriptor"))
    for (date, isDate) in [("20201345", false), ("2020.02.29", true), ("20210229", false), ("yesterday", false)] {
      let dated = FileInspection { () throws(DICOMError) in
        try Self.small { writer in
          writer.text(.studyDate, "DA", date)
          writer.image(rows: 1, columns: 2, photometric: "MONOCHROME2")
          writer.raw(.pixels, "OB", [1, 2])
        }.opened()
      }
      #expect(dated.isSound == isDate && dated.problems.allSatisfy { $0.contains(date) }, "\(dated.problems)")
    }
    let empty = FileInspection { () throws(DICOMError) in try [].opened() }
    #expect(empty.problems.count == 1)
  }

  @Test func framesBeyondTheLast() throws {
    let reader = try FrameReader(Self.cine.opened())
    for index in [-1, 2, Int.max] {
      #expect(throws: DICOMError.noSuchFrame(file: "test.dcm", index: index, frames: 2)) { try reader.rgb(index) }
    }
  }
}
