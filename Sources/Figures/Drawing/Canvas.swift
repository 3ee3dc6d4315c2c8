/// A point of a drawing in its own pixels: x to the right, y down.
package struct Point: Sendable, Hashable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

  package var isFinite: Bool { x.isFinite && y.isFinite }
}

/// How a line is drawn. Dashes tell lines apart where colour is lost in print.
package struct Stroke: Sendable {
  package var colour: String
  package var width: Double
  package var dash: String?
  package var opacity: Double

  package init(_ colour: String, _ width: Double = 1, dash: String? = nil, opacity: Double = 1) {
    (self.colour, self.width, self.dash, self.opacity) = (colour, width, dash, opacity)
  }
}

package enum Anchor: String, Sendable { case start, middle, end }

/// A small writer of SVG 1.1: lines, areas, marks and text in pixel units. Whatever is not finite is left out of the
/// drawing, so that no file ever holds a number a viewer cannot read; all text is escaped.
package struct Canvas: Sendable {
  package let width: Double
  package let height: Double
  package private(set) var body = ""

  package init(width: Double, height: Double) {
    (self.width, self.height) = (width, height)
  }

  package mutating func line(_ a: Point, _ b: Point, _ stroke: Stroke) {
    guard a.isFinite, b.isFinite else { return }
    body += "<line x1=\"\(number(a.x))\" y1=\"\(number(a.y))\" x2=\"\(number(b.x))\" y2=\"\(number(b.y))\""
    body += strokeAttributes(stroke) + "/>\n"
  }

  package mutating func path(_ points: [Point], _ stroke: Stroke) {
    guard let list = list(points) else { return }
    body += "<polyline points=\"\(list)\" fill=\"none\" stroke-linejoin=\"round\"\(strokeAttributes(stroke))/>\n"
  }

  package mutating func area(_ points: [Point], fill: String, opacity: Double = 1, stroke: Stroke? = nil) {
    guard let list = list(points) else { return }
    body += "<polygon points=\"\(list)\" fill=\"\(fill)\" fill-opacity=\"\(number(opacity))\""
    body += (stroke.map(strokeAttributes) ?? "") + "/>\n"
  }

  package mutating func box(
    x: Double, y: Double, width: Double, height: Double, fill: String, opacity: Double = 1, stroke: Stroke? = nil,
    corner: Double = 0
  ) {
    guard x.isFinite, y.isFinite, width.isFinite, height.isFinite, width >= 0, height >= 0 else { return }
    body += "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
    if corner > 0 { body += " rx=\"\(number(corner))\"" }
    body += " fill=\"\(fill)\" fill-opacity=\"\(number(opacity))\"" + (stroke.map(strokeAttributes) ?? "") + "/>\n"
  }

  package mutating func circle(
    _ centre: Point, radius: Double, fill: String, opacity: Double = 1, stroke: Stroke? = nil
  ) {
    guard centre.isFinite, radius.isFinite, radius >= 0 else { return }
    body += "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" fill=\"\(fill)\""
    body += " fill-opacity=\"\(number(opacity))\"" + (stroke.map(strokeAttributes) ?? "") + "/>\n"
  }

  /// - turned: degrees, clockwise, around the anchor point.
  package mutating func text(
    _ string: String, at point: Point, size: Double = 12, anchor: Anchor = .start, colour: String = Palette.ink,
    bold: Bool = false, turned: Double = 0
  ) {
    guard point.isFinite else { return }
    body += "<text x=\"\(number(point.x))\" y=\"\(number(point.y))\" font-size=\"\(number(size))\""
    body += " text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour)\""
    if bold { body += " font-weight=\"600\"" }
    if turned != 0 { body += " transform=\"rotate(\(number(turned)) \(number(point.x)) \(number(point.y)))\"" }
    body += ">\(escaped(string))</text>\n"
  }

  /// What `draw` draws is cut at the plot's edges, `margin` pixels beyond them.
  package mutating func clipped(to plot: Plot, margin: Double = 0, _ draw: (inout Canvas) -> Void) {
    let box = [plot.left - margin, plot.top - margin, plot.width + 2 * margin, plot.height + 2 * margin].map(number)
    body += "<svg x=\"\(box[0])\" y=\"\(box[1])\" width=\"\(box[2])\" height=\"\(box[3])\" "
    body += "viewBox=\"\(box.joined(separator: " "))\">\n"
    draw(&self)
    body += "</svg>\n"
  }

  /// The drawing as one SVG element, with `title` and `description` for readers who do not see it.
  /// - name: unique on a page, letters, digits and hyphens; it prefixes the element's ids.
  package func svg(name: String, title: String, description: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(number(width)) \(number(height))" \
    width="\(number(width))" height="\(number(height))" role="img" \
    aria-labelledby="\(name)-title \(name)-description" font-family="\(Palette.font)">
    <title id="\(name)-title">\(escaped(title))</title>
    <desc id="\(name)-description">\(escaped(description))</desc>
    <rect width="\(number(width))" height="\(number(height))" fill="#ffffff"/>
    \(body)</svg>

    """
  }

  private func list(_ points: [Point]) -> String? {
    var text = ""
    var count = 0
    for point in points where point.isFinite {
      if count > 0 { text += " " }
      text += number(point.x) + "," + number(point.y)
      count += 1
    }
    return count > 1 ? text : nil
  }

  private func strokeAttributes(_ stroke: Stroke) -> String {
    var text = " stroke=\"\(stroke.colour)\" stroke-width=\"\(number(stroke.width))\""
    if let dash = stroke.dash { text += " stroke-dasharray=\"\(dash)\"" }
    if stroke.opacity < 1 { text += " stroke-opacity=\"\(number(stroke.opacity))\"" }
    return text
  }
}

/// `value` with at most two decimals, written without the locale and without Foundation's slow formatter.
package func number(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "0" }
  let hundredths = Int((value * 100).rounded())
  let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
  let sign = hundredths < 0 ? "-" : ""
  if rest == 0 { return sign + String(whole) }
  if rest % 10 == 0 { return sign + "\(whole).\(rest / 10)" }
  return sign + "\(whole)." + (rest < 10 ? "0" : "") + String(rest)
}

/// Text made safe for HTML and XML, in elements and in quoted attributes. Characters that XML 1.0 forbids become
/// U+FFFD.
package func escaped(_ string: String) -> String {
  var result = ""
  result.reserveCapacity(string.utf8.count)
  for scalar in string.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
    default:
      let forbidden = scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF
      result.unicodeScalars.append(forbidden ? "\u{FFFD}" : scalar)
    }
  }
  return result
}
