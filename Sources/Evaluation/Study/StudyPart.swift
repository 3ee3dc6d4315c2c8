import Ultrasound

/// One test part of a study: every model's rows of one unit.
struct StudyPart: Sendable {
  struct Model: Sendable {
    /// As in the predictions; empty where they name none.
    let name: String
    let evaluation: UnitEvaluation
    /// The same of single images; nil where its rows are lesions.
    let ofImages: UnitEvaluation?

    var rows: [UnitScore] { evaluation.rows }
    var metrics: UnitMetrics { evaluation.metrics }
    var scores: [Double] { rows.map(\.score) }
    var positives: [Bool] { rows.map(\.isMalignant) }
    var patients: [String] { rows.map(\.patient) }
    var lesions: [LesionKey] { rows.map { LesionKey(patient: $0.patient, lesion: $0.name) } }
    var hasBothClasses: Bool { metrics.positives > 0 && metrics.positives < metrics.count }
    var isClustered: Bool { metrics.patients < metrics.count }
  }

  let split: String
  /// In the order of the predictions; never empty.
  let models: [Model]
  /// Whether the study has further parts, so that a heading must name this one.
  let isOnly: Bool

  /// The parts in the order in which the page shows them.
  static func all(_ evaluations: [SectionEvaluation]) -> [StudyPart] {
    var splits: [String] = []
    for evaluation in evaluations where !splits.contains(evaluation.split) { splits.append(evaluation.split) }
    return splits.map { split in
      let models = evaluations.filter { $0.split == split }.compactMap { section in
        section.units.first.map {
          Model(
            name: section.model, evaluation: $0, ofImages: section.units.first { $0.metrics.unit == .image })
        }
      }
      return StudyPart(split: split, models: models, isOnly: splits.count == 1)
    }.filter { !$0.models.isEmpty }
  }
}
