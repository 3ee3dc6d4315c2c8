package import Statistics
package import Wording

/// Confusion matrices with counts and row shares, of one model or of several models or cohorts; the shade follows the
/// share, so they are also read in grey.
package enum ConfusionFigure {
  package struct Panel: Sendable {
    package var heading: String
    package var counts: ConfusionMatrix

    package init(heading: String, counts: ConfusionMatrix) { (self.heading, self.counts) = (heading, counts) }
  }

  /// - units: what is counted, such as "lesions".
  package static func figure(
    name: String, heading: String, panels: [Panel], units: Phrase, words: Wording
  ) -> Figure {
    let isSingle = panels.count < 2
    let columns = min(3, max(1, panels.count))
    let (cellWidth, cellHeight) = isSingle ? (180.0, 104.0) : (columns == 2 ? 128.0 : 106, 74.0)
    let step = isSingle ? 0 : 2 * cellWidth + 92
    let rows = max(1, (panels.count + columns - 1) / columns)
    let rowHeight = 2 * cellHeight + (isSingle ? 0 : 86)
    var canvas = Canvas(
      width: isSingle ? 520 : 44 + Double(columns) * step, height: isSingle ? 330 : 66 + Double(rows) * rowHeight)
    canvas.heading(heading, at: Point(24, 26), width: canvas.width - 40)
    for (index, panel) in panels.enumerated() {
      let left = isSingle ? 124 : 112 + Double(index % columns) * step
      let top = isSingle ? 84 : 104 + Double(index / columns) * rowHeight
      if !isSingle {
        canvas.text(
          TextLines.shortened(panel.heading, width: 2 * cellWidth + 70, size: 12.5, bold: true),
          at: Point(left - 72, top - 46), size: 12.5, bold: true)
      }
      draw(panel.counts, left: left, top: top, width: cellWidth, height: cellHeight, words: words, canvas: &canvas)
      if index % columns == 0 {
        canvas.text(
          words("Reference standard"), at: Point(26, top + cellHeight), size: 12.5, anchor: .middle, turned: -90)
      }
    }
    if panels.isEmpty {
      canvas.text(words("No calls to count."), at: Point(24, 60), size: 12.5, colour: Palette.quiet)
    }
    canvas.text(
      words("Counts of \(units); shares are of each row."), at: Point(isSingle ? 124 : 24, canvas.height - 18),
      size: 11,
      colour: Palette.quiet)
    let sentences = panels.map { panel in
      let counts = panel.counts
      return words(
        """
        true positives \(counts.truePositives), false negatives \(counts.falseNegatives), false positives \
        \(counts.falsePositives), true negatives \(counts.trueNegatives)
        """
      )
    }
    return canvas.figure(
      name: name, title: heading, description: sentences.joined(separator: "; "),
      caption: words("Calls at the cut-off against the reference standard; counts of \(units)."))
  }

  private static func draw(
    _ counts: ConfusionMatrix, left: Double, top: Double, width: Double, height: Double, words: Wording,
    canvas: inout Canvas
  ) {
    let names = [words("malignant"), words("benign")]
    canvas.text(
      words("Called by the cut-off"), at: Point(left + width, top - 28), size: width > 150 ? 12.5 : 11, anchor: .middle)
    let cells: [[(count: Int, name: String, isRight: Bool)]] = [
      [(counts.truePositives, words("true positive"), true), (counts.falseNegatives, words("false negative"), false)],
      [(counts.falsePositives, words("false positive"), false), (counts.trueNegatives, words("true negative"), true)],
    ]
    let isLarge = width > 150
    for (line, row) in cells.enumerated() {
      let y = top + Double(line) * height
      let total = row.reduce(0) { $0 + max(0, $1.count) }
      canvas.text(
        names[line], at: Point(left + (Double(line) + 0.5) * width, top - 10), size: isLarge ? 12.5 : 11.5,
        anchor: .middle, bold: true)
      canvas.text(
        names[line], at: Point(left - 8, y + height / 2), size: isLarge ? 12.5 : 11.5, anchor: .end, bold: true)
      canvas.text(
        "n = \(Text.count(total))", at: Point(left - 8, y + height / 2 + 16), size: 11, anchor: .end,
        colour: Palette.quiet)
      for (column, cell) in row.enumerated() {
        let share = total > 0 ? Double(max(0, cell.count)) / Double(total) : 0
        let x = left + Double(column) * width
        canvas.box(
          x: x, y: y, width: width, height: height, fill: cell.isRight ? Palette.main : Palette.second,
          opacity: 0.06 + 0.84 * share, stroke: Stroke("#ffffff", 2))
        let ink = share > 0.55 ? "#ffffff" : Palette.ink
        let middle = x + width / 2
        canvas.text(
          Text.count(cell.count), at: Point(middle, y + height * 0.44), size: isLarge ? 25 : 19, anchor: .middle,
          colour: ink, bold: true)
        let texts = total > 0 ? [cell.name, Text.percent(share)] : [cell.name]
        canvas.lines(
          isLarge ? [texts.joined(separator: ", ")] : texts, at: Point(middle, y + height * (isLarge ? 0.69 : 0.65)),
          size: isLarge ? 11.5 : 11, anchor: .middle, colour: ink)
      }
    }
  }
}
