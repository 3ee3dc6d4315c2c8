package import Statistics
package import Wording

/// ROC curves with their bands, the points where they were cut, and readers on the same plane.
package enum ROCFigure {
  package struct Rates: Sendable {
    package var sensitivity: Double
    package var specificity: Double

    package init(sensitivity: Double, specificity: Double) {
      (self.sensitivity, self.specificity) = (sensitivity, specificity)
    }

    var point: Point { Point(1 - specificity, sensitivity) }
    var isFinite: Bool { sensitivity.isFinite && specificity.isFinite }
  }

  package struct Curve: Sendable {
    package var label: String
    /// (1 - specificity, sensitivity), rising; empty where only one class is present.
    package var rates: [Point]
    /// Upper and lower edge of a band, both rising.
    package var band: (upper: [Point], lower: [Point])?
    package var auc: Estimate?
    package var operatingPoint: Rates?

    package init(
      label: String, rates: [Point], band: (upper: [Point], lower: [Point])? = nil, auc: Estimate?,
      operatingPoint: Rates? = nil
    ) {
      (self.label, self.rates, self.band, self.auc, self.operatingPoint) = (label, rates, band, auc, operatingPoint)
    }

    /// With the pointwise band of ``ROCBand`` and, unless given, DeLong's AUC with its interval on the logit scale.
    package init(
      label: String, scores: [Double], positives: [Bool], auc: Estimate? = nil, operatingPoint: Rates? = nil,
      hasBand: Bool = false
    ) {
      let points = CurvePoints(scores: scores, positives: positives)
      let band = hasBand ? CurvePoints(scores: scores, positives: positives, step: 0.006)?.band : nil
      let area =
        auc ?? (try? DeLong(scores: scores, positives: positives)).map { Estimate(value: $0.auc, interval: $0.logit()) }
      self.init(
        label: label, rates: points?.rates ?? [], band: band, auc: area, operatingPoint: operatingPoint)
    }
  }

  /// A reader's sensitivity and specificity, alone and with help.
  package struct Reader: Sendable {
    package var label: String
    /// Readers of a group share a mark and a line of the legend, such as "senior".
    package var group: String
    package var unaided: Rates
    package var aided: Rates?

    package init(label: String, group: String, unaided: Rates, aided: Rates? = nil) {
      (self.label, self.group, self.unaided, self.aided) = (label, group, unaided, aided)
    }
  }

  /// - Parameters:
  ///   - curves: one to twelve; the first is drawn in bold where it is the only one.
  ///   - thin: curves without a name of their own, such as one a fold; `thinLabel` is their line in the legend.
  ///   - notes: further lines of the legend, such as the counts of both classes.
  package static func figure(
    name: String, heading: String, curves: [Curve], thin: [[Point]] = [], thinLabel: String? = nil,
    readers: [Reader] = [], notes: [String] = [], words: Wording
  ) -> Figure {
    let legend = legend(curves, thinLabel: thinLabel, readers: readers, notes: notes, words: words)
    let isInside = curves.count <= 4 && readers.isEmpty && legend.width <= 300 && legend.height <= 170
    let beside = legend.limited(to: 330)
    var canvas = Canvas(
      width: isInside ? 520 : 520 + beside.width + 12, height: max(512, isInside ? 0 : beside.height + 60))
    let plot = Plot(
      left: 64, top: 44, width: 430, height: 416, x: .unit(words("1 − specificity (false positive rate)")),
      y: .unit(words("Sensitivity (true positive rate)")))
    canvas.heading(heading, at: Point(plot.left, 26), width: canvas.width - plot.left - 10)
    plot.drawFrame(on: &canvas)
    canvas.line(plot.place(0, 0), plot.place(1, 1), Palette.chance)

    for (index, curve) in curves.enumerated() {
      guard let band = curve.band else { continue }
      let outline = (band.upper + band.lower.reversed()).map { plot.place($0.x, $0.y) }
      let isOnly = curves.count == 1
      canvas.area(outline, fill: isOnly ? onlyBand : Palette.colour(index), opacity: isOnly ? 0.3 : 0.13)
    }
    for (index, points) in thin.enumerated() {
      var stroke = Palette.stroke(index, width: 1.1)
      stroke.opacity = 0.75
      canvas.path(points.map { plot.place($0.x, $0.y) }, stroke)
    }
    for (index, curve) in curves.enumerated().reversed() {
      canvas.path(curve.rates.map { plot.place($0.x, $0.y) }, stroke(index, of: curves.count))
    }
    for (index, curve) in curves.enumerated() {
      guard let point = curve.operatingPoint?.point, point.isFinite else { continue }
      let fill = curves.count == 1 ? Palette.second : Palette.colour(index)
      canvas.diamond(plot.place(point.x, point.y), radius: curves.count == 1 ? 7.5 : 6.5, fill: fill)
    }
    draw(readers, plot: plot, canvas: &canvas)
    if curves.allSatisfy(\.rates.isEmpty) && readers.isEmpty {
      canvas.absence(words("No curve: it needs both classes."), in: plot)
    }
    if isInside {
      legend.draw(on: &canvas, corner: Point(plot.right - legend.width - 6, plot.bottom - legend.height - 8))
    } else {
      beside.draw(on: &canvas, corner: Point(plot.right + 14, plot.top), isFramed: false)
    }
    let areas = curves.map { "\($0.label) \($0.auc.map { words.brief($0) } ?? words("one class only"))" }
    return canvas.figure(
      name: name, title: heading,
      description: words("Receiver operating characteristic; area under the curve: \(areas.joined(separator: "; "))."),
      caption: caption(curves, hasThin: !thin.isEmpty, readers: readers, words: words))
  }

  private static let onlyBand = "#7fa8c9"

  private static func stroke(_ index: Int, of count: Int) -> Stroke {
    count == 1 ? Stroke(Palette.main, 2.6) : Palette.stroke(index, width: count > 6 ? 1.7 : 2)
  }

  private static func groups(_ readers: [Reader]) -> [String] {
    readers.reduce(into: []) { if !$0.contains($1.group) { $0.append($1.group) } }
  }

  private static func draw(_ readers: [Reader], plot: Plot, canvas: inout Canvas) {
    var placer = LabelPlacer(plot: plot)
    let groups = groups(readers)
    for reader in readers {
      let start = plot.place(reader.unaided.point.x, reader.unaided.point.y)
      placer.occupy(start, radius: 5)
      guard let end = reader.aided.map({ plot.place($0.point.x, $0.point.y) }), end.isFinite else { continue }
      placer.occupy(end, radius: 5)
      canvas.arrow(from: start, to: end, Stroke(Palette.quiet, 1), short: 5.5)
    }
    for reader in readers {
      let group = groups.firstIndex(of: reader.group) ?? 0
      for (rates, isFilled) in [(reader.unaided, reader.aided == nil), (reader.aided ?? reader.unaided, true)] {
        guard rates.isFinite else { continue }
        let place = plot.place(rates.point.x, rates.point.y)
        canvas.mark(MarkShape.of(group), at: place, radius: 5, colour: Palette.ink, isFilled: isFilled)
      }
    }
    for reader in readers where reader.unaided.isFinite {
      let place = plot.place(reader.unaided.point.x, reader.unaided.point.y)
      placer.draw(
        TextLines.shortened(reader.label, width: 70, size: 11), beside: place, radius: 5, size: 11, on: &canvas)
    }
  }

  private static func legend(
    _ curves: [Curve], thinLabel: String?, readers: [Reader], notes: [String], words: Wording
  ) -> Legend {
    var legend = Legend()
    for (index, curve) in curves.enumerated() {
      guard !curve.rates.isEmpty else {
        legend.entries.append((.none, labelled(curve.label, words("One class only: no curve"), isLong: false)))
        continue
      }
      let area = words("AUC \(words.estimate(curve.auc ?? .undefined))")
      legend.entries.append((.line(stroke(index, of: curves.count)), labelled(curve.label, area, isLong: true)))
    }
    if curves.contains(where: { $0.band != nil }) {
      let isOnly = curves.count == 1
      legend.entries.append(
        (.area(isOnly ? onlyBand : "#8b949e", opacity: isOnly ? 0.4 : 0.3), words("95 % band, pointwise")))
    }
    if let thinLabel { legend.entries.append((.line(Palette.stroke(0, width: 1.1)), thinLabel)) }
    if curves.count == 1, let rates = curves[0].operatingPoint, rates.isFinite {
      let (sensitivity, specificity) = (Text.percent(rates.sensitivity, 0), Text.percent(rates.specificity, 0))
      legend.entries.append(
        (.diamond(fill: Palette.second), words("Cut-off: sens. \(sensitivity), spec. \(specificity)")))
    } else if curves.contains(where: { $0.operatingPoint?.isFinite == true }) {
      legend.entries.append((.diamond(fill: Palette.quiet), words("Cut-off in use")))
    }
    for (index, group) in groups(readers).enumerated() {
      let members = readers.count { $0.group == group }
      legend.entries.append(
        (
          .shape(MarkShape.of(index), colour: Palette.ink, isFilled: true),
          group.isEmpty ? words("Readers") : words("\(group) (\(members))")
        ))
    }
    if readers.contains(where: { $0.aided != nil }) {
      legend.entries.append((.none, words("hollow: alone, filled: with AI")))
    }
    legend.entries += notes.map { (.none, $0) }
    return legend
  }

  /// On one line where it is short.
  private static func labelled(_ label: String, _ text: String, isLong: Bool) -> String {
    if label.isEmpty { return text }
    return label + (isLong && TextWidth.of(label + text, size: 11.5) > 200 ? "\n" : ": ") + text
  }

  private static func caption(_ curves: [Curve], hasThin: Bool, readers: [Reader], words: Wording) -> String {
    var parts = [words("Receiver operating characteristic; the dashed diagonal is chance.")]
    if curves.contains(where: { $0.band != nil }) {
      parts.append(
        words(
          """
          The band covers the 95 % regions of all operating points (Wilson limits in every direction) and is \
          pointwise.
          """
        ))
    }
    if curves.contains(where: { $0.operatingPoint != nil }) {
      parts.append(
        words(
          "The diamonds are where the cut-offs in use lead; pooled over folds they need not lie on the curve."))
    }
    if !readers.isEmpty {
      parts.append(words("Each mark is a reader; an arrow leads from reading alone to reading with AI."))
    }
    return parts.joined(separator: words(" "))
  }
}
