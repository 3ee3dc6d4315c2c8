import DICOM
import Foundation

/// One item of a report's content tree (PS3.3 C.17.3), with what is below it.
struct DICOMContentItem {
  /// The way from the root, as messages and references name it: `content 1.3.2`.
  let place: String
  let type: String
  let name: DICOMCode
  let children: [DICOMContentItem]
  /// Of CODE the meaning, of TEXT the text.
  let value: String?
  let number: Double?
  let unit: String?
  let graphic: String
  let coordinates: [Double]
  let reference: DICOMReference?
  /// Item numbers of the way to the item meant, where this one stands for another.
  private let target: [Int]

  /// - budget: items that may still be read.
  init(_ item: DICOMItem, _ path: String, _ source: AnnotationSource, _ budget: inout Int) throws(AnnotationError) {
    place = "content \(path)"
    budget -= 1
    guard budget > 0 else {
      throw .tooLarge(file: source.name, place: place, found: "one content item more", limit: 200_000)
    }
    type = try item.string(.valueType)?.uppercased() ?? ""
    name = try item.code(.conceptName) ?? DICOMCode(value: "", scheme: "", meaning: "")
    switch type {
    case "CODE": value = try item.code(.conceptCode)?.meaning
    case "TEXT": value = try item.string(.textValue)
    default: value = nil
    }
    let measured = type == "NUM" ? item.items(.measuredValues).first : nil
    number = try measured?.numbers(.numericValue).first
    unit = try Self.unit(measured?.items(.measurementUnits).first)
    graphic = try item.string(.graphicType)?.uppercased() ?? ""
    coordinates = type == "SCOORD" ? try item.numbers(.graphicData) : []
    reference = type == "IMAGE" ? try item.items(.referencedSOPs).first?.reference() : nil
    target = try item.integers(.referencedContentItem)
    var children: [DICOMContentItem] = []
    for (index, child) in item.items(.contentSequence).enumerated() {
      children.append(try DICOMContentItem(child, "\(path).\(index + 1)", source, &budget))
    }
    self.children = children
  }

  /// UCUM's unit; "1" is none.
  private static func unit(_ item: DICOMItem?) throws(AnnotationError) -> String? {
    guard let item, let code = try item.string(.codeValue) else { return nil }
    return code == "1" ? nil : code
  }

  /// Whether the item says what was found: DCM 121071 Finding, 121073 Impression, SRT F-01... of CAD and 59776-5 of
  /// LOINC are told by their meaning.
  var isFinding: Bool {
    (name.value == "121071" && name.scheme == "DCM") || name.meaning.lowercased() == "finding"
      || name.meaning.lowercased().hasSuffix("single image finding")
  }

  /// The children, references followed; a reference that leads nowhere is left out.
  func resolved(in root: DICOMContentItem) -> [DICOMContentItem] {
    children.compactMap { child in
      guard child.type.isEmpty, !child.target.isEmpty else { return child }
      // The way begins with the root itself, item 1.
      var item = root
      for number in child.target.dropFirst() {
        guard item.children.indices.contains(number - 1) else { return nil }
        item = item.children[number - 1]
      }
      return item
    }
  }
}

extension Tag {
  static let valueType = Tag(0x0040, 0xa040)
  static let conceptName = Tag(0x0040, 0xa043)
  static let conceptCode = Tag(0x0040, 0xa168)
  static let textValue = Tag(0x0040, 0xa160)
  static let measuredValues = Tag(0x0040, 0xa300)
  static let numericValue = Tag(0x0040, 0xa30a)
  static let measurementUnits = Tag(0x0040, 0x08ea)
  static let contentSequence = Tag(0x0040, 0xa730)
  static let referencedContentItem = Tag(0x0040, 0xdb73)
  static let graphicData = Tag(0x0070, 0x0022)
  static let graphicType = Tag(0x0070, 0x0023)
}
