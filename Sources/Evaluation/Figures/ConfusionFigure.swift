import Figures
import Statistics

/// The confusion matrix with counts and row shares; the shade follows the share, so it is also read in grey.
enum ConfusionFigure {
  static func svg(name: String, heading: String, metrics: UnitMetrics) -> String {
    var canvas = Canvas(width: 520, height: 330)
    canvas.text(heading, at: Point(24, 26), size: 14, bold: true)
    let counts = metrics.diagnosis.counts
    let rows = [
      (
        "malignant", [(counts.truePositives, "true positive"), (counts.falseNegatives, "false negative")],
        [true, false]
      ),
      ("benign", [(counts.falsePositives, "false positive"), (counts.trueNegatives, "true negative")], [false, true]),
    ]
    let (left, top, width, height) = (124.0, 84.0, 180.0, 104.0)
    canvas.text("Called by the cut-off", at: Point(left + width, 52), size: 12.5, anchor: .middle)
    for (column, title) in ["malignant", "benign"].enumerated() {
      canvas.text(title, at: Point(left + (Double(column) + 0.5) * width, 74), size: 12.5, anchor: .middle, bold: true)
    }
    canvas.text("Reference standard", at: Point(26, top + height), size: 12.5, anchor: .middle, turned: -90)
    for (line, row) in rows.enumerated() {
      let y = top + Double(line) * height
      let total = row.1.reduce(0) { $0 + $1.0 }
      canvas.text(row.0, at: Point(left - 10, y + height / 2), size: 12.5, anchor: .end, bold: true)
      canvas.text(
        "n = \(Text.count(total))", at: Point(left - 10, y + height / 2 + 16), size: 11, anchor: .end,
        colour: Palette.quiet)
      for (column, cell) in row.1.enumerated() {
        let share = total > 0 ? Double(cell.0) / Double(total) : 0
        let x = left + Double(column) * width
        let isRight = row.2[column]
        canvas.box(
          x: x, y: y, width: width, height: height, fill: isRight ? Palette.main : Palette.second,
          opacity: 0.06 + 0.84 * share, stroke: Stroke("#ffffff", 2))
        let ink = share > 0.55 ? "#ffffff" : Palette.ink
        let middle = x + width / 2
        canvas.text(Text.count(cell.0), at: Point(middle, y + 46), size: 25, anchor: .middle, colour: ink, bold: true)
        let caption = total > 0 ? "\(cell.1), \(Text.percent(share))" : cell.1
        canvas.text(caption, at: Point(middle, y + 72), size: 11.5, anchor: .middle, colour: ink)
      }
    }
    canvas.text(
      "Counts of \(metrics.unit.plural); shares are of each row.", at: Point(left, 312), size: 11, colour: Palette.quiet
    )
    return canvas.svg(
      name: name, title: heading,
      description: "True positives \(counts.truePositives), false negatives \(counts.falseNegatives), "
        + "false positives \(counts.falsePositives), true negatives \(counts.trueNegatives) \(metrics.unit.plural).")
  }
}
