import Analyses
import Cohort
import Figures
import Tables
import Ultrasound
import Wording

/// Table 1 of a study's lesions by their label and by the part of the cohort (S1-07, S2-09).
enum TableOneSection {
  static let id = "table1"

  static func section(_ study: StudyContext) -> ReportSection? {
    guard study.tables.hasTableOne, !study.tables.variables.variables.isEmpty else { return nil }
    let words = study.words
    var parts: [ReportSection.Part] = []
    let lesions = lesions(study)
    let labels = [words("Benign"), words("Malignant")]
    parts += table(
      lesions, "table1-label", groups: lesions.map { $0.isMalignant ? "1" : "0" },
      names: ["0": labels[0], "1": labels[1]],
      caption: words("The lesions by their reference standard."), study)
    let splits = ordered(Set(lesions.map(\.split)))
    if splits.count > 1, splits.count <= 12 {
      let place = Dictionary(splits.enumerated().map { ($1, String($0)) }) { first, _ in first }
      parts += table(
        lesions, "table1-part", groups: lesions.map { place[$0.split] ?? "" },
        names: Dictionary(splits.map { (place[$0] ?? "", words(EstimateText.split($0))) }) { first, _ in first },
        caption: words("The lesions by the part of the study they were scored in."), study)
    }
    let notes = study.tables.variables.notes.map { words($0) }
    if !notes.isEmpty { parts.append(.notes(notes)) }
    guard !parts.isEmpty else { return nil }
    return ReportSection(id, words("Table 1: the lesions"), parts)
  }

  /// Training, validation, internal test, others by name, external test.
  private static func ordered(_ splits: Set<String>) -> [String] {
    let rank = ["train": 0, "validation": 1, "internal-test": 2, "external-test": 4]
    return splits.sorted { (rank[$0] ?? 3, $0) < (rank[$1] ?? 3, $1) }
  }

  private struct Lesion {
    let key: LesionKey
    let isMalignant: Bool
    /// The test part where there is one: in cross-validation every lesion also trained.
    var split: String
  }

  private static func lesions(_ study: StudyContext) -> [Lesion] {
    var place: [LesionKey: Int] = [:]
    var lesions: [Lesion] = []
    for row in study.predictions {
      let key = LesionKey(patient: row.patient, lesion: row.lesion)
      if let index = place[key] {
        if Evaluator.isTraining(lesions[index].split), !Evaluator.isTraining(row.split) {
          lesions[index].split = row.split
        }
      } else {
        place[key] = lesions.count
        lesions.append(Lesion(key: key, isMalignant: row.label == .malignant, split: row.split))
      }
    }
    return lesions
  }

  private static let group = "\u{1}group"

  private static func table(
    _ lesions: [Lesion], _ name: String, groups: [String], names: [String: String], caption: String,
    _ study: StudyContext
  ) -> [ReportSection.Part] {
    let words = study.words
    let variables = study.tables.variables.variables
    let rows = zip(lesions, groups).map { lesion, group in
      let values = study.tables.variables.values[lesion.key]
      return [lesion.key.patient, lesion.key.lesion, group]
        + variables.indices.map { values?[$0].level(variables[$0].kind) ?? "" }
    }
    var options = TableOneAnalysis.Options()
    options.group = group
    options.unit = .lesion
    do {
      let table = try Table(
        columns: ["patient", "lesion", group] + variables.map(\.name), rows: rows, source: "table 1")
      let result = try TableOneAnalysis.tableOne(table, options)
      guard let found = result.tables.first else { return [] }
      let text = TableOneText(words: words)
      return [
        .table(
          ReportTable(
            name,
            caption: caption + words(" ")
              + words(
                "Per lesion; shares are of the lesions with a known value, in per cent. SMD: standardised difference."),
            columns: text.columns(found.columns, group: group, names: names),
            rows: found.rows.map(text.row))),
        .notes(result.notes.map(text.note)),
      ]
    } catch {
      return [.notes([words("No Table 1: \("\(error)").")])]
    }
  }
}
