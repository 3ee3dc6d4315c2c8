import Figures
import Wording

/// The parts of the page that hold a model's results on a part of the data.
extension Page {
  var results: [ReportSection] {
    zip(evaluations, figures.sections).map { evaluation, drawn in
      let split = EstimateText.splitInSentence(evaluation.split)
      let heading =
        metrics.hasSeveralModels ? words("Results: \(split), \(evaluation.model)") : words("Results: \(split)")
      var parts: [ReportSection.Part] = [
        .table(units(evaluation.metrics, suffix: drawn.suffix)), .notes(notes(evaluation.metrics)),
      ]
      parts += drawn.figures.map { .figure($0) }
      parts += folds(evaluation, suffix: drawn.suffix)
      parts += misclassified(evaluation, suffix: drawn.suffix)
      return ReportSection("results-\(drawn.suffix)", heading, parts)
    }
  }

  private func notes(_ section: SectionMetrics) -> [String] {
    section.units.flatMap { unit in unit.notes.map { words("Per \(unit.unit.word): \($0)") } }
  }

  private func units(_ section: SectionMetrics, suffix: String) -> ReportTable {
    let titles = [words("Measure")] + section.units.map { words("Per \($0.unit.word)") }
    return ReportTable(
      "results-\(suffix)",
      caption: words.sentences([
        Phrase("Rates with Wilson’s 95 % interval in brackets, per cent."),
        Phrase("A lesion’s score is the mean of its images’; a patient’s is the highest of the lesions’."),
      ]), columns: titles.map { .text($0) }, rows: areas(section) + rates(section) + calibration(section))
  }

  private func row(_ name: String, _ section: SectionMetrics, _ value: (UnitMetrics) -> String) -> [String] {
    [name] + section.units.map(value)
  }

  private func areas(_ section: SectionMetrics) -> [[String]] {
    func interval(_ name: String, _ interval: (AUCEstimate) -> ConfidenceInterval?) -> [String] {
      row(ReportTable.indent + name, section) {
        $0.pooledAUC.flatMap(interval).map { EstimateText.range($0, 3, words) } ?? "–"
      }
    }
    let isFolded = section.units.contains { $0.folds.count > 1 }
    let isMean = section.units.first?.meanCutOff != nil
    let name =
      isMean
      ? words("AUC, mean score of the folds’ networks") : isFolded ? words("AUC, pooled over folds") : words("AUC")
    var rows = [
      row(words("Malignant / all"), section) { "\(Text.count($0.positives)) / \(Text.count($0.count))" },
      row(name, section) { $0.pooledAUC.map { Text.fixed($0.value, 3) } ?? words("n/a") },
      interval(words("95\u{202F}% CI, DeLong"), \.interval),
    ]
    if section.units.contains(where: { $0.pooledAUC?.clusteredInterval != nil }) {
      let name = words("95\u{202F}% CI, clustered by \(cluster)")
      rows.append(interval(name, \.clusteredInterval))
    }
    if isFolded {
      rows.append(
        row(words("AUC, mean of folds (SD)"), section) { unit in
          guard let mean = unit.meanFoldAUC else { return words("n/a") }
          guard let spread = unit.standardDeviationOfFoldAUC else { return Text.fixed(mean, 3) }
          return words("\(Text.fixed(mean, 3)) (\(Text.fixed(spread, 3)))")
        })
    }
    return rows
  }

  /// What rows are grouped in.
  var cluster: Phrase { input.patientsAreKnown ? Phrase("patient") : Phrase("look-alike group") }

  private func rates(_ section: SectionMetrics) -> [[String]] {
    func rate(_ name: String, _ value: (Diagnosis) -> Rate) -> [String] {
      row(name, section) { EstimateText.rate(value($0.diagnosis), words) }
    }
    return [
      row(words("Cut-off"), section) { cutOffs($0) },
      rate(words("Sensitivity"), \.sensitivity), rate(words("Specificity"), \.specificity),
      rate(words("Positive predictive value"), \.positivePredictiveValue),
      rate(words("Negative predictive value"), \.negativePredictiveValue), rate(words("Accuracy"), \.accuracy),
    ]
  }

  private func calibration(_ section: SectionMetrics) -> [[String]] {
    func coefficient(_ value: Double?, _ interval: ConfidenceInterval?) -> String {
      value.map { EstimateText.brief($0, interval, decimals: 2, words) } ?? words("n/a")
    }
    return [
      row(words("Calibration slope"), section) { coefficient($0.calibration.slope, $0.calibration.slopeInterval) },
      row(words("Calibration intercept"), section) {
        coefficient($0.calibration.intercept, $0.calibration.interceptInterval)
      },
      row(words("Brier score"), section) { Text.fixed($0.calibration.brier, 3) },
      row(words("Expected calibration error"), section) {
        Text.fixed($0.calibration.expectedCalibrationError, 3)
      },
    ]
  }

  /// "0.43" or "0.38 to 0.52, by fold".
  private func cutOffs(_ unit: UnitMetrics) -> String {
    if let mean = unit.meanCutOff {
      let value = Text.fixed(mean.value, 3)
      return unit.folds.count > 1 ? words("\(value) (mean of folds)") : value
    }
    let values = unit.folds.map(\.cutOff.value)
    guard let low = values.min(), let high = values.max() else { return words("n/a") }
    let (lowest, highest) = (Text.fixed(low, 3), Text.fixed(high, 3))
    return lowest == highest ? lowest : words("\(lowest) to \(highest), by fold")
  }

  private func folds(_ evaluation: SectionEvaluation, suffix: String) -> [ReportSection.Part] {
    guard let main = evaluation.units.first?.metrics, main.folds.count > 1 else { return [] }
    let rows = main.folds.map { fold in
      [
        String(fold.fold + 1), Text.count(fold.count), Text.count(fold.positives),
        fold.auc.map { EstimateText.brief($0.value, $0.quoted, decimals: 3, words) } ?? words("one class only"),
        Text.fixed(fold.cutOff.value, 3), EstimateText.rate(fold.diagnosis.sensitivity, words),
        EstimateText.rate(fold.diagnosis.specificity, words),
      ]
    }
    let table = ReportTable(
      "folds-\(suffix)", caption: words("Each fold’s network on its own test part, per \(main.unit.word)."),
      columns: [
        .text(words("Fold")), .number(words(main.unit.titles)), .number(words("Malignant")),
        .text(words("AUC (95 % CI)")), .number(words("Cut-off")), .text(words("Sensitivity")),
        .text(words("Specificity")),
      ], rows: rows)
    return [.heading(words("Fold by fold")), .table(table)]
  }
}
