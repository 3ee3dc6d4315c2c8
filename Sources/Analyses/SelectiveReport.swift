import Foundation
import Statistics
import Tables

/// Prediction sets and deferral as tables and values.
struct SelectiveReport {
  var result: AnalysisResult
  private(set) var forest: [ForestRow] = []
  private let alpha: Double
  private let level: Double
  private var ofTaxonomy: [String: JSONValue] = [:]
  private var coverageLines: [[String]] = []
  private var quantileLines: [[String]] = []
  private var deferralTables: [ResultTable] = []

  init(unit: ScoredRows.Unit, alpha: Double, level: Double) {
    result = AnalysisResult("selective", unit: unit.rawValue)
    (self.alpha, self.level) = (alpha, level)
    result.values["alpha"] = .number(alpha)
  }

  mutating func describe(calibration: ScoredRows, test: ScoredRows) {
    for (key, rows) in [("calibration", calibration), ("test", test)] {
      result.values[key] = .object([
        "n": .integer(Int64(rows.scores.count)), "positives": .integer(Int64(rows.positives.count { $0 })),
        "patients": .integer(Int64(Set(rows.patients).count)),
      ])
    }
    if !calibration.patientsAreKnown {
      result.notes.append("the table names no patients: each lesion counts as one")
    } else if Set(calibration.patients).count < calibration.patients.count {
      result.notes.append(
        "patients, not their lesions, are taken as exchangeable (hierarchical conformal prediction, Lee, Barber & Willett 2023)"
      )
    }
  }

  /// The predictor's quantiles, and how its sets did on the test rows: all, by class and by site.
  mutating func add(_ predictor: ConformalPredictor, _ test: ScoredRows, hasSites: Bool) throws(StatisticsError) {
    let name = Self.name(predictor.taxonomy)
    for group in predictor.groups where group.site != nil || !predictor.taxonomy.splitsSites {
      describe(group, of: name, hasSite: group.site != nil)
    }
    let sets = test.scores.indices.map { predictor.set(score: test.scores[$0], site: test.sites[$0]) }
    var chosen: [(label: String, rows: [Int])] = [("all", Array(sets.indices))]
    for (label, positive) in [("benign", false), ("malignant", true)] {
      chosen.append((label, sets.indices.filter { test.positives[$0] == positive }))
    }
    if hasSites {
      for site in Set(test.sites).sorted() {
        chosen.append((Self.site(site), sets.indices.filter { test.sites[$0] == site }))
        let pooled = [false, true].filter { predictor.isPooled(positive: $0, site: site) }
        if !pooled.isEmpty {
          result.notes.append(
            "\(name), \(Self.site(site)): too few calibration patients of its own; held to the pooled quantile, without the promise "
              + "for itself")
        }
      }
    }
    forest.append(ForestRow("sets: \(name)", isHeading: true))
    var rows: [JSONValue] = []
    for (label, own) in chosen where !own.isEmpty {
      let found = try ConformalCoverage(
        label, sets: own.map { sets[$0] }, positives: own.map { test.positives[$0] },
        patients: own.map { test.patients[$0] }, level: level)
      rows.append(Self.json(found))
      coverageLines.append([label == "all" ? name : "  " + label] + Self.cells(found))
      forest.append(
        ForestRow(
          label, n: found.n, events: own.count { test.positives[$0] }, estimate: found.coverage,
          flag: found.coverage?.interval == nil ? "no interval" : nil))
    }
    ofTaxonomy[predictor.taxonomy.rawValue] = .object([
      "groups": .list(
        predictor.groups.map { group in
          .object([
            "site": group.site.map(JSONValue.text) ?? .null,
            "class": group.positive.map { .text($0 ? "malignant" : "benign") } ?? .null,
            "rows": .integer(Int64(group.rows)), "patients": .integer(Int64(group.patients)),
            "quantile": .number(group.quantile), "tooFew": .bool(group.isTooSmall),
          ])
        }),
      "coverage": .list(rows),
    ])
  }

  private mutating func describe(_ group: ConformalPredictor.Group, of name: String, hasSite: Bool) {
    let what = [group.site.map(Self.site), group.positive.map { $0 ? "malignant" : "benign" }].compactMap(\.self)
    let flag = group.isTooSmall ? (hasSite ? "too few: pooled" : "too few: in every set") : ""
    quantileLines.append([
      ([name] + what).joined(separator: ", "), "\(group.patients)", "\(group.rows)", Printed.number(group.quantile),
      flag,
    ])
    if group.isTooSmall, !hasSite {
      result.notes.append(
        "\(([name] + what).joined(separator: ", ")): \(group.patients) calibration patients are fewer than 1/alpha - 1 = "
          + "\(Printed.plain(1 / alpha - 1)): the sets hold everything")
    }
  }

