// Annotations: files in which people, or other programs, marked something in pictures, as regions of those pictures:
// LabelMe, COCO, CVAT, Pair, the project's own, DICOM segmentations and structured reports (docs/annotations.md). It opens no picture
// and changes no file. May import Ultrasound (the regions), Imaging (masks), DICOM and Tables (JSON).

public import Foundation
import Tables
public import Ultrasound

/// The kinds of file that are read. Told from the content, never from the name.
public enum AnnotationKind: String, Sendable, Codable, CaseIterable {
  case labelMe = "labelme"
  case coco
  case cvatImages = "cvat-images"
  case cvatVideo = "cvat-video"
  case pair
  case dicomSegmentation = "dicom-seg"
  case dicomReport = "dicom-sr"
  /// What an export of a cohort writes.
  case insonate
}

/// What a file marks in one picture or clip.
public struct AnnotatedPicture: Sendable, Hashable, Codable {
  /// As the file names it: a path below the folder of the pictures, with `/`. Of absolute paths and those with `..` the
  /// last part. For DICOM objects the instance.
  public var pictureName: String
  /// SOP Instance UID, where the file refers to a DICOM object.
  public var sopInstance: String?
  /// Pixels, where the file says them.
  public var width: Int?
  public var height: Int?
  /// In the order of the file. Inside the picture where its size is known.
  public var regions: [RegionOfInterest]
  /// What the file says of the picture as a whole, as written: flags, tags.
  public var classes: [String]
  /// What was left out or changed.
  public var notes: [String]

  public init(
    pictureName: String, sopInstance: String? = nil, width: Int? = nil, height: Int? = nil,
    regions: [RegionOfInterest] = [], classes: [String] = [], notes: [String] = []
  ) {
    (self.pictureName, self.sopInstance, self.width, self.height) = (pictureName, sopInstance, width, height)
    (self.regions, self.classes, self.notes) = (regions, classes, notes)
  }
}

/// A number that a report gives, such as a lesion's size.
public struct AnnotatedMeasurement: Sendable, Hashable, Codable {
  /// The meaning of the concept: `Length`, `Long Axis`, ...
  public var name: String
  public var value: Double
  /// UCUM: `mm`, `cm`, `cm/s`; nil where the report gives none.
  public var unit: String?
  /// The value in mm, mm2 or mm3, where the unit is a length, an area or a volume.
  public var millimetres: Double?
  /// Meanings of the headings it stands under, from the outside, and of what qualifies it.
  public var context: [String]
  /// The picture and its frame, counted from 0, in which it was made, where the report says so.
  public var sopInstance: String?
  public var frame: Int?
}

/// All that a file of annotations says.
public struct AnnotationContents: Sendable, Hashable, Codable {
  public var kind: AnnotationKind
  public var pictures: [AnnotatedPicture]
  /// Of structured reports.
  public var measurements: [AnnotatedMeasurement]
  /// What concerns no single picture.
  public var notes: [String]
}

/// What a file may ask for before it is refused.
public struct AnnotationLimits: Sendable, Hashable {
  /// Bytes of a JSON or XML file. DICOM files have their own limits.
  public var maximumFileBytes: Int
  /// Columns and rows of a picture.
  public var maximumSide: Int
  public var maximumPixels: Int
  /// Pixels of all masks of a file together.
  public var maximumMaskPixels: Int
  /// Lists and objects, or elements, inside one another.
  public var maximumDepth: Int
  public var maximumRegions: Int

  public init(
    maximumFileBytes: Int = 1 << 30, maximumSide: Int = 65_535, maximumPixels: Int = 178_956_970,
    maximumMaskPixels: Int = 1 << 33, maximumDepth: Int = 64, maximumRegions: Int = 5_000_000
  ) {
    (self.maximumFileBytes, self.maximumSide, self.maximumPixels) = (maximumFileBytes, maximumSide, maximumPixels)
    (self.maximumMaskPixels, self.maximumDepth) = (maximumMaskPixels, maximumDepth)
    self.maximumRegions = maximumRegions
  }

  /// 1 GiB a file, pictures of 65,535 columns or rows and 178,956,970 pixels, 2^33 pixels of masks, 64 deep, 5,000,000
  /// regions.
  public static let standard = AnnotationLimits()
}

/// Reads files of annotations.
public enum AnnotationFile {
  /// The pictures in which a file marks something, in its order.
  /// - vocabulary: what its class names mean.
  /// - Throws: `AnnotationError`, naming the file and the place in it. A file with a region that cannot be read is
  ///   refused whole, since half of its marks would pass for all of them; kinds of mark that are never regions (points,
  ///   lines) are left out with a note.
  public static func read(
    _ file: URL, vocabulary: RegionVocabulary = .standard, limits: AnnotationLimits = .standard
  ) throws(AnnotationError) -> [AnnotatedPicture] {
    try contents(of: file, vocabulary: vocabulary, limits: limits).pictures
  }

  /// As ``read(_:vocabulary:limits:)``, with the kind of file and the measurements of reports.
  public static func contents(
    of file: URL, vocabulary: RegionVocabulary = .standard, limits: AnnotationLimits = .standard
  ) throws(AnnotationError) -> AnnotationContents {
    let source = AnnotationSource(name: file.path, vocabulary: vocabulary, limits: limits)
    let head = try source.head(of: file)
    if AnnotationSource.isDICOM(head) { return try DICOMAnnotations.read(file, source) }
    return try contents(of: try source.bytes(of: file), source)
  }

  /// A JSON or XML file that lies in memory; `name` is for messages.
  public static func contents(
    of bytes: [UInt8], name: String, vocabulary: RegionVocabulary = .standard, limits: AnnotationLimits = .standard
  ) throws(AnnotationError) -> AnnotationContents {
    try contents(of: bytes, AnnotationSource(name: name, vocabulary: vocabulary, limits: limits))
  }

  private static func contents(of bytes: [UInt8], _ source: AnnotationSource) throws(AnnotationError)
    -> AnnotationContents
  {
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    switch text.first(where: { ![9, 10, 13, 32].contains($0) }) {
    case UInt8(ascii: "<"): return try CVATFile.read(Array(text), source)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let json = try JSONText.parse(Array(text), source)
      if json["format"]?.string == InsonateFile.format { return try InsonateFile.read(json, source) }
      if json["shapes"] != nil, json["imagePath"] != nil || json["imageHeight"] != nil || json["version"] != nil {
        return try LabelMeFile.read(json, source)
      }
      if json["images"] != nil, json["annotations"] != nil { return try COCOFile.read(json, source) }
      if json["FileInfo"] != nil || json["Models"] != nil || json["Polys"] != nil {
        return try PairFile.read(json, source)
      }
      let keys = json.object.keys.sorted().prefix(8).map(\.debugDescription).joined(separator: ", ")
      throw .unknownKind(file: source.name, found: keys.isEmpty ? "JSON without keys" : "JSON with the keys \(keys)")
    default:
      throw .unknownKind(file: source.name, found: bytes.isEmpty ? "an empty file" : "neither JSON, XML nor DICOM")
    }
  }
}
