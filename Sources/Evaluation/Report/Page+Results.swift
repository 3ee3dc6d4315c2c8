import Figures

/// The parts of the page that hold results.
extension Page {
  var results: HTML {
    var html = HTML.empty
    if metrics.hasSeveralModels { html += comparison }
    for (evaluation, drawn) in zip(evaluations, figures.sections) {
      let model = metrics.hasSeveralModels ? ", \(evaluation.model)" : ""
      let pictures = drawn.map { HTML.figure($0.svg, caption: $0.caption) }
      html += """
        <section>
        <h2>Results: \(EstimateText.split(evaluation.split).lowercased())\(model)</h2>
        \(units(evaluation.metrics))
        <div class="figures">
        \(pictures)</div>
        \(foldTable(evaluation))
        \(misclassified(evaluation))
        </section>

        """
    }
    return html
  }

  private var comparison: HTML {
    let rows = metrics.sections.compactMap { section -> [String]? in
      guard let main = section.units.first else { return nil }
      return [
        section.model, EstimateText.split(section.split), Text.count(main.count),
        main.pooledAUC.map { EstimateText.auc($0, decimals: 3) } ?? "n/a",
        EstimateText.rate(main.diagnosis.sensitivity),
        EstimateText.rate(main.diagnosis.specificity),
      ]
    }
    let table = HTML.table(
      caption: "Every model, per lesion.",
      columns: [
        .text("Model"), .text("Part"), .number("Lesions"), .text("AUC"), .text("Sensitivity"), .text("Specificity"),
      ], rows: rows)
    return "<section>\n<h2>Models compared</h2>\n\(table)\(differences)</section>\n"
  }

  private var differences: HTML {
    let rows = metrics.comparisons.map { pair in
      [
        "\(pair.second) less \(pair.first)", EstimateText.split(pair.split), Text.count(pair.count),
        Text.signed(pair.difference, 3) + (pair.interval.map { " (\(EstimateText.range($0, 3)))" } ?? ""),
        pair.p.map { Text.pValue($0) } ?? "n/a",
      ]
    }
    guard !rows.isEmpty else { return .empty }
    let cluster = input.patientsAreKnown ? "patient" : "look-alike group"
    return HTML.table(
      caption:
        "Difference of the AUCs on the lesions both models scored, paired; clustered by \(cluster) where one has several."
        + " Two-sided, not corrected for the number of pairs.",
      columns: [
        .text("Models"), .text("Part"), .number("Lesions"), .number("AUC difference (95 % CI)"), .number("p"),
      ], rows: rows)
  }

  private func units(_ section: SectionMetrics) -> HTML {
    let names = ["Measure"] + section.units.map { "Per \($0.unit.rawValue)" }
    func row(_ name: String, _ value: (UnitMetrics) -> String) -> [String] { [name] + section.units.map(value) }
    func area(_ interval: @escaping (AUCEstimate) -> ConfidenceInterval?) -> (UnitMetrics) -> String {
      { $0.pooledAUC.flatMap(interval).map { EstimateText.range($0, 3) } ?? "–" }
    }
    let isFolded = section.units.contains { $0.folds.count > 1 }
    let isClustered = section.units.contains { $0.pooledAUC?.clusteredInterval != nil }
    let cluster = input.patientsAreKnown ? "patient" : "look-alike group"
    let isMean = section.units.first?.meanCutOff != nil
    let pooledName = isMean ? "AUC, mean score of the folds’ networks" : isFolded ? "AUC, pooled over folds" : "AUC"
    var rows = [
      row("Malignant / all") { "\(Text.count($0.positives)) / \(Text.count($0.count))" },
      row(pooledName) { $0.pooledAUC.map { Text.fixed($0.value, 3) } ?? "n/a" },
      row("  95 % CI, DeLong", area(\.interval)),
    ]
    if isClustered { rows.append(row("  95 % CI, clustered by \(cluster)", area(\.clusteredInterval))) }
    if isFolded {
      rows.append(
        row("AUC, mean of folds (SD)") { unit in
          guard let mean = unit.meanFoldAUC else { return "n/a" }
          return Text.fixed(mean, 3) + (unit.standardDeviationOfFoldAUC.map { " (\(Text.fixed($0, 3)))" } ?? "")
        })
    }
    rows += [
      row("Cut-off") { Page.cutOffs($0) },
      row("Sensitivity") { EstimateText.rate($0.diagnosis.sensitivity) },
      row("Specificity") { EstimateText.rate($0.diagnosis.specificity) },
      row("Positive predictive value") { EstimateText.rate($0.diagnosis.positivePredictiveValue) },
      row("Negative predictive value") { EstimateText.rate($0.diagnosis.negativePredictiveValue) },
      row("Accuracy") { EstimateText.rate($0.diagnosis.accuracy) },
      row("Calibration slope") { Page.coefficient($0.calibration.slope, $0.calibration.slopeInterval) },
      row("Calibration intercept") { Page.coefficient($0.calibration.intercept, $0.calibration.interceptInterval) },
      row("Brier score") { Text.fixed($0.calibration.brier, 3) },
      row("Expected calibration error") { Text.fixed($0.calibration.expectedCalibrationError, 3) },
    ]
    let notes = section.units.flatMap { unit in unit.notes.map { "Per \(unit.unit.rawValue): \($0)" } }
    return HTML.table(
      caption: "Rates with Wilson’s 95 % interval in brackets, per cent. A lesion’s score is the mean of its images’; "
        + "a patient’s is the highest of the lesions’.",
      columns: names.map { .text($0) }, rows: rows) + HTML.notes(notes)
  }

