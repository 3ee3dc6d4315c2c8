public import Cohort
import Statistics
import Ultrasound
import Wording

/// Predictions to numbers.
public enum Evaluator {
  /// Metrics of every model on its test parts.
  ///
  /// - internal-test: each row was scored by the network of a fold that did not train on it. The AUC is given pooled
  ///   over folds and as mean of folds (S0-06); each fold's rows are called at that fold's cut-off and the calls are
  ///   pooled.
  /// - external-test: the folds' scores of an image are averaged, as `predict` does, and called at the mean of the
  ///   cut-offs.
  /// - cut-off: Youden's index on the fold's train and validation rows of the same unit, halfway between the chosen
  ///   observed score and the next lower one (as pROC), so that scores of a network that knows its training rows by
  ///   heart do not push it to an end. Test rows have no part in it.
  ///
  /// - Parameter patientsAreKnown: false leaves out the unit "patient"; clusters are then groups of near-duplicates.
  public static func metrics(
    of predictions: [Prediction], patientsAreKnown: Bool = true
  ) throws(EvaluationError) -> Metrics {
    let evaluations = try evaluations(of: predictions, patientsAreKnown: patientsAreKnown)
    return metrics(of: evaluations, predictions: predictions)
  }

  static func metrics(of evaluations: [SectionEvaluation], predictions: [Prediction]) -> Metrics {
    var notes = Leakage.notes(predictions)
    if evaluations.isEmpty { notes.append(Phrase("There are no test rows: nothing was evaluated.")) }
    return Metrics(
      sections: evaluations.map(\.metrics), comparisons: ModelComparison.all(evaluations), notes: notes)
  }

  /// Metrics with the rows they were made from, for the figures.
  static func evaluations(
    of predictions: [Prediction], patientsAreKnown: Bool
  ) throws(EvaluationError) -> [SectionEvaluation] {
    try check(predictions)
    var result: [SectionEvaluation] = []
    for (model, ofModel) in grouped(predictions, by: \.model) {
      let units = units(of: ofModel, patientsAreKnown: patientsAreKnown)
      let training = ofModel.filter { isTraining($0.split) }
      let cutOffs = try TrainingCutOffs(training, units: units)
      for (split, test) in testParts(ofModel) {
        var evaluated: [UnitEvaluation] = []
        for unit in units {
          evaluated.append(
            try UnitEvaluation(
              test, unit: unit, cutOffs: cutOffs, isMeanOfFolds: split == Split.externalTest.rawValue,
              patientsAreKnown: patientsAreKnown))
        }
        result.append(SectionEvaluation(model: model, split: split, units: evaluated))
      }
    }
    return result
  }

  /// A model whose rows are lesions says nothing of single images.
  private static func units(of rows: [Prediction], patientsAreKnown: Bool) -> [Unit] {
    let ofLesions = rows.allSatisfy { Int($0.extra[Prediction.imagesColumn] ?? "") != nil }
    return [.lesion] + (ofLesions ? [] : [.image]) + (patientsAreKnown ? [.patient] : [])
  }

  static func isTraining(_ split: String) -> Bool {
    split == Split.train.rawValue || split == Split.validation.rawValue
  }

  /// Every part but training and validation, internal test first, external last.
  private static func testParts(_ rows: [Prediction]) -> [(String, [Prediction])] {
    let rank = [Split.internalTest.rawValue: 0, Split.externalTest.rawValue: 2]
    let parts = grouped(rows.filter { !isTraining($0.split) }, by: \.split)
    return parts.enumerated().sorted { (rank[$0.element.0] ?? 1, $0.offset) < (rank[$1.element.0] ?? 1, $1.offset) }
      .map(\.element)
  }

  private static func check(_ predictions: [Prediction]) throws(EvaluationError) {
    guard !predictions.isEmpty else { throw .noPredictions }
    var seen = Set<RowKey>(minimumCapacity: predictions.count)
    for row in predictions {
      guard row.score >= 0, row.score <= 1 else {
        throw .badScore(model: row.model, image: row.image, found: row.score)
      }
      guard row.label != nil else { throw .unlabelled(model: row.model, image: row.image) }
      guard seen.insert(RowKey(row)).inserted else {
        throw .repeatedImage(model: row.model, split: row.split, fold: row.fold, image: row.image)
      }
    }
  }

  private struct RowKey: Hashable {
    let model: String
    let split: String
    let fold: Int
    let image: Grouping.ImageKey

    init(_ row: Prediction) {
      (model, split, fold, image) = (row.model, row.split, row.fold, Grouping.ImageKey(row))
    }
  }

  /// Groups in the order of their first row.
  static func grouped<Row, Key: Hashable>(_ rows: [Row], by key: KeyPath<Row, Key>) -> [(Key, [Row])] {
    var place: [Key: Int] = [:]
    var groups: [(Key, [Row])] = []
    for row in rows {
      let index = place[row[keyPath: key], default: groups.count]
      if index == groups.count {
        place[row[keyPath: key]] = index
        groups.append((row[keyPath: key], []))
      }
      groups[index].1.append(row)
    }
    return groups
  }
}

/// One model on one split, with its rows.
struct SectionEvaluation: Sendable {
  let model: String
  let split: String
  let units: [UnitEvaluation]

  var metrics: SectionMetrics { SectionMetrics(model: model, split: split, units: units.map(\.metrics)) }
}
