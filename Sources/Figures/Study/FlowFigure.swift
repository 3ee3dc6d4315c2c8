package import Wording

/// How the cases of a study came together, in the manner of STARD and CLAIM: counted boxes one under the other, what
/// left the study at each beside it, and the parts it was split into at the foot (S1-01, S1-02, S2-01).
package enum FlowFigure {
  package struct Reason: Sendable {
    package var text: String
    package var count: Int

    package init(text: String, count: Int) { (self.text, self.count) = (text, count) }
  }

  /// A box, and what was excluded after it.
  package struct Stage: Sendable {
    package var text: String
    /// Counts in this box, such as "1,547 patients"; one a line.
    package var counts: [String]
    package var exclusions: [Reason]

    package init(text: String, counts: [String], exclusions: [Reason] = []) {
      (self.text, self.counts, self.exclusions) = (text, counts, exclusions)
    }
  }

  /// A box at the foot: training, validation, internal or external test.
  package struct Part: Sendable {
    package var text: String
    package var counts: [String]
    package var benign: Int?
    package var malignant: Int?

    package init(text: String, counts: [String], benign: Int? = nil, malignant: Int? = nil) {
      (self.text, self.counts, self.benign, self.malignant) = (text, counts, benign, malignant)
    }
  }

  package static func figure(
    name: String, heading: String, stages: [Stage], parts: [Part], words: Wording
  ) -> Figure {
    let width = 760.0
    let (mainLeft, mainWidth, sideLeft) = (40.0, 300.0, 400.0)
    let sideWidth = width - sideLeft - 40
    let axis = mainLeft + mainWidth / 2
    var canvas = Canvas(width: width, height: height(stages, parts, mainWidth, sideWidth, width, words))
    canvas.heading(heading, at: Point(mainLeft, 26), width: width - 80)
    var y = 46.0
    var before: Double?
    for stage in stages {
      let lines = stageLines(stage, mainWidth)
      let boxHeight = boxHeight(lines)
      if let before { canvas.arrow(from: Point(axis, before), to: Point(axis, y), arrow) }
      draw(lines, left: mainLeft, top: y, width: mainWidth, fill: "#f5f7f9", canvas: &canvas)
      y += boxHeight
      before = y
      guard !stage.exclusions.isEmpty else {
        y += gap
        continue
      }
      let side = exclusionLines(stage.exclusions, sideWidth, words)
      let sideHeight = Double(side.count) * leading + 16
      let sideTop = y + 14
      canvas.arrow(from: Point(axis, sideTop + sideHeight / 2), to: Point(sideLeft, sideTop + sideHeight / 2), arrow)
      draw(side, left: sideLeft, top: sideTop, width: sideWidth, fill: "#ffffff", isCentred: false, canvas: &canvas)
      y = sideTop + sideHeight + 14
    }
    drawParts(parts, from: before.map { Point(axis, $0) }, top: y, width: width, words: words, canvas: &canvas)
    if stages.isEmpty && parts.isEmpty {
      canvas.text(words("No enrolment log: nothing to count."), at: Point(mainLeft, 66), colour: Palette.quiet)
    }
    return canvas.figure(
      name: name, title: heading,
      description: (stages.map { "\($0.text): \($0.counts.joined(separator: ", "))" }
        + parts.map { "\($0.text): \($0.counts.joined(separator: ", "))" }).joined(separator: "; "),
      caption: words("Flow of cases through the study: what was counted at each stage, what was excluded and why."))
  }

  private typealias Line = (text: String, isBold: Bool)
  private static let size = 12.0
  private static let leading = 16.0
  private static let gap = 26.0
  private static let arrow = Stroke(Palette.axis, 1.2)

  private static func boxHeight(_ lines: [Line]) -> Double { Double(max(1, lines.count)) * leading + 16 }

  private static func stageLines(_ stage: Stage, _ width: Double) -> [Line] {
    let title = TextLines.wrapped(stage.text, width: width - 20, size: size, bold: true).map { ($0, true) }
    return title + stage.counts.flatMap { TextLines.wrapped($0, width: width - 20, size: size) }.map { ($0, false) }
  }

  /// "n = 47", never broken over two lines.
  private static func number(_ count: Int) -> String { "n\u{A0}=\u{A0}\(Text.count(count))" }

  private static func exclusionLines(_ reasons: [Reason], _ width: Double, _ words: Wording) -> [Line] {
    let total = reasons.reduce(0) { $0 + $1.count }
    var lines: [Line] = [(words("Excluded (\(number(total)))"), true)]
    for reason in reasons {
      let text = words("\(reason.text) (\(number(reason.count)))")
      let wrapped = TextLines.wrapped(text, width: width - 34, size: size)
      for (index, line) in wrapped.enumerated() { lines.append(((index == 0 ? "• " : "   ") + line, false)) }
    }
    return lines
  }

  private static func partLines(_ part: Part, _ width: Double, _ words: Wording) -> [Line] {
    var lines = stageLines(Stage(text: part.text, counts: part.counts), width)
    let classes = [
      part.malignant.map { words("malignant: \(Text.count($0))") },
      part.benign.map { words("benign: \(Text.count($0))") },
    ].compactMap(\.self)
    lines += classes.map { ($0, false) }
    return lines
  }

  /// Four beside each other, five and more in further rows.
  private static func partGrid(_ count: Int, _ width: Double) -> (columns: Int, boxWidth: Double) {
    let columns = max(1, count > 4 && count % 4 == 1 ? 3 : min(4, count))
    return (columns, min(240, (width - 80 - 16 * Double(columns - 1)) / Double(columns)))
  }

  private static func partRows(
    _ parts: [Part], _ width: Double, _ words: Wording
  ) -> [(parts: [(offset: Int, lines: [Line])], height: Double)] {
    let (columns, boxWidth) = partGrid(parts.count, width)
    return stride(from: 0, to: parts.count, by: columns).map { start in
      let row = parts[start..<min(parts.count, start + columns)].map { partLines($0, boxWidth, words) }
      return (row.enumerated().map { ($0.offset, $0.element) }, row.map(boxHeight).max() ?? 0)
    }
  }

  private static func height(
    _ stages: [Stage], _ parts: [Part], _ mainWidth: Double, _ sideWidth: Double, _ width: Double, _ words: Wording
  ) -> Double {
    var height = 46.0
    for stage in stages {
      height += boxHeight(stageLines(stage, mainWidth))
      height +=
        stage.exclusions.isEmpty
        ? gap : Double(exclusionLines(stage.exclusions, sideWidth, words).count) * leading + 44
    }
    for row in partRows(parts, width, words) { height += row.height + gap }
    return max(90, height + (parts.isEmpty ? 0 : 12))
  }

  private static func drawParts(
    _ parts: [Part], from start: Point?, top: Double, width: Double, words: Wording, canvas: inout Canvas
  ) {
    guard !parts.isEmpty else { return }
    let (columns, boxWidth) = partGrid(parts.count, width)
    let spacing = columns > 1 ? (width - 80 - boxWidth * Double(columns)) / Double(columns - 1) : 0
    var y = top + 14
    let rows = partRows(parts, width, words)
    for (index, row) in rows.enumerated() {
      let bar = y - 14
      let lefts = row.parts.map { part in
        columns == 1 ? 40 + (300 - boxWidth) / 2 : 40 + Double(part.offset) * (boxWidth + spacing)
      }
      let middles = lefts.map { $0 + boxWidth / 2 }
      if let start {
        // Later rows are reached along the left margin.
        let trunk = index == 0 ? start : Point(22, top)
        canvas.line(trunk, Point(trunk.x, bar), arrow)
        let ends = middles + [trunk.x] + (index == 0 && rows.count > 1 ? [22] : [])
        canvas.line(Point(ends.min() ?? trunk.x, bar), Point(ends.max() ?? trunk.x, bar), arrow)
        for middle in middles { canvas.arrow(from: Point(middle, bar), to: Point(middle, y), arrow) }
      }
      for (part, left) in zip(row.parts, lefts) {
        draw(part.lines, left: left, top: y, width: boxWidth, height: row.height, fill: "#e8f0f6", canvas: &canvas)
      }
      y += row.height + gap
    }
  }

  private static func draw(
    _ lines: [Line], left: Double, top: Double, width: Double, height: Double? = nil, fill: String,
    isCentred: Bool = true, canvas: inout Canvas
  ) {
    canvas.box(
      x: left, y: top, width: width, height: height ?? boxHeight(lines), fill: fill, stroke: Stroke(Palette.axis, 1),
      corner: 2)
    for (index, line) in lines.enumerated() {
      let at = Point(isCentred ? left + width / 2 : left + 10, top + 8 + leading * (Double(index) + 0.77))
      canvas.text(line.text, at: at, size: size, anchor: isCentred ? .middle : .start, bold: line.isBold)
    }
  }
}
