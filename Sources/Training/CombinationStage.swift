import Cohort
import Foundation
import Protocols
import Tables
import Ultrasound

/// The stage after training: fits the combined models of a run and adds their rows to predictions.csv. It reads what
/// training left there and runs no network.
struct CombinationStage {
  private let study: StudyProtocol
  private let table: FactorTable
  private let folds: [Int]

  /// nil where the protocol asks for no combination. Errors: what the factors' columns or the split do not allow.
  init?(_ study: StudyProtocol, images: [ImageRecord], folds: [Fold]) throws(TrainingError) {
    guard study.combination.isOn else { return nil }
    let settings = study.combination
    if settings.fittedOn == .outOfFold, folds.count < 2 {
      throw .cohort(
        "combination.fittedOn: out-of-fold needs two folds or more, this split has one; set it to validation, or to train"
      )
    }
    if settings.fittedOn == .validation, let empty = folds.first(where: \.validation.isEmpty) {
      throw .cohort("combination.fittedOn: fold \(empty.index + 1) has no validation part to fit on")
    }
    self.study = study
    table = try FactorTable(settings.factors, images: images)
    self.folds = folds.map(\.index)
  }

  /// Name of the combined model in predictions.csv.
  static func modelName(_ study: StudyProtocol) -> String { study.model + "+clinical" }

  /// Whether the run holds this combination already.
  func isDone(in run: RunFolder) throws(TrainingError) -> Bool {
    try CombinationRecord.read(run.combinationFile)?.settings == study.combination
  }

  /// Leaves combination.json, predictions.csv with the combined rows, and protocol.json with the combination that was
  /// made.
  func execute(in run: RunFolder, report: (TrainingEvent) -> Void) throws(TrainingError) {
    let name = Self.modelName(study)
    let network = try asTrainingError { try PredictionTable.read(run.predictionsFile) }.filter { $0.model != name }
    let lesions = CombinationLesions(network)
    let settings = study.combination

    var models: [CombinationModel] = []
    var rows: [Prediction] = []
    for fold in folds {
      let fitting = lesions.fitting(settings.fittedOn, fold: fold, table)
      let model = try CombinationFit.model(settings, factors: table.factors, lesions: fitting, fold: fold)
      models.append(model)
      rows += self.rows(lesions, model, fitting, fold: fold)
      report(.note(Self.sentence(model)))
    }
    let all = try CombinationFit.model(
      settings, factors: table.factors, lesions: lesions.fitting(settings.fittedOn, table), fold: nil)
    for warning in (models + [all]).flatMap(\.warnings) { report(.note("warning: combined model, \(warning)")) }

    try asTrainingError {
      try AtomicFile.write([UInt8](study.json()), to: run.protocolFile)
      try PredictionTable.write(network + rows, to: run.predictionsFile)
    }
    // Last: its presence says that the rows are there.
    try CombinationRecord(
      model: name, settings: settings, folds: models, allFolds: all, nomogram: CombinationRecord.Chart(all)
    ).write(to: run.combinationFile)
  }

  /// The fold's lesions. Those it was fitted on have the score they were fitted with; all others that of the fold's
  /// network.
  private func rows(_ lesions: CombinationLesions, _ model: CombinationModel, _ fitting: [FittingLesion], fold: Int)
    -> [Prediction]
  {
    let fitted = Dictionary(uniqueKeysWithValues: fitting.map { ($0.key, $0.score) })
    return lesions.rows.filter { $0.fold == fold }.compactMap { row in
      let isTraining = row.split == Split.train.rawValue || row.split == Split.validation.rawValue
      let score = isTraining ? fitted[row.key] ?? row.score : row.score
      guard let probability = model.probability(score: score, values: table.values[row.key] ?? [:]) else { return nil }
      return Prediction(row, model: Self.modelName(study), score: probability)
    }
  }

  private static func sentence(_ model: CombinationModel) -> String {
    let terms = ([Combination.scoreName] + model.kept).joined(separator: ", ")
    return "combined model of fold \((model.fold ?? 0) + 1): \(terms); fitted on \(model.lesions) lesions, "
      + "\(model.malignant) malignant"
  }
}

extension Prediction {
  /// A lesion's row: named by its first image, their number in column `images`.
  init(_ row: CombinationLesions.Row, model: String, score: Double) {
    self.init(
      model: model, split: row.split, fold: row.fold, site: row.site, patient: row.key.patient, lesion: row.key.lesion,
      image: row.image, label: row.label, score: score, extra: [Prediction.imagesColumn: String(row.images)])
  }
}
