package import Statistics
package import Wording

/// Estimates of strata under each other: a square sized by the stratum's weight, its interval, the overall estimate
/// as a line (S2-22).
package enum ForestFigure {
  package struct Row: Sendable {
    package var label: String
    package var isHeading: Bool
    /// Rows of the unit and the malignant ones among them.
    package var n: Int?
    package var events: Int?
    /// nil or undefined where it cannot be had; `flag` says why.
    package var estimate: Estimate?
    /// What a reader must know of this line, such as "too few".
    package var flag: String?
    /// Of the interaction, on a heading.
    package var p: Double?
    /// Footnote marks, such as "a, b".
    package var marks: String?

    package init(
      label: String, isHeading: Bool = false, n: Int? = nil, events: Int? = nil, estimate: Estimate? = nil,
      flag: String? = nil, p: Double? = nil, marks: String? = nil
    ) {
      (self.label, self.isHeading, self.n, self.events) = (label, isHeading, n, events)
      (self.estimate, self.flag, self.p, self.marks) = (estimate, flag, p, marks)
    }
  }

  /// What the estimates are of and on which axis they stand.
  package struct Measure: Sendable {
    package var title: String
    package var decimals: Int
    /// Ratios, such as odds ratios, on a logarithmic axis with 1 as no effect.
    package var isRatio: Bool
    /// Ends of the axis; nil for what the estimates need.
    package var range: ClosedRange<Double>?

    package init(title: String, decimals: Int = 2, isRatio: Bool = false, range: ClosedRange<Double>? = nil) {
      (self.title, self.decimals, self.isRatio, self.range) = (title, decimals, isRatio, range)
    }
  }

  /// - Parameters:
  ///   - overall: the estimate of all rows together, a dashed line and a diamond at the foot.
  ///   - notes: footnotes, one a line.
  package static func figure(
    name: String, heading: String, rows: [Row], overall: Estimate? = nil, measure: Measure, notes: [String] = [],
    words: Wording
  ) -> Figure {
    let layout = Layout(rows, measure: measure, words: words)
    let noteLines = notes.flatMap { TextLines.wrapped($0, width: layout.width - 48, size: 11) }
    let rowHeight = 24.0
    let top = 74.0
    let count = rows.count + (overall?.value.isFinite == true ? 1 : 0)
    let foot = top + Double(max(1, count)) * rowHeight
    var canvas = Canvas(width: layout.width, height: foot + 60 + Double(noteLines.count) * 15)
    canvas.heading(heading, at: Point(24, 26), width: layout.width - 48)
    let axis = axis(rows, overall: overall, measure: measure)
    let plot = Plot(
      left: layout.plotLeft, top: top, width: layout.plotWidth, height: foot - top, x: axis,
      y: Axis("", 0...1, ticks: []))
    drawHead(layout, hasP: rows.contains { $0.p != nil }, measure: measure, words: words, canvas: &canvas)
    for tick in axis.ticks {
      let x = plot.column(tick)
      canvas.line(Point(x, top), Point(x, foot), Stroke(Palette.grid, 0.8))
      canvas.line(Point(x, foot), Point(x, foot + 4), Stroke(Palette.axis, 0.9))
      canvas.text(axis.format(tick), at: Point(x, foot + 17), size: 11.5, anchor: .middle)
    }
    canvas.line(Point(plot.left, foot), Point(plot.right, foot), Stroke(Palette.axis, 1))
    canvas.text(measure.title, at: Point(plot.left + plot.width / 2, foot + 36), size: 12.5, anchor: .middle)
    if measure.isRatio { canvas.line(Point(plot.column(0), top), Point(plot.column(0), foot), Stroke(Palette.axis, 1)) }
    if let overall, overall.value.isFinite {
      let x = plot.column(place(overall.value, measure))
      canvas.line(Point(x, top), Point(x, foot), Stroke(Palette.second, 1.2, dash: "5 3"))
    }
    let heaviest = Double(max(1, rows.compactMap(\.n).max() ?? 1))
    for (index, row) in rows.enumerated() {
      let middle = top + (Double(index) + 0.5) * rowHeight
      drawText(row, middle: middle, layout: layout, measure: measure, words: words, canvas: &canvas)
      guard !row.isHeading, let estimate = row.estimate, estimate.value.isFinite else { continue }
      let weight = row.n.map { (Double(max(0, $0)) / heaviest).squareRoot() } ?? 0.6
      drawEstimate(estimate, middle: middle, half: 2.5 + 4.5 * weight, plot: plot, measure: measure, canvas: &canvas)
    }
    if let overall, overall.value.isFinite {
      let middle = foot - 0.5 * rowHeight
      canvas.line(Point(24, foot - rowHeight), Point(layout.width - 24, foot - rowHeight), Stroke(Palette.grid, 1))
      canvas.text(words("Overall"), at: Point(24, middle + 4), size: 12, bold: true)
      canvas.text(
        written(overall, measure, words), at: Point(layout.textLeft, middle + 4), size: 11.5, bold: true)
      drawDiamond(overall, middle: middle, plot: plot, measure: measure, canvas: &canvas)
    }
    if rows.isEmpty { canvas.absence(words("No strata."), in: plot) }
    canvas.lines(noteLines, at: Point(24, foot + 56), size: 11, leading: 15, colour: Palette.quiet)
    return canvas.figure(
      name: name, title: heading,
      description: words("\(measure.title) of \(rows.count { !$0.isHeading }) strata with intervals."),
      caption: words(
        """
        Squares are estimates, larger for larger strata, with 95 % intervals; an arrow marks an interval \
        that goes beyond the axis; the dashed line is the overall estimate. Rows without a square could not \
        be estimated.
        """
      ))
  }

  /// Columns, left to right: label, n, malignant, plot, estimate, p.
  private struct Layout {
    let labelWidth: Double
    let hasCounts: Bool
    let plotLeft: Double
    let plotWidth: Double
    let textLeft: Double
    let pRight: Double
    let width: Double

    init(_ rows: [Row], measure: Measure, words: Wording) {
      let labels = rows.map { TextWidth.of($0.label, size: 12, bold: $0.isHeading) + ($0.isHeading ? 0 : 14) }
      labelWidth = min(250, max(110, labels.max() ?? 0))
      hasCounts = rows.contains { $0.n != nil }
      plotLeft = 24 + labelWidth + (hasCounts ? 142 : 20)
      let texts = rows.map { TextWidth.of(ForestFigure.estimateText($0, measure, words), size: 11.5) } + [110]
      let textWidth = min(250, (texts.max() ?? 110) + 4)
      let pWidth = rows.contains { $0.p != nil } ? 86.0 : 0
      plotWidth = max(200, 900 - plotLeft - textWidth - pWidth - 60)
      textLeft = plotLeft + plotWidth + 22
      width = textLeft + textWidth + pWidth + 24
      pRight = width - 24
    }
  }

  private static func estimateText(_ row: Row, _ measure: Measure, _ words: Wording) -> String {
    if row.isHeading { return "" }
    var parts: [String] = []
    if let estimate = row.estimate, estimate.value.isFinite { parts.append(written(estimate, measure, words)) }
    if let flag = row.flag { parts.append(flag) }
    if parts.isEmpty { parts.append(words("not estimable")) }
    return parts.joined(separator: "; ") + (row.marks.map { " \($0)" } ?? "")
  }

  private static func drawHead(
    _ layout: Layout, hasP: Bool, measure: Measure, words: Wording, canvas: inout Canvas
  ) {
    let y = 58.0
    canvas.text(words("Stratum"), at: Point(24, y), size: 11.5, bold: true)
    if layout.hasCounts {
      canvas.text("n", at: Point(layout.plotLeft - 86, y), size: 11.5, anchor: .end, bold: true)
      canvas.text(words("malignant"), at: Point(layout.plotLeft - 14, y), size: 11.5, anchor: .end, bold: true)
    }
    let width = layout.pRight - layout.textLeft - (hasP ? 90 : 0)
    canvas.text(
      TextLines.shortened(words("\(measure.title) (95 % CI)"), width: width, size: 11.5, bold: true),
      at: Point(layout.textLeft, y), size: 11.5, bold: true)
    if hasP { canvas.text(words("interaction"), at: Point(layout.pRight, y), size: 11.5, anchor: .end, bold: true) }
    canvas.line(Point(24, 66), Point(layout.width - 24, 66), Stroke(Palette.axis, 1))
  }

  private static func drawText(
    _ row: Row, middle: Double, layout: Layout, measure: Measure, words: Wording, canvas: inout Canvas
  ) {
    let indent = row.isHeading ? 0.0 : 14
    let room = layout.labelWidth - indent + (row.isHeading && row.n == nil ? 90 : 0)
    canvas.text(
      TextLines.shortened(row.label, width: room, size: 12, bold: row.isHeading), at: Point(24 + indent, middle + 4),
      size: 12, bold: row.isHeading)
    if let n = row.n {
      canvas.text(Text.count(n), at: Point(layout.plotLeft - 86, middle + 4), size: 11.5, anchor: .end)
    }
    if let events = row.events {
      canvas.text(Text.count(events), at: Point(layout.plotLeft - 14, middle + 4), size: 11.5, anchor: .end)
    }
    let known = row.estimate?.value.isFinite == true
    let text = estimateText(row, measure, words)
    let width = layout.pRight - layout.textLeft - (row.p != nil ? 90 : 0)
    canvas.text(
      TextLines.shortened(text, width: width, size: 11.5), at: Point(layout.textLeft, middle + 4), size: 11.5,
      colour: known && row.flag == nil ? Palette.ink : Palette.quiet)
    if let p = row.p {
      canvas.text(words.pValue(p), at: Point(layout.pRight, middle + 4), size: 11.5, anchor: .end)
    }
  }

  private static func drawEstimate(
    _ estimate: Estimate, middle: Double, half: Double, plot: Plot, measure: Measure, canvas: inout Canvas
  ) {
    func column(_ value: Double) -> Double { plot.column(place(value, measure)) }
    let stroke = Stroke(Palette.main, 1.5)
    if let interval = estimate.interval, !interval.lower.isNaN, !interval.upper.isNaN {
      for (end, edge, direction) in [(interval.lower, plot.left, -1.0), (interval.upper, plot.right, 1.0)] {
        let from = min(plot.right, max(plot.left, column(estimate.value)))
        let at = column(end)
        if at.isFinite, at >= plot.left - 0.5, at <= plot.right + 0.5 {
          canvas.line(Point(from, middle), Point(at, middle), stroke)
          canvas.line(Point(at, middle - 4), Point(at, middle + 4), stroke)
        } else if (direction < 0) == (at < plot.left) || !at.isFinite {
          canvas.arrow(from: Point(from, middle), to: Point(edge, middle), stroke, head: 7)
        }
      }
    }
    let x = column(estimate.value)
    guard x >= plot.left - 0.5, x <= plot.right + 0.5 else { return }
    canvas.box(
      x: x - half, y: middle - half, width: 2 * half, height: 2 * half, fill: Palette.main,
      stroke: Stroke("#ffffff", 0.8))
  }

  private static func drawDiamond(
    _ overall: Estimate, middle: Double, plot: Plot, measure: Measure, canvas: inout Canvas
  ) {
    func column(_ value: Double) -> Double { min(plot.right, max(plot.left, plot.column(place(value, measure)))) }
    let x = column(overall.value)
    let left = overall.interval.map { column($0.lower) } ?? x - 6
    let right = overall.interval.map { column($0.upper) } ?? x + 6
    canvas.area(
      [Point(left, middle), Point(x, middle - 7), Point(right, middle), Point(x, middle + 7)], fill: Palette.second)
  }
}
