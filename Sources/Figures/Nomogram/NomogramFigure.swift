package import Statistics
package import Wording

/// A nomogram to be used with a pencil (S2-16): points ruler above, an axis for each variable, total and probability
/// below, guide lines to go up and down along, boxes to write the points in, and how to read it.
package enum NomogramFigure {
  package enum Page: Sendable {
    case portrait, landscape

    var width: Double { self == .portrait ? 680 : 980 }
  }

  /// - Parameters:
  ///   - outcome: what the probability is of, such as "Probability of malignancy".
  ///   - Returns: a figure that says what is missing where the model makes no nomogram.
  package static func figure(
    name: String, heading: String, model: NomogramModel, outcome: String, page: Page = .landscape, words: Wording
  ) -> Figure {
    do throws(StatisticsError) {
      let nomogram = try model.nomogram()
      let grid = Grid(page: page)
      let lows = model.lows
      let scales = model.variables.indices.map { place in
        NomogramScale(model.variables[place], pixels: grid.width / 100) { ($0 - lows[place]) * nomogram.pointsPerUnit }
      }
      return draw(name, heading, nomogram, scales, outcome: outcome, grid: grid, words: words)
    } catch {
      return absence(name, heading, "\(error)", words)
    }
  }

  /// Each mark of the nomogram is written on its axis.
  /// - labels: what people call the terms, and their units, by the term's name.
  package static func figure(
    name: String, heading: String, nomogram: Nomogram, labels: [String: (label: String, unit: String)] = [:],
    outcome: String, page: Page = .landscape, words: Wording
  ) -> Figure {
    let scales = nomogram.axes.map {
      NomogramScale($0, label: labels[$0.term]?.label ?? $0.term, unit: labels[$0.term]?.unit ?? "")
    }
    return draw(name, heading, nomogram, scales, outcome: outcome, grid: Grid(page: page), words: words)
  }

  private static func absence(_ name: String, _ heading: String, _ why: String, _ words: Wording) -> Figure {
    var canvas = Canvas(width: 520, height: 120)
    canvas.heading(heading, at: Point(24, 26), width: 480)
    canvas.lines(
      TextLines.wrapped(words("No nomogram: \(why)."), width: 470, size: 12.5), at: Point(24, 60), size: 12.5,
      colour: Palette.quiet)
    return canvas.figure(
      name: name, title: heading, description: words("No nomogram: \(why)."), caption: words("No nomogram: \(why)."))
  }

  /// Labels of one line of an axis in rows: below, above, further below, further above, ...
  private struct Placed {
    var text: String
    var centre: Double
    var tick: Double
    var row: Int
  }

  private static func place(_ stretch: NomogramScale.Stretch, _ grid: Grid) -> [Placed] {
    var ends: [Int: Double] = [:]
    return stretch.ticks.compactMap { tick in tick.label.map { (tick.points, $0) } }.sorted { $0.0 < $1.0 }.map {
      points, label in
      let text = TextLines.shortened(label, width: 150, size: 11)
      let half = TextWidth.of(text, size: 11) / 2
      let centre = min(max(grid.x(points), grid.left - 24 + half), grid.right + 20 - half)
      var row = 0
      while let end = ends[row], centre - half < end + 5 { row += 1 }
      ends[row] = centre + half
      return Placed(text: text, centre: centre, tick: grid.x(points), row: row)
    }
  }

  /// Baseline of a row of labels, from the axis.
  private static func offset(row: Int) -> Double {
    row % 2 == 0 ? 17 + 13 * Double(row / 2) : -8 - 13 * Double(row / 2)
  }

  private static func draw(
    _ name: String, _ heading: String, _ nomogram: Nomogram, _ scales: [NomogramScale], outcome: String, grid: Grid,
    words: Wording
  ) -> Figure {
    let lines: [(scale: Int, isFirst: Bool, stretch: NomogramScale.Stretch, labels: [Placed])] =
      scales.enumerated().flatMap { index, scale in
        scale.stretches.enumerated().map { (index, $0.offset == 0, $0.element, place($0.element, grid)) }
      }
    var places: [Double] = []
    var y = 74.0
    for line in lines {
      let rows = line.labels.map(\.row).max() ?? 0
      let above = rows >= 1 ? 8 + 13 * Double((rows + 1) / 2) : 4
      y += max(line.isFirst ? 24 : 12, above + 10)
      places.append(y)
      y += 20 + 13 * Double(rows / 2)
    }
    let bottom = y + 2
    let (totalY, probabilityY) = (bottom + 34, bottom + 92)
    let most = scales.reduce(0) { sum, scale in sum + (scale.stretches.flatMap { [$0.from, $0.to] }.max() ?? 0) }
    let totals = Totals(nomogram, most: most, grid: grid)
    let beyond = words("A sum beyond the ruler’s end is a probability above 0.999, one before its start below 0.001.")
    let howTo =
      ([
        words(
          """
          1. For each variable go straight up from the patient’s value to the points ruler; write the points \
          in the box.
          """
        ),
        words("2. Add the points and find the sum on the ruler of total points."),
        words("3. Go straight down and read the probability. For research; not a medical device."),
      ] + (totals.isCut ? [beyond] : [])).flatMap { TextLines.wrapped($0, width: grid.page.width - 48, size: 11.5) }
    var canvas = Canvas(width: grid.page.width, height: probabilityY + 50 + 16 * Double(howTo.count) + 6)
    canvas.heading(heading, at: Point(24, 26), width: grid.page.width - 48)
    drawPoints(grid, bottom: bottom, words: words, canvas: &canvas)
    for (line, y) in zip(lines, places) {
      if line.isFirst {
        drawLabel(scales[line.scale].label, scales[line.scale].unit, y: y, grid: grid, canvas: &canvas)
      }
      draw(line.stretch, line.labels, y: y, grid: grid, canvas: &canvas)
      if line.isFirst { drawBox(y: y, grid: grid, canvas: &canvas) }
    }
    drawTotals(
      nomogram, totals, outcome: outcome, rows: (totalY, probabilityY), grid: grid, words: words, canvas: &canvas)
    canvas.lines(howTo, at: Point(24, probabilityY + 52), size: 11.5, leading: 16, colour: Palette.quiet)
    let ranges = scales.map { scale in
      let most = scale.stretches.flatMap { [$0.from, $0.to] }.max() ?? 0
      return "\(scale.label) 0–\(Text.fixed(most, 0))"
    }
    return canvas.figure(
      name: name, title: heading,
      description: words("Nomogram; points of the variables: \(ranges.joined(separator: ", "))."),
      caption: words(
        """
        Nomogram: the points of all variables are added; the total gives the probability. The longest axis \
        spans 100 points.
        """
      ))
  }

  static func drawLabel(_ label: String, _ unit: String, y: Double, grid: Grid, canvas: inout Canvas) {
    let width = grid.left - 24 - 34
    var lines = TextLines.wrapped(label, width: width, size: 12.5, bold: true, most: unit.isEmpty ? 2 : 1)
    if !unit.isEmpty, let only = lines.first,
      TextWidth.of(only, size: 12.5, bold: true) + TextWidth.of(" (\(unit))", size: 11) <= width
    {
      canvas.text(only, at: Point(24, y + 4), size: 12.5, bold: true)
      canvas.text(
        "(\(unit))", at: Point(30 + TextWidth.of(only, size: 12.5, bold: true), y + 4), size: 11, colour: Palette.quiet)
      return
    }
    lines = Array(lines.prefix(2))
    let top = y + 4 - (lines.count > 1 || !unit.isEmpty ? 7 : 0)
    canvas.lines(lines, at: Point(24, top), size: 12.5, leading: 15, bold: true)
    if !unit.isEmpty {
      canvas.text(
        TextLines.shortened("(\(unit))", width: width, size: 11), at: Point(24, top + 14), size: 11,
        colour: Palette.quiet)
    }
  }

  static func drawBox(y: Double, grid: Grid, canvas: inout Canvas) {
    canvas.box(
      x: grid.right + 36, y: y - 10, width: grid.page.width - grid.right - 56, height: 20, fill: "#ffffff",
      stroke: Stroke("#9aa5b1", 0.9))
  }

  private static func draw(
    _ stretch: NomogramScale.Stretch, _ labels: [Placed], y: Double, grid: Grid, canvas: inout Canvas
  ) {
    canvas.line(Point(grid.x(stretch.from), y), Point(grid.x(stretch.to), y), Stroke(Palette.ink, 1.3))
    for tick in stretch.ticks {
      let x = grid.x(tick.points)
      canvas.line(
        Point(x, y - (tick.label == nil ? 0 : 4)), Point(x, y + (tick.label == nil ? 3 : 5)), Stroke(Palette.ink, 0.9))
    }
    for label in labels where label.row > 1 {
      let base = y + offset(row: label.row)
      let end = label.row % 2 == 0 ? base - 11 : base + 3
      canvas.line(Point(label.tick, y), Point(label.tick, end), Stroke("#9aa5b1", 0.7))
    }
    for label in labels {
      let base = y + offset(row: label.row)
      // The guide lines stop at the words.
      let half = TextWidth.of(label.text, size: 11) / 2
      canvas.box(
        x: label.centre - half - 1, y: base - 10, width: 2 * half + 2, height: 12, fill: "#ffffff", opacity: 0.9)
      canvas.text(label.text, at: Point(label.centre, base), size: 11, anchor: .middle)
    }
  }
}
