import Statistics
import Tables

/// The result of `stats threshold` as it grows.
struct ThresholdReport {
  private let rows: ScoredRows
  private let point: OperatingPoint
  private let level: Double
  private var lines: [[String]] = []
  private var hasBootstrap = false
  var result: AnalysisResult

  init(_ rows: ScoredRows, cutOff: Double, unit: ScoredRows.Unit, level: Double) throws(StatisticsError) {
    (self.rows, self.level) = (rows, level)
    point = try OperatingPoint(rows, cutOff: cutOff, level: level)
    result = AnalysisResult("threshold", unit: unit.rawValue)
    result.notes = rows.notes
    if let note = point.note(rows) { result.notes.append(note) }
    if rows.patientsRepeat {
      result.notes.append(
        "rows share patients: believe the intervals clustered by patient; likelihood ratios take rows as independent")
    }
    let matrix = point.matrix
    result.values = [
      "cutOff": .number(cutOff), "tp": .number(Double(matrix.truePositives)),
      "fp": .number(Double(matrix.falsePositives)), "tn": .number(Double(matrix.trueNegatives)),
      "fn": .number(Double(matrix.falseNegatives)),
    ]
  }

  mutating func addShares(_ resampling: Resampling, source: String) throws {
    hasBootstrap = resampling.resamples > 0
    for share in point.shares {
      let exact = Proportion.clopperPearson(successes: share.successes, of: share.total, level: level).interval
      var values = share.json.object
      values["clopperPearson"] = exact?.json
      var cells = [Printed.interval(exact)]
      if rows.patientsRepeat { cells.append(Printed.interval(share.clustered?.estimate.interval)) }
      if hasBootstrap {
        var outcome: BootstrapOutcome?
        if share.wilson.isDefined {
          outcome = try OperatingPoint.bootstrap(share, of: rows, resampling, level: level, source: source)
        }
        values["bootstrap"] = outcome.map { .object($0.json) }
        result.notes += outcome?.notes("bootstrap of \(share.name)") ?? []
        cells.append(Printed.interval(outcome?.interval))
      }
      add(share.name, share.wilson, .object(values), cells)
    }
  }

  mutating func addRatios(prevalence: Double?) throws {
    let matrix = point.matrix
    let blank = [String](repeating: "", count: 1 + (rows.patientsRepeat ? 1 : 0) + (hasBootstrap ? 1 : 0))
    var list = [
      ("lrPositive", matrix.positiveLikelihoodRatio(level: level)),
      ("lrNegative", matrix.negativeLikelihoodRatio(level: level)),
    ]
    if let prevalence {
      let values = try matrix.predictiveValues(prevalence: prevalence, level: level)
      list += [
        ("ppv at \(Printed.plain(prevalence))", values.ppv), ("npv at \(Printed.plain(prevalence))", values.npv),
      ]
    }
    for (name, estimate) in list { add(name, estimate, estimate.json, blank) }
  }

  private mutating func add(_ name: String, _ estimate: Estimate, _ json: JSONValue, _ cells: [String]) {
    result.values[name] = json
    if !estimate.isDefined { result.notes.append("\(name): no cases, so that it has no value") }
    lines.append([name, Printed.number(estimate.value), Printed.interval(estimate.interval)] + cells)
  }

  func finished() -> AnalysisResult {
    var result = result
    let matrix = point.matrix
    var columns = ["", "value", "Wilson (log for ratios)", "Clopper-Pearson"]
    if rows.patientsRepeat { columns.append("clustered by patient") }
    if hasBootstrap { columns.append("bootstrap") }
    result.tables = [
      ResultTable(
        "Called positive at \(Printed.plain(point.cutOff)) or above, per \(result.unit ?? "row"): "
          + "TP \(matrix.truePositives), FP \(matrix.falsePositives), TN \(matrix.trueNegatives), "
          + "FN \(matrix.falseNegatives)", columns, lines)
    ]
    return result
  }
}
