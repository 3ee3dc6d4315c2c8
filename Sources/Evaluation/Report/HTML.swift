import Figures
import Foundation

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
  /// Terms with their meaning.
  static func list(_ items: [(term: String, meaning: String)], style: String = "facts") -> HTML {
    let items = items.map { item -> HTML in "<dt>\(item.term)</dt><dd>\(item.meaning)</dd>\n" }
    return "<dl class=\"\(style)\">\n\(items)</dl>\n"
  }

  static func notes(_ notes: [String]) -> HTML {
    guard !notes.isEmpty else { return .empty }
    let items = notes.map { note -> HTML in "<li>\(note)</li>\n" }
    return "<ul class=\"notes\">\n\(items)</ul>\n"
  }

  static func figure(_ figure: Figure) -> HTML {
    """
    <figure class="\(figure.isWide ? "wide" : "half")">
    \(HTML(raw: figure.svg))<figcaption>\(figure.caption) \
    <span class="files">\(files("figures/\(figure.name)", ["svg": "SVG", "pdf": "PDF"]))</span></figcaption>
    </figure>

    """
  }

  /// `text` with the first `part` of it in bold.
  static func bold(_ part: String, in text: String) -> HTML {
    guard let place = text.range(of: part) else { return HTML(text) }
    return "\(String(text[..<place.lowerBound]))<strong>\(part)</strong>\(String(text[place.upperBound...]))"
  }
}
