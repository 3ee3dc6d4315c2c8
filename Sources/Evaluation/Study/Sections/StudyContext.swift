import Cohort
import Figures
import Statistics
import Wording

/// What the sections of a study are made from, and in which language.
struct StudyContext: Sendable {
  let parts: [StudyPart]
  let tables: StudyTables
  let predictions: [Prediction]
  let comparisons: [ModelComparison]
  let patientsAreKnown: Bool
  let words: Wording

  /// Most curves in one figure; more cannot be told apart.
  static let mostCurves = 12

  /// The sections that the predictions and tables allow, in the order of the page.
  func sections() -> [ReportSection] {
    [
      FlowSection.section(self), TableOneSection.section(self), ROCSection.section(self), PairwiseSection.section(self),
      ConfusionSection.section(self), CalibrationSection.section(self), DecisionSection.section(self),
      NomogramSection.section(self), StrataSection.section(self), ReaderSection.section(self),
      SelectiveSection.section(self),
    ].compactMap(\.self)
  }

  /// "Internal test: " before a caption where there are several parts, else nothing.
  func place(_ part: StudyPart) -> String { part.isOnly ? "" : words("\(title(part)): ") }

  /// "ROC, internal test" where there are several parts, else "ROC".
  func heading(_ text: String, _ part: StudyPart) -> String {
    part.isOnly ? text : words("\(text), \(EstimateText.splitInSentence(part.split))")
  }

  func title(_ part: StudyPart) -> String { words(EstimateText.split(part.split)) }

  func label(_ model: StudyPart.Model) -> String { label(model.name) }
  func label(_ model: String) -> String { model.isEmpty ? words("Score") : model }

  /// What rows are clustered in.
  var cluster: Phrase { patientsAreKnown ? "patient" : "look-alike group" }

  /// A missing number on a page.
  static let none = "–"

  func brief(_ estimate: Estimate?, _ decimals: Int = 3) -> String {
    guard let estimate, estimate.value.isFinite else { return StudyContext.none }
    return words.brief(estimate, decimals: decimals)
  }

  /// "86.0 (80.1 to 90.4)", in per cent.
  func percent(_ estimate: Estimate?) -> String {
    guard let estimate, estimate.value.isFinite else { return StudyContext.none }
    let interval = estimate.interval.map {
      Interval(lower: $0.lower * 100, upper: $0.upper * 100, level: $0.level)
    }
    return words.brief(Estimate(value: estimate.value * 100, interval: interval), decimals: 1)
  }

  func p(_ p: Double?) -> String { p.map { Text.pValue($0) } ?? StudyContext.none }
}

extension StudyPart {
  /// Of file names and ids.
  var suffix: String { RunFigures.slug(split.isEmpty ? "test" : split) }
}

extension StudyPart.Model {
  var auc: Estimate? { metrics.pooledAUC.map { Estimate(value: $0.value, interval: $0.quoted?.statistic) } }

  var rates: ROCFigure.Rates? {
    guard let sensitivity = metrics.diagnosis.sensitivity.value, let specificity = metrics.diagnosis.specificity.value
    else { return nil }
    return .init(sensitivity: sensitivity, specificity: specificity)
  }

  /// Called malignant, each row at the cut-off of its fold.
  var calls: [Bool] { rows.map { row in evaluation.cutOff(of: row).map { row.score >= $0 } ?? false } }
}

extension ConfidenceInterval {
  var statistic: Interval { Interval(lower: lower, upper: upper, level: 0.95) }
}

extension Rate {
  var estimate: Estimate? { value.map { Estimate(value: $0, interval: interval?.statistic) } }
}
