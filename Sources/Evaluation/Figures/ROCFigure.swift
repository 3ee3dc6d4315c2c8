import Figures

/// The ROC curve: pooled over folds in bold with its band, one thin line a fold, the operating point that was used.
enum ROCFigure {
  static func svg(name: String, heading: String, evaluation: UnitEvaluation) -> String {
    let (rows, metrics) = (evaluation.rows, evaluation.metrics)
    var canvas = Canvas(width: 520, height: 512)
    let plot = Plot(
      left: 64, top: 44, width: 430, height: 416, x: .unit("1 − specificity (false positive rate)"),
      y: .unit("Sensitivity (true positive rate)"))
    canvas.text(heading, at: Point(plot.left, 26), size: 14, bold: true)
    plot.drawFrame(on: &canvas)
    canvas.line(plot.place(0, 0), plot.place(1, 1), Stroke("#8b949e", 1, dash: "4 4"))

    if let edges = CurvePoints(rows, step: 0.006)?.band {
      let outline = edges.upper + edges.lower.reversed()
      canvas.area(outline.map { plot.place($0.x, $0.y) }, fill: "#7fa8c9", opacity: 0.3)
    }
    drawFolds(rows: evaluation.foldRows, metrics: metrics, plot: plot, canvas: &canvas)
    let bold = Stroke(Palette.main, 2.6)
    canvas.path((CurvePoints(rows)?.rates ?? []).map { plot.place($0.x, $0.y) }, bold)

    var legend = Legend()
    let whole = metrics.folds.count < 2 ? "" : metrics.meanCutOff == nil ? "Pooled: " : "Mean score: "
    if let auc = metrics.pooledAUC {
      legend.entries.append((.line(bold), "\(whole)AUC \(EstimateText.auc(auc))"))
      legend.entries.append((.area("#7fa8c9", opacity: 0.4), "95\u{202F}% band, pointwise"))
    } else {
      legend.entries.append((.none, "One class only: no curve"))
    }
    if metrics.folds.count > 1, let mean = metrics.meanFoldAUC {
      let spread = metrics.standardDeviationOfFoldAUC.map { ", SD \(Text.fixed($0, 2))" } ?? ""
      let text = "\(metrics.foldsWithAUC) folds: mean AUC \(Text.fixed(mean, 2))\(spread)"
      legend.entries.append((.line(Palette.stroke(0, width: 1.1)), text))
    }
    if let sensitivity = metrics.diagnosis.sensitivity.value, let specificity = metrics.diagnosis.specificity.value {
      canvas.diamond(plot.place(1 - specificity, sensitivity), radius: 7.5, fill: Palette.second)
      let text = "Cut-off: sens. \(Text.percent(sensitivity, 0)), spec. \(Text.percent(specificity, 0))"
      legend.entries.append((.diamond(fill: Palette.second), text))
    }
    let benign = Text.count(metrics.count - metrics.positives)
    legend.entries.append(
      (.none, "\(Text.count(metrics.positives)) malignant, \(benign) benign \(metrics.unit.plural)"))
    legend.draw(on: &canvas, corner: Point(plot.right - legend.width - 6, plot.bottom - legend.height - 8))
    return canvas.svg(
      name: name, title: heading,
      description: "Receiver operating characteristic per \(metrics.unit.rawValue); "
        + (metrics.pooledAUC.map { "area under the curve \(EstimateText.auc($0))." } ?? "one class only, no curve."))
  }

  private static func drawFolds(rows: [UnitScore], metrics: UnitMetrics, plot: Plot, canvas: inout Canvas) {
    guard metrics.folds.count > 1 else { return }
    let byFold = Dictionary(grouping: rows, by: \.fold)
    for (index, fold) in metrics.folds.enumerated() where fold.auc != nil {
      guard let curve = CurvePoints(byFold[fold.fold] ?? []) else { continue }
      var stroke = Palette.stroke(index, width: 1.1)
      stroke.opacity = 0.75
      canvas.path(curve.rates.map { plot.place($0.x, $0.y) }, stroke)
    }
  }
}
