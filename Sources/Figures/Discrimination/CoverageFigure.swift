package import Statistics
package import Wording

/// How often conformal sets hold the truth, by class and site, against what was promised.
package enum CoverageFigure {
  package struct Row: Sendable {
    package var label: String
    /// Name of the class, site or other part above this row's; rows of a group stand together.
    package var group: String
    package var n: Int
    /// nil or undefined where there are no rows.
    package var coverage: Estimate?

    package init(label: String, group: String, n: Int, coverage: Estimate?) {
      (self.label, self.group, self.n, self.coverage) = (label, group, n, coverage)
    }
  }

  /// - target: share of sets that were to hold the truth, such as 0.9.
  package static func figure(
    name: String, heading: String, rows: [Row], target: Double, words: Wording
  ) -> Figure {
    let groups = rows.reduce(into: [String]()) { if !$0.contains($1.group) { $0.append($1.group) } }
    let rowHeight = 24.0
    let headed = groups.count { !$0.isEmpty }
    let labelWidth = min(230, max(110, rows.map { TextWidth.of($0.label, size: 12) + 14 }.max() ?? 0))
    let top = 76.0
    let foot = top + Double(max(1, rows.count) + headed) * rowHeight + 6
    let width = 24 + labelWidth + 64 + 330 + 150
    var canvas = Canvas(width: width, height: foot + 52)
    canvas.heading(heading, at: Point(24, 26), width: width - 48)
    let known = rows.compactMap { $0.coverage }.filter(\.value.isFinite)
    let lowest = known.flatMap { [$0.value, $0.interval?.lower ?? $0.value] }.filter(\.isFinite).min() ?? 0.5
    let lower = max(0, min(0.8, ((min(lowest, target) - 0.02) * 10).rounded(.down) / 10))
    var x = Axis(words("Coverage (%)"), lower...1)
    x.format = { Text.fixed($0 * 100, 0) }
    let plot = Plot(
      left: 88 + labelWidth, top: top, width: 330, height: foot - top, x: x, y: Axis("", 0...1, ticks: []))
    plot.drawFrame(on: &canvas)
    canvas.text("n", at: Point(plot.left - 14, top - 10), size: 11.5, anchor: .end, bold: true)
    if target.isFinite {
      let at = plot.column(min(1, max(lower, target)))
      canvas.line(Point(at, top - 6), Point(at, foot), Stroke(Palette.second, 1.5, dash: "6 3"))
      let text = words("target \(Text.percent(target, 0))")
      let half = TextWidth.of(text, size: 11.5) / 2
      canvas.text(
        text, at: Point(max(at, plot.left + half), top - 11), size: 11.5, anchor: .middle, colour: "#8a3d00")
    }
    var y = top + 3
    for group in groups {
      if !group.isEmpty {
        canvas.text(
          TextLines.shortened(group, width: labelWidth + 30, size: 12, bold: true), at: Point(24, y + 16), size: 12,
          bold: true)
        y += rowHeight
      }
      for row in rows where row.group == group {
        draw(row, middle: y + rowHeight / 2, labelWidth: labelWidth, plot: plot, words: words, canvas: &canvas)
        y += rowHeight
      }
    }
    if rows.isEmpty { canvas.absence(words("No prediction sets."), in: plot) }
    return canvas.figure(
      name: name, title: heading,
      description: words("Coverage of conformal sets in \(rows.count) parts, target \(Text.percent(target, 0))."),
      caption: words("Share of cases whose conformal set holds the truth, with 95 % intervals; dashed: the target."))
  }

  private static func draw(
    _ row: Row, middle: Double, labelWidth: Double, plot: Plot, words: Wording, canvas: inout Canvas
  ) {
    canvas.text(TextLines.shortened(row.label, width: labelWidth - 10, size: 12), at: Point(32, middle + 4), size: 12)
    canvas.text(Text.count(row.n), at: Point(plot.left - 14, middle + 4), size: 11.5, anchor: .end)
    guard let coverage = row.coverage, coverage.value.isFinite else {
      canvas.text(words("not estimable"), at: Point(plot.right + 14, middle + 4), size: 11.5, colour: Palette.quiet)
      return
    }
    if let interval = coverage.interval, interval.lower.isFinite, interval.upper.isFinite {
      let left = max(plot.left, plot.column(interval.lower))
      canvas.interval(
        Point(left, middle), Point(min(plot.right, plot.column(interval.upper)), middle), Stroke(Palette.main, 1.5))
    }
    canvas.mark(.square, at: Point(plot.column(coverage.value), middle), radius: 5, colour: Palette.main)
    canvas.text(words.brief(coverage.inPercent, decimals: 1), at: Point(plot.right + 14, middle + 4), size: 11.5)
  }
}
