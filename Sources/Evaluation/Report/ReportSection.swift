import Figures

/// A part of the report under its own heading, in the report's language. What it holds is shown on the page in order; its tables are
/// also written as CSV and LaTeX, its figures as SVG and PDF.
struct ReportSection: Sendable {
  enum Part: Sendable {
    /// Heads the parts after it.
    case heading(String)
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

extension HTML {
  /// Figures that follow one another stand side by side.
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
        gallery.append(.figure(figure))
        continue
      }
      closeGallery()
      switch part {
      case .heading(let text): body += "<h3>\(text)</h3>\n"
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
}
