import Statistics
package import Wording

/// Observed against predicted malignancy: grouped points with Wilson intervals, a loess curve, and below it the scores
/// of both classes; several models or cohorts side by side (S2-17).
package enum CalibrationFigure {
  /// - units: what is counted, such as "lesions".
  package static func figure(
    name: String, heading: String, panels: [CalibrationPanel], units: Phrase, words: Wording
  ) -> Figure {
    let columns = min(3, max(1, panels.count))
    let isSingle = panels.count < 2
    let side = isSingle ? 430.0 : columns == 2 ? 400 : 264
    let (width, height) = (isSingle ? 520.0 : 64 + Double(columns) * (side + 46), side + 162)
    let rows = max(1, (panels.count + columns - 1) / columns)
    let longest = panels.map { measures($0, words).count }.max() ?? 0
    let listHeight = isSingle ? 0.0 : Double(longest) * 17 + 8
    let top = isSingle ? 44.0 : 90
    var canvas = Canvas(width: width, height: top + Double(rows) * (height + listHeight + 28) - 28)
    canvas.heading(heading, at: Point(64, 26), width: width - 74)
    for (index, panel) in panels.enumerated() {
      let (row, column) = (index / columns, index % columns)
      let plot = Plot(
        left: 64 + Double(column) * (side + 46), top: top + Double(row) * (height + listHeight + 28), width: side,
        height: side, x: .unit(""), y: .unit(column == 0 ? words("Observed share of malignant \(units)") : ""))
      draw(panel, plot: plot, words: words, canvas: &canvas)
      if isSingle {
        legend(panel, words: words).draw(on: &canvas, corner: Point(plot.left + 8, plot.top + 6))
        let lines = measures(panel, words)
        canvas.lines(
          lines, at: Point(plot.right - 8, plot.bottom - 12 - 17 * Double(max(0, lines.count - 1))), size: 11.5,
          leading: 17, anchor: .end)
      } else {
        canvas.text(
          TextLines.shortened(panel.heading, width: side, size: 12.5, bold: true), at: Point(plot.left, plot.top - 10),
          size: 12.5, bold: true)
        canvas.lines(measures(panel, words), at: Point(plot.left, plot.bottom + 176), size: 11.5, leading: 17)
      }
    }
    if panels.isEmpty {
      canvas.absence(
        words("No scores: nothing to calibrate."),
        in: Plot(left: 64, top: 44, width: 430, height: 400, x: .unit(""), y: .unit("")))
    } else if !isSingle {
      drawKey(panels, width: width, words: words, canvas: &canvas)
    }
    return canvas.figure(
      name: name, title: heading,
      description: words(
        "Calibration: observed share of malignant \(units) against predicted probability, \(panels.count) panels."),
      caption: words(
        """
        Observed against predicted malignancy: points are groups of neighbouring scores with Wilson \
        intervals, the line is a loess curve; below, the scores of both classes.
        """
      ) + (hasBand(panels) ? words(" ") + words("The band is the curve's pointwise 95 % interval.") : ""))
  }

  private static let second = Palette.second
  private static let band = "#7fa8c9"

  private static func hasBand(_ panels: [CalibrationPanel]) -> Bool {
    panels.contains { $0.curve.contains { $0.limits != nil } }
  }

  private static func draw(_ panel: CalibrationPanel, plot: Plot, words: Wording, canvas: inout Canvas) {
    plot.drawFrame(on: &canvas, xLabels: false)
    canvas.line(plot.place(0, 0), plot.place(1, 1), Palette.chance)
    func inside(_ value: Double) -> Double { min(1, max(0, value)) }
    let banded = panel.curve.compactMap { point in point.limits.map { (point.predicted, $0) } }
    let upper = banded.map { plot.place($0.0, inside($0.1.upper)) }
    let lower = banded.map { plot.place($0.0, inside($0.1.lower)) }
    canvas.area(upper + lower.reversed(), fill: band, opacity: 0.3)
    canvas.path(panel.curve.map { plot.place($0.predicted, inside($0.observed)) }, Stroke(Palette.main, 2.2))
    for group in panel.groups where group.count > 0 {
      let limits = ROCBand.wilson(group.malignant, group.count, 1.959963984540054)
      canvas.interval(
        plot.place(group.meanScore, limits.lower), plot.place(group.meanScore, limits.upper), Stroke(second, 1.3))
      canvas.circle(
        plot.place(group.meanScore, Double(group.malignant) / Double(group.count)), radius: 4.5, fill: second,
        stroke: Stroke("#ffffff", 1))
    }
    if panel.groups.isEmpty { canvas.absence(words("No scores: nothing to calibrate."), in: plot) }
    drawScores(panel.histogram, plot: plot, words: words, canvas: &canvas)
  }

  private static func legend(_ panel: CalibrationPanel, words: Wording) -> Legend {
    var legend = Legend()
    if !panel.groups.isEmpty {
      legend.entries.append((.dot(fill: second, stroke: nil), groupText(panel.groups, words)))
    }
    if !panel.curve.isEmpty { legend.entries.append((.line(Stroke(Palette.main, 2.2)), words("Smoothed (loess)"))) }
    if hasBand([panel]) { legend.entries.append((.area(band, opacity: 0.4), words("its 95 % band"))) }
    legend.entries.append((.line(Palette.chance), words("Perfect calibration")))
    return legend
  }

  private static func groupText(_ groups: [CalibrationPanel.Group], _ words: Wording) -> String {
    let sizes = groups.map(\.count)
    guard let smallest = sizes.min(), let largest = sizes.max() else { return "" }
    let size = smallest == largest ? "\(smallest)" : words("\(smallest) to \(largest)")
    return groups.count == 1
      ? words("1 group of \(size), 95 % CI") : words("\(groups.count) groups of \(size), 95 % CI")
  }

  private static func measures(_ panel: CalibrationPanel, _ words: Wording) -> [String] {
    let measures = panel.measures
    var lines: [String] = []
    if let slope = measures.slope { lines.append(words("Slope \(words.brief(slope))")) }
    if let intercept = measures.intercept { lines.append(words("Intercept \(words.brief(intercept))")) }
    if let brier = measures.brier { lines.append(words("Brier score \(Text.fixed(brier, 3))")) }
    if let ici = measures.ici { lines.append(words("ICI \(Text.fixed(ici, 3))")) }
    if let p = measures.hosmerLemeshowP { lines.append(words("Hosmer–Lemeshow \(words.pValue(p))")) }
    return lines
  }

  /// One line above the panels for all of them.
  private static func drawKey(
    _ panels: [CalibrationPanel], width: Double, words: Wording, canvas: inout Canvas
  ) {
    var x = 64.0
    let y = 44.0
    func entry(_ text: String, _ mark: (Point, inout Canvas) -> Void) {
      mark(Point(x + 14, y), &canvas)
      canvas.text(text, at: Point(x + 34, y + 4), size: 11.5)
      x += 34 + TextWidth.of(text, size: 11.5) + 20
    }
    entry(words("Groups, 95 % CI")) { $1.circle($0, radius: 4.5, fill: second) }
    entry(words("Smoothed (loess)")) {
      $1.line(Point($0.x - 14, $0.y), Point($0.x + 14, $0.y), Stroke(Palette.main, 2.2))
    }
    if hasBand(panels) {
      entry(words("its 95 % band")) {
        $1.box(x: $0.x - 14, y: $0.y - 5, width: 28, height: 10, fill: band, opacity: 0.4)
      }
    }
    entry(words("Perfect calibration")) {
      $1.line(Point($0.x - 14, $0.y), Point($0.x + 14, $0.y), Palette.chance)
    }
  }

  /// Malignant upwards, benign downwards, in bins of 0.025; the two share one scale.
  private static func drawScores(
    _ histogram: ScoreHistogram, plot above: Plot, words: Wording, canvas: inout Canvas
  ) {
    let strip = Plot(
      left: above.left, top: above.bottom + 26, width: above.width, height: 84,
      x: .unit(words("Predicted probability of malignancy")), y: Axis("", -1...1, ticks: []))
    let tallest = Double(max(1, histogram.tallest))
    for bin in 0..<histogram.bins {
      let left = strip.column(Double(bin) / Double(histogram.bins))
      let width = strip.width / Double(histogram.bins) - 0.8
      let up = Double(histogram.malignant[bin]) / tallest * 40
      let down = Double(histogram.benign[bin]) / tallest * 40
      let middle = strip.row(0)
      if up > 0 { canvas.box(x: left, y: middle - up, width: width, height: up, fill: Palette.malignant) }
      if down > 0 {
        canvas.box(
          x: left, y: middle, width: width, height: down, fill: "#cfe3f2", stroke: Stroke(Palette.benign, 0.8))
      }
    }
    strip.drawFrame(on: &canvas, grid: false)
    canvas.line(Point(strip.left, strip.row(0)), Point(strip.right, strip.row(0)), Stroke(Palette.axis, 0.8))
    canvas.text(
      words("tallest bar: \(Text.count(histogram.tallest))"), at: Point(strip.right, strip.top - 6), size: 11,
      anchor: .end, colour: Palette.quiet)
    // Beside the first panel of a row only; the others have no room.
    guard strip.left < 70 else { return }
    canvas.text(words("malignant"), at: Point(strip.left - 6, strip.row(0.42)), size: 11, anchor: .end)
    canvas.text(words("benign"), at: Point(strip.left - 6, strip.row(-0.58)), size: 11, anchor: .end)
  }
}
