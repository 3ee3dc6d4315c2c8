import Figures
import Statistics
import Wording

/// Every model's ROC curve on one plane (S2, Fig. 2; S4).
enum ROCSection {
  /// nil with one model, whose curve stands with its results.
  static func section(_ study: StudyContext) -> ReportSection? {
    let parts = study.parts.filter { $0.models.count > 1 }
    guard !parts.isEmpty else { return nil }
    return ReportSection(
      "roc-all", study.words("All models: ROC curves"),
      parts.map { .figure(figure($0, study)) } + parts.map { .table(table($0, study)) }
        + [.notes(parts.flatMap { notes($0, study) })])
  }

  private static func figure(_ part: StudyPart, _ study: StudyContext) -> Figure {
    let words = study.words
    let drawn = part.models.prefix(StudyContext.mostCurves)
    let curves = drawn.map { model in
      ROCFigure.Curve(
        label: study.label(model), scores: model.scores, positives: model.positives, auc: model.auc,
        operatingPoint: model.rates, hasBand: true)
    }
    return ROCFigure.figure(
      name: "roc-all-\(part.suffix)", heading: study.heading(words("ROC of all models"), part), curves: Array(curves),
      words: words)
  }

  private static func table(_ part: StudyPart, _ study: StudyContext) -> ReportTable {
    let words = study.words
    return ReportTable(
      "roc-all-\(part.suffix)",
      caption: study.place(part)
        + words(
          "Area under the ROC curve per lesion, with its 95 % interval on the logit scale; clustered by \(study.cluster) where one has several lesions."
        ),
      columns: [
        .text(words("Model")), .number(words("Lesions")), .number(words("Malignant")), .number(words("AUC (95 % CI)")),
      ],
      rows: part.models.map { model in
        [
          study.label(model), Text.count(model.metrics.count), Text.count(model.metrics.positives),
          study.brief(model.auc),
        ]
      })
  }

  private static func notes(_ part: StudyPart, _ study: StudyContext) -> [String] {
    let words = study.words
    var notes: [String] = []
    if part.models.count > StudyContext.mostCurves {
      notes.append(
        study.place(part)
          + words("The figure shows the first \(StudyContext.mostCurves) of \(part.models.count) models."))
    }
    for model in part.models where !model.hasBothClasses {
      notes.append(study.place(part) + words("\(study.label(model)): only one class is present; there is no AUC."))
    }
    for model in part.models where Set(model.scores).count == 1 && model.hasBothClasses {
      notes.append(
        study.place(part) + words("\(study.label(model)): the score is the same for every lesion and tells nothing."))
    }
    let counts = Set(part.models.map { $0.lesions.count })
    if counts.count > 1 {
      notes.append(
        study.place(part)
          + words("The models scored different numbers of lesions; the curves are not of the same cases."))
    }
    return notes
  }
}
