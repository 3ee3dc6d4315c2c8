import Foundation
import Statistics
import Tables

/// Strata as tables, values and the lines of a forest plot.
struct StrataReport {
  var result: AnalysisResult
  private(set) var forest: [ForestRow] = []
  private var lines: [[String]] = []
  private let level: Double

  init(
    unit: ScoredRows.Unit, level: Double, cutOff: Double, overall: StratumAccuracy,
    factors: [StrataAnalysis.FactorFindings]
  ) {
    self.level = level
    result = AnalysisResult("strata", unit: unit.rawValue)
    let tests = factors.flatMap(\.tests)
    let p = tests.map { $0.result.p.isNaN ? 1 : $0.result.p }
    // Probabilities all, so that nothing is thrown.
    let holm = (try? Multiplicity.holm(p)) ?? p
    let hochberg = (try? Multiplicity.benjaminiHochberg(p)) ?? p

    add(overall, indent: false, marks: nil)
    var marks = Marks()
    var ofFactors: [JSONValue] = []
    var pairLines: [[String]] = []
    var first = 0
    for factor in factors {
      let column = factor.factor.column
      let interaction = factor.groups?.tests.first { $0.measure == .auc && $0.question == .heterogeneity }
      addHeading(column, p: interaction?.result.p)
      let significant = (factor.groups?.pairs ?? []).filter { $0.pHolm < 1 - level }
      for pair in significant { marks.add(column, pair) }
      for stratum in factor.groups?.strata ?? [] {
        add(stratum, indent: true, marks: marks.of(column, stratum.label))
      }
      for pair in factor.groups?.pairs ?? [] { pairLines.append(Self.line(column, pair)) }
      let range = first..<(first + factor.tests.count)
      ofFactors.append(Self.json(factor, holm: Array(holm[range]), hochberg: Array(hochberg[range])))
      first = range.upperBound
      result.notes += factor.notes
    }
    result.values = [
      "cutOff": .number(cutOff), "overall": Self.json(overall), "factors": .list(ofFactors),
      "testsInFamily": .integer(Int64(tests.count)),
    ]
    let percent = Printed.plain(level * 100)
    result.tables = [
      ResultTable(
        "By stratum, per \(unit.rawValue), called positive at \(Printed.plain(cutOff)) or above",
        [
          "", "n", "positive", "AUC", "\(percent) % interval", "sensitivity", "\(percent) % interval", "specificity",
          "\(percent) % interval", "observed/expected", "differs", "flag",
        ], lines)
    ]
    if !tests.isEmpty {
      result.tables.append(
        ResultTable(
          "Tests between strata; Holm and Benjamini-Hochberg over \(tests.count == 1 ? "this test" : "these \(tests.count) tests")",
          ["factor", "what", "method", "statistic", "df", "I2", "p", "p (Holm)", "p (BH)"],
          tests.indices.map { Self.line(tests[$0], holm[$0], hochberg[$0]) }))
    }
    if !pairLines.isEmpty {
      result.tables.append(
        ResultTable(
          "AUC, every two strata of a factor (unpaired DeLong; p by Holm within the factor)",
          ["", "difference", "\(percent) % interval", "z", "p (normal)", "p (Satterthwaite)", "p (Holm)"], pairLines))
    }
    result.notes += marks.notes
  }

  // MARK: Lines

  private mutating func addHeading(_ name: String, p: Double?) {
    lines.append([name] + [String](repeating: "", count: 11))
    forest.append(ForestRow(name, isHeading: true, p: p))
  }

  private mutating func add(_ stratum: StratumAccuracy, indent: Bool, marks: String?) {
    let flag = stratum.flags.isEmpty ? nil : stratum.flags.map(\.description).joined(separator: "; ")
    forest.append(
      ForestRow(
        stratum.label, n: stratum.n, events: stratum.events, estimate: stratum.auc, flag: flag, marks: marks))
    func cells(_ estimate: Estimate?) -> [String] {
      guard let estimate, estimate.isDefined else { return ["", ""] }
      return [Printed.number(estimate.value), estimate.interval == nil ? "" : Printed.interval(estimate.interval)]
    }
    lines.append(
      [(indent ? "  " : "") + stratum.label, "\(stratum.n)", "\(stratum.events)"] + cells(stratum.auc)
        + cells(stratum.sensitivity) + cells(stratum.specificity)
        + [stratum.observedToExpected.map { Printed.number($0, 2) } ?? "", marks ?? "", flag ?? ""])
  }

