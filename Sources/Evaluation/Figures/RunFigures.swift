import Figures
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
      TrainingFigure.svg(name: "training", heading: words("Training"), history: history).map {
        Figure(
          name: "training", svg: $0,
          caption: words("Loss on training and validation parts and AUC on the validation part, by epoch."), width: 760,
          height: 360)
      }
    }
  }

  /// - place: model and part, in the figures' headings.
  private static func figures(_ evaluation: UnitEvaluation, suffix: String, place: Phrase, _ words: Wording)
    -> [Figure]
  {
    let (rows, metrics) = (evaluation.rows, evaluation.metrics)
    let unit = metrics.unit.word
    return [
      Figure(
        name: "roc-\(suffix)",
        svg: ROCFigure.svg(name: "roc-\(suffix)", heading: words("ROC, \(place)"), evaluation: evaluation),
        caption: words.sentences([
          Phrase("Receiver operating characteristic per \(unit)."),
          Phrase(
            """
            The band covers the 95 % regions of all operating points (Wilson limits in every direction) and is pointwise.
            """),
          Phrase(
            """
            The diamond is where the cut-offs in use lead; pooled over folds it need not lie on the curve.
            """),
        ]), width: 520, height: 512),
      Figure(
        name: "calibration-\(suffix)",
        svg: CalibrationFigure.svg(
          name: "calibration-\(suffix)", heading: words("Calibration, \(place)"), rows: rows, metrics: metrics),
        caption: words(
          """
          Observed against predicted malignancy per \(unit): points are groups of neighbouring scores with Wilson \
          intervals, the line is a loess curve; below, the scores of both classes.
          """), width: 520, height: 606),
      Figure(
        name: "scores-\(suffix)",
        svg: ScoreFigure.svg(
          name: "scores-\(suffix)", heading: words("Scores, \(place)"), rows: rows, metrics: metrics),
        caption: words("Predicted probability of malignancy by reference standard; dashed: the cut-off in use."),
        width: 520, height: 344),
      Figure(
        name: "confusion-\(suffix)",
        svg: ConfusionFigure.svg(
          name: "confusion-\(suffix)", heading: words("Confusion matrix, \(place)"), metrics: metrics),
        caption: words("Calls at the cut-off against the reference standard, per \(unit)."), width: 520, height: 330),
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
