package import Wording

/// Loss (training and validation) and validation AUC by epoch: thin lines a fold each, bold the mean over folds.
package enum TrainingFigure {
  /// What is nil or not finite was not recorded.
  package struct Epoch: Sendable {
    /// Counted from 1.
    package var number: Int
    package var trainLoss: Double?
    package var validationLoss: Double?
    package var validationAUC: Double?

    package init(number: Int, trainLoss: Double?, validationLoss: Double?, validationAUC: Double?) {
      (self.number, self.trainLoss) = (number, trainLoss)
      (self.validationLoss, self.validationAUC) = (validationLoss, validationAUC)
    }
  }

  /// - folds: each fold's epochs, rising.
  /// - Returns: nil where no epoch has a loss to draw.
  package static func figure(name: String, heading: String, folds: [[Epoch]], words: Wording) -> Figure? {
    let epochs = folds.flatMap(\.self)
    let losses = epochs.flatMap { [$0.trainLoss, $0.validationLoss].compactMap(\.self) }.filter(\.isFinite)
    let last = epochs.map(\.number).max() ?? 0
    guard last > 0, let highest = losses.max() else { return nil }
    var canvas = Canvas(width: 760, height: 360)
    let count = folds.count == 1 ? words("1 fold") : words("\(folds.count) folds, thin; their mean, bold")
    canvas.heading(heading, at: Point(24, 26), width: 700 - TextWidth.of(count, size: 11.5))
    canvas.text(count, at: Point(740, 26), size: 11.5, anchor: .end, colour: Palette.quiet)
    let first = min(1, epochs.map(\.number).min() ?? 1)
    let axis = epochAxis(Double(first)...Double(max(last, first + 1)), words)
    let loss = Plot(
      left: 62, top: 44, width: 296, height: 252, x: axis, y: Axis(words("Loss"), 0...(highest * 1.05)))
    loss.drawFrame(on: &canvas)
    let train = Stroke(Palette.benign, 1)
    let validation = Stroke(Palette.malignant, 1, dash: "5 3")
    draw(folds, \.trainLoss, train, plot: loss, canvas: &canvas)
    draw(folds, \.validationLoss, validation, plot: loss, canvas: &canvas)
    var legend = Legend()
    legend.entries.append((.line(Stroke(Palette.benign, 2.4)), words("training")))
    legend.entries.append((.line(Stroke(Palette.malignant, 2.4, dash: "5 3")), words("validation")))
    legend.draw(on: &canvas, corner: Point(loss.right - legend.width, loss.top + 4))

    let aucs = epochs.compactMap(\.validationAUC).filter(\.isFinite)
    let lowest = min(0.5, ((aucs.min() ?? 0.5) * 10).rounded(.down) / 10)
    let area = Plot(
      left: 444, top: 44, width: 296, height: 252, x: axis, y: Axis(words("Validation AUC"), lowest...1))
    area.drawFrame(on: &canvas)
    draw(folds, \.validationAUC, Stroke(Palette.main, 1), plot: area, canvas: &canvas)
    if aucs.isEmpty { canvas.absence(words("none recorded"), in: area) }
    return canvas.figure(
      name: name, title: heading, description: words("Loss and validation AUC by training epoch."),
      caption: words("Loss on training and validation parts and AUC on the validation part, by epoch."))
  }

  private static func epochAxis(_ range: ClosedRange<Double>, _ words: Wording) -> Axis {
    let ticks = Axis.niceTicks(range.lowerBound, range.upperBound, about: 6).filter { $0 == $0.rounded() }
    return Axis(words("Epoch"), range, ticks: ticks, decimals: 0)
  }

  private static func draw(
    _ folds: [[Epoch]], _ value: KeyPath<Epoch, Double?>, _ stroke: Stroke, plot: Plot, canvas: inout Canvas
  ) {
    var sums: [Int: (sum: Double, count: Int)] = [:]
    var thin = stroke
    thin.opacity = folds.count > 1 ? 0.4 : 0
    for fold in folds {
      var points: [Point] = []
      for epoch in fold {
        guard let number = epoch[keyPath: value], number.isFinite else { continue }
        points.append(plot.place(Double(epoch.number), number))
        let old = sums[epoch.number] ?? (0, 0)
        sums[epoch.number] = (old.sum + number, old.count + 1)
      }
      if folds.count > 1 { canvas.path(points, thin) }
    }
    // The mean is drawn only where every fold still trains: a fold that stopped early would bend it.
    let complete = sums.filter { $0.value.count == folds.count }.sorted { $0.key < $1.key }
    var bold = stroke
    bold.width = 2.4
    let mean = complete.map { plot.place(Double($0.key), $0.value.sum / Double($0.value.count)) }
    canvas.path(mean, bold)
    if mean.count == 1 { canvas.circle(mean[0], radius: 3, fill: stroke.colour) }
  }
}
