import Figures
import Statistics
import Wording

/// All figures of a run.
struct RunFigures: Sendable {
  /// One model on one split.
  struct Section: Sendable {
    /// Ends the names of its files: letters, digits and hyphens, once a run.
    let suffix: String
    let figures: [Figure]
  }

  /// In the order of the evaluations.
  let sections: [Section]
  let training: Figure?

  init(evaluations: [SectionEvaluation], history: TrainingHistory?, words: Wording) {
    let models = Set(evaluations.map(\.model))
    var places: [String: Int] = [:]
    sections = evaluations.map { evaluation in
      let split = RunFigures.slug(evaluation.split)
      var suffix = models.count > 1 ? "\(RunFigures.slug(evaluation.model))-\(split)" : split
      places[suffix, default: 0] += 1
      if let place = places[suffix], place > 1 { suffix += "-\(place)" }
      let name = EstimateText.splitInSentence(evaluation.split)
      let place = models.count > 1 ? Phrase("\(Text.short(evaluation.model, 24)), \(name)") : name
      return Section(
        suffix: suffix,
        figures: evaluation.units.first.map { RunFigures.figures($0, suffix: suffix, place: place, words) } ?? [])
    }
    training = history.flatMap { history in
      TrainingFigure.figure(name: "training", heading: words("Training"), folds: history.drawn, words: words)
    }
  }

  /// - place: model and part, in the figures' headings.
  private static func figures(
    _ evaluation: UnitEvaluation, suffix: String, place: Phrase, _ words: Wording
  ) -> [Figure] {
    let (rows, metrics) = (evaluation.rows, evaluation.metrics)
    let (scores, positives) = (rows.map(\.score), rows.map(\.isMalignant))
    let calibration = metrics.calibration
    let measures = CalibrationPanel.Measures(
      slope: RunFigures.estimate(calibration.slope, calibration.slopeInterval),
      intercept: RunFigures.estimate(calibration.intercept, calibration.interceptInterval), brier: calibration.brier)
    let units = metrics.unit.words
    return [
      roc(evaluation, name: "roc-\(suffix)", heading: words("ROC, \(place)"), units: units, words: words),
      CalibrationFigure.figure(
        name: "calibration-\(suffix)", heading: words("Calibration, \(place)"),
        panels: [CalibrationPanel(heading: "", scores: scores, positives: positives, measures: measures)], units: units,
        words: words),
      ScoreFigure.figure(
        name: "scores-\(suffix)", heading: words("Scores, \(place)"), scores: scores, positives: positives,
        cutOffs: metrics.meanCutOff.map { [$0.value] } ?? metrics.folds.map(\.cutOff.value), words: words),
      ConfusionFigure.figure(
        name: "confusion-\(suffix)", heading: words("Confusion matrix, \(place)"),
        panels: [ConfusionFigure.Panel(heading: "", counts: metrics.diagnosis.counts)], units: units, words: words),
    ]
  }

  /// Pooled over folds in bold with its band, one thin line a fold, the operating point that was used.
  private static func roc(
    _ evaluation: UnitEvaluation, name: String, heading: String, units: Phrase, words: Wording
  ) -> Figure {
    let metrics = evaluation.metrics
    let label = metrics.folds.count < 2 ? "" : metrics.meanCutOff == nil ? words("Pooled") : words("Mean score")
    let point = metrics.diagnosis.sensitivity.value.flatMap { sensitivity in
      metrics.diagnosis.specificity.value.map { ROCFigure.Rates(sensitivity: sensitivity, specificity: $0) }
    }
    let curve = ROCFigure.Curve(
      label: label, scores: evaluation.rows.map(\.score), positives: evaluation.rows.map(\.isMalignant),
      auc: metrics.pooledAUC.flatMap { estimate($0.value, $0.quoted) }, operatingPoint: point, hasBand: true)
    let byFold = Dictionary(grouping: evaluation.foldRows, by: \.fold)
    let thin =
      metrics.folds.count > 1
      ? metrics.folds.filter { $0.auc != nil }.compactMap { CurvePoints(byFold[$0.fold] ?? [])?.rates } : []
    let thinLabel = metrics.meanFoldAUC.flatMap { mean -> String? in
      guard metrics.folds.count > 1 else { return nil }
      let text = words("\(metrics.foldsWithAUC) folds: mean AUC \(Text.fixed(mean, 2))")
      return text + (metrics.standardDeviationOfFoldAUC.map { words(", SD \(Text.fixed($0, 2))") } ?? "")
    }
    let (malignant, benign) = (Text.count(metrics.positives), Text.count(metrics.count - metrics.positives))
    return ROCFigure.figure(
      name: name, heading: heading, curves: [curve], thin: thin, thinLabel: thinLabel,
      notes: [words("\(malignant) malignant, \(benign) benign \(units)")], words: words)
  }

  private static func estimate(_ value: Double?, _ interval: ConfidenceInterval?) -> Estimate? {
    value.map { value in
      Estimate(
        value: value, interval: interval.map { Interval(lower: $0.lower, upper: $0.upper, level: 0.95) })
    }
  }

  /// Letters, digits and hyphens, for file names and ids.
  static func slug(_ text: String) -> String {
    let kept = text.lowercased().unicodeScalars.map { scalar -> Character in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    let joined = String(kept).split(separator: "-").joined(separator: "-")
    return joined.isEmpty ? "unnamed" : String(joined.prefix(60))
  }
}

extension TrainingHistory {
  /// Each fold's epochs, as a figure draws them.
  var drawn: [[TrainingFigure.Epoch]] {
    byFold.map { fold in
      fold.epochs.map {
        TrainingFigure.Epoch(
          number: $0.epoch, trainLoss: $0.trainLoss, validationLoss: $0.validationLoss, validationAUC: $0.validationAUC)
      }
    }
  }
}
