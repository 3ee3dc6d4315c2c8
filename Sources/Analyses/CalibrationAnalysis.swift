import Foundation
public import Statistics
public import Tables

/// `stats calibration`.
extension ModelAnalyses {
  /// Slope, intercept, Brier score, calibration errors and tests, the loess curve with its band, and groups of predicted risk.
  /// - groups: how many, by quantiles of the probability; Hosmer and Lemeshow's test uses the same; 3 or more.
  public static func calibration(
    _ table: Table, _ columns: ScoredRows.Columns, unit: ScoredRows.Unit, recalibrate: Recalibration.Kind? = nil,
    groups: Int = 10, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    guard (3...1000).contains(groups) else {
      throw .input(source: table.source, reason: "groups of predicted risk: expected 3 to 1000, found \(groups)")
    }
    try requireProbabilities(table, columns.score)
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("calibration", unit: unit.rawValue)
      result.notes = rows.notes
      let curve = try CalibrationCurve(
        probabilities: rows.scores, positives: rows.positives, binning: .quantile(groups), level: level)
      var lines = CalibrationReport.coefficients(curve.measures, &result)
      if rows.patientsRepeat { lines += CalibrationReport.clustered(rows, level, &result) }
      lines += CalibrationReport.numbers(curve, &result)
      lines += try CalibrationReport.tests(rows, curve, groups, &result)
      if let kind = recalibrate {
        let correction = try Recalibration(kind, probabilities: rows.scores, positives: rows.positives)
        let corrected = try CalibrationMeasures(
          probabilities: rows.scores.map { correction($0) }, positives: rows.positives, level: level)
        result.values["recalibration"] = CalibrationReport.describe(correction)
        result.values["brierAfter"] = .number(corrected.brier)
        result.values["eceAfter"] = .number(corrected.expectedCalibrationError)
        lines.append(["Brier score, recalibrated (\(kind.rawValue))", Printed.number(corrected.brier, 4), ""])
        result.notes.append("recalibrated and judged on the same rows: the improvement is optimistic")
      }
      let positives = rows.positives.count { $0 }
      if positives == 0 || positives == rows.positives.count {
        result.notes.append(
          "one class only (\(positives) positive of \(rows.positives.count)): no slope, no discrimination")
      }
      result.tables = [
        ResultTable(
          "Calibration per \(unit.rawValue), n = \(rows.scores.count)", ["", "value", "interval or p"], lines),
        CalibrationReport.groupTable(curve, level),
      ]
      return result
    }
  }

  /// Errors name line and column of the first number outside 0 to 1.
  static func requireProbabilities(_ table: Table, _ column: String) throws(AnalysisError) {
    for (row, value) in try ScoredRows.numbers(table, column).enumerated() where value < 0 || value > 1 {
      throw .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason:
          "column \(column): expected a probability from 0 to 1, found \(Printed.plain(value)); a score of another "
          + "scale has no calibration")
    }
  }
}
