import Figures
import Statistics
import Tables
import Wording

/// Evaluation: what was measured, how surely, and on whom.
extension StudyRecord {
  /// The part, with the model where there are several.
  func name(_ section: SectionMetrics) -> Phrase {
    metrics.hasSeveralModels && !section.model.isEmpty
      ? "\(splitName(section.split)), \(section.model)" : splitName(section.split)
  }

  func results(of split: String) -> [Evidence?] { metrics.sections.filter { $0.split == split }.map(area) }

  /// "internal test: AUC 0.912 (95 % CI 0.880 to 0.936), 181 lesions of 160 patients".
  private func area(_ section: SectionMetrics) -> Evidence? {
    guard let main = section.units.first else { return nil }
    let area: Phrase =
      switch (main.pooledAUC?.value, main.pooledAUC?.quoted) {
      case (let auc?, let interval?):
        "AUC \(Text.fixed(auc, 3)) (95 % CI \(Text.fixed(interval.lower, 3)) to \(Text.fixed(interval.upper, 3)))"
      case (let auc?, nil): "AUC \(Text.fixed(auc, 3)), without an interval"
      case (nil, _): "no AUC, one class only"
      }
    return evidence(
      "\(name(section)): \(area), \(Text.count(main.count)) lesions \(ofPatients(main))", .results(section),
      .metric("sections"))
  }

  private var hasIntervals: Bool {
    metrics.sections.contains { $0.units.first?.pooledAUC?.quoted != nil }
  }

  var performance: Finding {
    let areas = metrics.sections.map(area)
    return .whole(
      if: hasIntervals,
      areas + [
        evidence("results by stratum", .part(.strata)), evidence("readers and the model", .part(.readers)),
        evidence("net benefit over thresholds", .part(.decisionCurve)),
      ])
  }

  var diagnosticPerformance: Finding {
    guard let section = metrics.headline, let main = section.units.first else { return .none }
    func rate(_ rate: Rate) -> Phrase? {
      guard let value = rate.value, let interval = rate.interval else { return nil }
      return
        "\(Text.percent(value)) (95 % CI \(Text.fixed(interval.lower * 100, 1)) to \(Text.fixed(interval.upper * 100, 1)))"
    }
    let rates: [Phrase] = [
      rate(main.diagnosis.sensitivity).map { "sensitivity \($0)" },
      rate(main.diagnosis.specificity).map { "specificity \($0)" },
    ].compactMap(\.self)
    guard let first = rates.first else { return .none }
    return .whole(
      if: rates.count == 2,
      [
        evidence(
          "\(name(section)): \(rates.dropFirst().reduce(first) { "\($0), \($1)" })", .results(section),
          .metric("sections"))
      ])
  }

  var failures: Finding {
    guard let section = metrics.headline, let main = section.units.first else { return .none }
    let matrix = main.diagnosis.counts
    return .part([
      evidence(
        "\(name(section)): \(Text.count(matrix.falseNegatives)) malignant lesions called benign, \(Text.count(matrix.falsePositives)) benign called malignant; confusion matrix",
        .results(section), .metric("sections"))
    ])
  }

  var measures: Finding {
    guard let section = metrics.headline else { return .none }
    return .whole([
      evidence("AUC, sensitivity, specificity, predictive values, accuracy", .results(section), .metric("sections")),
      evidence(
        "calibration slope and intercept, Brier score, expected calibration error", .results(section),
        .metric("sections")),
      evidence("net benefit over thresholds", .part(.decisionCurve)),
      metrics.comparisons.isEmpty
        ? nil
        : evidence("models compared by the paired test of DeLong", .part(.comparison), .metric("comparisons")),
      evidence("readers and the model", .part(.readers)),
    ])
  }

  var uncertainty: Finding {
    guard hasIntervals else { return .none }
    let isClustered = metrics.sections.contains { $0.units.first?.pooledAUC?.clusteredInterval != nil }
    let areas: Phrase =
      !isClustered
      ? "95 % intervals of the AUC by DeLong’s variance"
      : input.patientsAreKnown
        ? "95 % intervals of the AUC by DeLong’s variance, clustered by patient (Obuchowski)"
        : "95 % intervals of the AUC by DeLong’s variance, clustered by group of look-alike images (Obuchowski)"
    return .whole([
      evidence(areas, .part(.methods), .metric("sections")),
      evidence("95 % intervals of rates by Wilson’s method", .part(.methods), .metric("sections")),
      metrics.comparisons.isEmpty
        ? nil : evidence("two-sided p of differences of AUC", .part(.comparison), .metric("comparisons")),
    ])
  }

  var explanation: Finding {
    guard !input.gallery.isEmpty else { return .none }
    return .whole(
      if: !input.galleryNotes.isEmpty,
      [
        evidence("heat maps over their images: \(input.gallery.count)", .part(.heatMaps)),
        input.galleryNotes.isEmpty
          ? nil : evidence("how far the heat maps can be trusted was measured", .part(.heatMaps)),
      ])
  }

  // MARK: Predictions and output

  var ensemble: Evidence? {
    guard
      let section = metrics.sections.first(where: {
        $0.split == "external-test" && ($0.units.first?.folds.count ?? 0) > 1
      }), let main = section.units.first, main.meanCutOff != nil
    else { return nil }
    return evidence(
      "external test: mean of the scores of the folds’ networks, \(main.folds.count)", .results(section),
      .metric("sections"))
  }

  var predictionMethod: Finding {
    guard counts.isDisjoint else { return .none }
    let lesion = evidence("a lesion’s score is the mean of its images’ scores", .part(.methods), .metric("sections"))
    let fold =
      metrics.sections.contains { $0.split == "internal-test" }
      ? evidence(
        "internal test: each lesion by the network of the fold that did not train on it", .file("split.csv"),
        .file("predictions.csv"), .part(.study)) : nil
    let mirrored =
      self[setting: "input.mirrored"]?.bool == true
      ? evidence("a score is the mean over the image and its mirror image", .setting("input.mirrored")) : nil
    return .whole([fold, ensemble, mirrored, lesion])
  }

  var output: Finding {
    guard let section = metrics.headline, let main = section.units.first else { return .none }
    let values = main.meanCutOff.map { [$0.value] } ?? main.folds.map(\.cutOff.value)
    guard let low = values.min(), let high = values.max() else { return .none }
    let shown = low == high ? Text.fixed(low, 3) : "\(Text.fixed(low, 3))–\(Text.fixed(high, 3))"
    let sources = Set(main.folds.map(\.cutOff.source))
    let choice: Phrase =
      switch sources {
      case [.youdenOnTraining]: "cut-off \(shown), of the highest Youden index on each fold’s training scores"
      case [.fixed]: "cut-off \(shown), fixed, since there were no training scores to choose it on"
      default: "cut-off \(shown)"
      }
    return .whole(
      if: sources == [.youdenOnTraining],
      [
        evidence("probability of malignancy, 0 to 1", .part(.methods), .metric("positiveClass")),
        evidence(choice, .results(section), .metric("sections")),
      ])
  }
}
