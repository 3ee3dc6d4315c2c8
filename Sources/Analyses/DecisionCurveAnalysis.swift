import Statistics
public import Tables

extension ModelAnalyses {
  public struct DecisionCurveOptions: Sendable {
    /// Each between 0 and 1.
    public var thresholds: [Double] = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]
    /// Column of the test fold, for predictions made in cross-validation.
    public var fold: String?
    /// 0 for no intervals.
    public var resamples = 1000
    public var seed: UInt64 = 1
    public var level = 0.95

    public init() {}
  }

  /// Net benefit of one or more scores.
  /// - Parameter columns: those of the rows; its score is not read.
  public static func decisionCurve(
    _ table: Table, _ columns: ScoredRows.Columns, scores: [String], unit: ScoredRows.Unit,
    options: DecisionCurveOptions = DecisionCurveOptions()
  ) throws(AnalysisError) -> AnalysisResult {
    var models: [DecisionCurveComparison.Model] = []
    var rows: FoldedRows?
    if Set(scores).count < scores.count {
      throw .input(source: table.source, reason: "a score is named twice: \(scores.joined(separator: ", "))")
    }
    for score in scores {
      var own = columns
      own.score = score
      let read = try FoldedRows(table, own, fold: options.fold, unit: unit)
      models.append(DecisionCurveComparison.Model(score, read.scores))
      rows = read
    }
    guard let rows else { throw .input(source: table.source, reason: "no score is named") }
    let comparison = try asAnalysisError(table.source) {
      try DecisionCurveComparison(
        models: models, positives: rows.positives, patients: rows.patients, folds: rows.folds,
        thresholds: options.thresholds, resamples: options.resamples, seed: options.seed, level: options.level)
    }
    return describe(comparison, unit, rows)
  }

  private static func describe(
    _ comparison: DecisionCurveComparison, _ unit: ScoredRows.Unit, _ rows: FoldedRows
  ) -> AnalysisResult {
    var result = AnalysisResult("decision-curve", unit: unit.rawValue)
    result.notes = rows.notes
    result.values["n"] = .number(Double(comparison.count))
    result.values["patients"] = .number(Double(comparison.patients))
    result.values["prevalence"] = .number(comparison.prevalence)
    result.values["resamples"] = .number(Double(comparison.resamples))
    result.values["all"] = .list(comparison.all.map(\.json))
    result.values["models"] = .list(comparison.curves.map(\.json))
    result.values["points"] = comparison.curves.first.map { points($0, comparison) } ?? .null
    result.values["differences"] = .list(
      comparison.differences.map { difference in
        .object([
          "first": .text(difference.first), "second": .text(difference.second),
          "points": .list(
            zip(comparison.thresholds, difference.points).map {
              .object(["threshold": .number($0), "difference": $1.json])
            }),
        ])
      })
    for curve in comparison.curves {
      result.notes += notes(curve, intervals: comparison.resamples > 0)
      result.tables.append(table(curve, comparison, unit))
    }
    for difference in comparison.differences {
      result.tables.append(
        ResultTable(
          "Net benefit, \(difference.first) less \(difference.second)", ["threshold", "difference", "interval"],
          zip(comparison.thresholds, difference.points).map {
            [Printed.plain($0), Printed.number($1.value, 4), Printed.interval($1.interval, 4)]
          }))
    }
    if comparison.resamples > 0 {
      let whole =
        comparison.patients < comparison.count ? "\(comparison.patients) patients" : "\(comparison.count) rows"
      result.notes.append(
        "intervals: percentiles of \(comparison.resamples) resamples of \(whole), each for its own threshold")
    }
    if rows.folds != nil {
      result.notes.append(
        "true and false positives are counted over all folds and divided by all rows, which is the folds' mean weighted by "
          + "their rows; the plain mean of the folds is given beside it")
    }
    if rows.sharedPatients > 0 {
      result.notes.append("\(rows.sharedPatients) patients are in more than one fold")
    }
    return result
  }

  private static func points(_ curve: DecisionCurveComparison.Curve, _ comparison: DecisionCurveComparison) -> JSONValue
  {
    .list(
      zip(curve.points, comparison.all).map { point, all in
        .object([
          "threshold": .number(point.threshold), "model": .number(point.netBenefit.value), "all": .number(all.value),
          "none": .number(0), "reductionPer100": .number(point.reductionPer100.value),
        ])
      })
  }

  private static func notes(_ curve: DecisionCurveComparison.Curve, intervals: Bool) -> [String] {
    func text(_ ranges: [ClosedRange<Double>]) -> String {
      ranges.map {
        $0.lowerBound == $0.upperBound
          ? Printed.plain($0.lowerBound) : "\(Printed.plain($0.lowerBound)) to \(Printed.plain($0.upperBound))"
      }.joined(separator: ", ")
    }
    let reason = intervals ? " (no gain, or an interval of the difference that holds 0)" : ""
    return [(curve.allAsGood, "everybody"), (curve.noneAsGood, "nobody")].compactMap { ranges, who in
      ranges.isEmpty ? nil : "acting on \(who) is as good as \(curve.name) at \(text(ranges))\(reason)"
    }
  }

  private static func table(
    _ curve: DecisionCurveComparison.Curve, _ comparison: DecisionCurveComparison, _ unit: ScoredRows.Unit
  ) -> ResultTable {
    let folded = curve.folds
    return ResultTable(
      "Net benefit of \(curve.name) per \(unit.rawValue), prevalence \(Printed.number(comparison.prevalence))",
      ["threshold", "model", "interval", "all", "none", "model - all", "interval", "standardised", "spared per 100"]
        + (folded == nil ? [] : ["mean of folds", "SD of folds"]),
      curve.points.indices.map { place in
        let point = curve.points[place]
        return [
          Printed.plain(point.threshold), Printed.number(point.netBenefit.value, 4),
          Printed.interval(point.netBenefit.interval, 4), Printed.number(comparison.all[place].value, 4), "0",
          Printed.number(point.againstAll.value, 4), Printed.interval(point.againstAll.interval, 4),
          Printed.number(point.standardized.value), Printed.number(point.reductionPer100.value, 1),
        ]
          + (folded.map { [Printed.number($0.mean[place], 4), Printed.number($0.standardDeviation[place], 4)] } ?? [])
      })
  }
}

