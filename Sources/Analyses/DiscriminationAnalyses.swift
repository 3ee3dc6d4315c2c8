import Foundation
import Statistics
public import Tables

/// `stats roc`, `compare`, `threshold`, `clusters`: how well scores tell the classes apart.
public enum DiscriminationAnalyses {
  // MARK: ROC

  /// AUC with its intervals and the Youden point, per unit.
  public static func roc(
    _ table: Table, _ columns: ScoredRows.Columns, unit: ScoredRows.Unit, level: Double = 0.95, resamples: Int = 0,
    seed: UInt64 = 1
  ) throws(AnalysisError) -> AnalysisResult {
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("roc", unit: unit.rawValue)
      let curve = try ROCCurve(scores: rows.scores, positives: rows.positives)
      result.values = [
        "n": .number(Double(rows.scores.count)), "positives": .number(Double(curve.positives)),
        "negatives": .number(Double(curve.negatives)), "auc": .number(curve.auc),
      ]
      var lines = [["AUC", Printed.number(curve.auc, 4), ""]]
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
      if Set(rows.patients).count < rows.patients.count {
        do {
          let clustered = try ClusteredAUC(scores: rows.scores, positives: rows.positives, clusters: rows.patients)
          result.values["clustered"] = clustered.interval(level: level).json
          lines.append(
            ["Obuchowski, clustered by patient", "", Printed.interval(clustered.interval(level: level), 4)])
        } catch { result.notes.append("no interval clustered by patient: \(error)") }
      }
      if resamples > 0 {
        let bootstrap = try BootstrapAUC(
          scores: rows.scores, positives: rows.positives, resamples: resamples, seed: seed, level: level)
        result.values["bootstrap"] = bootstrap.interval.json
        lines.append(["bootstrap, \(resamples) resamples", "", Printed.interval(bootstrap.interval, 4)])
      }
      let youden = curve.youden
      result.values["youden"] = .object([
        "cutOff": .number(youden.threshold), "sensitivity": .number(youden.sensitivity),
        "specificity": .number(youden.specificity),
      ])
      lines.append(["Youden cut-off", Printed.plain(youden.threshold), ""])
      lines.append(["sensitivity there", Printed.number(youden.sensitivity), ""])
      lines.append(["specificity there", Printed.number(youden.specificity), ""])
      if Set(rows.scores).count == 1 { result.notes.append("every score is the same: the AUC is 0.5 by definition") }
      if curve.auc < 0.5 {
        result.notes.append("the AUC is below 0.5: higher scores mean benign here; it is not turned")
      }
      result.tables = [
        ResultTable(
          "ROC per \(unit.rawValue): \(curve.positives) positive, \(curve.negatives) negative",
          ["", "value", "\(Int(level * 100)) % interval"], lines)
      ]
      return result
    }
  }

  // MARK: Compare

  /// Every pair of score columns on the same rows, DeLong's test, clustered where patients repeat; p adjusted by Holm.
  public static func compare(
    _ table: Table, _ columns: ScoredRows.Columns, scores names: [String], unit: ScoredRows.Unit, level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    guard names.count >= 2 else {
      throw .input(source: table.source, reason: "a comparison needs two or more score columns, found \(names.count)")
    }
    var sets: [ScoredRows] = []
    for name in names {
      var own = columns
      own.score = name
      sets.append(try ScoredRows(table, own).by(unit))
    }
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("compare", unit: unit.rawValue)
      let isClustered = Set(sets[0].patients).count < sets[0].patients.count
      var tests: [(String, String, AUCComparison)] = []
      for first in names.indices {
        for second in names.indices where second > first {
          let (a, b) = (sets[first], sets[second])
          let test =
            isClustered
            ? try DeLongTest.pairedClustered(
              a.scores, b.scores, positives: a.positives, clusters: a.patients, level: level)
            : try DeLongTest.paired(a.scores, b.scores, positives: a.positives, level: level)
          tests.append((names[first], names[second], test))
        }
      }
      let holm = try Multiplicity.holm(tests.map { $0.2.p.isNaN ? 1 : $0.2.p })
      result.values["method"] = .text(isClustered ? "Obuchowski 1997, clustered by patient" : "DeLong 1988, paired")
      result.values["comparisons"] = .list(
        zip(tests, holm).map { pair, adjusted in
          let (a, b, test) = pair
          return .object([
            "a": .text(a), "b": .text(b), "aucA": .number(test.aucA), "aucB": .number(test.aucB),
            "difference": .number(test.difference), "interval": test.interval.json, "z": .number(test.z),
            "p": .number(test.p), "pHolm": .number(adjusted),
          ])
        })
      result.tables = [
        ResultTable(
          "AUCs compared per \(unit.rawValue) (\(isClustered ? "clustered by patient" : "DeLong, paired"))",
          ["", "AUC", "AUC", "difference", "\(Int(level * 100)) % interval", "z", "p", "p (Holm)"],
          zip(tests, holm).map { pair, adjusted in
            let (a, b, test) = pair
            return [
              "\(a) - \(b)", Printed.number(test.aucA), Printed.number(test.aucB), Printed.number(test.difference),
              Printed.interval(test.interval), Printed.number(test.z, 2), Printed.p(test.p), Printed.p(adjusted),
            ]
          })
      ]
      return result
    }
  }

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
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("threshold", unit: unit.rawValue)
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
      let matrix = try ConfusionMatrix(scores: scores, positives: positives, cutOff: cut)
      result.values = [
        "cutOff": .number(cut), "tp": .number(Double(matrix.truePositives)),
        "fp": .number(Double(matrix.falsePositives)), "tn": .number(Double(matrix.trueNegatives)),
        "fn": .number(Double(matrix.falseNegatives)),
      ]
      var lines: [[String]] = []
      func add(_ name: String, _ wilson: Estimate, _ exact: Estimate? = nil) {
        var json = wilson.json
        if let exact, let interval = exact.interval, case .object(var object) = json {
          object["clopperPearson"] = interval.json
          json = .object(object)
        }
        result.values[name] = json
        if !wilson.isDefined { result.notes.append("\(name): no cases, so that it has no value") }
        lines.append(
          [name, Printed.number(wilson.value), Printed.interval(wilson.interval), Printed.interval(exact?.interval)])
      }
      func exact(_ count: Int, _ total: Int) -> Estimate {
        Proportion.clopperPearson(successes: count, of: total, level: level)
      }
      add("sensitivity", matrix.sensitivity(level: level), exact(matrix.truePositives, matrix.positives))
      add("specificity", matrix.specificity(level: level), exact(matrix.trueNegatives, matrix.negatives))
      let (called, cleared) = (
        matrix.truePositives + matrix.falsePositives, matrix.trueNegatives + matrix.falseNegatives
      )
      add("ppv", matrix.ppv(level: level), exact(matrix.truePositives, called))
      add("npv", matrix.npv(level: level), exact(matrix.trueNegatives, cleared))
      add(
        "accuracy", matrix.accuracy(level: level), exact(matrix.truePositives + matrix.trueNegatives, matrix.total))
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
          ["", "value", "Wilson (log for ratios)", "Clopper-Pearson"], lines)
      ]
      return result
    }
  }

  // MARK: Clusters

  /// The AUC per image, lesion, patient and site at once, each with the interval that suits its clustering.
  public static func clusters(_ table: Table, _ columns: ScoredRows.Columns, level: Double = 0.95)
    throws(AnalysisError) -> AnalysisResult
  {
    let rows = try ScoredRows(table, columns)
    var result = AnalysisResult("clusters")
    var lines: [[String]] = []
    for unit in ScoredRows.Unit.allCases {
      let own = try rows.by(unit)
      let isClustered = Set(own.patients).count < own.patients.count
      do throws(StatisticsError) {
        let plain = try DeLong(scores: own.scores, positives: own.positives)
        var values: [String: JSONValue] = [
          "n": .number(Double(own.scores.count)), "auc": .number(plain.auc),
          "independent": plain.wald(level: level).json,
        ]
        var cells = [unit.rawValue, "\(own.scores.count)", Printed.number(plain.auc)]
        cells.append(Printed.interval(plain.waldClipped(level: level)))
        if isClustered {
          let clustered = try ClusteredAUC(scores: own.scores, positives: own.positives, clusters: own.patients)
          values["clustered"] = clustered.interval(level: level).json
          let effect = plain.variance > 0 ? clustered.variance / plain.variance : .nan
          values["designEffect"] = .number(effect)
          cells += [Printed.interval(clustered.interval(level: level).clipped(to: 0...1)), Printed.number(effect, 2)]
        } else {
          cells += ["as DeLong", ""]
        }
        result.values[unit.rawValue] = .object(values)
        lines.append(cells)
      } catch {
        result.notes.append("per \(unit.rawValue): \(error)")
      }
    }
    bySite(rows, level, &result)
    guard !lines.isEmpty else {
      throw .input(source: table.source, reason: result.notes.joined(separator: "; "))
    }
    if !rows.patientsAreKnown { result.notes.append("the table names no patients: each lesion counts as one") }
    result.tables.insert(
      ResultTable(
        "AUC by unit", ["unit", "n", "AUC", "DeLong (rows independent)", "clustered by patient", "design effect"],
        lines), at: 0)
    return result
  }

  private static func bySite(_ rows: ScoredRows, _ level: Double, _ result: inout AnalysisResult) {
    let sites = Set(rows.sites).subtracting([""]).sorted()
    guard sites.count > 1, let lesions = try? rows.by(.lesion) else { return }
    var (lines, values): ([[String]], [String: JSONValue]) = ([], [:])
    for site in sites {
      let own = lesions.sites.indices.filter { lesions.sites[$0] == site }
      let (scores, positives) = (own.map { lesions.scores[$0] }, own.map { lesions.positives[$0] })
      guard let delong = try? DeLong(scores: scores, positives: positives) else {
        result.notes.append("site \(site): \(own.count) lesions, too few of a class for an AUC")
        continue
      }
      let interval = delong.logit(level: level) ?? delong.waldClipped(level: level)
      values[site] = .object([
        "n": .number(Double(own.count)), "auc": .number(delong.auc), "interval": interval.json,
      ])
      lines.append([site, "\(own.count)", Printed.number(delong.auc), Printed.interval(interval)])
    }
    guard !lines.isEmpty else { return }
    result.values["sites"] = .object(values)
    result.tables.append(ResultTable("AUC per lesion by site", ["site", "n", "AUC", "interval"], lines))
  }
}
