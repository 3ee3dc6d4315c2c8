import Figures
import Wording

extension Page {
  /// The units farthest on the wrong side of their cut-off.
  func misclassified(_ evaluation: SectionEvaluation, suffix: String) -> [ReportSection.Part] {
    guard let main = evaluation.units.first else { return [] }
    let heading = ReportSection.Part.heading(words("Misclassified"))
    let wrong = main.rows.compactMap { row -> Wrong? in
      guard let cutOff = main.cutOff(of: row), (row.score >= cutOff) != row.isMalignant else { return nil }
      return Wrong(row: row, cutOff: cutOff)
    }
    guard !wrong.isEmpty else {
      return [heading, .paragraph(words("No \(main.metrics.unit.word) was misclassified."))]
    }
    let shown = wrong.sorted { ($0.distance, $1.row.name) > ($1.distance, $0.row.name) }.prefix(20)
    let isFolded = main.metrics.folds.count > 1 && main.metrics.meanCutOff == nil
    let rows = shown.map { wrong in
      [
        wrong.row.name, wrong.row.patient, words(Reference.word(isMalignant: wrong.row.isMalignant)),
        Text.fixed(wrong.row.score, 3), Text.fixed(wrong.cutOff, 3), isFolded ? String(wrong.row.fold + 1) : "–",
        Text.count(wrong.row.images),
      ]
    }
    let table = ReportTable(
      "misclassified-\(suffix)", caption: caption(wrong, of: main.rows.count, shown: shown.count, main.metrics.unit),
      columns: [
        .text(words(main.metrics.unit.title)), .text(input.patientsAreKnown ? words("Patient") : words("Group")),
        .text(words("Reference")), .number(words("Score")), .number(words("Cut-off")), .number(words("Fold")),
        .number(words("Images")),
      ], rows: rows)
    return [heading, .table(table)]
  }

  private struct Wrong {
    let row: UnitScore
    let cutOff: Double

    var distance: Double { abs(row.score - cutOff) }
  }

  private func caption(_ wrong: [Wrong], of total: Int, shown: Int, _ unit: Unit) -> String {
    let missed = wrong.count { $0.row.isMalignant }
    let (all, missedText) = (Text.count(wrong.count), Text.count(missed))
    let alarms = Text.count(wrong.count - missed)
    return words.sentences([
      Phrase(
        """
        \(all) of \(unit.counted(total)) misclassified: \(missedText) malignant called benign, \(alarms) benign \
        called malignant.
        """),
      wrong.count > shown
        ? Phrase("The \(shown) farthest from their cut-off:") : Phrase("Farthest from the cut-off first:"),
    ])
  }
}