/// Rows of a unit with the fold each was tested in.
private struct FoldedRows {
  var scores: [Double] = []
  var positives: [Bool] = []
  var patients: [String] = []
  var folds: [String]?
  /// Patients found in several folds.
  var sharedPatients = 0
  /// See ``ScoredRows/notes``.
  var notes: [String] = []

  /// Each fold's rows are brought to the unit by themselves: an image of another fold is no part of a lesion tested in this one.
  init(_ table: Table, _ columns: ScoredRows.Columns, fold: String?, unit: ScoredRows.Unit) throws(AnalysisError) {
    guard let fold else {
      let rows = try ScoredRows(table, columns).by(unit)
      (scores, positives, patients, notes) = (rows.scores, rows.positives, rows.patients, rows.notes)
      return
    }
    let names = try asAnalysisError(table.source) { try table.column(fold) }
    if let empty = names.firstIndex(of: "") {
      throw .input(
        source: "\(table.source):\(table.line(ofRow: empty))", reason: "column \(fold): expected a fold, found nothing")
    }
    var all: [String] = []
    for name in Set(names).sorted() {
      let rows = try ScoredRows(table, columns, rows: names.indices.filter { names[$0] == name }).by(unit)
      scores += rows.scores
      positives += rows.positives
      patients += rows.patients
      all += [String](repeating: name, count: rows.scores.count)
    }
    folds = all
    var seen: [String: Set<String>] = [:]
    for (patient, name) in zip(patients, all) { seen[patient, default: []].insert(name) }
    sharedPatients = seen.values.count { $0.count > 1 }
  }
}

extension DecisionCurveComparison.Curve {
  fileprivate var json: JSONValue {
    func ranges(_ list: [ClosedRange<Double>]) -> JSONValue {
      .list(list.map { .object(["from": .number($0.lowerBound), "to": .number($0.upperBound)]) })
    }
    var values: [String: JSONValue] = [
      "name": .text(name), "allAsGood": ranges(allAsGood), "noneAsGood": ranges(noneAsGood),
      "points": .list(
        points.map {
          .object([
            "threshold": .number($0.threshold), "netBenefit": $0.netBenefit.json, "standardized": $0.standardized.json,
            "againstAll": $0.againstAll.json, "reductionPer100": $0.reductionPer100.json,
          ])
        }),
    ]
    if let folds {
      values["folds"] = .object([
        "mean": .list(folds.mean.map(JSONValue.number)),
        "standardDeviation": .list(folds.standardDeviation.map(JSONValue.number)),
        "folds": .list(
          folds.folds.map {
            .object([
              "fold": .text($0.name), "n": .number(Double($0.count)), "positives": .number(Double($0.positives)),
              "netBenefit": .list($0.netBenefit.map(JSONValue.number)),
            ])
          }),
      ])
    }
    return .object(values)
  }
}
