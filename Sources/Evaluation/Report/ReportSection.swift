import Analyses
import Figures

/// A part of the report under its own heading, in the report's language. What it holds is shown on the page in order; its tables are
/// also written as CSV and LaTeX, its figures as SVG and PDF.
struct ReportSection: Sendable {
  enum Part: Sendable {
    case paragraph(String)
    case table(ReportTable)
    case figure(Figure)
    /// What flags a number or says what could not be computed.
    case notes([String])
    /// A part of its own make, such as a live nomogram.
    case html(HTML)
    /// A table for the files alone, where the page shows the same in another form.
    case fileOnly(ReportTable)
  }

  /// Anchor on the page, once a report: letters, digits and hyphens.
  var id: String
  var heading: String
  var parts: [Part]

  init(_ id: String, _ heading: String, _ parts: [Part]) {
    (self.id, self.heading, self.parts) = (id, heading, parts)
  }

  var tables: [ReportTable] {
    parts.compactMap {
      switch $0 {
      case .table(let table), .fileOnly(let table): table
      default: nil
      }
    }
  }

  var figures: [Figure] {
    parts.compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }
}

/// A table of the report: text already rounded, the first cell of a row its head.
struct ReportTable: Sendable {
  struct Column: Sendable {
    var title: String
    var isNumber: Bool

    static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// Name of its files, without ending: letters, digits and hyphens, once a report.
  var name: String
  var caption: String
  var columns: [Column]
  var rows: [[String]]

  init(_ name: String, caption: String, columns: [Column], rows: [[String]]) {
    (self.name, self.caption, self.columns, self.rows) = (name, caption, columns, rows)
  }

  /// As the analyses' tables are written.
  var result: ResultTable { ResultTable(caption, columns.map(\.title), rows) }
}

extension HTML {
  static func section(_ section: ReportSection) -> HTML {
    var body = HTML.empty
    var gallery: [HTML] = []
    func closeGallery() {
      guard !gallery.isEmpty else { return }
      body += "<div class=\"figures\">\n\(gallery)</div>\n"
      gallery = []
    }
    for part in section.parts {
      if case .figure(let figure) = part {
        gallery.append(.figure(figure.svg, caption: figure.caption, isWide: figure.isWide))
        continue
      }
      closeGallery()
      switch part {
      case .paragraph(let text): body += "<p>\(text)</p>\n"
      case .table(let table): body += HTML.table(table)
      case .notes(let notes): body += HTML.notes(notes)
      case .html(let html): body += html
      case .figure, .fileOnly: break
      }
    }
    closeGallery()
    return "<section id=\"\(section.id)\">\n<h2>\(section.heading)</h2>\n\(body)</section>\n"
  }

  static func table(_ table: ReportTable) -> HTML {
    .table(
      caption: table.caption,
      columns: table.columns.map { $0.isNumber ? .number($0.title) : .text($0.title) }, rows: table.rows)
  }
}
