import Figures
import Statistics
import Wording

/// Calls of every model at its cut-off, and other modalities beside them as published (S1-22, S2-24).
enum ConfusionSection {
  /// nil with one model and no comparator: its matrix stands with its results.
  static func section(_ study: StudyContext) -> ReportSection? {
    let comparators = study.tables.comparators
    let parts = study.parts.filter { $0.models.count > 1 || !comparators.isEmpty }
    guard !parts.isEmpty else { return nil }
    let words = study.words
    var all: [ReportSection.Part] = []
    for part in parts {
      if part.models.count > 1 { all.append(.figure(figure(part, study))) }
      all.append(.table(table(part, study)))
    }
    let notes = notes(study)
    if !notes.isEmpty { all.append(.notes(notes)) }
    return ReportSection("confusion-all", words("All models: calls at the cut-off"), all)
  }

  private static func figure(_ part: StudyPart, _ study: StudyContext) -> Figure {
    ConfusionFigure.figure(
      name: "confusion-all-\(part.suffix)", heading: study.heading(study.words("Confusion matrices"), part),
      panels: part.models.prefix(StudyContext.mostCurves).map {
        .init(heading: study.label($0), counts: $0.metrics.diagnosis.counts)
      }, units: "lesions", words: study.words)
  }

  private static func table(_ part: StudyPart, _ study: StudyContext) -> ReportTable {
    let words = study.words
    let models = part.models.map { model in
      let diagnosis = model.metrics.diagnosis
      let counts = diagnosis.counts
      return [
        study.label(model), Text.count(counts.truePositives), Text.count(counts.falsePositives),
        Text.count(counts.trueNegatives), Text.count(counts.falseNegatives),
      ]
        + [
          diagnosis.sensitivity, diagnosis.specificity, diagnosis.positivePredictiveValue,
          diagnosis.negativePredictiveValue, diagnosis.accuracy,
        ].map { study.percent($0.estimate) }
    }
    let comparators = study.tables.comparators.map { row($0, part, study) }
    return ReportTable(
      "confusion-all-\(part.suffix)",
      caption: study.place(part)
        + words(
          "Per lesion, at each model’s cut-off; rates in per cent with Wilson’s 95 % interval. TP, FP, TN, FN: true and false positives and negatives."
        )
        + (study.tables.comparators.allSatisfy { isOfThesePatients($0, part) }
          ? "" : words(" ") + words("* as published, of other patients; no test compares them with the models.")),
      columns: [.text(words("Model"))]
        + ["TP", "FP", "TN", "FN"].map { .number($0) }
        + [
          words("Sensitivity"), words("Specificity"), words("PPV"), words("NPV"), words("Accuracy"),
        ].map { .number($0) }, rows: models + comparators)
  }

  private static func row(_ comparator: Comparator, _ part: StudyPart, _ study: StudyContext) -> [String] {
    let name = isOfThesePatients(comparator, part) ? comparator.name : comparator.name + " *"
    guard let matrix = comparator.matrix else {
      func share(_ value: Double?, _ total: Int?) -> String {
        guard let value else { return StudyContext.none }
        return Text.fixed(value * 100, 1)
      }
      return [name, StudyContext.none, StudyContext.none, StudyContext.none, StudyContext.none]
        + [
          share(comparator.sensitivity, comparator.positives), share(comparator.specificity, comparator.negatives),
          StudyContext.none, StudyContext.none, share(comparator.accuracy, nil),
        ]
    }
    return [
      name, Text.count(matrix.truePositives), Text.count(matrix.falsePositives), Text.count(matrix.trueNegatives),
      Text.count(matrix.falseNegatives),
    ]
      + [matrix.sensitivity, matrix.specificity, matrix.ppv, matrix.npv, matrix.accuracy].map { study.percent($0) }
  }

  /// Whether its counts of both classes are those of the part.
  static func isOfThesePatients(_ comparator: Comparator, _ part: StudyPart) -> Bool {
    part.models.contains { model in
      comparator.positives == model.metrics.positives
        && comparator.negatives == model.metrics.count - model.metrics.positives
    }
  }

  private static func notes(_ study: StudyContext) -> [String] {
    let words = study.words
    var notes: [String] = []
    for comparator in study.tables.comparators {
      guard let low = [comparator.sensitivity, comparator.specificity].compactMap(\.self).min(),
        let high = [comparator.sensitivity, comparator.specificity].compactMap(\.self).max(),
        comparator.sensitivity != nil, comparator.specificity != nil, let accuracy = comparator.accuracy,
        accuracy < low - 0.0005 || accuracy > high + 0.0005
      else { continue }
      notes.append(
        words(
          "\(comparator.name): an accuracy of \(Text.percent(accuracy)) outside sensitivity and specificity cannot come from one confusion matrix."
        ))
    }
    return notes
  }
}