  private static func line(_ test: StrataAnalysis.FamilyTest, _ holm: Double, _ hochberg: Double) -> [String] {
    let isExact = test.method == ProportionHomogeneity.Method.fisher.rawValue
    return [
      test.factor, test.what, test.method, isExact ? "" : Printed.number(test.result.statistic, 2),
      test.result.degreesOfFreedom.map { Printed.plain($0) } ?? "",
      test.iSquared.map { Printed.number($0 * 100, 0) + " %" } ?? "", Printed.p(test.result.p), Printed.p(holm),
      Printed.p(hochberg),
    ]
  }

  private static func line(_ column: String, _ pair: Subgroups.Pair) -> [String] {
    let test = pair.comparison
    return [
      "\(column) \(pair.a) - \(pair.b)", Printed.number(test.difference), Printed.interval(test.interval),
      Printed.number(test.z, 2), Printed.p(test.p), test.satterthwaiteP.map { Printed.p($0) } ?? "",
      Printed.p(pair.pHolm),
    ]
  }

  // MARK: Values

  private static func json(_ stratum: StratumAccuracy) -> JSONValue {
    var values: [String: JSONValue] = [
      "label": .text(stratum.label), "n": .integer(Int64(stratum.n)), "events": .integer(Int64(stratum.events)),
      "patients": .integer(Int64(stratum.patients)), "isTested": .bool(stratum.isTested),
      "isMissing": .bool(stratum.isMissing), "flags": .list(stratum.flags.map { .text($0.description) }),
    ]
    for (name, estimate) in [
      ("auc", stratum.auc), ("sensitivity", stratum.sensitivity), ("specificity", stratum.specificity),
    ] {
      values[name] = estimate.flatMap { $0.isDefined ? $0.json : nil } ?? .null
    }
    values["observedToExpected"] = stratum.observedToExpected.map(JSONValue.number) ?? .null
    return .object(values)
  }

  private static func json(
    _ found: StrataAnalysis.FactorFindings, holm: [Double], hochberg: [Double]
  ) -> JSONValue {
    var values: [String: JSONValue] = [
      "factor": .text(found.factor.column), "cuts": .list(found.factor.cuts.map(JSONValue.number)),
      "clustered": .bool(found.groups?.isClustered ?? false),
      "strata": .list((found.groups?.strata ?? []).map { json($0) }),
    ]
    values["tests"] = .list(
      found.tests.enumerated().map { index, test in
        let isExact = test.method == ProportionHomogeneity.Method.fisher.rawValue
        return .object([
          "what": .text(test.what), "method": .text(test.method),
          "statistic": isExact ? .null : .number(test.result.statistic),
          "degrees": test.result.degreesOfFreedom.map(JSONValue.number) ?? .null, "p": .number(test.result.p),
          "iSquared": test.iSquared.map(JSONValue.number) ?? .null, "pHolm": .number(holm[index]),
          "pBenjaminiHochberg": .number(hochberg[index]),
        ])
      })
    values["pairs"] = .list(
      (found.groups?.pairs ?? []).map { pair in
        .object([
          "a": .text(pair.a), "b": .text(pair.b), "difference": .number(pair.comparison.difference),
          "interval": pair.comparison.interval.json, "z": .number(pair.comparison.z),
          "pNormal": .number(pair.comparison.p),
          "pSatterthwaite": pair.comparison.satterthwaiteP.map(JSONValue.number) ?? .null,
          "pHolm": .number(pair.pHolm),
        ])
      })
    if let ratio = found.interactionOddsRatio { values["interactionOddsRatioPerSD"] = ratio.json }
    return .object(values)
  }
}

/// Letters for pairs of strata that differ, as footnote marks (S2-22).
private struct Marks {
  private var letters: [String: [String]] = [:]
  private(set) var notes: [String] = []

  mutating func add(_ column: String, _ pair: Subgroups.Pair) {
    let number = notes.count
    let letter = String(repeating: "abcdefghijklmnopqrstuvwxyz".map(String.init)[number % 26], count: 1 + number / 26)
    for label in [pair.a, pair.b] { letters["\(column)\u{1F}\(label)", default: []].append(letter) }
    notes.append(
      "\(letter): the AUCs of \(column) \(pair.a) and \(pair.b) differ (p \(Printed.p(pair.comparison.p)), by Holm "
        + "\(Printed.p(pair.pHolm)))")
  }

  func of(_ column: String, _ label: String) -> String? {
    letters["\(column)\u{1F}\(label)"]?.joined(separator: ", ")
  }
}
