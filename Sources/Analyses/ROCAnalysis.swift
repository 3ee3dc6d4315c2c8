public import Statistics
public import Tables

/// `stats roc`.
extension DiscriminationAnalyses {
  /// A part of the curve.
  public struct CurvePart: Sendable, Equatable {
    public var range: ClosedRange<Double>
    public var focus: PartialAUC.Focus

    public init(_ range: ClosedRange<Double>, of focus: PartialAUC.Focus) { (self.range, self.focus) = (range, focus) }
  }

  /// AUC with its intervals and the Youden point, per unit.
  /// - Parameters:
  ///   - resampling: a bootstrap of the AUC too, where it asks for resamples.
  ///   - part: the area under that part of the curve too, with an interval of 2,000 resamples where none are asked for.
  public static func roc(
    _ table: Table, _ columns: ScoredRows.Columns, unit: ScoredRows.Unit, level: Double = 0.95,
    resampling: Resampling = Resampling(), part: CurvePart? = nil
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    try resampling.check(table.source)
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      let curve = try ROCCurve(scores: rows.scores, positives: rows.positives)
      var report = ROCReport(rows, curve, unit: unit, level: level, source: table.source)
      report.addAnalytic()
      if resampling.resamples > 0 { try report.addBootstrap(resampling) }
      if let part { try report.addPart(part, resampling) }
      report.addYouden()
      return report.finished()
    }
  }
}

/// The result of `stats roc` as it grows.
private struct ROCReport {
  let rows: ScoredRows
  let curve: ROCCurve
  let unit: ScoredRows.Unit
  let level: Double
  let source: String
  var result: AnalysisResult
  var lines: [[String]]

  init(_ rows: ScoredRows, _ curve: ROCCurve, unit: ScoredRows.Unit, level: Double, source: String) {
    (self.rows, self.curve, self.unit, self.level, self.source) = (rows, curve, unit, level, source)
    result = AnalysisResult("roc", unit: unit.rawValue)
    result.values = [
      "n": .number(Double(rows.scores.count)), "positives": .number(Double(curve.positives)),
      "negatives": .number(Double(curve.negatives)), "auc": .number(curve.auc),
    ]
    result.notes = rows.notes
    lines = [["AUC", Printed.number(curve.auc, 4), ""]]
  }

  mutating func addAnalytic() {
    if let delong = try? DeLong(scores: rows.scores, positives: rows.positives) {
      result.values["standardError"] = .number(delong.standardError)
      result.values["wald"] = delong.wald(level: level).json
      lines.append(["DeLong, Wald", "", Printed.interval(delong.waldClipped(level: level), 4)])
      if let logit = delong.logit(level: level) {
        result.values["logit"] = logit.json
        lines.append(["DeLong, logit scale", "", Printed.interval(logit, 4)])
      } else {
        result.notes.append("the scores separate the classes perfectly: no interval on the logit scale")
      }
    } else {
      result.notes.append("fewer than two rows of a class: no interval")
    }
    guard rows.patientsRepeat else { return }
    do {
      let clustered = try ClusteredAUC(scores: rows.scores, positives: rows.positives, clusters: rows.patients)
      result.values["clustered"] = clustered.interval(level: level).json
      lines.append(
        [
          "Obuchowski, clustered by patient", "",
          Printed.interval(clustered.interval(level: level).clipped(to: 0...1), 4),
        ])
      if let logit = clustered.logit(level: level), clustered.variance > 0 {
        result.values["clusteredLogit"] = logit.json
        lines.append(["Obuchowski, logit scale", "", Printed.interval(logit, 4)])
      }
      result.notes.append("rows share patients: believe the interval clustered by patient, not DeLong's")
    } catch { result.notes.append("no interval clustered by patient: \(error)") }
  }

