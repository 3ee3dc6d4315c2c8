import Foundation
public import Statistics
public import Tables

/// `stats selective`: prediction sets that hold the truth as often as promised, by class and by site, and what calls are worth when
/// the least certain cases are left to a reader.
public enum SelectiveAnalysis {
  /// Where calibration and test cases come from.
  public enum Division: Sendable, Equatable {
    /// Values of a column, such as `validation` against `external-test` of `split`.
    case column(String, calibration: String, test: String)
    /// This share of the patients, drawn by the seed, calibrates; the others test.
    case fraction(Double, seed: UInt64)
  }

  /// What a figure can draw.
  public struct Findings: Sendable {
    public var result: AnalysisResult
    /// By |p - cut-off|.
    public var byDistance: DeferralCurve
    /// By conformal confidence: 1 less the smaller of the two classes' p-values.
    public var byConfidence: DeferralCurve
    /// Coverage of each kind of set, all rows and then each class and site, with the promised share as reference.
    public var coverage: [ForestRow]
  }

  /// - alpha: share of cases whose set may miss the truth.
  /// - cutOff: a score at or above it is called malignant, for the deferral curve.
  /// Errors: those of `ScoredRows`; scores that are no probabilities; a split without rows; a patient on both sides; one class
  /// only among the calibration cases; a fraction, alpha or cut-off out of range.
  public static func selective(
    _ table: Table, _ columns: ScoredRows.Columns, division: Division, unit: ScoredRows.Unit, alpha: Double = 0.1,
    cutOff: Double = 0.5, level: Double = 0.95
  ) throws(AnalysisError) -> Findings {
    let (calibration, test) = try divide(table, columns, division, unit)
    return try asAnalysisError(table.source) {
      var report = SelectiveReport(unit: unit, alpha: alpha, level: level)
      report.describe(calibration: calibration, test: test)
      report.result.notes += calibration.notes + test.notes.filter { !calibration.notes.contains($0) }
      let hasSites = Set(calibration.sites + test.sites).count > 1
      var byClass: ConformalPredictor?
      for taxonomy in ConformalTaxonomy.allCases where hasSites || !taxonomy.splitsSites {
        let predictor = try ConformalPredictor(
          scores: calibration.scores, positives: calibration.positives, patients: calibration.patients,
          sites: calibration.sites, taxonomy: taxonomy, alpha: alpha)
        if taxonomy == .byClass { byClass = predictor }
        try report.add(predictor, test, hasSites: hasSites)
      }
      if !hasSites { report.result.notes.append("one site or none named: no sets by site") }
      let confidence = test.scores.map { score in
        byClass.map { predictor in
          let p = predictor.pValues(score: score)
          return 1 - min(p.benign, p.malignant)
        } ?? 0
      }
      let curves = [
        try DeferralCurve(
          scores: test.scores, positives: test.positives,
          certainties: test.scores.map { DeferralCurve.certainty(score: $0, cutOff: cutOff) }, cutOff: cutOff),
        try DeferralCurve(
          scores: test.scores, positives: test.positives, certainties: confidence, cutOff: cutOff),
      ]
      report.add(curves[0], "|p - \(Printed.plain(cutOff))|", key: "byDistance")
      report.add(curves[1], "conformal confidence", key: "byConfidence")
      return Findings(
        result: report.finished, byDistance: curves[0], byConfidence: curves[1], coverage: report.forest)
    }
  }

  private static func divide(
    _ table: Table, _ columns: ScoredRows.Columns, _ division: Division, _ unit: ScoredRows.Unit
  ) throws(AnalysisError) -> (calibration: ScoredRows, test: ScoredRows) {
    switch division {
    case .column(let name, let calibration, let test):
      let cells = try asAnalysisError(table.source) { try table.column(name) }
      func rows(_ value: String) throws(AnalysisError) -> ScoredRows {
        let chosen = cells.indices.filter { cells[$0] == value }
        guard !chosen.isEmpty else {
          throw .input(
            source: table.source,
            reason:
              "column \(name) has no \"\(value)\"; it has \(Set(cells).sorted().prefix(12).joined(separator: ", "))")
        }
        return try ScoredRows(table, columns, rows: chosen).by(unit)
      }
      if calibration == test {
        throw .input(
          source: table.source, reason: "calibration and test are both \"\(test)\"; they must be different cases")
      }
      let (first, second) = (try rows(calibration), try rows(test))
      let names = Set(first.patients)
      let both = second.patients.filter { names.contains($0) }
      if let patient = both.first {
        throw .input(
          source: table.source,
          reason:
            "\(Set(both).count) patients are in both \(calibration) and \(test) (first: \(patient)); of a run with folds "
            + "take one, such as --only fold=1")
      }
      return (first, second)
    case .fraction(let share, let seed):
      guard share > 0, share < 1 else {
        throw .input(
          source: table.source, reason: "calibration fraction: expected a number between 0 and 1, found \(share)")
      }
      let all = try ScoredRows(table, columns).by(unit)
      var names = Set(all.patients).sorted()
      var random = SplitMix64(seed: seed)
      names.shuffle(using: &random)
      let chosen = Set(names.prefix(Int((Double(names.count) * share).rounded())))
      func part(_ isCalibration: Bool) throws(AnalysisError) -> ScoredRows {
        let rows = all.patients.indices.filter { chosen.contains(all.patients[$0]) == isCalibration }
        guard !rows.isEmpty else {
          throw .input(source: table.source, reason: "too few patients (\(names.count)) to divide")
        }
        return try ScoredRows(table, columns, rows: rows.flatMap { all.members[$0] }).by(unit)
      }
      return (try part(true), try part(false))
    }
  }
}
