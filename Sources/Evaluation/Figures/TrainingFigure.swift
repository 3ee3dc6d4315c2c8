import Figures

/// Loss (training and validation) and validation AUC by epoch: thin lines a fold each, bold the mean over folds.
enum TrainingFigure {
  /// nil where no epoch has a number to draw.
  static func svg(name: String, heading: String, history: TrainingHistory) -> String? {
    let folds = history.byFold
    let losses = history.epochs.flatMap { [$0.trainLoss, $0.validationLoss].compactMap(\.self) }.filter(\.isFinite)
    let last = history.epochs.map(\.epoch).max() ?? 0
    guard last > 0, let highest = losses.max() else { return nil }
    var canvas = Canvas(width: 760, height: 360)
    canvas.text(heading, at: Point(24, 26), size: 14, bold: true)
    let first = min(1, history.epochs.map(\.epoch).min() ?? 1)
    let epochAxis = epochs(Double(first)...Double(max(last, first + 1)))
    let loss = Plot(
      left: 62, top: 44, width: 296, height: 252, x: epochAxis, y: Axis("Loss", 0...(highest * 1.05)))
    loss.drawFrame(on: &canvas)
    let train = Stroke(Palette.benign, 1)
    let validation = Stroke(Palette.malignant, 1, dash: "5 3")
    draw(folds, \.trainLoss, train, plot: loss, canvas: &canvas)
    draw(folds, \.validationLoss, validation, plot: loss, canvas: &canvas)
    var legend = Legend()
    legend.entries.append((.line(Stroke(Palette.benign, 2.4)), "training"))
    legend.entries.append((.line(Stroke(Palette.malignant, 2.4, dash: "5 3")), "validation"))
    legend.draw(on: &canvas, corner: Point(loss.right - legend.width, loss.top + 4))

    let aucs = history.epochs.compactMap(\.validationAUC).filter(\.isFinite)
    let lowest = min(0.5, ((aucs.min() ?? 0.5) * 10).rounded(.down) / 10)
    let area = Plot(
      left: 444, top: 44, width: 296, height: 252, x: epochAxis, y: Axis("Validation AUC", lowest...1))
    area.drawFrame(on: &canvas)
    draw(folds, \.validationAUC, Stroke(Palette.main, 1), plot: area, canvas: &canvas)
    if aucs.isEmpty {
      canvas.text("none recorded", at: area.place((area.x.lower + area.x.upper) / 2, 0.75), anchor: .middle)
    }
    let count = Text.counted(folds.count, "fold")
    canvas.text(
      folds.count > 1 ? "\(count), thin; their mean, bold" : count, at: Point(740, 26), size: 11.5, anchor: .end,
      colour: Palette.quiet)
    return canvas.svg(name: name, title: heading, description: "Loss and validation AUC by training epoch.")
  }

  private static func epochs(_ range: ClosedRange<Double>) -> Axis {
    let ticks = Axis.niceTicks(range.lowerBound, range.upperBound, about: 6).filter { $0 == $0.rounded() }
    return Axis("Epoch", range, ticks: ticks, decimals: 0)
  }

  private static func draw(
    _ folds: [(fold: Int, epochs: [TrainingHistory.Epoch])], _ value: KeyPath<TrainingHistory.Epoch, Double?>,
    _ stroke: Stroke, plot: Plot, canvas: inout Canvas
  ) {
    var sums: [Int: (sum: Double, count: Int)] = [:]
    var thin = stroke
    thin.opacity = folds.count > 1 ? 0.4 : 0
    for fold in folds {
      var points: [Point] = []
      for epoch in fold.epochs {
        guard let number = epoch[keyPath: value], number.isFinite else { continue }
        points.append(plot.place(Double(epoch.epoch), number))
        let old = sums[epoch.epoch] ?? (0, 0)
        sums[epoch.epoch] = (old.sum + number, old.count + 1)
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
