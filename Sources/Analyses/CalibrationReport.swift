import Statistics
import Tables

/// Lines and values of a calibration's parts.
enum CalibrationReport {
  static func coefficients(_ measures: CalibrationMeasures, _ result: inout AnalysisResult) -> [[String]] {
    var lines: [[String]] = []
    let list: [(String, String, CalibrationMeasures.Coefficient?)] = [
      ("slope", "slope (ideal 1)", measures.slope), ("intercept", "intercept (ideal 0)", measures.intercept),
      ("inTheLarge", "in the large (ideal 0)", measures.inTheLarge),
    ]
    for (key, name, coefficient) in list {
      guard let coefficient else {
        result.notes.append("\(name): none (scores that separate the classes, are all equal, or one class only)")
        continue
      }
      result.values[key] = json(coefficient)
      lines.append([name, Printed.number(coefficient.value), Printed.interval(coefficient.interval)])
    }
    return lines
  }

  /// The same estimates with standard errors that hold dependence within patients.
  static func clustered(_ rows: ScoredRows, _ level: Double, _ result: inout AnalysisResult) -> [[String]] {
    result.notes.append(
      "rows share patients: believe the intervals clustered by patient; band, tests and grouped intervals take rows as "
        + "independent and are too narrow")
    do throws(StatisticsError) {
      let robust = try ClusteredCalibration(
        probabilities: rows.scores, positives: rows.positives, clusters: rows.patients, level: level)
      let list: [(String, CalibrationMeasures.Coefficient?)] = [
        ("slope", robust.slope), ("intercept", robust.intercept), ("inTheLarge", robust.inTheLarge),
      ]
      var values: [String: JSONValue] = ["patients": .number(Double(robust.clusters))]
      var lines: [[String]] = []
      for (name, coefficient) in list {
        guard let coefficient else { continue }
        values[name] = json(coefficient)
        let title = name == "inTheLarge" ? "in the large" : name
        lines.append([
          title + ", clustered by patient", Printed.number(coefficient.value), Printed.interval(coefficient.interval),
        ])
      }
      result.values["clustered"] = .object(values)
      return lines
    } catch {
      result.notes.append("no intervals clustered by patient: \(error)")
      return []
    }
  }

  static func numbers(_ curve: CalibrationCurve, _ result: inout AnalysisResult) -> [[String]] {
    let measures = curve.measures
    var numbers = [
      ("brier", "Brier score", measures.brier), ("scaledBrier", "scaled Brier score", measures.scaledBrier),
      ("ece", "expected calibration error, 10 bins", measures.expectedCalibrationError),
      ("mce", "maximum calibration error", measures.maximumCalibrationError),
      ("observedToExpected", "observed / expected", measures.observedToExpected),
    ]
    if let distance = curve.distance {
      numbers += [
        ("ici", "integrated calibration index (ICI)", distance.ici), ("e50", "E50", distance.e50),
        ("e90", "E90", distance.e90), ("eMax", "Emax", distance.eMax),
      ]
      func list(_ values: [Double]) -> JSONValue { .list(values.map(JSONValue.number)) }
      result.values["curve"] = .object([
        "places": list(curve.places), "observed": list(curve.observed), "lower": list(curve.lower),
        "upper": list(curve.upper),
      ])
    } else {
      result.notes.append("no loess curve, ICI, E50 or E90: fewer than ten rows or too few distinct probabilities")
    }
    return numbers.map { key, name, value in
      result.values[key] = value.isNaN ? .null : .number(value)
      return [name, Printed.number(value, 4), ""]
    }
  }

  static func tests(_ rows: ScoredRows, _ curve: CalibrationCurve, _ groups: Int, _ result: inout AnalysisResult)
    throws -> [[String]]
  {
    var lines: [[String]] = []
    do throws(StatisticsError) {
      let test = try HosmerLemeshow(probabilities: rows.scores, positives: rows.positives, groups: groups)
      result.values["hosmerLemeshow"] = .object([
        "chiSquare": .number(test.chiSquare), "degrees": .number(Double(test.degreesOfFreedom)), "p": .number(test.p),
        "groups": .number(Double(test.groups)),
      ])
      lines.append([
        "Hosmer-Lemeshow, \(test.groups) groups", Printed.number(test.chiSquare, 2), "p \(Printed.p(test.p))",
      ])
      if test.groups < groups {
        result.notes.append("ties of the probabilities leave \(test.groups) groups of \(groups)")
      }
    } catch {
      result.notes.append("no Hosmer-Lemeshow test: \(error)")
    }
    if let test = curve.measures.spiegelhalter {
      result.values["spiegelhalter"] = .object(["z": .number(test.statistic), "p": .number(test.p)])
      lines.append(["Spiegelhalter's z", Printed.number(test.statistic, 2), "p \(Printed.p(test.p))"])
    } else {
      result.notes.append("no Spiegelhalter's z: every probability is 0, 0.5 or 1")
    }
    return lines
  }

  static func groupTable(_ curve: CalibrationCurve, _ level: Double) -> ResultTable {
    ResultTable(
      "Groups of predicted risk", ["probability", "n", "positive", "mean predicted", "observed", Level.title(level)],
      curve.bins.map { bin in
        [
          "\(Printed.number(bin.lower)) to \(Printed.number(bin.upper))", "\(bin.count)", "\(bin.positives)",
          Printed.number(bin.meanPredicted), Printed.number(bin.observed.value),
          Printed.interval(bin.observed.interval),
        ]
      })
  }

  static func describe(_ correction: Recalibration) -> JSONValue {
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

  private static func json(_ coefficient: CalibrationMeasures.Coefficient) -> JSONValue {
    .object([
      "value": .number(coefficient.value), "standardError": .number(coefficient.standardError),
      "lower": .number(coefficient.interval.lower), "upper": .number(coefficient.interval.upper),
    ])
  }
}