  mutating func add(_ curve: DeferralCurve, _ name: String, key: String) {
    let shares = (0..<10).map { Double($0) / 10 }
    func json(_ point: DeferralCurve.Point) -> JSONValue {
      .object([
        "deferred": .number(point.deferred), "kept": .integer(Int64(point.kept)), "certainty": .number(point.certainty),
        "error": .number(point.error), "accuracy": .number(point.accuracy),
        "sensitivity": point.sensitivity.map(JSONValue.number) ?? .null,
        "specificity": point.specificity.map(JSONValue.number) ?? .null,
      ])
    }
    // A hundred points draw the curve of any number of cases.
    let fine = (0..<100).compactMap { curve.at(deferred: Double($0) / 100) }
    var points: [DeferralCurve.Point] = []
    for point in fine where points.last != point { points.append(point) }
    result.values[key] = .object([
      "areaUnderRiskCoverage": .number(curve.areaUnderRiskCoverage), "excessArea": .number(curve.excessArea),
      "points": .list(points.map(json)),
    ])
    let lines = shares.compactMap { share -> [String]? in
      guard let point = curve.at(deferred: share) else { return nil }
      return [
        "\(Printed.number(share * 100, 0)) %", Printed.number(point.deferred * 100, 1) + " %", "\(point.kept)",
        Printed.number(point.error), Printed.number(point.accuracy),
        point.sensitivity.map { Printed.number($0) } ?? "no positives",
        point.specificity.map { Printed.number($0) } ?? "no negatives",
      ]
    }
    deferralTables.append(
      ResultTable(
        "Deferral by \(name): area under risk-coverage \(Printed.number(curve.areaUnderRiskCoverage, 4)) (excess "
          + "\(Printed.number(curve.excessArea, 4)))",
        ["deferred at least", "deferred", "kept", "error", "accuracy", "sensitivity", "specificity"], lines))
  }

  /// With its tables in order.
  var finished: AnalysisResult {
    var result = result
    result.values["sets"] = .object(ofTaxonomy)
    let promise = Printed.plain((1 - alpha) * 100)
    result.tables =
      [
        ResultTable(
          "Sets promised to hold the truth in \(promise) % of cases",
          [
            "", "n", "coverage", "\(Printed.plain(level * 100)) % interval", "empty", "benign", "malignant", "both",
            "mean size", "deferred", "error of single classes",
          ], coverageLines),
        ResultTable(
          "Quantiles of the nonconformity", ["", "patients", "rows", "quantile", "flag"], quantileLines),
      ] + deferralTables
    return result
  }

  private static func name(_ taxonomy: ConformalTaxonomy) -> String {
    switch taxonomy {
    case .marginal: "marginal"
    case .byClass: "by class"
    case .bySite: "by site"
    case .byClassAndSite: "by class and site"
    }
  }

  private static func site(_ site: String) -> String { site.isEmpty ? "no site named" : "site \(site)" }

  private static func cells(_ found: ConformalCoverage) -> [String] {
    [
      "\(found.n)", found.coverage.map { Printed.number($0.value) } ?? "", Printed.interval(found.coverage?.interval),
      "\(found.empty)", "\(found.benignOnly)", "\(found.malignantOnly)", "\(found.both)",
      Printed.number(found.meanSize, 2), Printed.number(found.deferred),
      found.errorOfSingles.map { Printed.number($0) } ?? "none",
    ]
  }

  private static func json(_ found: ConformalCoverage) -> JSONValue {
    .object([
      "label": .text(found.label), "n": .integer(Int64(found.n)), "patients": .integer(Int64(found.patients)),
      "coverage": found.coverage?.json ?? .null, "empty": .integer(Int64(found.empty)),
      "benign": .integer(Int64(found.benignOnly)), "malignant": .integer(Int64(found.malignantOnly)),
      "both": .integer(Int64(found.both)), "meanSize": .number(found.meanSize), "deferred": .number(found.deferred),
      "errorOfSingles": found.errorOfSingles.map(JSONValue.number) ?? .null,
    ])
  }
}
