import DICOM
import Foundation
import Ultrasound

/// What a DICOM file says of its picture beside the pixels; docs/dicom.md lists the attributes.
struct DICOMFacts: Codable, Sendable {
  /// Patient ID with its issuer; nil where there is no ID.
  var patient: String?
  var person: PersonHash?
  /// Study Instance UID.
  var exam: String?
  /// As 2020-05-31.
  var date: String?
  var site: String?
  var device: String?
  var modality: Modality
  var acquisition: Acquisition

  /// - person: made of the file as it was before an intake changed it.
  init(_ file: DICOMFile, regions: [UltrasoundRegion], person: PersonHash?) {
    let set = file.dataSet
    func text(_ tag: Tag) -> String? {
      let text = (try? set.string(tag))?.trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
      return text.flatMap { $0.isEmpty ? nil : $0 }
    }
    func number(_ tag: Tag) -> Double? { (try? set.number(tag)).flatMap { $0.isFinite ? $0 : nil } }
    let issuer = text(Tag(0x0010, 0x0021))
    patient = text(.patientID).map { identifier in issuer.map { "\(identifier)@\($0)" } ?? identifier }
    self.person = patient == nil ? nil : person
    exam = text(.studyInstance)
    date = text(.studyDate).flatMap(Self.day)
    site = text(Tag(0x0008, 0x0080))
    let device = [text(.manufacturer), text(.manufacturerModel)].compactMap(\.self)
    self.device = device.isEmpty ? nil : device.joined(separator: " ")
    let agent = text(Tag(0x0018, 0x0010))
    modality = agent != nil ? .contrast : regions.contains { $0.dataType == 2 } ? .colorDoppler : .bMode
    let depth = number(Tag(0x0018, 0x5050)).flatMap { $0 > 0 ? $0 : nil }
    acquisition = Acquisition(
      sopInstance: text(.sopInstance), sopClass: text(.sopClass),
      transducer: text(Tag(0x0018, 0x5010)) ?? text(Tag(0x0018, 0x6031)), contrastAgent: agent,
      mechanicalIndex: number(Tag(0x0018, 0x5022)), depthMillimetres: depth)
  }

  /// 20200531, or 2020.05.31 as files before 1993 have it.
  private static func day(_ text: String) -> String? {
    let digits = Array(text.filter { $0.isASCII && $0.isNumber })
    guard digits.count == 8, ExamDate(String(digits)) != nil else { return nil }
    return "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
  }

  /// Why the file is no picture for an ultrasound cohort; nil where it may be one.
  static func refusal(_ file: DICOMFile) -> String? {
    let modality = (try? file.dataSet.string(.modality)) ?? ""
    let storage = (try? file.dataSet.string(.sopClass)) ?? ""
    let images = "1.2.840.10008.5.1.4.1.1."
    if storage == images + "6.2" { return "holds a volume (Enhanced US Volume); stills and clips are imported" }
    if ["US", "IVUS"].contains(modality) || ["3", "3.1", "6", "6.1"].contains(where: { storage == images + $0 }) {
      return nil
    }
    // Captures of a screen, and files that do not say what they are.
    let isCapture = storage.isEmpty || storage == images + "7" || storage.hasPrefix(images + "7.")
    if isCapture, ["", "OT", "SC"].contains(modality) { return nil }
    return "holds no ultrasound picture: modality \(modality.isEmpty ? "none" : modality), storage class \(storage)"
  }
}

extension DICOMFile {
  /// The spacing that all parts with tissue or flow share; without such parts that of Pixel Spacing.
  func spacing(_ regions: [CalibratedRegion]) -> PixelSpacing? {
    guard regions.isEmpty else { return regions.sharedSpacing }
    guard let values = try? dataSet.numbers(.pixelSpacing), values.count == 2,
      values.allSatisfy({ $0.isFinite && $0 > 0 })
    else { return nil }
    return PixelSpacing(x: values[1], y: values[0])
  }
}

extension [CalibratedRegion] {
  /// That of all parts with tissue or flow, where they agree.
  var sharedSpacing: PixelSpacing? {
    let pictures = filter { [.tissue, .colorFlow].contains($0.content) }
    guard let first = pictures.first else { return nil }
    return pictures.allSatisfy { $0.spacing == first.spacing } ? first.spacing : nil
  }
}
