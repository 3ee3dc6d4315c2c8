import Foundation
import Tables
import Ultrasound

/// One row of explanations.csv.
struct MeasuredImage {
  var image: String
  /// The network's input that the picture was.
  var input: String
  var fold: Int
  var label: Label
  /// As in predictions.csv.
  var score: Double
  /// The call whose reasons were measured.
  var call: Label
  var energyInside: Double?
  var areaInside: Double?
  var dropTop: Double
  var dropRandom: Double
}

/// The folder `explanations/` in the making: filled beside its place, then put there whole, so that no picture of an
/// earlier explanation stays behind.
struct ExplanationFolder {
  static let summaryName = "summary.json"
  private let final: URL
  private let beside: URL

  /// Makes the unfinished folder.
  init(_ final: URL) throws(OutputError) {
    self.final = final
    beside = final.deletingLastPathComponent().appending(path: ".\(final.lastPathComponent).partial")
    // What a stopped run left.
    try? FileManager.default.removeItem(at: beside)
    guard mkdir(beside.path, 0o777) == 0 else { throw .creating(final.path, code: errno) }
  }

  func write(_ bytes: [UInt8], to name: String) throws(OutputError) {
    try AtomicFile.write(bytes, to: beside.appending(path: name))
  }

  func write(json value: some Encodable, to name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write([UInt8](encoder.encode(value)) + [10], to: name)
  }

  func write(_ images: [MeasuredImage]) throws {
    func text(_ value: Double?) -> String { value.map { String($0) } ?? "" }
    let columns = [
      "image", "input", "fold", "label", "score", "call", "energy_inside", "area_inside", "drop_top", "drop_random",
    ]
    let rows = images.map { image in
      [
        image.image, image.input, String(image.fold), String(image.label.value), String(image.score),
        String(image.call.value),
        text(image.energyInside), text(image.areaInside), String(image.dropTop), String(image.dropRandom),
      ]
    }
    let name = "explanations.csv"
    try write(Array(Table(columns: columns, rows: rows, source: name).csv().utf8), to: name)
  }

  /// Takes the place of what was there.
  func finish() throws(OutputError) {
    let old = final.deletingLastPathComponent().appending(path: ".\(final.lastPathComponent).old")
    try? FileManager.default.removeItem(at: old)
    if rename(final.path, old.path) != 0, errno != ENOENT { throw .creating(final.path, code: errno) }
    guard rename(beside.path, final.path) == 0 else {
      let code = errno
      _ = rename(old.path, final.path)
      throw .creating(final.path, code: code)
    }
    try? FileManager.default.removeItem(at: old)
  }

  func discard() { try? FileManager.default.removeItem(at: beside) }
}
