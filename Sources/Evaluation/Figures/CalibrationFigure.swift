import Figures

/// Observed against predicted malignancy: grouped points with Wilson intervals, a loess curve, and below it the scores
/// of both classes (S2-17).
enum CalibrationFigure {
  /// Rows of neighbouring score, their mean score and how many of them were malignant.
  struct Group {
    var meanScore: Double
    var malignant: Int
    var count: Int
  }

  static func svg(name: String, heading: String, rows: [UnitScore], metrics: UnitMetrics) -> String {
    var canvas = Canvas(width: 520, height: 606)
    let plot = Plot(
      left: 64, top: 44, width: 430, height: 400, x: .unit(""),
      y: .unit("Observed share of malignant \(metrics.unit.plural)"))
    canvas.text(heading, at: Point(plot.left, 26), size: 14, bold: true)
    plot.drawFrame(on: &canvas, xLabels: false)
    canvas.line(plot.place(0, 0), plot.place(1, 1), Stroke("#8b949e", 1, dash: "4 4"))

    let smooth = SmoothCurve.points(scores: rows.map(\.score), positives: rows.map(\.isMalignant))
    let curve = Stroke(Palette.main, 2.2)
    canvas.path(smooth.map { plot.place($0.x, $0.y) }, curve)
    let groups = grouped(rows)
    for group in groups {
      let share = Double(group.malignant) / Double(group.count)
      let limits = ROCBand.wilson(group.malignant, group.count, 1.959963984540054)
      let bar = Stroke(Palette.second, 1.3)
      canvas.line(plot.place(group.meanScore, limits.lower), plot.place(group.meanScore, limits.upper), bar)
      for end in [limits.lower, limits.upper] {
        let middle = plot.place(group.meanScore, end)
        canvas.line(Point(middle.x - 4, middle.y), Point(middle.x + 4, middle.y), bar)
      }
      canvas.circle(
        plot.place(group.meanScore, share), radius: 4.5, fill: Palette.second, stroke: Stroke("#ffffff", 1))
    }
    drawLegend(groups: groups, hasCurve: !smooth.isEmpty, metrics: metrics, plot: plot, canvas: &canvas)
    drawScores(rows: rows, plot: plot, canvas: &canvas)
    return canvas.svg(
      name: name, title: heading,
      description:
        "Calibration per \(metrics.unit.rawValue): observed share of malignant against predicted probability, "
        + "Brier score \(Text.fixed(metrics.calibration.brier, 3)).")
  }

  /// Up to ten groups of equal size, each of at least eight rows; equal scores stay together.
  static func grouped(_ rows: [UnitScore]) -> [Group] {
    let order = rows.sorted { $0.score < $1.score }
    guard !order.isEmpty else { return [] }
    let wanted = max(1, min(10, order.count / 8))
    var groups: [Group] = []
    var start = 0
    for part in 1...wanted {
      var end = max(start, order.count * part / wanted)
      while end > 0, end < order.count, order[end].score == order[end - 1].score { end += 1 }
      guard end > start else { continue }
      let members = order[start..<end]
      let sum = members.reduce(0) { $0 + $1.score }
      groups.append(
        Group(
          meanScore: sum / Double(members.count), malignant: members.count { $0.isMalignant }, count: members.count))
      start = end
    }
    return groups
  }

  private static func drawLegend(
    groups: [Group], hasCurve: Bool, metrics: UnitMetrics, plot: Plot, canvas: inout Canvas
  ) {
    var legend = Legend()
    let sizes = groups.map(\.count)
    if let smallest = sizes.min(), let largest = sizes.max() {
      let size = smallest == largest ? "\(smallest)" : "\(smallest) to \(largest)"
      let mark = Legend.Mark.dot(fill: Palette.second, stroke: nil)
      legend.entries.append((mark, "\(Text.counted(sizes.count, "group")) of \(size), 95\u{202F}% CI"))
    }
    if hasCurve { legend.entries.append((.line(Stroke(Palette.main, 2.2)), "Smoothed (loess)")) }
    legend.entries.append((.line(Stroke("#8b949e", 1, dash: "4 4")), "Perfect calibration"))
    let calibration = metrics.calibration
    let slope = calibration.slope.map { Text.signed($0, 2) } ?? "n/a"
    let intercept = calibration.intercept.map { Text.signed($0, 2) } ?? "n/a"
    legend.entries.append((.none, "Slope \(slope), intercept \(intercept)"))
    legend.entries.append((.none, "Brier score \(Text.fixed(calibration.brier, 3))"))
    legend.draw(on: &canvas, corner: Point(plot.left + 8, plot.top + 6))
  }

  /// Malignant upwards, benign downwards, in bins of 0.025; the two share one scale.
  private static func drawScores(rows: [UnitScore], plot above: Plot, canvas: inout Canvas) {
    let histogram = ScoreHistogram(rows, bins: 40)
    let strip = Plot(
      left: above.left, top: above.bottom + 26, width: above.width, height: 84,
      x: .unit("Predicted probability of malignancy"), y: Axis("", -1...1, ticks: []))
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
    canvas.text("malignant", at: Point(strip.left - 8, strip.row(0.42)), size: 10.5, anchor: .end)
    canvas.text("benign", at: Point(strip.left - 8, strip.row(-0.58)), size: 10.5, anchor: .end)
    canvas.text(
      "tallest bar: \(Text.count(histogram.tallest))", at: Point(strip.right, strip.top - 6), size: 10.5, anchor: .end,
      colour: Palette.quiet)
  }
}

/// Counts of scores in bins of equal width over 0 to 1, one set a class.
struct ScoreHistogram {
  let bins: Int
  private(set) var benign: [Int]
  private(set) var malignant: [Int]

  init(_ rows: [UnitScore], bins: Int) {
    self.bins = bins
    (benign, malignant) = (Array(repeating: 0, count: bins), Array(repeating: 0, count: bins))
    for row in rows {
      let bin = min(bins - 1, max(0, Int(row.score * Double(bins))))
      if row.isMalignant { malignant[bin] += 1 } else { benign[bin] += 1 }
    }
  }

  var tallest: Int { max(benign.max() ?? 0, malignant.max() ?? 0) }
}
