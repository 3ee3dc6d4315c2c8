package import Wording

/// Scores of the two classes side by side with the cut-offs that were used: one dot a unit, or bars where dots would
/// merge.
package enum ScoreFigure {
  /// - cutOffs: one, or one a fold.
  package static func figure(
    name: String, heading: String, scores: [Double], positives: [Bool], cutOffs: [Double], words: Wording
  ) -> Figure {
    var canvas = Canvas(width: 520, height: 344)
    let plot = Plot(
      left: 84, top: 58, width: 410, height: 226, x: .unit(words("Predicted probability of malignancy")),
      y: Axis("", 0...2, ticks: []))
    canvas.heading(heading, at: Point(24, 26), width: 480)
    plot.drawFrame(on: &canvas)
    for cutOff in cutOffs where cutOff.isFinite {
      let at = plot.column(min(1, max(0, cutOff)))
      canvas.line(Point(at, plot.top), Point(at, plot.bottom), cutOffStroke)
    }
    canvas.line(plot.place(0, 1), plot.place(1, 1), Stroke(Palette.grid, 0.8))
    for isMalignant in [true, false] {
      let members = zip(scores, positives).filter { $0.1 == isMalignant && $0.0.isFinite }.map(\.0)
      let middle = plot.row(isMalignant ? 1.5 : 0.5)
      canvas.text(
        isMalignant ? words("malignant") : words("benign"), at: Point(plot.left - 10, middle), size: 12.5, anchor: .end)
      canvas.text(
        "n = \(Text.count(members.count))", at: Point(plot.left - 10, middle + 15), size: 11, anchor: .end,
        colour: Palette.quiet)
      draw(members, isMalignant: isMalignant, middle: middle, plot: plot, canvas: &canvas)
    }
    if scores.isEmpty { canvas.absence(words("No scores."), in: plot) }
    if !cutOffs.isEmpty {
      let text = cutOffs.count == 1 ? words("cut-off") : words("cut-offs of the \(cutOffs.count) folds")
      let left = plot.right - TextWidth.of(text, size: 11.5)
      canvas.line(Point(left - 34, 46), Point(left - 6, 46), cutOffStroke)
      canvas.text(text, at: Point(left, 50), size: 11.5)
    }
    return canvas.figure(
      name: name, title: heading,
      description: words("Predicted probability of malignancy by reference standard, with the cut-off."),
      caption: words("Predicted probability of malignancy by reference standard; dashed: the cut-off in use."))
  }

  private static let cutOffStroke = Stroke(Palette.ink, 1, dash: "5 3", opacity: 0.7)

  /// Dots of one bin of scores stand above and below the middle line; the bin is as wide as a dot.
  private static func draw(
    _ members: [Double], isMalignant: Bool, middle: Double, plot: Plot, canvas: inout Canvas
  ) {
    let bins = 80
    var stacks = Array(repeating: [Double](), count: bins)
    for score in members {
      stacks[Int(min(Double(bins - 1), max(0, score * Double(bins))))].append(score)
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
