import DICOM
import Foundation
import Imaging

/// A small DICOM file of an ultrasound picture for the tests, explicit VR little endian, uncompressed.
struct DICOMBytes {
  var storage: String? = "1.2.840.10008.5.1.4.1.1.6.1"
  var modality: String? = "US"
  var instance: String? = "1.2.3.4"
  var study: String? = "1.2.3"
  var patient: String? = "P1"
  var issuer: String?
  var name: String? = "DOE^JANE"
  var birth: String? = "19500102"
  var date: String? = "20200531"
  var institution: String?
  var agent: String?
  var columns = 32
  var rows = 24
  var frames: Int?
  /// Where it lies.
  var declaredFrames: String?
  var frameTime: String?
  var frameTimes: String?
  /// Data type, and centimetres from one pixel to the next; from column 2 and row 3 to the 20th and 18th.
  var region: (dataType: Int, delta: Double)?
  /// Mean grey of frame k is different for each seed.
  var seed: UInt64 = 1
  /// Bytes taken from the end of the pixels.
  var missing = 0
  /// Its frames in the place of grey ones, all of one size.
  var colours: [RGBImage] = []

  /// A cine of colour frames.
  static func colour(_ frames: [RGBImage]) -> [UInt8] {
    var file = DICOMBytes(columns: frames[0].width, rows: frames[0].height, frames: frames.count)
    file.colours = frames
    return file.bytes
  }

  private static func word(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func element(_ tag: Tag, _ vr: String, _ value: [UInt8]) -> [UInt8] {
    let value = value.count % 2 == 0 ? value : value + [vr == "UI" || vr == "OB" ? 0 : 0x20]
    let length = ["OB", "OW", "SQ"].contains(vr) ? [0, 0] + word(value.count, 4) : word(value.count, 2)
    return word(Int(tag.group), 2) + word(Int(tag.element), 2) + Array(vr.utf8) + length + value
  }

  private static func text(_ tag: Tag, _ vr: String, _ value: String?) -> [UInt8] {
    value.map { element(tag, vr, Array($0.utf8)) } ?? []
  }

  private static func short(_ tag: Tag, _ value: Int) -> [UInt8] { element(tag, "US", word(value, 2)) }

  private var regions: [UInt8] {
    guard let region else { return [] }
    func long(_ tag: Tag, _ value: Int) -> [UInt8] { Self.element(tag, "UL", Self.word(value, 4)) }
    func double(_ tag: Tag) -> [UInt8] {
      Self.element(tag, "FD", Self.word(Int(bitPattern: UInt(region.delta.bitPattern)), 8))
    }
    let item = [
      Self.short(.regionSpatialFormat, 1), Self.short(.regionDataType, region.dataType), long(.regionFlags, 0),
      long(.regionMinX0, 2), long(.regionMinY0, 3), long(.regionMaxX1, 20), long(.regionMaxY1, 18),
      Self.short(.physicalUnitsX, 3), Self.short(.physicalUnitsY, 3), double(.physicalDeltaX), double(.physicalDeltaY),
    ].flatMap { $0 }
    return Self.element(
      .ultrasoundRegions, "SQ", Self.word(0xfffe, 2) + Self.word(0xe000, 2) + Self.word(item.count, 4) + item)
  }

  /// Grey of a frame, which `pixel(_:x:y:)` of the tests can tell.
  func pixels(frame: Int) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(frame) &* 0xBF58_476D_1CE4_E5B9
    return (0..<rows * columns).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  var bytes: [UInt8] {
    let frameCount = frames ?? 1
    let isColour = !colours.isEmpty
    var pixels = isColour ? colours.flatMap(\.pixels) : (0..<frameCount).flatMap { self.pixels(frame: $0) }
    pixels.removeLast(missing)
    let meta = Self.text(.transferSyntax, "UI", "1.2.840.10008.1.2.1")
    let set = [
      Self.text(.sopClass, "UI", storage), Self.text(.sopInstance, "UI", instance), Self.text(.studyDate, "DA", date),
      Self.text(.modality, "CS", modality), Self.text(.manufacturer, "LO", "ACME"),
      Self.text(Tag(0x0008, 0x0080), "LO", institution), Self.text(.manufacturerModel, "LO", "Scan 7"),
      Self.text(.patientName, "PN", name), Self.text(.patientID, "LO", patient),
      Self.text(Tag(0x0010, 0x0021), "LO", issuer), Self.text(Tag(0x0010, 0x0030), "DA", birth),
      Self.text(Tag(0x0010, 0x1040), "LO", "1 HIDDEN LANE"), Self.text(Tag(0x0018, 0x0010), "LO", agent),
      Self.text(.frameTime, "DS", frameTime), Self.text(.frameTimeVector, "DS", frameTimes),
      Self.text(Tag(0x0018, 0x5010), "LO", "C5-1"), Self.text(Tag(0x0018, 0x5022), "DS", "0.08"),
      regions, Self.text(.studyInstance, "UI", study), Self.short(.samplesPerPixel, isColour ? 3 : 1),
      Self.text(.photometric, "CS", isColour ? "RGB" : "MONOCHROME2"),
      isColour ? Self.short(Tag(0x0028, 0x0006), 0) : [],
      Self.text(.numberOfFrames, "IS", declaredFrames ?? frames.map { String($0) }), Self.short(.rows, rows),
      Self.short(.columns, columns), Self.short(.bitsAllocated, 8), Self.short(.bitsStored, 8), Self.short(.highBit, 7),
      Self.short(.pixelRepresentation, 0), Self.element(.pixels, "OB", pixels),
    ].flatMap { $0 }
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta + set
  }
}
