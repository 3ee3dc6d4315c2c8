package import Statistics
package import Wording

/// The AUC of each fold with its interval, the mean over folds and the pooled one, for one or several models.
package enum FoldFigure {
  package struct Series: Sendable {
    package var label: String
    /// In order; nil where a fold has one class only.
    package var folds: [Estimate?]
    package var pooled: Estimate?

    package init(label: String, folds: [Estimate?], pooled: Estimate? = nil) {
      (self.label, self.folds, self.pooled) = (label, folds, pooled)
    }
  }

  package static func figure(name: String, heading: String, series: [Series], words: Wording) -> Figure {
    let count = series.map(\.folds.count).max() ?? 0
    var legend = Legend()
    for (index, one) in series.enumerated() {
      let known = one.folds.compactMap { $0?.value }.filter(\.isFinite)
      let mean = known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
      var text = known.isEmpty ? words("no fold has an AUC") : words("mean of \(known.count): \(Text.fixed(mean, 3))")
      if let pooled = one.pooled { text += words("; pooled \(words.brief(pooled, decimals: 3))") }
      legend.entries.append(
        (
          .shape(MarkShape.of(index), colour: Palette.colour(index), isFilled: true),
          one.label.isEmpty ? text : one.label + "\n" + text
        ))
    }
    legend.entries.append((.line(Stroke(Palette.quiet, 1.2, dash: "5 3")), words("mean over folds")))
    legend = legend.limited(to: 440)
    let width = count * max(1, series.count) > 24 ? 760.0 : 520
    var canvas = Canvas(width: width, height: 352 + legend.height)
    let values = series.flatMap { one in
      (one.folds + [one.pooled]).compactMap(\.self).flatMap { [$0.value, $0.interval?.lower ?? $0.value] }
    }.filter(\.isFinite)
    let lowest = max(0, min(0.5, (((values.min() ?? 0.5) - 0.02) * 10).rounded(.down) / 10))
    let plot = Plot(
      left: 64, top: 44, width: width - 90, height: 250, x: Axis("", 0.5...(Double(max(1, count)) + 0.5), ticks: []),
      y: Axis("AUC", lowest...1))
    canvas.heading(heading, at: Point(plot.left, 26), width: plot.width)
    plot.drawFrame(on: &canvas)
    for fold in 0..<count {
      canvas.text(
        "\(fold + 1)", at: Point(plot.column(Double(fold + 1)), plot.bottom + 17), size: 11.5, anchor: .middle)
    }
    canvas.text(words("Fold"), at: Point(plot.left + plot.width / 2, plot.bottom + 36), size: 12.5, anchor: .middle)
    for (index, one) in series.enumerated() {
      let colour = Palette.colour(index)
      let known = one.folds.compactMap { $0?.value }.filter(\.isFinite)
      if !known.isEmpty {
        let mean = plot.row(known.reduce(0, +) / Double(known.count))
        canvas.line(Point(plot.left, mean), Point(plot.right, mean), Stroke(colour, 1.2, dash: "5 3"))
      }
      for (fold, estimate) in one.folds.enumerated() {
        let shift = (Double(index) - Double(series.count - 1) / 2) * min(0.16, 0.7 / Double(max(1, series.count)))
        let x = plot.column(Double(fold + 1) + shift)
        guard let estimate, estimate.value.isFinite else { continue }
        if let interval = estimate.interval, interval.lower.isFinite, interval.upper.isFinite {
          canvas.interval(
            Point(x, plot.row(max(lowest, interval.lower))), Point(x, plot.row(min(1, interval.upper))),
            Stroke(colour, 1.4))
        }
        canvas.mark(MarkShape.of(index), at: Point(x, plot.row(estimate.value)), radius: 5, colour: colour)
      }
    }
    if values.isEmpty { canvas.absence(words("No fold has an AUC: it needs both classes."), in: plot) }
    legend.draw(on: &canvas, corner: Point(plot.left - 8, plot.bottom + 46), isFramed: false)
    return canvas.figure(
      name: name, title: heading, description: words("Area under the ROC curve of each of \(count) folds."),
      caption: words("Area under the ROC curve of each fold's own test part with its 95 % interval."))
  }
}
