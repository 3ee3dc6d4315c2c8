import Foundation
import FoundationXML
import Testing

@testable import Figures

/// What a parser finds in a figure: its numbers, and where its words stand by the widths of the fonts.
final class Drawn: NSObject, XMLParserDelegate {
  struct Label {
    var text: String
    var left, top, right, bottom: Double
  }

  private(set) var numbers: [String] = []
  private(set) var labels: [Label] = []
  private(set) var smallest = Double.infinity
  private var attributes: [String: String]?
  private var text = ""

  init(_ figure: Figure) {
    super.init()
    let parser = XMLParser(data: Data(figure.svg.utf8))
    parser.delegate = self
    #expect(parser.parse(), "\(figure.name): \(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    for key in ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "font-size"] {
      if let value = attributes[key] { numbers.append(value) }
    }
    if let points = attributes["points"] { numbers += points.split { $0 == " " || $0 == "," }.map(String.init) }
    if name == "text" { (self.attributes, text) = (attributes, "") }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard name == "text", let attributes, let x = attributes["x"].flatMap(Double.init),
      let y = attributes["y"].flatMap(Double.init), let size = attributes["font-size"].flatMap(Double.init)
    else { return }
    self.attributes = nil
    smallest = min(smallest, size)
    let width = TextWidth.of(text, size: size, bold: attributes["font-weight"] != nil)
    let start = attributes["text-anchor"] == "middle" ? -width / 2 : attributes["text-anchor"] == "end" ? -width : 0
    let isTurned = attributes["transform"] != nil
    labels.append(
      isTurned
        ? Label(
          text: text, left: x - size * 0.75, top: y - start - width, right: x + size * 0.2, bottom: y - start)
        : Label(text: text, left: x + start, top: y - size * 0.75, right: x + start + width, bottom: y + size * 0.2))
  }

  /// Pairs of labels that cover each other.
  var overlaps: [String] {
    labels.indices.flatMap { i in
      labels.indices.dropFirst(i + 1).compactMap { j in
        let (a, b) = (labels[i], labels[j])
        let across = min(a.right, b.right) - max(a.left, b.left)
        let down = min(a.bottom, b.bottom) - max(a.top, b.top)
        return across > 1 && down > 1.5 ? "“\(a.text)” and “\(b.text)”" : nil
      }
    }
  }
}

/// A figure a reader can use: well-formed, finite, nothing too small, cut off or covered, and a PDF of it.
func expectSound(_ figure: Figure, language: String) throws {
  let drawn = Drawn(figure)
  let place = "\(figure.name) \(language)"
  #expect(drawn.numbers.allSatisfy { Double($0)?.isFinite == true }, "\(place)")
  let words = Set((figure.svg + figure.caption).lowercased().split { !$0.isLetter }.map(String.init))
  #expect(words.isDisjoint(with: ["nan", "inf", "infinity"]), "\(place)")
  #expect(!figure.caption.isEmpty && figure.width >= 520 && figure.width <= 1000, "\(place): width \(figure.width)")
  #expect(drawn.smallest >= 11, "\(place): letters of \(drawn.smallest) px")
  for label in drawn.labels {
    let isInside =
      label.left >= -1 && label.right <= figure.width + 1 && label.top >= 0 && label.bottom <= figure.height
    #expect(isInside, "\(place): “\(label.text)” leaves the drawing (\(label.left) to \(label.right), \(label.bottom))")
  }
  #expect(drawn.overlaps.isEmpty, "\(place): \(drawn.overlaps.prefix(3))")
  let page = try figure.pdf()
  #expect(page.starts(with: Array("%PDF-1.".utf8)) && page.count > 1000, "\(place)")
}
