import Figures

/// Pieces of the page. Plain text goes in and is escaped here, so that no caller can forget it; what is already HTML
/// is of type ``HTML`` and passes.
struct HTML: Sendable, ExpressibleByStringInterpolation {
  private(set) var text: String

  init(raw: String) { text = raw }
  init(_ plain: String) { text = escaped(plain) }
  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Interpolation writes text escaped and HTML as it is: `"<p>\(name)</p>"` is safe for any name.
  struct Interpolation: StringInterpolationProtocol {
    var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ plain: String) { text += escaped(plain) }
    mutating func appendInterpolation(_ number: Int) { text += String(number) }
    mutating func appendInterpolation(_ html: HTML) { text += html.text }
    mutating func appendInterpolation(_ parts: [HTML]) {
      for part in parts { text += part.text }
    }
  }

  static func + (a: HTML, b: HTML) -> HTML { HTML(raw: a.text + b.text) }
  static func += (a: inout HTML, b: HTML) { a.text += b.text }

  static let empty = HTML(raw: "")
}

extension HTML {
  struct Column {
    var title: String
    var isNumber = false

    static func text(_ title: String) -> Column { Column(title: title) }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// A table; the first cell of each row is its head.
  static func table(caption: String, columns: [Column], rows: [[String]]) -> HTML {
    let head = columns.map { column -> HTML in
      column.isNumber
        ? "<th scope=\"col\" class=\"n\">\(column.title)</th>" : "<th scope=\"col\">\(column.title)</th>"
    }
    let body = rows.map { row -> HTML in
      let cells = zip(row, columns).enumerated().map { place, cell -> HTML in
        if place == 0 { return "<th scope=\"row\">\(cell.0)</th>" }
        return cell.1.isNumber ? "<td class=\"n\">\(cell.0)</td>" : "<td>\(cell.0)</td>"
      }
      return "<tr>\(cells)</tr>\n"
    }
    // Short tables are kept on one page in print.
    let style = rows.count <= 24 ? "short" : "long"
    return """
      <table class="\(style)">
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody>
      </table>

      """
  }

  /// Terms with their meaning.
  static func list(_ facts: [ReportInput.Fact], style: String = "facts") -> HTML {
    let items = facts.map { fact -> HTML in "<dt>\(fact.name)</dt><dd>\(fact.value)</dd>\n" }
    return "<dl class=\"\(style)\">\n\(items)</dl>\n"
  }

  static func notes(_ notes: [String]) -> HTML {
    guard !notes.isEmpty else { return .empty }
    let items = notes.map { note -> HTML in "<li>\(note)</li>\n" }
    return "<ul class=\"notes\">\n\(items)</ul>\n"
  }

  static func figure(_ svg: String, caption: String, isWide: Bool = false) -> HTML {
    let style = isWide ? "wide" : "half"
    return "<figure class=\"\(style)\">\n\(HTML(raw: svg))<figcaption>\(caption)</figcaption>\n</figure>\n"
  }
}
