import Cohort
import Figures
import Ultrasound

/// Who is in which part of which fold, counted in the predictions of one model.
struct PartCounts: Sendable {
  struct Part: Sendable {
    var patients: Set<String> = []
    var lesions: Set<[String]> = []
    var malignant: Set<[String]> = []
    var sites: Set<String> = []
  }

  /// By fold.
  private(set) var train: [Int: Part] = [:]
  private(set) var validation: [Int: Part] = [:]
  /// Test parts but the external one.
  private(set) var test: [Int: Part] = [:]
  private(set) var external: [Int: Part] = [:]
  /// Training and validation over the folds.
  private(set) var trained = Part()
  /// The external test over the folds.
  private(set) var outside = Part()

  init(_ predictions: [Prediction], model: String?) {
    for row in predictions where row.model == model {
      switch row.split {
      case Split.train.rawValue:
        train[row.fold, default: Part()].add(row)
        trained.add(row)
      case Split.validation.rawValue:
        validation[row.fold, default: Part()].add(row)
        trained.add(row)
      case Split.externalTest.rawValue:
        external[row.fold, default: Part()].add(row)
        outside.add(row)
      default: test[row.fold, default: Part()].add(row)
      }
    }
  }

  /// Folds with a test part of any kind.
  var testedFolds: Set<Int> { Set(test.keys).union(external.keys) }

  /// Every fold with a test part has a training part, and none shares a patient between them.
  var isDisjoint: Bool {
    !testedFolds.isEmpty
      && testedFolds.allSatisfy { fold in
        guard let train = train[fold] else { return false }
        let trained = train.patients.union(validation[fold]?.patients ?? [])
        return [test[fold], external[fold]].allSatisfy { $0?.patients.isDisjoint(with: trained) ?? true }
      }
  }

  /// "431" or "428–436": lesions a fold, all and malignant.
  static func range(_ parts: [Int: Part], _ count: (Part) -> Int) -> String {
    let numbers = parts.values.map(count)
    guard let low = numbers.min(), let high = numbers.max() else { return Text.count(0) }
    return low == high ? Text.count(low) : Text.count(low) + "–" + Text.count(high)
  }
}

extension PartCounts.Part {
  fileprivate mutating func add(_ row: Prediction) {
    let lesion = [row.patient, row.lesion]
    patients.insert(row.patient)
    lesions.insert(lesion)
    if row.label == .malignant { malignant.insert(lesion) }
    if !row.site.isEmpty { sites.insert(row.site) }
  }

  /// Of its lesions, 0 to 1; nil where there are none.
  var shareMalignant: Double? { lesions.isEmpty ? nil : Double(malignant.count) / Double(lesions.count) }
}
