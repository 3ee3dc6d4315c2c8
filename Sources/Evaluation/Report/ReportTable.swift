import Analyses
import Tables

/// A table of the report: text already rounded, the first cell of a row its head.
struct ReportTable: Sendable {
  struct Column: Sendable {
    var title: String
    var isNumber: Bool

    static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// Before the head of a row that belongs to the row above it.
  static let indent = "  "

  /// Name of its files, without ending: letters, digits and hyphens, once a report.
  var name: String
  var caption: String
  var columns: [Column]
  var rows: [[String]]

  init(_ name: String, caption: String, columns: [Column], rows: [[String]]) {
    (self.name, self.caption, self.columns, self.rows) = (name, caption, columns, rows)
  }

  /// For programs: minus signs and per cents as they read them, no spaces within numbers; a title that stands twice is
  /// numbered.
  var csv: String {
    var seen: [String: Int] = [:]
    let titles = columns.enumerated().map { place, column in
      let title = column.title.isEmpty ? "column \(place + 1)" : ReportTable.plain(column.title)
      seen[title, default: 0] += 1
      return seen[title] == 1 ? title : "\(title) (\(seen[title] ?? 1))"
    }
    let cells = rows.map { $0.map(ReportTable.plain) }
    return (try? Table(columns: titles, rows: cells, source: name))?.csv() ?? ""
  }

  /// A `tabular` (`longtable` where longer than a page) to be set under a caption of one's own; as remarks above it the page's caption and the packages it needs.
  var latex: String {
    let result = ResultTable(caption, columns.map(\.title), rows)
    let isChinese = ([columns.map(\.title)] + rows).joined().contains { $0.contains { $0.isChinese } }
    let packages =
      ["\\usepackage{booktabs}"] + (result.isLong ? ["\\usepackage{longtable}"] : [])
      + (isChinese ? ["\\usepackage{ctex} (XeLaTeX)"] : [])
    let remarks = caption.split(whereSeparator: \.isNewline).map(String.init) + packages
    return remarks.map { "% \($0)\n" }.joined()
      + result.latex(columns: columns.map { $0.isNumber ? .right : .left })
  }

  private static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{202F}", "\u{2009}": break
      case "\u{A0}": plain += " "
      case "\u{2212}": plain += "-"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }
}

extension Character {
  fileprivate var isChinese: Bool { unicodeScalars.contains { (0x3000...0x9FFF).contains($0.value) } }
}

extension HTML {
  static func table(_ table: ReportTable) -> HTML {
    let head = table.columns.map { column -> HTML in
      column.isNumber
        ? "<th scope=\"col\" class=\"n\">\(column.title)</th>" : "<th scope=\"col\">\(column.title)</th>"
    }
    let body = table.rows.map { row -> HTML in
      let cells = zip(row, table.columns).enumerated().map { place, cell -> HTML in
        if place == 0 { return "<th scope=\"row\">\(cell.0)</th>" }
        return cell.1.isNumber ? "<td class=\"n\">\(cell.0)</td>" : "<td>\(cell.0)</td>"
      }
      return row.first?.hasPrefix(ReportTable.indent) == true
        ? "<tr class=\"level\">\(cells)</tr>\n" : "<tr>\(cells)</tr>\n"
    }
    // Short tables are kept on one page in print.
    let style = table.rows.count <= 24 ? "short" : "long"
    return """
      <table class="\(style)">
      <caption>\(table.caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody>
      </table>
      <p class="files">\(files("tables/\(table.name)", ["csv": "CSV", "tex": "LaTeX"]))</p>

      """
  }

  /// Links to the files of a table or figure, beside the page.
  static func files(_ path: String, _ kinds: KeyValuePairs<String, String>) -> HTML {
    kinds.map { ending, name -> HTML in "<a href=\"\(path).\(ending)\">\(name)</a>" }
      .reduce(HTML.empty) { $0.text.isEmpty ? $1 : $0 + " · " + $1 }
  }
}
