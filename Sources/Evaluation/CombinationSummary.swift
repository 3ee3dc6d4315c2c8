import Figures
public import Foundation
import Statistics

/// What the report shows of a run's `combination.json`: the model of the network's score and clinical factors (S2-13,
/// S2-15).
public struct CombinationSummary: Sendable, Decodable {
  struct Coefficient: Sendable, Decodable {
    let name: String
    let oddsRatio: Estimate
    let p: Double
  }

  struct Regression: Sendable, Decodable {
    let method: String
    let coefficients: [Coefficient]

    subscript(name: String) -> Coefficient? { coefficients.first { $0.name == name } }
  }

  struct Alone: Sendable, Decodable {
    let factor: String
    let regression: Regression?
    let reason: String?
  }

  struct Model: Sendable, Decodable {
    let lesions: Int
    let malignant: Int
    let patients: Int
    let univariate: [Alone]
    let multivariable: Regression?
    let kept: [String]
    let combined: Regression
    let warnings: [String]
  }

  struct Settings: Sendable, Decodable {
    let missing: String
    let screening: String
    let alpha: Double
    let score: String
    let fittedOn: String
  }

  struct Chart: Sendable, Decodable {
    struct Total: Sendable, Decodable {
      let probability: Double
      let points: Double
    }

    let axes: [Nomogram.Axis]
    let totals: [Total]
  }

  let model: String
  let settings: Settings
  let folds: [Model]
  let allFolds: Model
  let nomogram: Chart?

  /// Reads `combination.json` of a run folder; nil where there is none. Error: `unreadable`, naming the file.
  public static func read(runFolder: URL) throws(EvaluationError) -> CombinationSummary? {
    let file = runFolder.appendingPathComponent("combination.json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let data = try? Data(contentsOf: file),
      let summary = try? JSONDecoder().decode(CombinationSummary.self, from: data)
    else { throw .unreadable("\(file.path): expected a combined model") }
    return summary
  }
}
