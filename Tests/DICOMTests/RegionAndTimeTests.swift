import DICOM
import Foundation
import Testing
import Ultrasound

@Suite struct RegionAndTimeTests {
  private func cine(frames: Int, _ fill: (inout DICOMWriter) -> Void) throws -> FrameTiming {
    var writer = DICOMWriter()
    fill(&writer)
    writer.image(rows: 1, columns: 2, photometric: "MONOCHROME2", frames: frames)
    writer.raw(.pixels, "OB", [UInt8](repeating: 0, count: 2 * frames))
    return FrameTiming(try writer.file().opened(), frames: frames)
  }

  @Test func trueTimesOfFrames() throws {
    let vector = try cine(frames: 4) { $0.text(.frameTimeVector, "DS", "0\\30\\50.5\\20") }
    #expect(vector.milliseconds == [0, 30, 80.5, 100.5] && vector.source == .frameTimeVector)
    let short = try cine(frames: 3) { $0.text(.frameTimeVector, "DS", "40\\60") }
    #expect(short.milliseconds == [0, 40, 100])
    let constant = try cine(frames: 3) {
      $0.text(.cineRate, "IS", "10")
      $0.text(.frameTime, "DS", "33.3")
    }
    #expect(constant.milliseconds == [0, 33.3, 66.6] && constant.source == .frameTime)
    let long = try cine(frames: 10) { $0.text(.frameTime, "DS", "33.333") }
    #expect(long.milliseconds?.last == 299.997)
    let rate = try cine(frames: 3) { $0.text(.cineRate, "IS", "25") }
    #expect(rate.milliseconds == [0, 40, 80] && rate.source == .cineRate && rate.meanRate == 25)
    let both = try cine(frames: 2) {
      $0.text(.frameTime, "DS", "10")
      $0.text(.frameTimeVector, "DS", "0\\20")
      $0.number(.frameIncrementPointer, "AT", 0x1063_0018)
    }
    #expect(both.source == .frameTime)
  }

  @Test func timesThatCannotBe() throws {
    let lying = try cine(frames: 4) {
      $0.text(.frameTimeVector, "DS", "0\\30")
      $0.text(.frameTime, "DS", "20")
    }
    #expect(lying.source == .frameTime && lying.notes.count == 1)
    let zero = try cine(frames: 4) { $0.text(.frameTime, "DS", "0") }
    #expect(zero.source == .none && zero.milliseconds == nil && zero.notes.count == 1)
    let text = try cine(frames: 4) { $0.text(.frameTime, "DS", "fast") }
    #expect(text.milliseconds == nil && text.notes.count == 1)
    #expect(try cine(frames: 1) { _ in }.source == .single)
  }

  private static func region(
    _ writer: inout DICOMWriter, type: Int, box: (Int, Int, Int, Int), units: (Int, Int), deltas: (Double, Double)
  ) {
    writer.number(.regionSpatialFormat, "US", 1)
    writer.number(.regionDataType, "US", type)
    writer.number(.regionFlags, "UL", 1)
    for (tag, value) in zip(
      [Tag.regionMinX0, .regionMinY0, .regionMaxX1, .regionMaxY1], [box.0, box.1, box.2, box.3])
    {
      writer.number(tag, "UL", value)
    }
    writer.number(.referencePixelX0, "SL", -5)
    writer.number(.physicalUnitsX, "US", units.0)
    writer.number(.physicalUnitsY, "US", units.1)
    writer.raw(.physicalDeltaX, "FD", writer.double(deltas.0))
    writer.raw(.physicalDeltaY, "FD", writer.double(deltas.1))
  }

  private func file(_ coding: DICOMWriter.Coding, _ items: [(inout DICOMWriter) -> Void]) throws -> DICOMFile {
    var writer = DICOMWriter(coding)
    writer.sequence(.ultrasoundRegions, items)
    writer.image(rows: 20, columns: 30, photometric: "MONOCHROME2")
    writer.raw(.pixels, "OW", [UInt8](repeating: 0, count: 600))
    return try writer.file().opened()
  }

