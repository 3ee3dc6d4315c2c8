import Annotations
import Foundation
import Imaging
import Testing
import Ultrasound

/// What Tools/golden/annotations.py wrote.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

  static func file(_ name: String) throws -> AnnotationContents {
    try AnnotationFile.contents(of: folder.appending(path: name))
  }

  /// Rows of 0 and 1.
  static func expected() throws -> [String: [String]] {
    try JSONDecoder().decode(
      [String: [String]].self, from: Data(contentsOf: folder.appending(path: "expected.json")))
  }

  static func contents(_ text: String, limits: AnnotationLimits = .standard) throws(AnnotationError)
    -> AnnotationContents
  {
    try AnnotationFile.contents(of: Array(text.utf8), name: "marks", limits: limits)
  }

  static func labelMe(_ shapes: String, width: String = "100", height: String = "80") -> String {
    """
    {"version": "5.4.1", "flags": {}, "imagePath": "a/b.png", "imageWidth": \(width), "imageHeight": \(height), "shapes": [\(shapes)]}
    """
  }

  static func coco(
    _ annotation: String, images: String = #"{"id": 1, "file_name": "a.png", "width": 100, "height": 80}"#
  )
    -> String
  {
    """
    {"images": [\(images)], "categories": [{"id": 1, "name": "mass"}, {"id": 2.0, "name": "malignant"}],
     "annotations": [\(annotation)]}
    """
  }
}

extension RegionOfInterest {
  /// The mask as rows of 0 and 1, where the region is one.
  var rows: [String]? {
    guard case .mask(let mask) = shape else { return nil }
    let image = GreyImage(mask)
    return (0..<image.height).map { row in
      String(image.pixels[row * image.width..<(row + 1) * image.width].map { $0 > 0 ? "1" : "0" })
    }
  }

  var box: PixelBox? { if case .box(let box) = shape { box } else { nil } }
  var rings: [[PixelPoint]]? { if case .polygon(let rings) = shape { rings } else { nil } }
}

/// Whether two boxes differ by less than a hundredth of a pixel.
func isNear(_ one: PixelBox?, _ other: PixelBox, _ tolerance: Double = 0.01) -> Bool {
  guard let one else { return false }
  return abs(one.x - other.x) < tolerance && abs(one.y - other.y) < tolerance
    && abs(one.maxX - other.maxX) < tolerance && abs(one.maxY - other.maxY) < tolerance
}

/// The error that a body throws.
func problem(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return error is AnnotationError ? "\(error)" : "another error: \(error)"
  }
}
