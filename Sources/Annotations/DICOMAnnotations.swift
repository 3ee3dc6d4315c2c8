import DICOM
import Foundation
import Ultrasound

/// DICOM files that annotate others: segmentations and structured reports.
enum DICOMAnnotations {
  private static let segmentations: Set<String> = ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"]
  /// Basic Text, Enhanced, Comprehensive, Comprehensive 3D, Mammography CAD, Chest CAD.
  private static let reports: Set<String> = [
    "1.2.840.10008.5.1.4.1.1.88.11", "1.2.840.10008.5.1.4.1.1.88.22", "1.2.840.10008.5.1.4.1.1.88.33",
    "1.2.840.10008.5.1.4.1.1.88.34", "1.2.840.10008.5.1.4.1.1.88.50", "1.2.840.10008.5.1.4.1.1.88.65",
  ]

  static func read(_ url: URL, _ source: AnnotationSource) throws(AnnotationError) -> AnnotationContents {
    let file: DICOMFile
    do throws(DICOMError) {
      file = try DICOMFile(url)
    } catch {
      throw .dicom(error)
    }
    var uid = try DICOMItem(file.dataSet).string(.sopClass)
    if uid == nil { uid = try DICOMItem(file.meta).string(.mediaStorageClass) }
    if let uid, segmentations.contains(uid) { return try DICOMSegmentation.read(file, source) }
    if let uid, reports.contains(uid) { return try DICOMReport.read(file, source) }
    throw .unknownKind(file: source.name, found: "a DICOM object of class \(uid ?? "that is not named")")
  }
}

/// A data set whose errors are those of annotations.
struct DICOMItem {
  let set: DataSet

  init(_ set: DataSet) { self.set = set }

  private func reading<Value>(_ body: () throws(DICOMError) -> Value) throws(AnnotationError) -> Value {
    do throws(DICOMError) {
      return try body()
    } catch {
      throw .dicom(error)
    }
  }

  func string(_ tag: Tag) throws(AnnotationError) -> String? {
    try reading { () throws(DICOMError) in try set.string(tag) }
  }
  func integer(_ tag: Tag) throws(AnnotationError) -> Int? {
    try reading { () throws(DICOMError) in try set.integer(tag) }
  }
  func integers(_ tag: Tag) throws(AnnotationError) -> [Int] {
    try reading { () throws(DICOMError) in try set.integers(tag) }
  }
  func numbers(_ tag: Tag) throws(AnnotationError) -> [Double] {
    try reading { () throws(DICOMError) in try set.numbers(tag) }
  }
  func items(_ tag: Tag) -> [DICOMItem] { set.items(tag).map { DICOMItem($0) } }

  /// The coded entry that a sequence holds (PS3.3 8.8).
  func code(_ tag: Tag) throws(AnnotationError) -> DICOMCode? {
    guard let item = items(tag).first else { return nil }
    var value = try item.string(.codeValue)
    if value == nil { value = try item.string(.longCodeValue) }
    return DICOMCode(
      value: value ?? "", scheme: try item.string(.codeScheme) ?? "", meaning: try item.string(.codeMeaning) ?? "")
  }

  /// What a reference points at: the instance, and its frame counted from 0. An instance of several frames is named by
  /// its first.
  func reference() throws(AnnotationError) -> DICOMReference? {
    guard let instance = try string(.referencedInstance) else { return nil }
    let frames = try integers(.referencedFrame)
    return DICOMReference(instance: instance, frames: frames.map { $0 - 1 })
  }
}

struct DICOMCode: Hashable {
  let value: String
  let scheme: String
  let meaning: String
}

struct DICOMReference: Hashable {
  let instance: String
  /// Counted from 0; empty where the whole instance is meant.
  let frames: [Int]
}

extension Tag {
  static let referencedSOPs = Tag(0x0008, 0x1199)
  static let referencedInstances = Tag(0x0008, 0x114a)
  static let referencedSeries = Tag(0x0008, 0x1115)
  static let referencedInstance = Tag(0x0008, 0x1155)
  static let referencedFrame = Tag(0x0008, 0x1160)
  static let codeValue = Tag(0x0008, 0x0100)
  static let longCodeValue = Tag(0x0008, 0x0119)
  static let codeScheme = Tag(0x0008, 0x0102)
  static let codeMeaning = Tag(0x0008, 0x0104)
}