  @Test(arguments: [DICOMWriter.Coding.explicitLittle, .explicitBig, .implicitLittle])
  func regionsInMillimetres(coding: DICOMWriter.Coding) throws {
    let regions = try file(
      coding,
      [
        { Self.region(&$0, type: 1, box: (2, 3, 11, 14), units: (3, 3), deltas: (0.025, -0.05)) },
        { Self.region(&$0, type: 3, box: (15, 0, 29, 19), units: (4, 7), deltas: (0.01, -0.5)) },
      ]
    ).ultrasoundRegions()
    #expect(regions.count == 2)
    #expect(regions[0].dataTypeName == "tissue" && regions[0].isLowPriority && !regions[0].hasFrequencyScale)
    #expect(regions[0].horizontal.millimetres == 0.25 && regions[0].vertical.millimetres == 0.5)
    #expect(regions[0].horizontal.referencePixel == -5)
    #expect(regions[0].box(inWidth: 30, height: 20) == PixelBox(x: 2, y: 3, width: 10, height: 12))
    #expect(regions[1].horizontal.unitName == "s" && regions[1].vertical.unitName == "cm/s")
    #expect(regions[1].vertical.delta == -0.5 && regions[1].vertical.millimetres == nil)
    #expect(regions.allSatisfy { $0.problems(inWidth: 30, height: 20).isEmpty })
  }

  @Test func regionsThatCannotBe() throws {
    let regions = try file(
      .explicitLittle,
      [
        { Self.region(&$0, type: 1, box: (2, 3, 40, 14), units: (3, 3), deltas: (0.025, 0.025)) },
        { Self.region(&$0, type: 1, box: (9, 3, 4, 14), units: (3, 3), deltas: (0, 100)) },
        { Self.region(&$0, type: 99, box: (50, 30, 60, 40), units: (77, 0), deltas: (1, 1)) },
      ]
    ).ultrasoundRegions()
    #expect(regions.map { $0.problems(inWidth: 30, height: 20).count } == [1, 3, 2])
    #expect(regions[0].box(inWidth: 30, height: 20) == PixelBox(x: 2, y: 3, width: 28, height: 12))
    #expect(regions[2].box(inWidth: 30, height: 20) == nil && regions[2].dataTypeName == "unknown (99)")
    #expect(throws: DICOMError.self) {
      try file(.explicitLittle, [{ $0.number(.regionDataType, "US", 1) }]).ultrasoundRegions()
    }
  }

  /// A program that did not know the sequence passes it on as UN, implicit little endian.
  @Test func regionsOfUnknownRepresentation() throws {
    var item = DICOMWriter(.implicitLittle)
    Self.region(&item, type: 1, box: (2, 3, 11, 14), units: (3, 3), deltas: (0.025, 0.05))
    var inner = DICOMWriter(.implicitLittle)
    inner.raw(Tag(0xfffe, 0xe000), "", item.bytes)
    var writer = DICOMWriter()
    writer.raw(.ultrasoundRegions, "UN", inner.bytes)
    writer.image(rows: 20, columns: 30, photometric: "MONOCHROME2")
    writer.raw(.pixels, "OW", [UInt8](repeating: 0, count: 600))
    #expect(try writer.file().opened().ultrasoundRegions().first?.vertical.millimetres == 0.5)
  }

  @Test func summary() throws {
    var writer = DICOMWriter()
    writer.text(.sopClass, "UI", "1.2.840.10008.5.1.4.1.1.6.1\0")
    writer.text(.patientName, "PN", "^^^^")
    writer.sequence(
      .ultrasoundRegions,
      [{ Self.region(&$0, type: 2, box: (0, 0, 1, 1), units: (3, 3), deltas: (.infinity, 0.1)) }])
    writer.image(rows: 2, columns: 2, photometric: "MONOCHROME2")
    writer.raw(.pixels, "OW", [1, 2, 3, 4])
    let summary = try FileSummary(writer.file().opened())
    #expect(!summary.patientNamePresent && summary.sopClass?.name == "Ultrasound Image")
    #expect(summary.regions.first?.dataType == "colour flow" && summary.regions.first?.problems.count == 1)
    #expect(throws: Never.self) { try JSONEncoder().encode(summary) }
  }
}