  private static func coefficient(_ value: Double?, _ interval: ConfidenceInterval?) -> String {
    guard let value else { return "n/a" }
    return Text.signed(value, 2) + (interval.map { " (\(EstimateText.range($0, 2)))" } ?? "")
  }

  /// "0.43" or "0.38 to 0.52 by fold".
  private static func cutOffs(_ unit: UnitMetrics) -> String {
    if let mean = unit.meanCutOff {
      return Text.fixed(mean.value, 3) + (unit.folds.count > 1 ? " (mean of folds)" : "")
    }
    let values = unit.folds.map(\.cutOff.value)
    guard let low = values.min(), let high = values.max() else { return "n/a" }
    let (lowest, highest) = (Text.fixed(low, 3), Text.fixed(high, 3))
    return lowest == highest ? lowest : "\(lowest) to \(highest), by fold"
  }

  private func foldTable(_ evaluation: SectionEvaluation) -> HTML {
    guard let main = evaluation.units.first?.metrics, main.folds.count > 1 else { return .empty }
    let rows = main.folds.map { fold in
      [
        String(fold.fold + 1), Text.count(fold.count), Text.count(fold.positives),
        fold.auc.map { area in
          Text.fixed(area.value, 3) + (area.quoted.map { " (\(EstimateText.range($0, 3)))" } ?? "")
        } ?? "one class only", Text.fixed(fold.cutOff.value, 3), EstimateText.rate(fold.diagnosis.sensitivity),
        EstimateText.rate(fold.diagnosis.specificity),
      ]
    }
    let table = HTML.table(
      caption: "Each fold’s network on its own test part, per \(main.unit.rawValue).",
      columns: [
        .text("Fold"), .number(Text.capitalised(main.unit.plural)), .number("Malignant"), .text("AUC (95 % CI)"),
        .number("Cut-off"), .text("Sensitivity"), .text("Specificity"),
      ], rows: rows)
    return "<h3>Fold by fold</h3>\n\(table)"
  }

  /// The units farthest on the wrong side of their cut-off.
  private func misclassified(_ evaluation: SectionEvaluation) -> HTML {
    guard let main = evaluation.units.first else { return .empty }
    let wrong = main.rows.compactMap { row -> (row: UnitScore, cutOff: Double)? in
      guard let cutOff = main.cutOff(of: row), (row.score >= cutOff) != row.isMalignant else { return nil }
      return (row, cutOff)
    }
    let unit = main.metrics.unit
    guard !wrong.isEmpty else { return "<h3>Misclassified</h3>\n<p>No \(unit.rawValue) was misclassified.</p>\n" }
    let shown = wrong.sorted {
      (abs($0.row.score - $0.cutOff), $1.row.name) > (abs($1.row.score - $1.cutOff), $0.row.name)
    }
    .prefix(20)
    let isFolded = main.metrics.folds.count > 1 && main.metrics.meanCutOff == nil
    let rows = shown.map { row, cutOff in
      [
        row.name, row.patient, row.isMalignant ? "malignant" : "benign", Text.fixed(row.score, 3),
        Text.fixed(cutOff, 3), isFolded ? String(row.fold + 1) : "–", Text.count(row.images),
      ]
    }
    let missed = wrong.count { $0.row.isMalignant }
    let table = HTML.table(
      caption: "\(Text.count(wrong.count)) of \(Text.counted(main.rows.count, unit.rawValue)) misclassified: "
        + "\(missed) malignant called benign, \(wrong.count - missed) benign called malignant. "
        + (wrong.count > shown.count
          ? "The \(shown.count) farthest from their cut-off:" : "Farthest from the cut-off first:"),
      columns: [
        .text(Text.capitalised(unit.rawValue)), .text(input.patientsAreKnown ? "Patient" : "Group"), .text("Reference"),
        .number("Score"), .number("Cut-off"), .number("Fold"), .number("Images"),
      ], rows: rows)
    return "<h3>Misclassified</h3>\n\(table)"
  }
}
