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
  var label: Label
  var modality = Modality.bMode
  var exam: String?
  var date: String?
  var site: String?
  var device: String?
  var histology: String?
  var pair: String?
  var frame: String?
  var background: Background?
  var sizeMillimetres: Double?
  var region: PixelBox?
  var backgroundRegion: PixelBox?
  var split: Split?
  /// Column and cell, as written; empty cells left out.
  var clinical: [(column: String, text: String)] = []
  var calcificationMasks: [URL] = []

  /// SHA-256 over all that a source says of an image and the content of its files: tells on the next import of the source
  /// whether anything changed.
  func fingerprint(_ facts: ImageFacts) -> String {
    var hash = FieldHash()
    let texts = [
      name, patient, lesion, label.rawValue, modality.rawValue, exam, date, site, device, histology, pair, frame,
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
    return hash.hexadecimal()
  }
}

/// A file of the cohort by its content.
struct FileFacts: Sendable, Hashable {
  var sha256: String
  /// Name in the cohort's `images/`: the SHA-256 with the source's extension.
  var name: String
  var bytes: Int
}

/// What the files of a draft hold.
struct ImageFacts: Sendable {
  var file: FileFacts
  var masks: [FileFacts]
  var calcificationMasks: [FileFacts]
  var width: Int
  var height: Int
  var hash: NearDuplicates.Hash
  var thumbnail: Thumbnail
  /// 48 x 48 grey pixels, `LocalContrast.shrunk`.
  var picture: [UInt8]
  /// The draft's region, else the masks' bounding box.
  var region: PixelBox?
}

/// What reading a source gave: its images, what is wrong with it, and what it holds that was left out.
struct SourceContent {
  var drafts: [ImageDraft] = []
  var problems: [CohortProblem] = []
  var notes: [String] = []

  mutating func problem(_ place: String, _ message: String) {
    problems.append(CohortProblem(place: place, message: message))
  }
}
