package import Wording

/// What the calls are worth when the least certain cases are left to a reader.
package enum DeferralFigure {
  package struct Place: Sendable {
    /// Share of the cases left to a reader.
    package var deferred: Double
    /// Of the kept cases; nil where no case of the class is kept.
    package var error: Double?
    package var sensitivity: Double?
    package var specificity: Double?

    package init(deferred: Double, error: Double?, sensitivity: Double?, specificity: Double?) {
      (self.deferred, self.error) = (deferred, error)
      (self.sensitivity, self.specificity) = (sensitivity, specificity)
    }
  }

  /// - operating: share deferred in use, a vertical line; nil for none.
  package static func figure(
    name: String, heading: String, places: [Place], operating: Double? = nil, words: Wording
  ) -> Figure {
    var canvas = Canvas(width: 520, height: 476)
    let plot = Plot(
      left: 64, top: 92, width: 430, height: 330, x: percent(words("Share left to a reader (%)")),
      y: percent(words("Of the cases kept (%)")))
    canvas.heading(heading, at: Point(24, 26), width: 480)
    plot.drawFrame(on: &canvas)
    let lines: [(String, KeyPath<Place, Double?>, Stroke)] = [
      (words("Sensitivity"), \.sensitivity, Palette.stroke(1, width: 2)),
      (words("Specificity"), \.specificity, Palette.stroke(0, width: 2)),
      (words("Error"), \.error, Palette.stroke(6, width: 2)),
    ]
    var x = 64.0
    for (label, path, stroke) in lines {
      canvas.path(
        places.compactMap { place in
          place[keyPath: path].map { plot.place(min(1, max(0, place.deferred)), min(1, max(0, $0))) }
        }, stroke)
      canvas.line(Point(x, 52), Point(x + 30, 52), stroke)
      canvas.text(label, at: Point(x + 36, 56), size: 11.5)
      x += 36 + TextWidth.of(label, size: 11.5) + 22
    }
    if let operating, operating.isFinite {
      let at = plot.column(min(1, max(0, operating)))
      canvas.line(Point(at, plot.top), Point(at, plot.bottom), Stroke(Palette.ink, 1, dash: "5 3", opacity: 0.7))
      canvas.text(
        words("in use: \(Text.percent(operating)) deferred"), at: Point(64, 76), size: 11.5, colour: Palette.quiet)
    }
    if places.isEmpty { canvas.absence(words("No cases."), in: plot) }
    return canvas.figure(
      name: name, title: heading,
      description: words("Error, sensitivity and specificity of the kept cases against the share left to a reader."),
      caption: words(
        "Error, sensitivity and specificity of the cases the model keeps, when the least certain are left to a reader.")
    )
  }

  private static func percent(_ title: String) -> Axis {
    var axis = Axis.unit(title)
    axis.format = { Text.fixed($0 * 100, 0) }
    return axis
  }
}
