public import Cohort
import Foundation
import Protocols
import Ultrasound

/// The combined score of a new cohort: the mean over the folds of their combined models, each on its own network's
/// score of the lesion, which is what evaluation reports of an external test.
public struct CombinedEnsemble: Sendable {
  /// One a lesion; `score_fold_N` holds each fold's. Empty where the cohort lacks what the models need.
  public let rows: [Prediction]
  /// Why there are no rows, or fewer than lesions; nil where there is nothing to say.
  public let note: String?

  /// nil where the run has no combined model.
  ///
  /// - networks: the rows ``Ensemble/predict(run:cohort:report:)`` gave for the cohort.
  public static func predict(run: RunFolder, cohort: Catalogue, networks: [Prediction]) throws(TrainingError)
    -> CombinedEnsemble?
  {
    guard let record = try CombinationRecord.read(run.combinationFile) else { return nil }
    let names = Set(networks.map(\.image))
    let images = try asTrainingError { try cohort.studyImages() }.filter { names.contains($0.name) }
    let kept = Set(record.folds.flatMap(\.kept))
    let factors = record.folds.flatMap(\.codings).map(\.factor)
    let needed = record.settings.factors.compactMap { factor in factors.first { $0.name == factor.name } }
      .filter { kept.contains($0.name) }
    let lacking = FactorTable.lacking(needed, images)
    guard lacking.isEmpty else {
      return CombinedEnsemble(
        rows: [], note: "no combined score: the cohort has no value in \(lacking.joined(separator: ", "))")
    }
    let table: FactorTable
    do throws(TrainingError) { table = try FactorTable(needed, images: images) } catch {
      return CombinedEnsemble(rows: [], note: "no combined score: \(error)")
    }
    let rows = try combined(record, networks, table)
    let without = Set(networks.map { LesionKey(patient: $0.patient, lesion: $0.lesion) }).count - rows.count
    return CombinedEnsemble(
      rows: rows, note: without > 0 ? "no combined score of \(without) lesions, which lack a factor" : nil)
  }

  private static func combined(_ record: CombinationRecord, _ networks: [Prediction], _ table: FactorTable)
    throws(TrainingError) -> [Prediction]
  {
    var byFold: [CombinationLesions] = []
    for fold in record.folds.indices {
      let column = "score_fold_\(fold + 1)"
      var own: [Prediction] = []
      for row in networks {
        guard let score = row.extra[column].flatMap(Double.init) else {
          throw .cohort("combined score: image \(row.image) has no \(column); predict with the same run")
        }
        var copy = row
        copy.score = score
        own.append(copy)
      }
      byFold.append(CombinationLesions(own))
    }
    guard let first = byFold.first else { return [] }
    return first.rows.indices.compactMap { place in
      let row = first.rows[place]
      let scores = zip(record.folds, byFold).compactMap { model, lesions in
        model.probability(score: lesions.rows[place].score, values: table.values[row.key] ?? [:])
      }
      guard scores.count == record.folds.count else { return nil }
      var prediction = Prediction(row, model: record.model, score: scores.reduce(0, +) / Double(scores.count))
      for (fold, score) in scores.enumerated() { prediction.extra["score_fold_\(fold + 1)"] = String(score) }
      return prediction
    }
  }
}
