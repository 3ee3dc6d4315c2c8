import Foundation
import Imaging
import Testing
import Ultrasound

@testable import Cohort

let sharedFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
let busiFolder = sharedFolder.appendingPathComponent("data/breast-busi")

/// A folder that is removed with its test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("cohort-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func callAsFunction(_ path: String) -> URL { url.appendingPathComponent(path) }

  /// Every path below the folder.
  var paths: Set<String> {
    Set((FileManager.default.enumerator(atPath: url.path)?.allObjects ?? []).compactMap { $0 as? String })
  }

  func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  func write(_ bytes: [UInt8], to path: String) throws {
    let file = self(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// A picture of noise: two seeds never look alike, `brighter` of one seed does.
  func picture(_ path: String, seed: UInt64, width: Int = 48, height: Int = 40, brighter: UInt8 = 0) throws {
    var random = SplitMix64(seed: seed)
    let pixels = (0..<width * height).map { _ in UInt8(random.next(below: 240)) + brighter }
    try write(PNG.encode(GreyImage(width: width, height: height, pixels: pixels)), to: path)
  }

  /// A mask with its marks in the columns and rows given.
  func mask(
    _ path: String, columns: ClosedRange<Int>, rows: ClosedRange<Int>, width: Int = 48, height: Int = 40,
    value: UInt8 = 255
  ) throws {
    var pixels = [UInt8](repeating: 0, count: width * height)
    for y in rows { for x in columns { pixels[y * width + x] = value } }
    try write(PNG.encode(GreyImage(width: width, height: height, pixels: pixels)), to: path)
  }

  /// A source of `count` patients with one lesion and one picture each, every third malignant.
  func simpleSource(_ name: String = "source", count: Int = 6, rows further: [String] = []) throws -> URL {
    var lines = ["patient,lesion,label,file,modality,site,age"]
    for place in 0..<count {
      try picture("\(name)/i\(place).png", seed: UInt64(place + 1))
      let label = place % 3 == 0 ? "malignant" : "benign"
      lines.append("P\(place),L\(place),\(label),i\(place).png,b-mode,S\(place % 2),\(40 + place)")
    }
    try write((lines + further).joined(separator: "\n") + "\n", to: "\(name)/cohort.csv")
    return self("\(name)/cohort.csv")
  }
}

/// What an import of `source` is refused with.
func importProblems(_ source: URL, into cohort: URL, table: URL? = nil) -> [CohortProblem] {
  do {
    _ = try Importer.run(source: source, into: cohort, table: table)
    Issue.record("expected the import to fail")
    return []
  } catch {
    guard case .problems(_, let problems, _) = error else {
      Issue.record("expected problems, found \(error)")
      return []
    }
    return problems
  }
}

/// An image of a cohort that needs no files.
func image(
  _ name: String, patient: String, lesion: String? = nil, label: Label = .benign, site: String? = nil,
  split: Split? = nil, group: String? = nil, clinical: [String: ClinicalValue] = [:]
) -> ImageRecord {
  ImageRecord(
    id: 0, name: name, patient: patient, lesion: lesion ?? patient, label: label, site: site,
    file: URL(fileURLWithPath: "/\(name)"), width: 10, height: 10, split: split, duplicateGroup: group,
    clinical: clinical)
}
