import Wording

extension FilledChecklist {
  /// Collapsed on the page, whole in print; the table also as a file.
  func section(_ words: Wording) -> ReportSection {
    ReportSection(
      checklist.id, words(checklist.heading),
      [
        .paragraph(words(summary)),
        .html(page(words)),
        .fileOnly(table(words)),
      ])
  }

  /// As CSV and LaTeX have it: a row an item, several pieces of evidence apart by semicolons.
  func table(_ words: Wording) -> ReportTable {
    var columns: [ReportTable.Column] = [.text(words("Item"))]
    if checklist.hasScope { columns.append(.text(words("For"))) }
    columns += ["Section", "What is asked", "Evidence from this run", "Where", "Authors"].map { (title: Phrase) in
      .text(words(title))
    }
    let cells = rows.map { item, finding in
      [item.number] + (checklist.hasScope ? [item.scope?.rawValue ?? ""] : []) + [
        words(item.section), words(item.words), finding.evidence.map(\.text).joined(separator: "; "),
        finding.evidence.map(\.file).joined(separator: "; "), words(finding.forAuthors),
      ]
    }
    return ReportTable(
      checklist.id, caption: "\(words(checklist.heading)). \(words(summary))", columns: columns, rows: cells)
  }

  private func page(_ words: Wording) -> HTML {
    var body = HTML.empty
    var section: Phrase?
    let width = checklist.hasScope ? 5 : 4
    for (item, finding) in rows {
      if item.section != section {
        section = item.section
        body += "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(width)\">\(words(item.section))</th></tr>\n"
      }
      let scope: HTML = checklist.hasScope ? "<td class=\"scope\">\(item.scope?.rawValue ?? "")</td>" : .empty
      body += """
        <tr><th scope="row">\(item.number)</th>\(scope)<td>\(words(item.words))</td>\
        <td>\(finding.evidence.map(\.html))</td><td class="quiet">\(words(finding.forAuthors))</td></tr>

        """
    }
    let scope: HTML = checklist.hasScope ? "<th scope=\"col\">\(words("For"))</th>" : .empty
    let key: HTML =
      checklist.hasScope
      ? "<p>\(words("D: for the development of a model; E: for its evaluation on other data; D;E: for both."))</p>\n"
      : .empty
    let name = words(checklist.name)
    return """
      <details class="checklist"><summary>\(words("Show \(name) item by item"))</summary>
      <p>\(words("Items are worded in short here; the publication has them in full:")) \(checklist.citation) \
      \(words("Evidence is taken from the records of this run alone and says that something is recorded, not that it is well done."))</p>
      \(key)<table class="long">
      <thead><tr><th scope="col">\(words("Item"))</th>\(scope)<th scope="col">\(words("What is asked"))</th>\
      <th scope="col">\(words("Evidence from this run"))</th><th scope="col">\(words("Authors"))</th></tr></thead>
      <tbody>
      \(body)</tbody>
      </table>
      </details>

      """
  }
}

extension Evidence {
  /// The place outside the page: "report.html#table1", "split.csv".
  fileprivate var file: String { link.hasPrefix("#") ? "report.html" + link : place }

  fileprivate var html: HTML { "<div>\(text) <a href=\"\(link)\">\(place)</a></div>" }
}
