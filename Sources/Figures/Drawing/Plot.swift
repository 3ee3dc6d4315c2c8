import Foundation

/// One axis: its range in data units, its ticks and what stands beside it.
package struct Axis: Sendable {
  package var lower: Double
  package var upper: Double
  package var ticks: [Double]
  package var title: String
  package var format: @Sendable (Double) -> String

  /// - range: both ends finite; an empty range is widened so that the axis always has an extent.
  package init(_ title: String, _ range: ClosedRange<Double>, ticks: [Double]? = nil, decimals: Int? = nil) {
    let (lower, upper) = Axis.widened(range)
    (self.title, self.lower, self.upper) = (title, lower, upper)
    let chosen = ticks ?? Axis.niceTicks(lower, upper, about: 5)
    self.ticks = chosen.filter { $0 >= lower - 1e-9 * (upper - lower) && $0 <= upper + 1e-9 * (upper - lower) }
    let step = chosen.count > 1 ? chosen[1] - chosen[0] : 1
    let places = decimals ?? max(0, Int((-log10(abs(step))).rounded(.up)))
    format = { Text.fixed($0, places) }
  }

  /// From 0 to 1 with ticks every 0.2: a rate or a probability.
  package static func unit(_ title: String) -> Axis {
    Axis(title, 0...1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], decimals: 1)
  }

  /// Round values (1, 2 or 5 times a power of ten apart) within a range.
  package static func niceTicks(_ lower: Double, _ upper: Double, about count: Int) -> [Double] {
    let raw = (upper - lower) / Double(max(1, count))
    guard raw.isFinite, raw > 0 else { return [lower] }
    let magnitude = pow(10, floor(log10(raw)))
    let lead = raw / magnitude
    let step = (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * magnitude
    let first = (lower / step).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    guard step > 0, last >= first, last - first < 100 else { return [lower] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }

  private static func widened(_ range: ClosedRange<Double>) -> (Double, Double) {
    let lower = range.lowerBound.isFinite ? range.lowerBound : 0
    let upper = range.upperBound.isFinite ? range.upperBound : 1
    return upper > lower ? (lower, upper) : (lower - 0.5, lower + 0.5)
  }
}

/// A rectangle of the canvas with two axes: maps data to pixels and draws the frame.
package struct Plot: Sendable {
  package let left: Double
  package let top: Double
  package let width: Double
  package let height: Double
  package let x: Axis
  package let y: Axis

  package init(left: Double, top: Double, width: Double, height: Double, x: Axis, y: Axis) {
    (self.left, self.top, self.width, self.height, self.x, self.y) = (left, top, width, height, x, y)
  }

  package var right: Double { left + width }
  package var bottom: Double { top + height }

  package func place(_ x: Double, _ y: Double) -> Point { Point(column(x), row(y)) }
  package func column(_ value: Double) -> Double { left + (value - x.lower) / (x.upper - x.lower) * width }
  package func row(_ value: Double) -> Double { bottom - (value - y.lower) / (y.upper - y.lower) * height }

  /// Grid, axis lines, tick labels and titles. An axis with an empty title gets no title.
  package func drawFrame(on canvas: inout Canvas, xLabels: Bool = true, yLabels: Bool = true, grid: Bool = true) {
    for tick in x.ticks {
      let at = column(tick)
      if grid { canvas.line(Point(at, top), Point(at, bottom), Stroke(Palette.grid, 0.8)) }
      canvas.line(Point(at, bottom), Point(at, bottom + 4), Stroke(Palette.axis, 0.9))
      if xLabels { canvas.text(x.format(tick), at: Point(at, bottom + 17), size: 11.5, anchor: .middle) }
    }
    for tick in y.ticks {
      let at = row(tick)
      if grid { canvas.line(Point(left, at), Point(right, at), Stroke(Palette.grid, 0.8)) }
      canvas.line(Point(left - 4, at), Point(left, at), Stroke(Palette.axis, 0.9))
      if yLabels { canvas.text(y.format(tick), at: Point(left - 8, at + 4), size: 11.5, anchor: .end) }
    }
    canvas.line(Point(left, top), Point(left, bottom), Stroke(Palette.axis, 1))
    canvas.line(Point(left, bottom), Point(right, bottom), Stroke(Palette.axis, 1))
    if !x.title.isEmpty {
      canvas.text(x.title, at: Point(left + width / 2, bottom + 37), size: 12.5, anchor: .middle)
    }
    if !y.title.isEmpty {
      canvas.text(y.title, at: Point(left - 42, top + height / 2), size: 12.5, anchor: .middle, turned: -90)
    }
  }
}

extension Canvas {
  package mutating func diamond(_ centre: Point, radius: Double, fill: String) {
    area(
      [
        Point(centre.x, centre.y - radius), Point(centre.x + radius, centre.y), Point(centre.x, centre.y + radius),
        Point(centre.x - radius, centre.y),
      ], fill: fill, stroke: Stroke("#ffffff", 1.2))
  }

  package mutating func triangle(_ centre: Point, radius: Double, fill: String, opacity: Double = 1) {
    area(
      [
        Point(centre.x, centre.y - radius), Point(centre.x + radius * 0.9, centre.y + radius * 0.7),
        Point(centre.x - radius * 0.9, centre.y + radius * 0.7),
      ], fill: fill, opacity: opacity)
  }
}
