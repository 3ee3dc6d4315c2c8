package import Wording

/// A contrast clip over time: curves with their models over the phases, the frames left out, and below how the picture moved.
package enum ContrastTimelineFigure {
  /// What times count from.
  package enum Zero: Sendable { case injection, arrival, clip }

  package enum Site: Sendable { case panel, lesion, reference }

  /// Times in seconds from zero, powers with white = 1.
  package struct Curve: Sendable {
    package var site: Site
    package var times: [Double]
    package var powers: [Double]
    /// The model at the same times; nil where there is none.
    package var model: [Double]?

    package init(site: Site, times: [Double], powers: [Double], model: [Double]?) {
      (self.site, self.times, self.powers, self.model) = (site, times, powers, model)
    }
  }

  package struct Phase: Sendable {
    package var name: String
    package var start: Double
    package var end: Double

    package init(name: String, start: Double, end: Double) {
      (self.name, self.start, self.end) = (name, start, end)
    }
  }

  /// How far the picture has moved, in pixels to the right and down.
  package struct Place: Sendable {
    package var time: Double
    package var dx: Double
    package var dy: Double

    package init(time: Double, dx: Double, dy: Double) { (self.time, self.dx, self.dy) = (time, dx, dy) }
  }

  /// - excluded: times of frames that belong to no curve.
  /// - places: empty where motion was not followed.
  package static func figure(
    name: String, heading: String, curves: [Curve], phases: [Phase], arrival: Double?, excluded: [Double],
    places: [Place], zero: Zero, words: Wording
  ) -> Figure {
    let width = 800.0
    let entries = legend(curves, hasArrival: arrival != nil, hasExcluded: !excluded.isEmpty, words)
    let rows = flow(entries, width: width - 88)
    let top = 52 + 20 * Double((rows.last?.row ?? 0) + 1)
    let times = (curves.flatMap(\.times) + places.map(\.time) + excluded).filter(\.isFinite)
    let range = (times.min() ?? 0)...(times.max() ?? 1)
    let highest = curves.flatMap { $0.powers + ($0.model ?? []) }.filter(\.isFinite).max() ?? 0
    let upper = Plot(
      left: 64, top: top, width: width - 88, height: 270, x: Axis("", range, ticks: ticks(range)),
      y: Axis(words("Echo power (% of white)"), 0...(highest > 0 ? 118 * highest : 1)))
    let lower = Plot(
      left: 64, top: upper.bottom + 34, width: upper.width, height: 110,
      x: Axis(title(zero, words), range, ticks: ticks(range)), y: displacementAxis(places, words))
    var canvas = Canvas(width: width, height: lower.bottom + 52)
    canvas.heading(heading, at: Point(24, 26), width: width - 48)
    for (entry, place) in zip(entries, rows) {
      draw(entry, at: Point(64 + place.x, 52 + 20 * Double(place.row)), on: &canvas)
    }
    shade(phases, upper, lower, on: &canvas, words)
    upper.drawFrame(on: &canvas, xLabels: false)
    canvas.clipped(to: upper, margin: 1) { canvas in
      for time in excluded {
        let at = upper.column(time)
        canvas.line(Point(at, upper.bottom - 9), Point(at, upper.bottom), excludedStroke)
      }
      for curve in curves { draw(curve, in: upper, on: &canvas) }
      if let arrival {
        let at = upper.column(arrival)
        canvas.line(Point(at, upper.top), Point(at, upper.bottom), arrivalStroke)
      }
    }
    if curves.allSatisfy({ $0.times.isEmpty }) { canvas.absence(words("No curve."), in: upper) }
    lower.drawFrame(on: &canvas)
    if places.isEmpty {
      canvas.absence(words("No motion was followed."), in: lower)
    } else {
      canvas.path(places.map { lower.place($0.time, $0.dx) }, acrossStroke)
      canvas.path(places.map { lower.place($0.time, $0.dy) }, downStroke)
      let right = words("right")
      let down = words("down")
      var x = lower.right - TextWidth.of(right + down, size: 11.5) - 84
      for (label, stroke) in [(right, acrossStroke), (down, downStroke)] {
        canvas.line(Point(x, lower.top - 10), Point(x + 24, lower.top - 10), stroke)
        canvas.text(label, at: Point(x + 30, lower.top - 6), size: 11.5)
        x += 46 + TextWidth.of(label, size: 11.5)
      }
    }
    return canvas.figure(
      name: name, title: heading,
      description: words("Echo power of contrast over time with phases, and below the displacement of the picture."),
      caption: words(
        "Mean echo power over time, log compression undone; thin as measured, bold the fitted bolus model. Shaded: phases. Ticks at the foot: frames left out. Below: how far the picture lies from the reference frame."
      ))
  }

  private static let arrivalStroke = Stroke(Palette.ink, 1.2, dash: "5 3", opacity: 0.8)
  private static let excludedStroke = Stroke("#a40000", 0.8, opacity: 0.8)
  private static let acrossStroke = Stroke(Palette.colour(2), 1.1)
  private static let downStroke = Stroke(Palette.colour(3), 1.1, dash: "4 2")

  private static func stroke(_ site: Site, width: Double) -> Stroke {
    switch site {
    case .lesion: Stroke(Palette.malignant, width)
    case .reference: Stroke(Palette.benign, width, dash: width > 1.5 ? "7 3" : nil)
    case .panel: Stroke("#777777", width, dash: width > 1.5 ? "2 2.5" : nil)
    }
  }

  private static func draw(_ curve: Curve, in plot: Plot, on canvas: inout Canvas) {
    var thin = stroke(curve.site, width: 0.9)
    thin.opacity = 0.55
    canvas.path(zip(curve.times, curve.powers).map { plot.place($0, 100 * $1) }, thin)
    guard let model = curve.model else { return }
    canvas.path(zip(curve.times, model).map { plot.place($0, 100 * $1) }, stroke(curve.site, width: 2.2))
  }

  private static func shade(
    _ phases: [Phase], _ upper: Plot, _ lower: Plot, on canvas: inout Canvas, _ words: Wording
  ) {
    for (at, phase) in phases.enumerated() {
      let left = max(upper.left, upper.column(phase.start))
      let right = min(upper.right, upper.column(phase.end))
      guard right > left else { continue }
      for plot in [upper, lower] {
        canvas.box(
          x: left, y: plot.top, width: right - left, height: plot.height, fill: at % 2 == 0 ? "#e8eef6" : "#f6eee2")
      }
      guard right - left > 30 else { continue }
      canvas.text(
        TextLines.shortened(title(phase.name, words), width: right - left - 8, size: 11.5),
        at: Point((left + right) / 2, upper.top + 15), size: 11.5, anchor: .middle, colour: Palette.quiet)
    }
  }

  private static func title(_ zero: Zero, _ words: Wording) -> String {
    switch zero {
    case .injection: words("Time from injection (s)")
    case .arrival: words("Time from arrival of contrast (s)")
    case .clip: words("Time of the clip (s)")
    }
  }

  /// The phases that guidelines name, in the reader's language; others as they are called.
  private static func title(_ phase: String, _ words: Wording) -> String {
    switch phase {
    case "cortical": words("cortical phase")
    case "medullary": words("medullary phase")
    case "arterial": words("arterial phase")
    case "portal": words("portal venous phase")
    case "early": words("early phase")
    case "middle": words("middle phase")
    case "late": words("late phase")
    default: phase
    }
  }

  private static func displacementAxis(_ places: [Place], _ words: Wording) -> Axis {
    let farthest = places.flatMap { [abs($0.dx), abs($0.dy)] }.filter(\.isFinite).max() ?? 0
    let end = max(1, farthest * 1.1)
    return Axis(words("Motion (px)"), -end...end, ticks: Axis.niceTicks(-end, end, about: 4))
  }

  private static func ticks(_ range: ClosedRange<Double>) -> [Double] {
    Axis.niceTicks(range.lowerBound, range.upperBound, about: 10)
  }

  private typealias Entry = (stroke: Stroke, label: String)

  private static func legend(
    _ curves: [Curve], hasArrival: Bool, hasExcluded: Bool, _ words: Wording
  ) -> [Entry] {
    var entries: [Entry] = curves.map { curve in
      let label =
        switch curve.site {
        case .lesion: words("lesion")
        case .reference: words("reference parenchyma")
        case .panel: words("whole panel")
        }
      return (stroke(curve.site, width: curve.model == nil ? 1.2 : 2.2), label)
    }
    if hasArrival { entries.append((arrivalStroke, words("arrival of contrast"))) }
    if hasExcluded { entries.append((excludedStroke, words("frames left out"))) }
    return entries
  }

  /// Entries beside each other, and in further rows where there is no room.
  private static func flow(_ entries: [Entry], width: Double) -> [(x: Double, row: Int)] {
    var (x, row) = (0.0, 0)
    return entries.map { entry in
      let needed = 36 + TextWidth.of(entry.label, size: 11.5) + 20
      if x > 0, x + needed > width { (x, row) = (0, row + 1) }
      defer { x += needed }
      return (x, row)
    }
  }

  private static func draw(_ entry: Entry, at place: Point, on canvas: inout Canvas) {
    canvas.line(place, Point(place.x + 28, place.y), entry.stroke)
    canvas.text(entry.label, at: Point(place.x + 34, place.y + 4), size: 11.5)
  }
}
