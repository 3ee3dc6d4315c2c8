import Crypto
import DICOM
import Foundation

/// Who a file is of, by its own header.
struct PatientIdentity: Sendable {
  /// What the pseudonym hangs on: the Patient ID, or name and birth date where there is none, or the study.
  let key: String
  let id: String
  let name: String
  let birthDate: String
  /// Name and birth date without what only writing makes differ.
  var person: String { IdentityTokens.folded(name).filter { $0.isLetter } + ":" + birthDate.filter(\.isNumber) }
  let tokens: IdentityTokens
  /// The longer tokens as bytes.
  let encoders: [TokenBytes]

  init(_ file: DICOMFile, options: DeidentificationOptions) throws(DICOMError) {
    let set = file.dataSet
    id = try set.text(.patientID).trimmed
    name = try set.text(.patientName).trimmed
    birthDate = try set.text(Tag(0x0010, 0x0030)).trimmed
    let study = try set.string(.studyInstance)
    let instance = try set.string(.sopInstance)
    if !id.isEmpty {
      key = "id:" + id
    } else if name.contains(where: { $0.isLetter }) {
      key = "name:" + name + ":" + birthDate
    } else if let study = study ?? instance {
      key = "study:" + study
    } else {
      // Nothing says who it is; files of the same pixels are of the same patient.
      key = "pixels:" + (try PixelDigest.of(file))
    }
    var collector = Collector(options: options)
    try collector.collect(set)
    tokens = collector.tokens
    encoders = tokens.words.merging(tokens.parts) { one, _ in one }
      .sorted { $0.key < $1.key }.compactMap { TokenBytes($0.key, $0.value) }
  }

  /// Walks over a header and all its sequences.
  private struct Collector {
    let options: DeidentificationOptions
    var tokens = IdentityTokens()

    mutating func collect(_ set: DataSet) throws(DICOMError) {
      for element in set.elements {
        for item in set.items(element.tag) { try collect(item) }
        let tag = element.tag
        if element.vr == .pn || (element.vr == .un && tag.standardRepresentation == .pn) {
          for name in try set.text(tag).split(separator: "\\") { tokens.addName(String(name)) }
        } else if PatientIdentity.numbers.contains(tag) {
          for number in try set.text(tag).split(separator: "\\") { tokens.addNumber(String(number)) }
        } else if tag == Tag(0x0010, 0x0030) {
          tokens.addBirthDate(try set.text(tag))
        } else if PatientIdentity.places.contains(tag)
          || (PatientIdentity.institution.contains(tag) && !options.keepsInstitution)
          || (PatientIdentity.device.contains(tag) && !options.keepsDevice)
        {
          tokens.addPlace(try set.text(tag))
        }
      }
    }
  }

  /// Patient ID, Accession Number, Other Patient IDs, Medical Record Locator, telephone, admission, orders, Study ID.
  private static let numbers: Set<Tag> = [
    .patientID, Tag(0x0008, 0x0050), Tag(0x0010, 0x1000), Tag(0x0010, 0x1090), Tag(0x0010, 0x2154), Tag(0x0038, 0x0010),
    Tag(0x0020, 0x0010), Tag(0x0040, 0x1001), Tag(0x0040, 0x2016), Tag(0x0040, 0x2017), Tag(0x0038, 0x0060),
    Tag(0x0010, 0x2155), Tag(0x0010, 0x1050),
  ]
  /// Addresses and regions of the patient, requesting service.
  private static let places: Set<Tag> = [
    Tag(0x0010, 0x1040), Tag(0x0010, 0x2152), Tag(0x0038, 0x0300), Tag(0x0010, 0x1080),
  ]
  private static let institution: Set<Tag> = [
    Tag(0x0008, 0x0080), Tag(0x0008, 0x0081), Tag(0x0008, 0x1040), Tag(0x0032, 0x1033),
  ]
  /// Station Name, Device Serial Number.
  private static let device: Set<Tag> = [Tag(0x0008, 0x1010), Tag(0x0018, 0x1000)]
}

/// Stands for a file that has no name of its own.
enum PixelDigest {
  /// SHA-256 of the first frame as it lies in the file, hexadecimal.
  static func of(_ file: DICOMFile) throws(DICOMError) -> String {
    SHA256.hash(data: try FrameReader(file).encodedFrame(0)).map {
      String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
    }
    .joined()
  }
}

extension String {
  /// Without spaces and zeros at its ends.
  var trimmed: String {
    let isPadding = { (character: Character) in character == " " || character == "\0" }
    let head = drop(while: isPadding)
    guard let last = head.lastIndex(where: { !isPadding($0) }) else { return "" }
    return String(head[...last])
  }
}
