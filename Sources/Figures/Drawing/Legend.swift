/// A legend: marks with their words on a white ground. A line break in an entry's text begins a quieter second line.
package struct Legend: Sendable {
  package enum Mark: Sendable {
    case line(Stroke)
    case area(String, opacity: Double)
    case dot(fill: String, stroke: Stroke?)
    case diamond(fill: String)
    case shape(MarkShape, colour: String, isFilled: Bool)
    case none
  }

  package var entries: [(mark: Mark, text: String)] = []

  package init() {}

  private static let size = 11.5
  private static let rowHeight = 17.0
  private static let textLeft = 43.0

  private var lines: [[String]] { entries.map { $0.text.split(separator: "\n").map(String.init) } }

  package var isEmpty: Bool { entries.isEmpty }
  package var width: Double {
    Legend.textLeft + 10 + (lines.joined().map { TextWidth.of($0, size: Legend.size) }.max() ?? 0)
  }
  package var height: Double { Double(lines.reduce(0) { $0 + max(1, $1.count) }) * Legend.rowHeight + 10 }

  /// The same with its lines wrapped to `width` pixels in all.
  package func limited(to width: Double) -> Legend {
    var legend = self
    legend.entries = entries.map { entry in
      let lines = entry.text.split(separator: "\n").flatMap {
        TextLines.wrapped(String($0), width: width - Legend.textLeft - 10, size: Legend.size, most: 3)
      }
      return (entry.mark, lines.joined(separator: "\n"))
    }
    return legend
  }

  /// Draws with the upper left corner at `corner`.
  package func draw(on canvas: inout Canvas, corner: Point, isFramed: Bool = true) {
    guard !entries.isEmpty else { return }
    if isFramed {
      canvas.box(
        x: corner.x, y: corner.y, width: width, height: height, fill: "#ffffff", opacity: 0.88,
        stroke: Stroke("#c9d0d8", 0.7), corner: 3)
    }
    var top = corner.y + 5
    for (entry, lines) in zip(entries, lines) {
      let middle = top + 0.5 * Legend.rowHeight
      let centre = Point(corner.x + 22, middle)
      switch entry.mark {
      case .line(let stroke):
        canvas.line(Point(corner.x + 8, middle), Point(corner.x + 36, middle), stroke)
      case .area(let fill, let opacity):
        canvas.box(x: corner.x + 8, y: middle - 5, width: 28, height: 10, fill: fill, opacity: opacity)
      case .dot(let fill, let stroke): canvas.circle(centre, radius: 4, fill: fill, stroke: stroke)
      case .diamond(let fill): canvas.diamond(centre, radius: 6, fill: fill)
      case .shape(let shape, let colour, let isFilled):
        canvas.mark(shape, at: centre, radius: 4.5, colour: colour, isFilled: isFilled)
      case .none: break
      }
      for (index, line) in lines.enumerated() {
        canvas.text(
          line, at: Point(corner.x + Legend.textLeft, middle + 4 + Double(index) * Legend.rowHeight), size: Legend.size,
          colour: index == 0 ? Palette.ink : Palette.quiet)
      }
      top += Double(max(1, lines.count)) * Legend.rowHeight
    }
  }
}
