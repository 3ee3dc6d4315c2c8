/// Shapes of points, told apart without colour.
package enum MarkShape: Sendable, CaseIterable {
  case circle, square, triangle, diamond, cross, point

  /// The `index`-th of several groups; repeats after five.
  package static func of(_ index: Int) -> MarkShape {
    let shapes: [MarkShape] = [.circle, .square, .triangle, .diamond, .cross]
    return shapes[abs(index) % shapes.count]
  }
}

extension Canvas {
  /// - radius: half the mark's width; the shapes look equally large.
  /// - isFilled: else the ground shows through, white.
  package mutating func mark(
    _ shape: MarkShape, at centre: Point, radius: Double, colour: String, isFilled: Bool = true
  ) {
    let fill = isFilled ? colour : "#ffffff"
    let edge = isFilled ? Stroke("#ffffff", 0.8) : Stroke(colour, 1.5)
    let (x, y, r) = (centre.x, centre.y, radius)
    switch shape {
    case .circle: circle(centre, radius: r, fill: fill, stroke: edge)
    case .point: circle(centre, radius: r * 0.55, fill: colour)
    case .square: box(x: x - 0.88 * r, y: y - 0.88 * r, width: 1.76 * r, height: 1.76 * r, fill: fill, stroke: edge)
    case .triangle:
      area(
        [Point(x, y - 1.2 * r), Point(x + 1.1 * r, y + 0.8 * r), Point(x - 1.1 * r, y + 0.8 * r)], fill: fill,
        stroke: edge)
    case .diamond:
      area(
        [Point(x, y - 1.25 * r), Point(x + 1.25 * r, y), Point(x, y + 1.25 * r), Point(x - 1.25 * r, y)], fill: fill,
        stroke: edge)
    case .cross:
      let stroke = Stroke(colour, isFilled ? 2.6 : 1.5)
      line(Point(x - 0.9 * r, y - 0.9 * r), Point(x + 0.9 * r, y + 0.9 * r), stroke)
      line(Point(x - 0.9 * r, y + 0.9 * r), Point(x + 0.9 * r, y - 0.9 * r), stroke)
    }
  }

  /// A line that ends in a head at `tip`, a little short of it.
  package mutating func arrow(from start: Point, to tip: Point, _ stroke: Stroke, short: Double = 0, head: Double = 6) {
    let (dx, dy) = (tip.x - start.x, tip.y - start.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard start.isFinite, tip.isFinite, length > short + 1 else { return }
    let (ux, uy) = (dx / length, dy / length)
    let end = Point(tip.x - ux * short, tip.y - uy * short)
    let size = min(head, length - short)
    let base = Point(end.x - ux * size, end.y - uy * size)
    line(start, base, stroke)
    area(
      [
        end, Point(base.x - uy * size * 0.45, base.y + ux * size * 0.45),
        Point(base.x + uy * size * 0.45, base.y - ux * size * 0.45),
      ], fill: stroke.colour, opacity: stroke.opacity)
  }

  /// An interval with caps at its ends; upright where the two have the same x.
  package mutating func interval(_ a: Point, _ b: Point, _ stroke: Stroke, cap: Double = 4) {
    line(a, b, stroke)
    let isUpright = a.x == b.x
    for end in [a, b] where cap > 0 {
      let (dx, dy) = isUpright ? (cap, 0) : (0, cap)
      line(Point(end.x - dx, end.y - dy), Point(end.x + dx, end.y + dy), stroke)
    }
  }

  /// Lines of text under each other; the first's baseline is at `point`.
  package mutating func lines(
    _ lines: [String], at point: Point, size: Double = 12, leading: Double? = nil, anchor: Anchor = .start,
    colour: String = Palette.ink, bold: Bool = false
  ) {
    for (index, line) in lines.enumerated() {
      let y = point.y + Double(index) * (leading ?? size * 1.28)
      text(line, at: Point(point.x, y), size: size, anchor: anchor, colour: colour, bold: bold)
    }
  }

  /// The figure's heading in one line, smaller and then shortened where it is long.
  package mutating func heading(_ text: String, at point: Point, width: Double) {
    let size = TextWidth.of(text, size: 14, bold: true) <= width ? 14.0 : 12
    self.text(
      TextLines.shortened(text, width: width, size: size, bold: true), at: point, size: size, bold: true)
  }

  /// What stands where there is nothing to draw.
  package mutating func absence(_ text: String, in plot: Plot) {
    let lines = TextLines.wrapped(text, width: plot.width - 30, size: 12.5)
    let middle = Point(plot.left + plot.width / 2, plot.top + plot.height / 2 - 8 * Double(lines.count - 1))
    self.lines(lines, at: middle, size: 12.5, anchor: .middle, colour: Palette.quiet)
  }

  /// The drawing done, as a figure.
  package func figure(name: String, title: String, description: String, caption: String) -> Figure {
    Figure(
      name: name, svg: svg(name: name, title: title, description: description), caption: caption, width: width,
      height: height)
  }
}
