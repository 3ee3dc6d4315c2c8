import Foundation
import Protocols

/// A fitted combination: what was screened, what was kept, and the regression that gives the combined probability.
struct CombinationModel: Codable, Equatable {
  /// One factor alone (S2-15), or the network's score.
  struct Alone: Codable, Equatable {
    var factor: String
    /// nil where it could not be fitted; `reason` says why.
    var regression: CombinationRegression?
    var reason: String?
  }

  /// 0-based; nil for the model fitted on the lesions of all folds.
  var fold: Int?
  var lesions: Int
  var malignant: Int
  var patients: Int
  var univariate: [Alone]
  /// The factors that passed alone, together and without the score; nil unless the screening has this step and some
  /// passed.
  var multivariable: CombinationRegression?
  /// Factors in the combined model, in the protocol's order.
  var kept: [String]
  /// The network's score and the factors kept.
  var combined: CombinationRegression
  var scoreCoding: Combination.Score
  /// Smallest and largest score of the lesions, as probability.
  var scoreRange: [Double]
  var dropping: Bool
  /// Of the factors kept.
  var codings: [FactorCoding]
  var warnings: [String]

  /// Combined probability of malignancy; nil where a missing value is to be dropped.
  ///
  /// - score: the lesion's, 0 to 1.
  /// - values: by factor name; what is not there is missing.
  func probability(score: Double, values: [String: FactorValue]) -> Double? {
    var columns = [Combination.scoreName: scoreCoding.value(score)]
    for coding in codings {
      guard let encoded = coding.encoded(values[coding.factor.name] ?? .missing, dropping: dropping) else {
        return nil
      }
      for (column, value) in zip(coding.columns, encoded) { columns[column.name] = value }
    }
    return combined.probability(columns)
  }
}

extension Combination.Score {
  /// A score of 0 or 1 has no logit; float32 networks reach both.
  static let edge = 1e-6

  /// The model's column of a lesion's score.
  func value(_ score: Double) -> Double {
    switch self {
    case .probability: return score
    case .logit:
      let held = min(1 - Self.edge, max(Self.edge, score))
      return log(held / (1 - held))
    }
  }
}
