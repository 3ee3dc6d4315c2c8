import Annotations
import Foundation
import Imaging
import Testing
import Ultrasound

struct DICOMAnnotationTests {
  @Test func binarySegmentationOfAClip() throws {
    let (contents, expected) = (try Fixture.file("seg-binary.dcm"), try Fixture.expected())
    #expect(contents.kind == .dicomSegmentation && contents.notes == ["frames that mark nothing: 1"])
    let picture = try #require(contents.pictures.first)
    #expect(
      contents.pictures.count == 1 && picture.sopInstance == "2.25.11" && picture.width == 13 && picture.height == 11)
    try #require(picture.regions.count == 3)
    // The file counts frames from 1.
    #expect(picture.regions.map(\.frame) == [1, 2, 2])
    #expect(picture.regions.map(\.role) == [.lesion, .lesion, .calcification])
    #expect(picture.regions[0].label == .malignant && picture.regions[0].name == "Malignant lesion")
    #expect(picture.regions[0].rows == expected["seg-binary 1 2"])
    #expect(picture.regions[1].rows == expected["seg-binary 1 3"])
    #expect(picture.regions[2].rows == expected["seg-binary 2 3"])
  }

  @Test func fractionalAndLabelMap() throws {
    let expected = try Fixture.expected()
    let fractional = try Fixture.file("seg-fractional.dcm")
    #expect(fractional.pictures.first?.regions.first?.rows == expected["seg-fractional"])
    #expect(
      fractional.notes.first?.contains("PROBABILITY") == true && fractional.notes.first?.contains("100 of 200") == true)
    let map = try #require(try Fixture.file("seg-labelmap.dcm").pictures.first)
    #expect(map.regions.map(\.rows) == [expected["seg-labelmap 1"], expected["seg-labelmap 2"]])
    #expect(map.regions.map(\.frame) == [3, 3])
  }

  @Test func aSegmentationByAnotherProgram() throws {
    let picture = try #require(try Fixture.file("seg-highdicom.dcm").pictures.first)
    #expect(picture.sopInstance == "2.25.61" && picture.regions.count == 1 && picture.regions.first?.name == "结节")
    #expect(
      picture.regions.first?.rows == (try Fixture.expected())["seg-highdicom"] && picture.regions.first?.frame == nil)
  }

  @Test func measurementReport() throws {
    let contents = try Fixture.file("sr-tid1500.dcm")
    #expect(contents.kind == .dicomReport)
    let picture = try #require(contents.pictures.first)
    #expect(contents.pictures.count == 1 && picture.sopInstance == "2.25.11")
    let regions = picture.regions
    try #require(regions.count == 3)
    #expect(regions.map(\.frame) == [2, 4, 4])
    #expect(regions[0].rings == [[PixelPoint(x: 10, y: 10), PixelPoint(x: 30.5, y: 12), PixelPoint(x: 28, y: 40)]])
    #expect(regions[0].label == .malignant && regions[1].label == .benign && regions[2].label == nil)
    #expect(isNear(RegionRaster.boundingBox(of: regions[1].shape), PixelBox(x: 50, y: 40, width: 20, height: 20), 0.2))
    // An ellipse with axes of 50 and 10 pixels, 53.13 degrees downwards.
    let area = try #require(RegionRaster.area(of: regions[2].shape, width: 120, height: 100))
    #expect(abs(Double(area) - .pi * 25 * 5) < 8)
    #expect(contents.measurements.map(\.name) == ["Length", "Length", "Length"])
    #expect(contents.measurements.map(\.millimetres) == [12.5, 12.5, 31])
    #expect(contents.measurements[1].unit == "cm" && contents.measurements[1].value == 1.25)
    #expect(contents.measurements[0].context.contains("Malignant neoplasm"))
  }

  @Test func ultrasoundReport() throws {
    let contents = try Fixture.file("sr-ultrasound.dcm")
    #expect(contents.pictures.isEmpty && contents.measurements.count == 3)
    let long = try #require(contents.measurements.first)
    #expect(long.name == "Long Axis" && long.value == 2.35 && long.unit == "cm" && long.millimetres == 23.5)
    #expect(long.sopInstance == "2.25.61" && long.context.contains("Left") && long.context.contains("Nodule"))
    #expect(contents.measurements[1].millimetres == 11 && contents.measurements[2].millimetres == nil)
    #expect(contents.notes.contains { $0.contains("open POLYLINE") && $0.contains("content 1.1.1.2.2") })
  }

  @Test func cutAndChangedFilesAreRefusedOrReadButNeverTrap() throws {
    for name in ["seg-binary.dcm", "seg-fractional.dcm", "seg-labelmap.dcm", "sr-tid1500.dcm", "sr-ultrasound.dcm"] {
      let bytes = try Data(contentsOf: Fixture.folder.appending(path: name))
      let file = FileManager.default.temporaryDirectory.appending(path: "annotations-\(UUID().uuidString).dcm")
      defer { try? FileManager.default.removeItem(at: file) }
      for count in stride(from: 0, to: bytes.count, by: 173) {
        try bytes.prefix(count).write(to: file)
        #expect(problem { _ = try AnnotationFile.read(file) }?.contains("another error") != true)
      }
      var state: UInt64 = 7
      for _ in 0..<50 {
        var changed = bytes
        for _ in 0..<3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          changed[132 + Int(state >> 33) % (bytes.count - 132)] = UInt8(truncatingIfNeeded: state >> 20)
        }
        try changed.write(to: file)
        #expect(problem { _ = try AnnotationFile.read(file) }?.contains("another error") != true)
      }
    }
  }

  @Test func otherObjectsAreNamed() throws {
    let bytes = try Data(contentsOf: Fixture.folder.appending(path: "seg-binary.dcm"))
    let file = FileManager.default.temporaryDirectory.appending(path: "annotations-\(UUID().uuidString).dcm")
    defer { try? FileManager.default.removeItem(at: file) }
    var changed = bytes
    while let place = changed.firstRange(of: Data("1.1.66.4".utf8)) {
      changed[place.upperBound - 1] = UInt8(ascii: "9")
    }
    try changed.write(to: file)
    #expect(problem { _ = try AnnotationFile.read(file) }?.contains("1.2.840.10008.5.1.4.1.1.66.9") == true)
  }
}
