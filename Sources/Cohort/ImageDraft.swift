import Foundation
import Ultrasound

/// One image as a source tells of it, before its files are read.
struct ImageDraft: Sendable {
  /// Where messages point to: `TABLE.csv:LINE` or the file.
  var place: String
  var name: String
  var file: URL
  var masks: [URL] = []
  /// Nil where the source has no patients.
  var patient: String?
  var lesion: String
  var label: Label?
  var modality = Modality.bMode
  var exam: String?
  var date: String?
  var site: String?
  var device: String?
  var histology: String?
  var pair: String?
  var frame: String?
  /// Whether `frame` is the table's `frames` cell.
  var frameIsRange = false
  var background: Background?
  var sizeMillimetres: Double?
  var region: PixelBox?
  var backgroundRegion: PixelBox?
  var split: Split?
  /// Column and cell, as written; empty cells left out.
  var clinical: [(column: String, text: String)] = []
  var calcificationMasks: [URL] = []
  /// The part of the file's frames that is the image, in whole pixels; nil for all of it. Regions and masks are in its pixels.
  var crop: PixelBox?
  /// A file that was found in a folder, which no table vouches for: it may turn out to be no picture, and what is known of its
  /// patient is what it says itself.
  var isFound = false
  /// Whether it is a row of a table, whose words and file names come in as they stand.
  var isListed = false
  /// Whether it shows no lesion: its mask may be black, and then says nothing more.
  var isNormal = false

  /// All files it needs.
  var files: [URL] { [file] + masks + calcificationMasks }

  /// With what its file says, where the source does not say it.
  ///
  /// - hidesNames: a file found in a folder is called by patient and instance, or by its content, since folders and files are named
  ///   after people.
  func completed(by facts: ImageFacts, hidesNames: Bool) -> ImageDraft {
    var draft = self
    guard let dicom = facts.dicom else {
      if hidesNames, !isListed {
        draft.name = "pictures/\(facts.file.sha256.prefix(16)).\((facts.file.name as NSString).pathExtension)"
        if lesion == name.asCell { draft.lesion = draft.name }
      }
      return draft
    }
    if hidesNames, isFound {
      draft.name = "\(dicom.patient ?? "unknown")/\(dicom.acquisition.sopInstance ?? facts.file.sha256).dcm"
      if lesion == name.asCell { draft.lesion = draft.name }
    }
    if isFound { (draft.patient, draft.modality) = (dicom.patient, dicom.modality) }
    draft.exam = exam ?? dicom.exam
    draft.date = date ?? (exam == nil || exam == dicom.exam ? dicom.date : nil)
    draft.site = site ?? dicom.site
    draft.device = device ?? dicom.device
    return draft
  }

  /// SHA-256 over all that a source says of an image and the content of its files: tells on the next import of the source
  /// whether anything changed.
  func fingerprint(_ facts: ImageFacts) -> String {
    var hash = FieldHash()
    let texts = [
      name, patient, lesion, label?.rawValue, modality.rawValue, exam, date, site, device, histology, pair, frame,
      background?.rawValue, split?.rawValue, facts.file.sha256,
    ]
    for text in texts { hash.add(text) }
    hash.add(String(facts.masks.count))
    for mask in facts.masks { hash.add(mask.sha256) }
    hash.add(sizeMillimetres)
    hash.add(region)
    hash.add(backgroundRegion)
    for (column, text) in clinical.sorted(by: { $0.column < $1.column }) {
      hash.add(column)
      hash.add(text)
    }
    // Nothing is added where there are none, so that images imported by an earlier version keep their fingerprint.
    for mask in facts.calcificationMasks {
      hash.add("calcification")
      hash.add(mask.sha256)
    }
    if facts.extent != .still { hash.add("extent \(facts.extent.text)") }
    if let crop {
      hash.add("crop")
      hash.add(crop)
    }
    return hash.hexadecimal()
  }
}

/// A file of the cohort by its content.
struct FileFacts: Codable, Sendable, Hashable {
  var sha256: String
  /// Name in the cohort's `images/`: the SHA-256 with the source's extension.
  var name: String
  var bytes: Int
}

/// What the files of a draft hold.
struct ImageFacts: Codable, Sendable {
  var file: FileFacts
  var masks: [FileFacts]
  var calcificationMasks: [FileFacts]
  var width: Int
  var height: Int
  /// The draft's region, else the masks' bounding box.
  var region: PixelBox?
  var extent = PictureExtent.still
  var spacing: PixelSpacing?
  var regions: [CalibratedRegion] = []
  var crop: PixelBox?
  var dicom: DICOMFacts?
}

/// What reading a source gave: its images, what is wrong with it, and what it holds that was left out.
struct SourceContent {
  var drafts: [ImageDraft] = []
  var problems: [CohortProblem] = []
  var notes: [String] = []
  /// Whether what cannot be imported keeps nothing else out.
  var isLenient = false
  /// Hidden files and the like, at which no import looks.
  var passedOver = 0

  /// Two names can hold the same letters in other bytes ("é" as one character, or as "e" with an accent). No name in a cohort
  /// tells them apart, so the later file is refused.
  mutating func refuseNamesThatReadAlike() {
    var first: [String: String] = [:]
    var kept: [ImageDraft] = []
    for draft in drafts {
      if let other = first[draft.name], !other.utf8.elementsEqual(draft.name.utf8) {
        problem(draft.place, "its name reads like that of another file, in other bytes (Unicode forms); rename one")
      } else {
        first[draft.name] = draft.name
        kept.append(draft)
      }
    }
    drafts = kept
  }

  mutating func problem(_ place: String, _ message: String) {
    problems.append(CohortProblem(place: place, message: message))
  }
}
