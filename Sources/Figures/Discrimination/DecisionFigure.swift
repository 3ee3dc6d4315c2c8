package import Statistics
package import Wording

/// Net benefit against the threshold probability, beside treating all and none (S2-18).
package enum DecisionFigure {
  package struct Place: Sendable {
    package var threshold: Double
    package var netBenefit: Double
    package var limits: (lower: Double, upper: Double)?

    package init(threshold: Double, netBenefit: Double, limits: (lower: Double, upper: Double)? = nil) {
      (self.threshold, self.netBenefit, self.limits) = (threshold, netBenefit, limits)
    }
  }

  package struct Model: Sendable {
    package var label: String
    /// Rising in threshold.
    package var places: [Place]
    /// Where treat-all is as good; nil for where the curve does not lie above treat-all's.
    package var allAsGood: [ClosedRange<Double>]?

    package init(label: String, places: [Place], allAsGood: [ClosedRange<Double>]? = nil) {
      (self.label, self.places, self.allAsGood) = (label, places, allAsGood)
    }

    package init(label: String, _ curve: DecisionCurve) {
      self.init(label: label, places: curve.points.map { Place(threshold: $0.threshold, netBenefit: $0.model) })
    }
  }

  /// - Parameters:
  ///   - prevalence: share of malignant units, for the line of treat-all.
  ///   - isStandardised: net benefit as a share of the largest possible one, the prevalence.
  ///   - largest: end of the threshold axis; nil for a little beyond where the last model has a net benefit.
  package static func figure(
    name: String, heading: String, models: [Model], prevalence: Double, isStandardised: Bool = false,
    largest: Double? = nil, words: Wording
  ) -> Figure {
    let known = models.map { model in
      var model = model
      model.places = model.places.filter { $0.threshold.isFinite && $0.threshold < 1 && $0.netBenefit.isFinite }
      return model
    }
    let scale = isStandardised && prevalence > 0 ? 1 / prevalence : 1
    let end = largest.map { min(0.99, max(0.05, $0)) } ?? reach(known)
    let top = max(known.flatMap { $0.places.map(\.netBenefit) }.max() ?? 0, prevalence.isFinite ? prevalence : 0, 0.05)
    let ticks = Axis.niceTicks(0, end, about: 6)
    let x = Axis(words("Threshold probability"), 0...end, ticks: ticks)
    let strips = known.count > 1 ? Double(known.count) * 15 + 26 : 0
    var legend = Legend()
    for (index, model) in known.enumerated() {
      legend.entries.append(
        (.line(stroke(index, known.count)), model.places.isEmpty ? words("\(model.label): not estimable") : model.label)
      )
    }
    if known.contains(where: { $0.places.contains { $0.limits != nil } }) {
      let fill = known.count == 1 ? stroke(0, 1).colour : "#8b949e"
      legend.entries.append((.area(fill, opacity: 0.25), words("95 % band, pointwise")))
    }
    legend.entries.append((.line(all), words("Treat all")))
    legend.entries.append((.line(none), words("Treat none")))
    legend.entries.append((.area(shade, opacity: 1), words("Treat-all is as good")))
    let plot = Plot(
      left: 64, top: 44, width: 430, height: 340, x: x,
      y: Axis(
        isStandardised ? words("Standardised net benefit") : words("Net benefit"),
        (-0.14 * top * scale)...(1.06 * top * scale)))
    let corner = corner(legend, models: known, prevalence: prevalence, scale: scale, plot: plot)
    let beside = legend.limited(to: 280)
    var canvas = Canvas(
      width: corner == nil ? 520 + beside.width + 12 : 520,
      height: max(444 + strips, corner == nil ? beside.height + 60 : 0))
    canvas.heading(heading, at: Point(plot.left, 26), width: canvas.width - plot.left - 10)

    let asGood = known.map { ranges($0, prevalence: prevalence, end: end) }
    for range in common(asGood) where known.contains(where: { !$0.places.isEmpty }) {
      let (left, right) = (plot.column(max(0, range.lowerBound)), plot.column(min(end, range.upperBound)))
      canvas.box(x: left, y: plot.top, width: max(1.5, right - left), height: plot.height, fill: shade)
    }
    plot.drawFrame(on: &canvas)
    canvas.clipped(to: plot) { canvas in
      draw(known, scale: scale, plot: plot, canvas: &canvas)
      let thresholds = (0...200).map { Double($0) / 200 * end }
      canvas.path(
        thresholds.map { plot.place($0, scale * (prevalence - (1 - prevalence) * $0 / (1 - $0))) }, all)
      canvas.line(plot.place(0, 0), plot.place(end, 0), none)
    }
    if known.allSatisfy(\.places.isEmpty) { canvas.absence(words("No model has a net benefit to draw."), in: plot) }
    if strips > 0 { drawStrips(asGood, plot: plot, end: end, words: words, canvas: &canvas) }
    if let corner {
      legend.draw(on: &canvas, corner: corner)
    } else {
      beside.draw(on: &canvas, corner: Point(plot.right + 14, plot.top), isFramed: false)
    }
    return canvas.figure(
      name: name, title: heading,
      description: words(
        "Decision curves of \(models.map(\.label).joined(separator: ", ")) with treat-all and treat-none."),
      caption: caption(known, isStandardised: isStandardised, words: words))
  }

  private static let shade = "#e6e8eb"
  private static let all = Stroke("#6b7480", 1.5, dash: "1.5 2.5")
  private static let none = Stroke("#1b1f24", 1.1)

  private static func stroke(_ index: Int, _ count: Int) -> Stroke {
    count == 1 ? Stroke(Palette.main, 2.4) : Palette.stroke(index, width: 2)
  }

  /// A little beyond the last threshold at which a model gains anything: further out nobody acts.
  private static func reach(_ models: [Model]) -> Double {
    let last = models.flatMap(\.places).filter { $0.netBenefit > 0 }.map(\.threshold).max() ?? 0.5
    let most = models.flatMap(\.places).map(\.threshold).max() ?? 0.99
    return max(0.1, min(0.99, most, ((last + 0.04) * 20).rounded(.up) / 20))
  }

  /// Where the legend covers no curve: above right, else below left; nil for neither.
  private static func corner(
    _ legend: Legend, models: [Model], prevalence: Double, scale: Double, plot: Plot
  ) -> Point? {
    guard legend.width < 300, legend.entries.count <= 8 else { return nil }
    var points: [Point] = []
    for place in models.flatMap(\.places) {
      let values = [place.netBenefit, place.limits?.lower, place.limits?.upper].compactMap(\.self)
      points += values.map { plot.place(place.threshold, $0 * scale) }
    }
    for step in 0...200 {
      let threshold = Double(step) / 200 * plot.x.upper
      let all = prevalence - (1 - prevalence) * threshold / (1 - threshold)
      points.append(plot.place(threshold, scale * all))
    }
    let corners = [
      Point(plot.right - legend.width - 4, plot.top + 4), Point(plot.left + 8, plot.row(0) - legend.height - 10),
    ]
    return corners.first { corner in
      let (across, down) = (corner.x - 6...corner.x + legend.width + 6, corner.y - 6...corner.y + legend.height + 6)
      return corner.y >= plot.top + 4 && !points.contains { across.contains($0.x) && down.contains($0.y) }
    }
  }

  private static func ranges(_ model: Model, prevalence: Double, end: Double) -> [ClosedRange<Double>] {
    if let given = model.allAsGood { return given.filter { $0.lowerBound < end && $0.upperBound > 0 } }
    var ranges: [ClosedRange<Double>] = []
    var start: Double?
    var last = 0.0
    for place in model.places {
      let all = prevalence - (1 - prevalence) * place.threshold / (1 - place.threshold)
      let isAsGood = place.netBenefit <= all + 1e-12
      if isAsGood, start == nil { start = place.threshold }
      if !isAsGood, let from = start {
        ranges.append(from...last)
        start = nil
      }
      last = place.threshold
    }
    if let start { ranges.append(start...max(start, last)) }
    return ranges.filter { $0.lowerBound < end }
  }

  /// What lies in a range of every model.
  private static func common(_ sets: [[ClosedRange<Double>]]) -> [ClosedRange<Double>] {
    guard let first = sets.first else { return [] }
    return sets.dropFirst().reduce(first) { kept, ranges in
      kept.flatMap { range in ranges.filter { $0.overlaps(range) }.map { $0.clamped(to: range) } }
    }
  }

  private static func draw(_ models: [Model], scale: Double, plot: Plot, canvas: inout Canvas) {
    for (index, model) in models.enumerated() {
      let banded = model.places.compactMap { place in place.limits.map { (place.threshold, $0) } }
      let upper = banded.map { plot.place($0.0, $0.1.upper * scale) }
      let lower = banded.map { plot.place($0.0, $0.1.lower * scale) }
      canvas.area(
        upper + lower.reversed(), fill: stroke(index, models.count).colour, opacity: models.count == 1 ? 0.2 : 0.12)
    }
    for (index, model) in models.enumerated().reversed() {
      canvas.path(model.places.map { plot.place($0.threshold, $0.netBenefit * scale) }, stroke(index, models.count))
    }
  }

  /// A bar for each model over the thresholds where treat-all is as good as it.
  private static func drawStrips(
    _ sets: [[ClosedRange<Double>]], plot: Plot, end: Double, words: Wording, canvas: inout Canvas
  ) {
    let top = plot.bottom + 58
    canvas.text(
      words("Treat-all is as good as the model at:"), at: Point(plot.left, top), size: 11, colour: Palette.quiet)
    for (index, ranges) in sets.enumerated() {
      let y = top + 14 + Double(index) * 15
      canvas.line(Point(plot.left - 34, y), Point(plot.left - 6, y), stroke(index, sets.count))
      canvas.line(Point(plot.left, y), Point(plot.right, y), Stroke(Palette.grid, 1))
      for range in ranges {
        let (left, right) = (plot.column(max(0, range.lowerBound)), plot.column(min(end, range.upperBound)))
        canvas.box(
          x: left, y: y - 4, width: max(2, right - left), height: 8, fill: stroke(index, sets.count).colour,
          opacity: 0.8)
      }
    }
  }

  private static func caption(_ models: [Model], isStandardised: Bool, words: Wording) -> String {
    var parts = [
      words(
        "Net benefit of acting on a predicted probability at or above the threshold, beside acting on all and on none.")
    ]
    if isStandardised {
      parts.append(words("Standardised: as a share of the prevalence, the largest net benefit there can be."))
    }
    parts.append(
      models.count > 1
        ? words("Shaded where treat-all is as good as every model; the bars below show it for each.")
        : words("Shaded where treat-all is as good as the model."))
    return parts.joined(separator: words(" "))
  }
}
