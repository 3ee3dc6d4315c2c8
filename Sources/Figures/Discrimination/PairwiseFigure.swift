package import Statistics
package import Wording

/// Every pair of models: the difference of their AUCs with its interval below the diagonal, p above it, the AUCs on
/// it (S2-21, S4-02).
package enum PairwiseFigure {
  package struct Model: Sendable {
    package var label: String
    package var auc: Estimate?

    package init(label: String, auc: Estimate?) { (self.label, self.auc) = (label, auc) }
  }

  package struct Pair: Sendable {
    /// Places of the two models.
    package var first: Int
    package var second: Int
    /// AUC of the first less that of the second.
    package var difference: Estimate
    package var p: Double

    package init(first: Int, second: Int, difference: Estimate, p: Double) {
      (self.first, self.second, self.difference, self.p) = (first, second, difference, p)
    }
  }

  /// - correction: how p was adjusted, such as "Holm"; nil where it was not.
  package static func figure(
    name: String, heading: String, models: [Model], pairs: [Pair], correction: String? = nil, words: Wording
  ) -> Figure {
    let count = max(1, models.count)
    let labelWidth = 150.0
    let cell = min(150.0, max(66, (980 - labelWidth - 30) / Double(count)))
    let height = cell >= 100 ? 46.0 : 52
    let width = max(520, labelWidth + 30 + cell * Double(count))
    let (left, top) = (labelWidth + 14, 84.0)
    var canvas = Canvas(width: width, height: top + height * Double(count) + 44)
    canvas.heading(heading, at: Point(24, 26), width: width - 40)
    for (index, model) in models.enumerated() {
      let lines = TextLines.wrapped(model.label, width: cell - 6, size: 11, bold: true, most: 2)
      canvas.lines(
        lines, at: Point(left + (Double(index) + 0.5) * cell, top - 8 - 13 * Double(lines.count - 1)), size: 11,
        leading: 13, anchor: .middle, bold: true)
      let row = TextLines.wrapped(model.label, width: labelWidth - 14, size: 11.5, bold: true, most: 2)
      canvas.lines(
        row, at: Point(left - 8, top + (Double(index) + 0.5) * height + 4 - 7 * Double(row.count - 1)), size: 11.5,
        leading: 14, anchor: .end, bold: true)
      box(
        index, index, [model.auc.map { Text.fixed($0.value, 3) } ?? words("no AUC")], fill: "#e9edf1", bold: true,
        at: (left, top, cell, height), canvas: &canvas)
    }
    for pair in pairs where models.indices.contains(pair.first) && models.indices.contains(pair.second) {
      let (low, high) = (min(pair.first, pair.second), max(pair.first, pair.second))
      guard low != high else { continue }
      // Below the diagonal stands the row's model less the column's.
      let sign = pair.first == high ? 1.0 : -1
      var difference = pair.difference
      difference.value *= sign
      difference.interval = difference.interval.map {
        sign > 0 ? $0 : Interval(lower: -$0.upper, upper: -$0.lower, level: $0.level)
      }
      let isClear = pair.p < 0.05
      box(
        high, low, texts(difference, narrow: cell < 100, words), fill: difference.value >= 0 ? "#dbe9f4" : "#fbe6d8",
        bold: isClear, at: (left, top, cell, height), canvas: &canvas)
      box(
        low, high, [words.pValue(pair.p)], fill: isClear ? "#fff3c4" : "#ffffff", bold: isClear,
        at: (left, top, cell, height), canvas: &canvas)
    }
    if models.count < 2 {
      canvas.text(words("One model: nothing to compare."), at: Point(24, 50), size: 12.5, colour: Palette.quiet)
    }
    let note =
      correction.map { words("p adjusted after \($0); bold: p < 0.05") } ?? words("p not adjusted; bold: p < 0.05")
    canvas.text(note, at: Point(24, canvas.height - 16), size: 11, colour: Palette.quiet)
    return canvas.figure(
      name: name, title: heading, description: words("Pairwise differences of AUC between \(models.count) models."),
      caption: words(
        """
        On the diagonal the AUCs; below it the row's AUC less the column's with its 95 % interval; above it \
        p of the DeLong test.
        """
      ))
  }

  private static func texts(_ difference: Estimate, narrow: Bool, _ words: Wording) -> [String] {
    guard difference.value.isFinite else { return [words("n/a")] }
    let value = Text.signed(difference.value, 3)
    guard let interval = difference.interval, interval.lower.isFinite, interval.upper.isFinite else { return [value] }
    let (lower, upper) = (Text.signed(interval.lower, 3), Text.signed(interval.upper, 3))
    return narrow ? [value, lower, words("to \(upper)")] : [value, words("\(lower) to \(upper)")]
  }

  private static func box(
    _ row: Int, _ column: Int, _ lines: [String], fill: String, bold: Bool,
    at grid: (left: Double, top: Double, cell: Double, height: Double), canvas: inout Canvas
  ) {
    let (x, y) = (grid.left + Double(column) * grid.cell, grid.top + Double(row) * grid.height)
    canvas.box(x: x, y: y, width: grid.cell, height: grid.height, fill: fill, stroke: Stroke("#c9d0d8", 0.8))
    for (index, line) in lines.enumerated() {
      let base = y + grid.height / 2 + 4 - 7.5 * Double(lines.count - 1) + 15 * Double(index)
      canvas.text(
        line, at: Point(x + grid.cell / 2, base), size: 11, anchor: .middle,
        colour: index == 0 ? Palette.ink : Palette.quiet, bold: bold && index == 0)
    }
  }
}
