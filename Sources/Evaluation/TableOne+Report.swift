import Figures
import Wording

extension TableOne {
  /// As shown on the page and written to `tables/table1.csv`.
  func reportTable(_ words: Wording) -> ReportTable {
    ReportTable(
      "table1",
      caption: words(
        """
        Per lesion (\(Text.count(benignLesions)) benign, \(Text.count(malignantLesions)) malignant); shares are of the \
        lesions with a known value.
        """),
      columns: [
        .text(words("Characteristic")), .number(words("Benign")), .number(words("Malignant")), .number(words("All")),
        .number(words("p")), .text(words("Test")),
      ],
      rows: rows.map { row in
        [
          (row.isLevel ? ReportTable.indent : "") + words(row.name), words(row.benign), words(row.malignant),
          words(row.all), row.p, words(row.test),
        ]
      })
  }
}
