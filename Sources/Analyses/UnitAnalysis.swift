import Statistics
public import Tables

/// `stats clusters`.
extension DiscriminationAnalyses {
  /// AUC and, at a cut-off, sensitivity and the rest, per image, lesion, patient and site at once, each with the interval that
  /// its clustering asks for.
  /// - cutOff: a score at or above it is called positive; Youden's on each unit's own rows where nil.
  public static func clusters(
    _ table: Table, _ columns: ScoredRows.Columns, cutOff: Double? = nil, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    let rows = try ScoredRows(table, columns)
    var result = AnalysisResult("clusters")
    result.notes = rows.notes
    var reports: [UnitReport] = []
    for unit in ScoredRows.Unit.allCases {
      let own = try rows.by(unit)
      do throws(StatisticsError) {
        let report = try UnitReport(own, unit, cutOff: cutOff, level: level)
        result.values[unit.rawValue] = report.json
        result.notes += report.notes
        reports.append(report)
      } catch {
        result.notes.append("per \(unit.rawValue): \(error)")
      }
    }
    guard !reports.isEmpty else {
      throw .input(source: table.source, reason: result.notes.joined(separator: "; "))
    }
    if cutOff == nil {
      result.notes.append("Youden's cut-offs were chosen on these rows, so that the figures at them are optimistic")
    }
    if !rows.patientsAreKnown { result.notes.append("the table names no patients: each lesion counts as one") }
    result.tables = [
      ResultTable(
        "AUC by unit", ["unit", "n", "AUC", "DeLong (rows independent)", "clustered by patient", "design effect"],
        reports.map(\.areaCells))
    ]
    result.tables += reports.map(\.shareTable)
    try SiteReport.add(rows, cutOff: cutOff, level: level, to: &result)
    return result
  }
}

/// One unit's estimates.
private struct UnitReport {
  let unit: ScoredRows.Unit
  let rows: ScoredRows
  let plain: DeLong
  let clustered: ClusteredAUC?
  let point: OperatingPoint
  let level: Double
  var notes: [String] = []

  init(_ rows: ScoredRows, _ unit: ScoredRows.Unit, cutOff: Double?, level: Double) throws(StatisticsError) {
    (self.rows, self.unit, self.level) = (rows, unit, level)
    plain = try DeLong(scores: rows.scores, positives: rows.positives)
    let cut: Double
    if let cutOff { cut = cutOff } else { cut = try CutOff.youden(scores: rows.scores, positives: rows.positives) }
    point = try OperatingPoint(rows, cutOff: cut, level: level)
    var notes: [String] = []
    if rows.patientsRepeat {
      do throws(StatisticsError) {
        clustered = try ClusteredAUC(scores: rows.scores, positives: rows.positives, clusters: rows.patients)
      } catch {
        clustered = nil
        notes.append("no AUC clustered by patient: \(error)")
      }
    } else {
      clustered = nil
    }
    if let clustered, min(clustered.clustersWithPositive, clustered.clustersWithNegative) < 10 {
      notes.append(
        "\(clustered.clustersWithPositive) patients with a positive and \(clustered.clustersWithNegative) with a negative: "
          + "clustered intervals of so few are too narrow")
    }
    if Set(rows.scores).count == 1 { notes.append("every score is the same: the AUC is 0.5 by definition") }
    if let note = point.note(rows) { notes.append(note) }
    for share in point.shares where !share.wilson.isDefined {
      notes.append("\(share.name): no cases, so that it has no value")
    }
    self.notes = notes.map { "per \(unit.rawValue): \($0)" }
  }

  /// Variance of the AUC relative to that of independent rows.
  private var designEffect: Double? {
    clustered.flatMap { plain.variance > 0 ? $0.variance / plain.variance : nil }
  }

  var json: JSONValue {
    var values: [String: JSONValue] = [
      "n": .number(Double(rows.scores.count)), "positives": .number(Double(plain.positives)),
      "auc": .number(plain.auc), "independent": plain.wald(level: level).json, "cutOff": .number(point.cutOff),
    ]
    if let clustered { values["clustered"] = clustered.interval(level: level).json }
    if let clustered, clustered.variance > 0 { values["clusteredLogit"] = clustered.logit(level: level)?.json }
    if let designEffect { values["designEffect"] = .number(designEffect) }
    for share in point.shares { values[share.name] = share.json }
    return .object(values)
  }

  var areaCells: [String] {
    let start = [
      unit.rawValue, "\(rows.scores.count)", Printed.number(plain.auc),
      Printed.interval(plain.waldClipped(level: level)),
    ]
    guard rows.patientsRepeat else { return start + ["as DeLong", ""] }
    let interval = clustered?.interval(level: level).clipped(to: 0...1)
    return start + [Printed.interval(interval), designEffect.map { Printed.number($0, 2) } ?? "n/a"]
  }

  var shareTable: ResultTable {
    ResultTable(
      "Per \(unit.rawValue), called positive at \(Printed.plain(point.cutOff)) or above",
      ["", "n", "value", "Wilson (rows independent)", "clustered by patient", "design effect"],
      point.shares.map { share in
        let start = [
          share.name, "\(share.successes)/\(share.total)", Printed.number(share.wilson.value),
          Printed.interval(share.wilson.interval),
        ]
        guard rows.patientsRepeat else { return start + ["as Wilson", ""] }
        let effect = share.clustered.map { Printed.number($0.designEffect, 2) } ?? "n/a"
        return start + [Printed.interval(share.clustered?.estimate.interval), effect]
      })
  }
}
