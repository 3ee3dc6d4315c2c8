import Cohort
import Statistics
import Wording

/// One unit of one split: its rows and everything computed from them.
struct UnitEvaluation: Sendable {
  let rows: [UnitScore]
  /// Each fold's own scores; the same as `rows` unless those are means over folds.
  let foldRows: [UnitScore]
  let metrics: UnitMetrics

  init(
    _ test: [Prediction], unit: Unit, cutOffs: TrainingCutOffs, isMeanOfFolds: Bool, patientsAreKnown: Bool
  ) throws(EvaluationError) {
    let cluster = patientsAreKnown ? "patient" : "group of near-duplicates"
    let ofFolds = try Grouping.rows(test, unit: unit)
    let rows = isMeanOfFolds ? try Grouping.rows(Grouping.meanOverFolds(test), unit: unit) : ofFolds
    var notes: [Phrase] = []
    let mean = isMeanOfFolds ? cutOffs.mean(unit: unit) : nil
    let folds = UnitEvaluation.folds(ofFolds, unit: unit, cutOffs: cutOffs, cluster: cluster)
    let diagnosis = Diagnosis(UnitEvaluation.matrix(rows) { mean ?? cutOffs.choice(unit: unit, fold: $0) })
    if !cutOffs.hasAny(unit: unit) {
      notes.append(Phrase("No training rows with both classes: cut-off 0.5 was used."))
    } else {
      notes += (cutOffs.notes[unit] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
    let pooled = AUCEstimate.of(rows, unit: unit, cluster: cluster, notes: &notes)
    notes += folds.flatMap { fold in fold.notes.map { Phrase("Fold \(fold.fold + 1): \($0)") } }

    let areas = folds.compactMap(\.auc?.value)
    let meanArea = areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
    var spread: Double?
    if let meanArea, areas.count > 1 {
      let squares = areas.reduce(0) { $0 + ($1 - meanArea) * ($1 - meanArea) }
      spread = (squares / Double(areas.count - 1)).squareRoot()
    }
    (self.rows, foldRows) = (rows, ofFolds)
    metrics = UnitMetrics(
      unit: unit, count: rows.count, positives: rows.count { $0.isMalignant },
      patients: Set(rows.map(\.patient)).count, pooledAUC: pooled, meanFoldAUC: meanArea,
      standardDeviationOfFoldAUC: spread, foldsWithAUC: areas.count, diagnosis: diagnosis, meanCutOff: mean,
      calibration: CalibrationMetrics(rows, notes: &notes), folds: folds, notes: notes)
  }

  /// A row's cut-off: that of its fold, or the mean of the folds'.
  func cutOff(of row: UnitScore) -> Double? {
    metrics.meanCutOff?.value ?? metrics.folds.first { $0.fold == row.fold }?.cutOff.value
  }

  private static func folds(
    _ rows: [UnitScore], unit: Unit, cutOffs: TrainingCutOffs, cluster: String
  ) -> [FoldMetrics] {
    Dictionary(grouping: rows, by: \.fold).sorted { $0.key < $1.key }.map { fold, members in
      var notes: [Phrase] = []
      let choice = cutOffs.choice(unit: unit, fold: fold)
      return FoldMetrics(
        fold: fold, count: members.count, positives: members.count { $0.isMalignant },
        auc: AUCEstimate.of(members, unit: unit, cluster: cluster, notes: &notes), cutOff: choice,
        diagnosis: Diagnosis(matrix(members) { _ in choice }), notes: notes)
    }
  }

  /// Counts of calls, each row at the cut-off of its fold: malignant when the score is at or above it.
  private static func matrix(_ rows: [UnitScore], cutOff: (Int) -> CutOffChoice) -> ConfusionMatrix {
    var values: [Int: Double] = [:]
    var matrix = ConfusionMatrix(truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0)
    for row in rows {
      let value = values[row.fold] ?? cutOff(row.fold).value
      values[row.fold] = value
      switch (row.score >= value, row.isMalignant) {
      case (true, true): matrix.truePositives += 1
      case (true, false): matrix.falsePositives += 1
      case (false, false): matrix.trueNegatives += 1
      case (false, true): matrix.falseNegatives += 1
      }
    }
    return matrix
  }
}
