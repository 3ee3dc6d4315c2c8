import DICOM
import Foundation
import Imaging
import Testing

/// Windows, lookup tables and what enhanced objects say of their frames.
@Suite struct WindowTests {
  private func shown(
    _ values: [UInt8], signed: Bool = false, _ fill: (inout DICOMWriter) -> Void
  ) throws -> [Int] {
    var writer = DICOMWriter()
    fill(&writer)
    writer.image(rows: 1, columns: values.count, photometric: "MONOCHROME2", signed: signed)
    writer.raw(.pixels, "OB", values)
    let pixels = try writer.file().shown()[0]
    return stride(from: 0, to: pixels.count, by: 3).map { Int(pixels[$0]) }
  }

  private func window(_ writer: inout DICOMWriter, _ center: String, _ width: String, _ function: String) {
    writer.text(.windowCenter, "DS", center)
    writer.text(.windowWidth, "DS", width)
    writer.text(.voiLUTFunction, "CS", function)
  }

  @Test func functions() throws {
    let values: [UInt8] = [0, 49, 50, 75, 100, 125, 149, 150, 151, 255]
    func rounded(_ grey: (Double) -> Double) -> [Int] {
      values.map { Int((min(max(grey(Double($0)), 0), 255) + 0.5).rounded(.down)) }
    }
    #expect(
      try shown(values) { window(&$0, "100", "100", "LINEAR") } == rounded { (($0 - 99.5) / 99 + 0.5) * 255 })
    #expect(
      try shown(values) { window(&$0, "100", "100", "LINEAR_EXACT") } == rounded { (($0 - 100) / 100 + 0.5) * 255 })
    #expect(
      try shown(values) { window(&$0, "100", "100", "SIGMOID") } == rounded { 255 / (1 + exp(-4 * ($0 - 100) / 100)) })
  }

  /// A table counts only where there is no window.
  @Test func table() throws {
    func table(_ writer: inout DICOMWriter) {
      writer.sequence(
        .voiLUTs,
        [
          { item in
            item.number(.lutDescriptor, "US", 3, 10, 12)
            item.raw(.lutData, "OW", [0, 2048, 4095].flatMap { item.word($0, 2) })
          }
        ])
    }
    #expect(try shown([0, 10, 11, 12, 200]) { table(&$0) } == [0, 0, 128, 255, 255])
    let windowed = try shown([0, 255]) { writer in
      window(&writer, "128", "256", "LINEAR")
      table(&writer)
    }
    #expect(windowed == [0, 255])
  }

  @Test func inverse() throws {
    #expect(try shown([0, 200]) { $0.text(.presentationLUTShape, "CS", "INVERSE") } == [255, 55])
    #expect(try shown([0, 200]) { $0.text(.presentationLUTShape, "CS", "IDENTITY") } == [0, 200])
  }

  /// The first value of a table for signed samples is below 0, with a sign of its own or without.
  @Test(arguments: ["SS", "US"]) func signedTable(_ vr: String) throws {
    let found = try shown([254, 255, 0, 1], signed: true) { writer in
      window(&writer, "128", "256", "LINEAR")
      writer.sequence(
        .modalityLUTs,
        [
          { item in
            item.number(.lutDescriptor, vr, 3, -1, 16)
            item.raw(.lutData, "OW", [10, 20, 30].flatMap { item.word($0, 2) })
          }
        ])
    }
    #expect(found == [10, 10, 20, 30])
  }

  @Test func enhancedObject() throws {
    func file(_ moments: [String]) throws -> DICOMFile {
      var writer = DICOMWriter()
      writer.image(rows: 1, columns: 2, photometric: "MONOCHROME2", frames: moments.count)
      writer.sequence(
        .sharedGroups, [{ $0.sequence(.pixelMeasures, [{ $0.text(.pixelSpacing, "DS", "0.2\\0.3") }]) }])
      writer.sequence(
        .groupsPerFrame,
        moments.map { moment in { $0.sequence(.frameContent, [{ $0.text(.frameAcquisition, "DT", moment) }]) } })
      writer.raw(.pixels, "OB", [UInt8](repeating: 1, count: 2 * moments.count))
      return try writer.file().opened()
    }
    let moments = ["20260228235959.900000", "20260228235959.900000", "20260301000000.150"]
    let timing = try FrameTiming(file(moments), frames: 3)
    #expect(timing.source == .frameContent && timing.milliseconds == [0, 0, 250])
    #expect(try FileSummary(file(moments)).pixelSpacing == [0.2, 0.3])
    for wrong in [["20260228", "20260229"], ["20260301000000.1", "20260228000000.1"], ["x", ""]] {
      #expect(try FrameTiming(file(wrong), frames: 2).source == .none)
    }
  }
}
