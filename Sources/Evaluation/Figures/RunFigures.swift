import Figures

/// All figures of a run, each with the name of its file.
struct RunFigures: Sendable {
  struct Figure: Sendable {
    var name: String
    var svg: String
    var caption: String
    var isWide = false
  }

  /// RunFigures of one model on one split.
  let sections: [[Figure]]
  let training: Figure?

  var all: [Figure] { sections.flatMap(\.self) + (training.map { [$0] } ?? []) }

  init(evaluations: [SectionEvaluation], history: TrainingHistory?) {
    let models = Set(evaluations.map(\.model))
    var places: [String: Int] = [:]
    sections = evaluations.map { evaluation in
      guard let lesions = evaluation.units.first else { return [] }
      let split = RunFigures.slug(evaluation.split)
      var suffix = models.count > 1 ? "\(RunFigures.slug(evaluation.model))-\(split)" : split
      places[suffix, default: 0] += 1
      if let place = places[suffix], place > 1 { suffix += "-\(place)" }
      let model = models.count > 1 ? "\(Text.short(evaluation.model, 24)), " : ""
      return RunFigures.section(
        lesions, suffix: suffix, place: model + EstimateText.split(evaluation.split).lowercased())
    }
    training = history.flatMap { history in
      TrainingFigure.svg(name: "training", heading: "Training", history: history).map {
        Figure(
          name: "training", svg: $0,
          caption: "Loss on training and validation parts and AUC on the validation part, by epoch.", isWide: true)
      }
    }
  }

  private static func section(_ evaluation: UnitEvaluation, suffix: String, place: String) -> [Figure] {
    let (rows, metrics) = (evaluation.rows, evaluation.metrics)
    let unit = metrics.unit.rawValue
    return [
      Figure(
        name: "roc-\(suffix)",
        svg: ROCFigure.svg(name: "roc-\(suffix)", heading: "ROC, \(place)", evaluation: evaluation),
        caption:
          "Receiver operating characteristic per \(unit). The band covers the 95 % regions of all operating points "
          + "(Wilson limits in every direction) and is pointwise. The diamond is where the cut-offs in use lead; "
          + "pooled over folds it need not lie on the curve."),
      Figure(
        name: "calibration-\(suffix)",
        svg: CalibrationFigure.svg(
          name: "calibration-\(suffix)", heading: "Calibration, \(place)", rows: rows, metrics: metrics),
        caption:
          "Observed against predicted malignancy per \(unit): points are groups of neighbouring scores with Wilson "
          + "intervals, the line is a loess curve; below, the scores of both classes."),
      Figure(
        name: "scores-\(suffix)",
        svg: ScoreFigure.svg(name: "scores-\(suffix)", heading: "Scores, \(place)", rows: rows, metrics: metrics),
        caption: "Predicted probability of malignancy by reference standard; dashed: the cut-off in use."),
      Figure(
        name: "confusion-\(suffix)",
        svg: ConfusionFigure.svg(name: "confusion-\(suffix)", heading: "Confusion matrix, \(place)", metrics: metrics),
        caption: "Calls at the cut-off against the reference standard, per \(unit)."),
    ]
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
