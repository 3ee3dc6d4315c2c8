import Foundation
import Statistics
public import Tables

/// `stats roc`, `compare`, `threshold`, `clusters`: how well scores tell the classes apart.
public enum DiscriminationAnalyses {
  // MARK: Threshold

  public enum Rule: Sendable, Equatable {
    case fixed(Double)
    case youden
    case sensitivity(Double)
    case specificity(Double)
    case utility(prevalence: Double, cost: Double)
  }

  /// Sensitivity, specificity and the rest at a cut-off, per unit.
  /// - prevalence: where given, PPV and NPV at that prevalence too.
  public static func threshold(
    _ table: Table, _ columns: ScoredRows.Columns, rule: Rule, unit: ScoredRows.Unit, prevalence: Double? = nil,
    level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    try Level.check(level, table.source)
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("threshold", unit: unit.rawValue)
      result.notes = rows.notes
      let (scores, positives) = (rows.scores, rows.positives)
      let cut: Double =
        switch rule {
        case .fixed(let cut): cut
        case .youden: try CutOff.youden(scores: scores, positives: positives)
        case .sensitivity(let wanted):
          try CutOff.fixedSensitivity(wanted, scores: scores, positives: positives)
        case .specificity(let wanted):
          try CutOff.fixedSpecificity(wanted, scores: scores, positives: positives)
        case .utility(let prevalence, let cost):
          try CutOff.utility(prevalence: prevalence, cost: cost, scores: scores, positives: positives)
        }
      if case .fixed = rule {
      } else {
        result.notes.append("the cut-off was chosen on these rows, so that the figures at it are optimistic")
      }
      let point = try OperatingPoint(rows, cutOff: cut, level: level)
      let matrix = point.matrix
      if let note = point.note(rows) { result.notes.append(note) }
      if rows.patientsRepeat {
        result.notes.append("rows share patients: believe the intervals clustered by patient")
      }
      result.values = [
        "cutOff": .number(cut), "tp": .number(Double(matrix.truePositives)),
        "fp": .number(Double(matrix.falsePositives)), "tn": .number(Double(matrix.trueNegatives)),
        "fn": .number(Double(matrix.falseNegatives)),
      ]
      var lines: [[String]] = []
      func add(
        _ name: String, _ wilson: Estimate, _ exact: Estimate? = nil, _ clustered: ClusteredProportion? = nil
      ) {
        var json = wilson.json
        if case .object(var object) = json {
          object["clopperPearson"] = exact?.interval?.json
          object["clustered"] = clustered?.estimate.interval?.json
          object["designEffect"] = clustered.map { .number($0.designEffect) }
          json = .object(object)
        }
        result.values[name] = json
        if !wilson.isDefined { result.notes.append("\(name): no cases, so that it has no value") }
        let cells = [
          name, Printed.number(wilson.value), Printed.interval(wilson.interval), Printed.interval(exact?.interval),
        ]
        lines.append(cells + (rows.patientsRepeat ? [Printed.interval(clustered?.estimate.interval)] : []))
      }
      for share in point.shares {
        let exact = Proportion.clopperPearson(successes: share.successes, of: share.total, level: level)
        add(share.name, share.wilson, exact, share.clustered)
      }
      add("lrPositive", matrix.positiveLikelihoodRatio)
      add("lrNegative", matrix.negativeLikelihoodRatio)
      if let prevalence {
        let values = try matrix.predictiveValues(prevalence: prevalence, level: level)
        add("ppv at \(Printed.plain(prevalence))", values.ppv)
        add("npv at \(Printed.plain(prevalence))", values.npv)
      }
      result.tables = [
        ResultTable(
          "Called positive at \(Printed.plain(cut)) or above, per \(unit.rawValue): TP \(matrix.truePositives), "
            + "FP \(matrix.falsePositives), TN \(matrix.trueNegatives), FN \(matrix.falseNegatives)",
          ["", "value", "Wilson (log for ratios)", "Clopper-Pearson"]
            + (rows.patientsRepeat ? ["clustered by patient"] : []), lines)
      ]
      return result
    }
  }
}
