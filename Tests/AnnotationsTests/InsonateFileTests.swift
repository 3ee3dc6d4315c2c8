import Annotations
import Foundation
import Testing
import Ultrasound

struct InsonateFileTests {
  private let regions = [
    RegionOfInterest(
      role: .lesion,
      shape: .polygon([
        [PixelPoint(x: 0.1, y: 2), PixelPoint(x: 9.3, y: 3), PixelPoint(x: 4, y: 7.75)],
        [PixelPoint(x: 3, y: 4), PixelPoint(x: 5, y: 4), PixelPoint(x: 4, y: 5)],
      ]), frame: 7, label: .malignant, name: "结节 \"1\""),
    RegionOfInterest(
      role: .calcification, shape: .box(PixelBox(x: 0.1, y: 0.2, width: 0.3, height: 9.8)), frame: 0, origin: .tracked,
      confidence: 0.1),
    RegionOfInterest(
      role: .background, shape: .mask(RunLengthMask(width: 10, height: 10, runs: [3, 4, 90, 3])!)),
  ]

  @Test func whatIsWrittenIsReadAsItWas() throws {
    let picture = AnnotatedPicture(pictureName: "a/b#3.png", width: 10, height: 10, regions: regions)
    let data = try AnnotationFile.json([picture])
    let contents = try AnnotationFile.contents(of: [UInt8](data), name: "marks")
    #expect(contents.kind == .insonate && contents.pictures == [picture] && contents.notes.isEmpty)
  }

  @Test(arguments: [
    (#""version": 1"#, #""version": 2"#, "version: expected 1, found 2"),
    (#""role":"lesion""#, #""role":"leison""#, "regions[0].role: expected one of lesion, background, calcification"),
    (#""confidence":0.1"#, #""confidence":1.1"#, "confidence: expected 0 to 1, found 1.1"),
    (#""frame":7"#, #""frame":-7"#, "frame: expected a frame, counted from 0, found -7"),
    ("[3,4,90,3]", "[3,4,90,4]", "mask: expected width, height and runs that fill them"),
    ("[0.1,0.2,0.3,9.8]", "[0.1,0.2,0.3]", "box: expected x, y, width, height, found 3 numbers"),
    ("[4,7.75]", "[4]", "polygon[0]: expected x and y, found 1 numbers"),
    (#""polygon""#, #""polygons""#, "expected a box, polygon or mask, found none"),
    (#""height":10,"regions""#, #""regions""#, "a width and height"),
  ])
  func whatIsWrongIsNamed(from: String, to: String, message: String) throws {
    let picture = AnnotatedPicture(pictureName: "a.png", width: 10, height: 10, regions: regions)
    let text = String(decoding: try AnnotationFile.json([picture]), as: UTF8.self)
      .replacingOccurrences(of: #""version":1"#, with: #""version": 1"#)
    #expect(text.contains(from))
    let changed = text.replacingOccurrences(of: from, with: to)
    let found = problem { _ = try AnnotationFile.contents(of: Array(changed.utf8), name: "marks") }
    #expect(found?.contains(message) == true, "\(found ?? "none")")
  }
}
