import Crypto
import Foundation
import Tables
import Ultrasound

/// SHA-256 over a list of fields, each with its length, so that no two lists run into one.
struct FieldHash {
  private var hash = SHA256()

  mutating func add(_ text: String?) {
    guard let text else { return hash.update(data: [0]) }
    let bytes = Array(text.utf8)
    let length = UInt64(bytes.count)
    hash.update(data: [1] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
    hash.update(data: bytes)
  }

  mutating func add(_ number: Double?) { add(number.map { String($0) }) }

  mutating func add(_ box: PixelBox?) {
    for number in [box?.x, box?.y, box?.width, box?.height] { add(number) }
  }

  func hexadecimal() -> String { FieldHash.hexadecimal(digest: hash.finalize()) }

  /// Of a file's bytes.
  static func hexadecimal(of bytes: [UInt8]) -> String { hexadecimal(digest: SHA256.hash(data: bytes)) }

  private static let digits = Array("0123456789abcdef".utf8)

  static func hexadecimal(digest: some Sequence<UInt8>) -> String {
    String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension Catalogue {
  /// SHA-256 over every row, the files by their own SHA-256: the same for the same content, whatever its folder and in
  /// whatever order it came in. Hexadecimal, 64 digits.
  public func contentHash() throws(CohortError) -> String {
    let known = try patientsAreKnown
    var hash = FieldHash()
    hash.add(known ? "patients" : "groups")
    for image in try images() { image.add(to: &hash) }
    // Cohorts without such tables keep the hash that earlier versions gave them.
    for document in CohortDocument.allCases {
      guard let table = try table(document) else { continue }
      hash.add(document.rawValue)
      hash.add(table.csv())
    }
    try addRegions(to: &hash)
    return hash.hexadecimal()
  }
}

extension ImageRecord {
  fileprivate func add(to hash: inout FieldHash) {
    let texts = [
      name, patient, lesion, label?.rawValue, modality.rawValue, exam, date, site, device, histology, pair, frame,
      background?.rawValue, split?.rawValue, duplicateGroup, String(width), String(height), String(masks.count),
    ]
    for text in texts { hash.add(text) }
    for file in [file] + masks { hash.add(file.deletingPathExtension().lastPathComponent) }
    hash.add(sizeMillimetres)
    hash.add(region)
    hash.add(backgroundRegion)
    for (column, value) in clinical.sorted(by: { $0.key < $1.key }) where value.text != nil {
      hash.add(column)
      hash.add(value.text)
    }
    // Cohorts without such masks keep the hash that earlier versions gave them.
    for file in calcificationMasks {
      hash.add("calcification")
      hash.add(file.deletingPathExtension().lastPathComponent)
    }
    // So do cohorts of stills.
    if extent != .still { hash.add("extent \(extent.text)") }
    if let crop {
      hash.add("crop")
      hash.add(crop)
    }
    if let spacing {
      hash.add("spacing")
      for side in [spacing.x, spacing.y] { hash.add(side) }
    }
    for region in regions {
      hash.add("region \(region.content.rawValue)")
      hash.add(region.box)
      for side in [region.spacing?.x, region.spacing?.y] { hash.add(side) }
    }
  }
}

extension PictureExtent {
  /// `still`, `frame 3`, `clip 120`.
  var text: String {
    switch self {
    case .still: "still"
    case .frame(let index): "frame \(index)"
    case .clip(let frames): "clip \(frames)"
    }
  }
}