  mutating func addBootstrap(_ resampling: Resampling) throws {
    let draws = resampling.draws(of: rows)
    let outcome: BootstrapOutcome
    switch (draws, resampling.method) {
    case (.rows, .smoothed):
      let bootstrap = try SmoothedBootstrapAUC(
        scores: rows.scores, positives: rows.positives, resamples: resampling.resamples, seed: resampling.seed,
        level: level)
      outcome = BootstrapOutcome(bootstrap.sample, acceleration: nil, .smoothed, draws, level: level)
      result.values["bandwidths"] = .object([
        "positives": .number(bootstrap.bandwidths.positives), "negatives": .number(bootstrap.bandwidths.negatives),
      ])
    case (.rows, let method):
      let bootstrap = try BootstrapAUC(
        scores: rows.scores, positives: rows.positives, resamples: resampling.resamples, seed: resampling.seed,
        level: level)
      outcome = BootstrapOutcome(
        bootstrap.sample, acceleration: bootstrap.acceleration, method, draws, level: level)
    case (_, .smoothed):
      throw AnalysisError.input(
        source: source,
        reason: "the smoothed bootstrap takes rows as independent, and \(draws.rawValue) are drawn here; expected the "
          + "method percentile or bca, or rows to be drawn")
    case (_, let method):
      let bootstrap = try ClusterBootstrap.curve(
        scores: rows.scores, positives: rows.positives, clusters: resampling.clusters(of: rows, source: source),
        resamples: resampling.resamples, seed: resampling.seed)
      outcome = BootstrapOutcome(bootstrap, method, draws, level: level)
    }
    result.values["bootstrap"] = .object(outcome.json)
    lines.append([outcome.title, "", Printed.interval(outcome.interval, 4)])
    result.notes += outcome.notes("bootstrap")
    if draws == .rows, rows.patientsRepeat {
      result.notes.append("bootstrap: rows share patients and are drawn apart: the interval is too narrow")
    }
  }

  /// Percentile intervals: a partial area's influence values have no closed form.
  mutating func addPart(_ part: DiscriminationAnalyses.CurvePart, _ resampling: Resampling) throws {
    let draws = resampling.draws(of: rows)
    let resamples = resampling.resamples > 0 ? resampling.resamples : 2000
    let name = part.focus == .specificity ? "specificity" : "sensitivity"
    var values: [String: JSONValue] = [
      "of": .text(name), "from": .number(part.range.lowerBound), "to": .number(part.range.upperBound),
    ]
    for (key, standardised) in [("area", false), ("standardised", true)] {
      let measure = CurveMeasure.partialArea(part.range, part.focus, standardised: standardised)
      let outcome: BootstrapOutcome
      if draws == .rows {
        let bootstrap = try BootstrapCurve(
          measure, scores: rows.scores, positives: rows.positives, resamples: resamples, seed: resampling.seed)
        outcome = BootstrapOutcome(bootstrap.sample, acceleration: nil, .percentile, draws, level: level)
      } else {
        let bootstrap = try ClusterBootstrap.curve(
          measure, scores: rows.scores, positives: rows.positives,
          clusters: resampling.clusters(of: rows, source: source), resamples: resamples, seed: resampling.seed)
        outcome = BootstrapOutcome(bootstrap, .percentile, draws, level: level)
      }
      values[key] = .object(outcome.json.merging(["value": .number(outcome.sample.estimate)]) { $1 })
      let title =
        "partial AUC, \(name) \(Printed.plain(part.range.lowerBound)) to "
        + "\(Printed.plain(part.range.upperBound))" + (standardised ? ", McClish" : "")
      lines.append([title, Printed.number(outcome.sample.estimate, 4), Printed.interval(outcome.interval, 4)])
      if !standardised { result.notes += outcome.notes("partial AUC") }
    }
    result.values["partial"] = .object(values)
  }

  mutating func addYouden() {
    let youden = curve.youden
    result.values["youden"] = .object([
      "cutOff": .number(youden.threshold), "sensitivity": .number(youden.sensitivity),
      "specificity": .number(youden.specificity),
    ])
    lines.append(["Youden cut-off", Printed.plain(youden.threshold), ""])
    lines.append(["sensitivity there", Printed.number(youden.sensitivity), ""])
    lines.append(["specificity there", Printed.number(youden.specificity), ""])
  }

  func finished() -> AnalysisResult {
    var result = result
    if curve.points.count == 2 { result.notes.append("every score is the same: the AUC is 0.5 by definition") }
    if curve.auc < 0.5 {
      result.notes.append("the AUC is below 0.5: higher scores mean benign here; it is not turned")
    }
    if min(curve.positives, curve.negatives) < 5 {
      result.notes.append(
        "\(curve.positives) positive and \(curve.negatives) negative: intervals of so few mean little")
    }
    result.tables = [
      ResultTable(
        "ROC per \(unit.rawValue): \(curve.positives) positive, \(curve.negatives) negative",
        ["", "value", Level.title(level)], lines)
    ]
    return result
  }
}
