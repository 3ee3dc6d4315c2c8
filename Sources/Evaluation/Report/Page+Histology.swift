import Cohort
import Figures
import Ultrasound
import Wording

/// The kinds of tumour under the binary label (S1-03).
extension Page {
  var histology: ReportSection? {
    guard let counts = input.histology, !counts.rows.isEmpty else { return nil }
    let rows = counts.rows.map { row in
      [
        String(repeating: ReportTable.indent, count: row.depth) + row.term,
        row.label.map { $0 == .malignant ? words("Malignant") : words("Benign") } ?? "", Text.count(row.patients),
        Text.count(row.lesions), Text.count(row.images),
      ]
    }
    let table = ReportTable(
      "histology", caption: words("Kinds of tumour"),
      columns: [
        .text(words("Kind")), .text(words("Label")),
        .number(input.patientsAreKnown ? words("Patients") : words("Look-alike groups")), .number(words("Lesions")),
        .number(words("Images")),
      ], rows: rows)
    var notes = counts.unknown.sorted { $0.key < $1.key }.map { text, lesions in
      words("Not in the histology tree: “\(text)”, \(lesions) lesions.")
    }
    if counts.withoutHistology > 0 { notes.append(words("Lesions without histology: \(counts.withoutHistology).")) }
    notes += counts.contradictions.map { words("Label and histology differ: \("\($0)").") }
    return ReportSection("histology", words("Histology"), [.table(table), .notes(notes)])
  }
}
