package import Statistics
package import Wording

/// Each reader alone and with AI, an arrow from one to the other, in groups of experience; the model as a line
/// (S0-09, S3-07).
package enum ReaderFigure {
  package struct Reader: Sendable {
    package var label: String
    /// Such as "senior"; readers of a group stand together in the order given.
    package var group: String
    package var unaided: Estimate
    package var aided: Estimate?
    /// Of the change.
    package var p: Double?

    package init(label: String, group: String, unaided: Estimate, aided: Estimate? = nil, p: Double? = nil) {
      (self.label, self.group, self.unaided, self.aided, self.p) = (label, group, unaided, aided, p)
    }
  }

  package struct Model: Sendable {
    package var label: String
    package var value: Estimate

    package init(label: String, value: Estimate) { (self.label, self.value) = (label, value) }
  }

  /// - Parameters:
  ///   - measure: what the axis holds, such as "AUC".
  ///   - isShare: written as per cent.
  package static func figure(
    name: String, heading: String, measure: String, readers: [Reader], model: Model? = nil, isShare: Bool = false,
    words: Wording
  ) -> Figure {
    let groups = readers.reduce(into: [String]()) { if !$0.contains($1.group) { $0.append($1.group) } }
    let rowHeight = 30.0
    let top = 74.0
    let labelWidth = min(190, max(90, readers.map { TextWidth.of($0.label, size: 12) + 16 }.max() ?? 0))
    let headed = groups.count { !$0.isEmpty }
    let foot = top + Double(max(1, readers.count)) * rowHeight + Double(headed) * 26 + 6
    let hasP = readers.contains { $0.p != nil }
    let columnWidth = 176 + (hasP ? 80.0 : 0)
    let width = 24 + labelWidth + 14 + 400 + columnWidth + 10
    let isAided = readers.contains { $0.aided != nil }
    var canvas = Canvas(width: width, height: foot + 52)
    canvas.heading(heading, at: Point(24, 26), width: width - 48)
    let plot = Plot(
      left: 38 + labelWidth, top: top, width: 400, height: foot - top, x: axis(measure, readers, model, isShare),
      y: Axis("", 0...1, ticks: []))
    plot.drawFrame(on: &canvas)
    drawKey(isAided: isAided, model: model, plot: plot, isShare: isShare, words: words, canvas: &canvas)
    if let model, model.value.value.isFinite { draw(model, plot: plot, canvas: &canvas) }
    let head = isAided ? words("alone → with AI") : measure
    canvas.text(head, at: Point(plot.right + 18, top - 8), size: 11.5, bold: true)
    if hasP { canvas.text("p", at: Point(width - 24, top - 8), size: 11.5, anchor: .end, bold: true) }
    var y = top + 4
    for (index, group) in groups.enumerated() {
      if !group.isEmpty {
        let members = readers.count { $0.group == group }
        canvas.text(
          TextLines.shortened("\(group) (\(members))", width: labelWidth + 8, size: 12, bold: true),
          at: Point(24, y + 17),
          size: 12, bold: true)
        y += 26
      }
      for reader in readers where reader.group == group {
        let middle = y + rowHeight / 2
        canvas.text(
          TextLines.shortened(reader.label, width: labelWidth - 8, size: 12), at: Point(32, middle + 4), size: 12)
        draw(reader, shape: MarkShape.of(index), middle: middle, plot: plot, canvas: &canvas)
        canvas.text(
          change(reader, isShare: isShare, words), at: Point(plot.right + 18, middle + 4), size: 11.5)
        if let p = reader.p {
          canvas.text(words.pValue(p), at: Point(width - 24, middle + 4), size: 11.5, anchor: .end)
        }
        y += rowHeight
      }
    }
    if readers.isEmpty { canvas.absence(words("No readers."), in: plot) }
    return canvas.figure(
      name: name, title: heading, description: words("\(measure) of \(readers.count) readers."),
      caption: caption(isAided: isAided, hasModel: model != nil, words: words))
  }

  private static func draw(_ reader: Reader, shape: MarkShape, middle: Double, plot: Plot, canvas: inout Canvas) {
    let offset = reader.aided == nil ? 0.0 : 4
    for (estimate, y, colour) in [
      (reader.unaided, middle - offset, Palette.quiet), (reader.aided ?? .undefined, middle + offset, Palette.main),
    ] {
      guard estimate.value.isFinite, let interval = estimate.interval, interval.lower.isFinite, interval.upper.isFinite
      else { continue }
      let (left, right) = (max(plot.left, plot.column(interval.lower)), min(plot.right, plot.column(interval.upper)))
      canvas.interval(Point(left, y), Point(right, y), Stroke(colour, 1.1, opacity: 0.75), cap: 2.5)
    }
    let start = Point(plot.column(reader.unaided.value), middle - offset)
    if let aided = reader.aided, aided.value.isFinite {
      let end = Point(plot.column(aided.value), middle + offset)
      canvas.arrow(from: start, to: end, Stroke(Palette.second, 1.6), short: 5)
      canvas.mark(shape, at: end, radius: 5, colour: Palette.main)
    }
    if start.isFinite {
      canvas.mark(shape, at: start, radius: 5, colour: Palette.main, isFilled: reader.aided == nil)
    }
  }

  private static func draw(_ model: Model, plot: Plot, canvas: inout Canvas) {
    if let interval = model.value.interval, interval.lower.isFinite, interval.upper.isFinite {
      let (left, right) = (max(plot.left, plot.column(interval.lower)), min(plot.right, plot.column(interval.upper)))
      canvas.box(
        x: left, y: plot.top, width: max(0, right - left), height: plot.height, fill: Palette.second, opacity: 0.12)
    }
    let x = plot.column(model.value.value)
    canvas.line(Point(x, plot.top), Point(x, plot.bottom), Stroke(Palette.second, 1.6, dash: "6 3"))
  }

  private static func drawKey(
    isAided: Bool, model: Model?, plot: Plot, isShare: Bool, words: Wording, canvas: inout Canvas
  ) {
    var x = 24.0
    let y = 46.0
    if isAided {
      for (text, isFilled) in [(words("alone"), false), (words("with AI"), true)] {
        canvas.mark(.circle, at: Point(x + 6, y - 4), radius: 5, colour: Palette.main, isFilled: isFilled)
        canvas.text(text, at: Point(x + 17, y), size: 11.5)
        x += 17 + TextWidth.of(text, size: 11.5) + 18
      }
    }
    guard let model, model.value.value.isFinite else { return }
    let text = "\(model.label): \(written(model.value, isShare: isShare, words))"
    canvas.line(Point(x, y - 4), Point(x + 26, y - 4), Stroke(Palette.second, 1.6, dash: "6 3"))
    canvas.text(
      TextLines.shortened(text, width: canvas.width - x - 50, size: 11.5), at: Point(x + 32, y), size: 11.5)
  }

  private static func written(_ estimate: Estimate, isShare: Bool, _ words: Wording) -> String {
    guard isShare, estimate.value.isFinite else { return words.brief(estimate) }
    return words.brief(estimate.inPercent, decimals: 1) + "\u{202F}%"
  }

  private static func change(_ reader: Reader, isShare: Bool, _ words: Wording) -> String {
    func short(_ value: Double) -> String {
      value.isFinite ? (isShare ? Text.percent(value) : Text.signed(value, 3)) : words("n/a")
    }
    guard let aided = reader.aided else { return written(reader.unaided, isShare: isShare, words) }
    guard aided.value.isFinite, reader.unaided.value.isFinite else {
      return "\(short(reader.unaided.value)) → \(short(aided.value))"
    }
    let change = (aided.value - reader.unaided.value) * (isShare ? 100 : 1)
    let sign = change > 0 ? "+" : ""
    return "\(short(reader.unaided.value)) → \(short(aided.value)) (\(sign)\(Text.signed(change, isShare ? 1 : 3)))"
  }

  private static func axis(_ measure: String, _ readers: [Reader], _ model: Model?, _ isShare: Bool) -> Axis {
    let estimates = readers.flatMap { [$0.unaided, $0.aided ?? .undefined] } + [model?.value ?? .undefined]
    let known = estimates.filter(\.value.isFinite)
    let ends = known.flatMap { [$0.value, $0.interval?.lower ?? $0.value, $0.interval?.upper ?? $0.value] }
      .filter(\.isFinite)
    let (lower, upper) = (ends.min() ?? 0, ends.max() ?? 1)
    let pad = max(0.02, 0.04 * (upper - lower))
    let range = (lower >= 0 ? max(0, lower - pad) : lower - pad)...(upper <= 1 ? min(1, upper + pad) : upper + pad)
    let ticks = Axis.niceTicks(range.lowerBound, range.upperBound, about: 6)
    var axis = Axis(measure, range, ticks: ticks)
    if isShare { axis.format = { Text.percent($0, 0) } }
    return axis
  }

  private static func caption(isAided: Bool, hasModel: Bool, words: Wording) -> String {
    var parts = [
      isAided
        ? words("Each reader alone (hollow) and with AI (filled) with 95 % intervals.")
        : words("Each reader with the 95 % interval.")
    ]
    if hasModel { parts.append(words("Dashed: the model alone, its interval shaded.")) }
    return parts.joined(separator: words(" "))
  }
}

extension Estimate {
  var inPercent: Estimate {
    Estimate(
      value: value * 100,
      interval: interval.map { Interval(lower: $0.lower * 100, upper: $0.upper * 100, level: $0.level) })
  }
}
