public import Foundation
import Protocols
import Statistics
import Tables

/// combination.json: the combined models of a run, their settings and a nomogram.
struct CombinationRecord: Codable {
  static let currentSchema = "insonate-combination-1"

  struct Chart: Codable {
    struct Total: Codable {
      var probability: Double
      var points: Double
    }

    var axes: [Nomogram.Axis]
    var pointsPerUnit: Double
    /// The linear predictor at 0 points.
    var base: Double
    /// Probabilities and their total of points, within what the axes reach.
    var totals: [Total]
  }

  var schema = Self.currentSchema
  var notice = "for research; not a medical device"
  /// Name in predictions.csv.
  var model: String
  var settings: Combination
  /// In order of fold; a new cohort's combined score is the mean of theirs.
  var folds: [CombinationModel]
  /// Fitted on the lesions of all folds: for tables and the nomogram.
  var allFolds: CombinationModel
  /// Of `allFolds`; nil where no axis changes the risk.
  var nomogram: Chart?

  static func read(_ file: URL) throws(TrainingError) -> CombinationRecord? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let data = try? Data(contentsOf: file),
      let record = try? JSONDecoder().decode(CombinationRecord.self, from: data), record.schema == currentSchema
    else { throw .run(folder: file.deletingLastPathComponent().path, reason: "combination.json cannot be read") }
    return record
  }

  func write(to file: URL) throws(TrainingError) {
    try asTrainingError {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write([UInt8](encoder.encode(self)), to: file)
    }
  }
}

extension RunFolder {
  public var combinationFile: URL { url.appending(path: "combination.json") }
}
