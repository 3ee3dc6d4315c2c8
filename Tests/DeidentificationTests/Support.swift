import DICOM
import Deidentification
import Foundation
import Imaging

/// A small ultrasound cine with everything in its header that must go.
struct Planted {
  var syntax = TransferSyntax.explicitLittle
  var set = EditableDataSet()

  init(frames: Int = 2, name: String = "WANG^XIAODONG=王^小东", instance: String = "1.2.3.4.5") {
    text(0x0008, 0x0008, .cs, "ORIGINAL\\PRIMARY")
    text(0x0008, 0x0016, .ui, "1.2.840.10008.5.1.4.1.1.3.1")
    text(0x0008, 0x0018, .ui, instance)
    text(0x0008, 0x0020, .da, "20200310")
    text(0x0008, 0x0021, .da, "20200310")
    text(0x0008, 0x0022, .da, "20200311")
    text(0x0008, 0x002a, .dt, "20200310101500.25+0800")
    text(0x0008, 0x0030, .tm, "101500")
    text(0x0008, 0x0050, .sh, "ACC7788991")
    text(0x0008, 0x0060, .cs, "US")
    text(0x0008, 0x0070, .lo, "Maker")
    text(0x0008, 0x0080, .lo, "Ruijin Hospital")
    text(0x0008, 0x0081, .st, "197 Ruijin Er Road Shanghai")
    text(0x0008, 0x0090, .pn, "LI^Wenliang")
    text(0x0008, 0x1010, .sh, "ROOM42-EPIQ")
    text(0x0008, 0x1030, .lo, "Breast left WANG 13812345678")
    text(0x0008, 0x103e, .lo, "右乳 结节 王小东 随访")
    text(0x0008, 0x1090, .lo, "EPIQ 7")
    text(0x0010, 0x0010, .pn, name)
    text(0x0010, 0x0020, .lo, "SH0012345")
    text(0x0010, 0x0030, .da, "19650412")
    text(0x0010, 0x0040, .cs, "F")
    text(0x0010, 0x1010, .as, "093Y")
    text(0x0010, 0x1030, .ds, "61.5")
    text(0x0010, 0x1040, .lo, "Huaihai Road 1000")
    text(0x0010, 0x4000, .lt, "Frau Wang, ring 02112345")
    text(0x0018, 0x1000, .lo, "SN-998877")
    text(0x0018, 0x1030, .lo, "Breast Doppler")
    text(0x0018, 0x5021, .lo, "RUIJIN_preset")
    text(0x0020, 0x000d, .ui, "1.2.3.4")
    text(0x0020, 0x000e, .ui, "1.2.3.4.1")
    text(0x0020, 0x0010, .sh, "ST5566")
    text(0x0020, 0x0013, .is, "7")
    image(frames: frames)
  }

  mutating func text(_ group: UInt16, _ element: UInt16, _ vr: ValueRepresentation, _ value: String) {
    set.set(Tag(group, element), vr, text: value)
  }

  mutating func items(_ tag: Tag, _ items: [(inout EditableDataSet) -> Void]) {
    set.set(
      EditableElement(
        tag, .sq,
        .items(
          items.map { fill in
            var item = EditableDataSet()
            fill(&item)
            return item
          })))
  }

  /// 6 x 4 pixels of grey, each frame other values.
  mutating func image(frames: Int) {
    text(0x0028, 0x0004, .cs, "MONOCHROME2")
    text(0x0028, 0x0008, .is, "\(frames)")
    for (tag, value) in [
      (Tag.samplesPerPixel, 1), (.rows, 4), (.columns, 6), (.bitsAllocated, 8), (.bitsStored, 8), (.highBit, 7),
      (.pixelRepresentation, 0),
    ] { set.set(tag, .us, numbers: [value]) }
    set.set(EditableElement(.pixels, .ob, .bytes((0..<24 * frames).map { UInt8(100 + $0 % 100) })))
    items(
      .ultrasoundRegions,
      [
        { item in
          item.set(.regionDataType, .us, numbers: [1])
          for (tag, value) in [(Tag.regionMinX0, 0), (.regionMinY0, 0), (.regionMaxX1, 5), (.regionMaxY1, 3)] {
            item.set(tag, .ul, numbers: [value])
          }
        }
      ])
  }

  func bytes() throws -> [UInt8] {
    var named = set
    named.nameCharacterSet()
    return try DICOMFileWriter(syntax).bytes(of: named, name: "planted")
  }

  func file() throws -> DICOMFile { try DICOMFile(name: "planted.dcm", bytes: bytes()) }
}

extension DeidentificationKey {
  static let test = DeidentificationKey(secret: [UInt8](repeating: 7, count: 32)) ?? .random()
}

/// The new data set of a planted file.
func deidentified(
  _ planted: Planted, _ options: DeidentificationOptions = DeidentificationOptions(),
  pixels: (any PixelCleaning)? = nil
) throws -> DICOMFile {
  let made = try Deidentifier(options: options, key: .test).deidentify(planted.file(), pixels: pixels)
  return try DICOMFile(name: "made.dcm", bytes: made.bytes())
}

/// A folder for one test.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(
      path: "deidentification-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func files(_ ending: String) -> [String] {
    (FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []).filter {
      $0.hasSuffix(ending)
    }
    .sorted()
  }
}

/// Blanks what it was told to.
struct GivenMask: PixelCleaning {
  var mask: GreyImage?
  var needsReview = false

  func inspect(_ file: DICOMFile, frames: FrameReader) throws(DeidentificationError) -> PixelFinding {
    PixelFinding(mask: mask, findings: mask == nil ? [] : ["text"], needsReview: needsReview)
  }
}
