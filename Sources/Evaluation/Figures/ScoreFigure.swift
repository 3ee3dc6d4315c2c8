import Figures

/// Scores of the two classes side by side with the cut-offs that were used: one dot a unit, or bars where dots would
/// merge.
enum ScoreFigure {
  static func svg(name: String, heading: String, rows: [UnitScore], metrics: UnitMetrics) -> String {
    var canvas = Canvas(width: 520, height: 344)
    let plot = Plot(
      left: 84, top: 58, width: 410, height: 226, x: .unit("Predicted probability of malignancy"),
      y: Axis("", 0...2, ticks: []))
    canvas.text(heading, at: Point(24, 26), size: 14, bold: true)
    plot.drawFrame(on: &canvas)
    for cutOff in cutOffs(metrics) {
      let at = plot.column(min(1, max(0, cutOff)))
      canvas.line(Point(at, plot.top), Point(at, plot.bottom), Stroke(Palette.ink, 1, dash: "5 3", opacity: 0.7))
    }
    canvas.line(plot.place(0, 1), plot.place(1, 1), Stroke(Palette.grid, 0.8))
    for isMalignant in [true, false] {
      let members = rows.filter { $0.isMalignant == isMalignant }
      let middle = plot.row(isMalignant ? 1.5 : 0.5)
      canvas.text(isMalignant ? "malignant" : "benign", at: Point(plot.left - 10, middle), size: 12.5, anchor: .end)
      canvas.text(
        "n = \(Text.count(members.count))", at: Point(plot.left - 10, middle + 15), size: 11, anchor: .end,
        colour: Palette.quiet)
      draw(members, isMalignant: isMalignant, middle: middle, plot: plot, canvas: &canvas)
    }
    let count = cutOffs(metrics).count
    canvas.line(
      Point(plot.right - 160, 44), Point(plot.right - 132, 44), Stroke(Palette.ink, 1, dash: "5 3", opacity: 0.7))
    canvas.text(
      count == 1 ? "cut-off" : "cut-offs of the \(count) folds", at: Point(plot.right - 126, 48), size: 11.5)
    return canvas.svg(
      name: name, title: heading,
      description: "Predicted probability of malignancy of \(metrics.unit.plural) by their label, with the cut-off.")
  }

  private static func cutOffs(_ metrics: UnitMetrics) -> [Double] {
    if let mean = metrics.meanCutOff { return [mean.value] }
    return metrics.folds.map(\.cutOff.value)
  }

  /// Dots of one bin of scores stand above and below the middle line; the bin is as wide as a dot.
  private static func draw(
    _ members: [UnitScore], isMalignant: Bool, middle: Double, plot: Plot, canvas: inout Canvas
  ) {
    let bins = 80
    var stacks = Array(repeating: [Double](), count: bins)
    for member in members {
      stacks[min(bins - 1, max(0, Int(member.score * Double(bins))))].append(member.score)
    }
    let tallest = Double(max(1, stacks.map(\.count).max() ?? 1))
    let room = 50.0
    let spacing = min(5.2, 2 * room / tallest)
    let colour = isMalignant ? Palette.malignant : Palette.benign
    let isDots = spacing > 1.6
    for (bin, stack) in stacks.enumerated() where !stack.isEmpty {
      guard isDots else {
        let half = Double(stack.count) / tallest * room
        let left = plot.column(Double(bin) / Double(bins))
        canvas.box(
          x: left, y: middle - half, width: plot.width / Double(bins) - 0.6, height: 2 * half, fill: colour,
          opacity: isMalignant ? 0.9 : 0.55)
        continue
      }
      for (place, score) in stack.enumerated() {
        let offset = (Double(place) - Double(stack.count - 1) / 2) * spacing
        let at = Point(plot.column(min(1, max(0, score))), middle + offset)
        if isMalignant {
          canvas.triangle(at, radius: 3.1, fill: colour, opacity: 0.85)
        } else {
          canvas.circle(at, radius: 2.4, fill: "#ffffff", opacity: 0.6, stroke: Stroke(colour, 1.1))
        }
      }
    }
  }
}
