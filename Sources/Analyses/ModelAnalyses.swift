import Foundation
public import Statistics
public import Tables

/// `stats calibration`, and in their own files `decision-curve`, `logistic`, `nomogram`.
public enum ModelAnalyses {
  public static func calibration(
    _ table: Table, _ columns: ScoredRows.Columns, unit: ScoredRows.Unit, recalibrate: Recalibration.Kind? = nil,
    level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("calibration", unit: unit.rawValue)
      let measures = try CalibrationMeasures(
        probabilities: rows.scores, positives: rows.positives, level: level)
      var lines = describe(measures, &result)
      if let kind = recalibrate {
        let correction = try Recalibration(kind, probabilities: rows.scores, positives: rows.positives)
        let corrected = try CalibrationMeasures(
          probabilities: rows.scores.map { correction($0) }, positives: rows.positives, level: level)
        result.values["recalibration"] = describe(correction)
        result.values["brierAfter"] = .number(corrected.brier)
        result.values["eceAfter"] = .number(corrected.expectedCalibrationError)
        lines.append(["Brier score, recalibrated (\(kind.rawValue))", Printed.number(corrected.brier, 4), ""])
        result.notes.append("recalibrated and judged on the same rows: the improvement is optimistic")
      }
      if Set(rows.patients).count < rows.patients.count {
        result.notes.append("rows share patients: the intervals, which take rows as independent, are too narrow")
      }
      result.tables = [
        ResultTable(
          "Calibration per \(unit.rawValue), n = \(rows.scores.count)", ["", "value", "interval or p"], lines)
      ]
      return result
    }
  }

  private static func describe(_ measures: CalibrationMeasures, _ result: inout AnalysisResult) -> [[String]] {
    var lines: [[String]] = []
    func add(_ key: String, _ name: String, _ coefficient: CalibrationMeasures.Coefficient?) {
      guard let coefficient else {
        result.notes.append("\(name): none (scores that separate the classes, are all equal, or one class only)")
        return
      }
      result.values[key] = .object([
        "value": .number(coefficient.value), "standardError": .number(coefficient.standardError),
        "lower": .number(coefficient.interval.lower), "upper": .number(coefficient.interval.upper),
      ])
      lines.append([name, Printed.number(coefficient.value), Printed.interval(coefficient.interval)])
    }
    add("slope", "slope (ideal 1)", measures.slope)
    add("intercept", "intercept (ideal 0)", measures.intercept)
    add("inTheLarge", "in the large (ideal 0)", measures.inTheLarge)
    let numbers = [
      ("brier", "Brier score", measures.brier), ("scaledBrier", "scaled Brier score", measures.scaledBrier),
      ("ece", "expected calibration error, 10 bins", measures.expectedCalibrationError),
      ("mce", "maximum calibration error", measures.maximumCalibrationError),
      ("observedToExpected", "observed / expected", measures.observedToExpected),
    ]
    for (key, name, value) in numbers {
      result.values[key] = .number(value)
      lines.append([name, Printed.number(value, 4), ""])
    }
    if let test = measures.hosmerLemeshow {
      result.values["hosmerLemeshow"] = .object([
        "chiSquare": .number(test.chiSquare), "degrees": .number(Double(test.degreesOfFreedom)), "p": .number(test.p),
        "groups": .number(Double(test.groups)),
      ])
      lines.append([
        "Hosmer-Lemeshow, \(test.groups) groups", Printed.number(test.chiSquare, 2), "p \(Printed.p(test.p))",
      ])
    }
    if let test = measures.spiegelhalter {
      result.values["spiegelhalter"] = .object(["z": .number(test.statistic), "p": .number(test.p)])
      lines.append(["Spiegelhalter's z", Printed.number(test.statistic, 2), "p \(Printed.p(test.p))"])
    }
    return lines
  }

  private static func describe(_ correction: Recalibration) -> JSONValue {
    switch correction {
    case .intercept(let shift): .object(["kind": .text("intercept"), "intercept": .number(shift)])
    case .logistic(let intercept, let slope):
      .object(["kind": .text("logistic"), "intercept": .number(intercept), "slope": .number(slope)])
    case .temperature(let temperature):
      .object(["kind": .text("temperature"), "temperature": .number(temperature)])
    case .isotonic(let from, let values):
      .object([
        "kind": .text("isotonic"), "from": .list(from.map(JSONValue.number)),
        "values": .list(values.map(JSONValue.number)),
      ])
    }
  }
}
