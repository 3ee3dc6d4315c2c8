import Foundation
import Statistics
import Tables

/// How a logistic regression is shown.
extension ModelAnalyses {
  static func coefficients(_ title: String, _ rows: [FactorRegression.Row]) -> ResultTable {
    let pooled = rows.contains { $0.pooling != nil }
    let profiled = rows.contains { $0.profile != nil }
    let extra = (profiled ? ["profile interval"] : []) + (pooled ? ["missing information"] : [])
    return ResultTable(
      title, ["", "beta", "SE", "odds ratio", pooled ? "t interval" : "Wald interval"] + extra + ["p"],
      rows.map { row in
        var cells = [
          row.name, Printed.number(row.value), Printed.number(row.standardError), Printed.number(row.oddsRatio.value),
          Printed.interval(row.oddsRatio.interval),
        ]
        if profiled { cells.append(Printed.interval(row.profile)) }
        if pooled { cells.append(row.pooling.map { Printed.number($0.missingInformation) } ?? "n/a") }
        return cells + [Printed.p(row.p)]
      })
  }

  static func tests(
    _ title: String, _ tests: [FactorRegression.FactorTest], _ models: [FactorRegression]
  ) -> ResultTable {
    let pooled = models.contains { $0.rows.contains { $0.pooling != nil } }
    func cells(_ name: String, _ wald: TestResult?, _ ratio: TestResult?) -> [String] {
      let degrees = (wald ?? ratio)?.degreesOfFreedom
      return [
        name, degrees.map { Printed.plain($0) } ?? "n/a", wald.map { Printed.number($0.statistic, 2) } ?? "n/a",
        wald.map { Printed.p($0.p) } ?? "n/a", ratio.map { Printed.number($0.statistic, 2) } ?? "n/a",
        ratio.map { Printed.p($0.p) } ?? "n/a",
      ]
    }
    return ResultTable(
      title, ["", "df", pooled ? "F" : "Wald", "p", "likelihood ratio", "p"],
      tests.flatMap { test in
        let curved = test.nonlinearity != nil || test.nonlinearityLikelihoodRatio != nil
        return [cells(test.factor, test.wald, test.likelihoodRatio)]
          + (curved
            ? [cells("\(test.factor), non-linear", test.nonlinearity, test.nonlinearityLikelihoodRatio)] : [])
      })
  }

  /// Levels with so few rows, or of one class only, that their estimate hangs on single cases.
  static func thinLevels(_ factors: [Factor], _ outcomes: [Bool]) -> [String] {
    factors.flatMap { factor in
      factor.terms.flatMap { term -> [String] in
        let words: [String]
        switch term.values {
        case .categorical(let values, _), .ordered(let values, _, _): words = values
        case .numeric, .spline: return []
        }
        var counts: [String: (rows: Int, events: Int)] = [:]
        for (word, outcome) in zip(words, outcomes) {
          let old = counts[word] ?? (0, 0)
          counts[word] = (old.rows + 1, old.events + (outcome ? 1 : 0))
        }
        return counts.sorted { $0.key < $1.key }.compactMap { level, count in
          let rows = count.rows == 1 ? "1 row" : "\(count.rows) rows"
          if count.events == 0 || count.events == count.rows {
            return "\(term.name)=\(level): \(rows), all of one class"
          }
          return count.rows < 5 ? "\(term.name)=\(level): \(rows) only" : nil
        }
      }
    }
  }
}

extension FactorRegression.Row {
  var json: JSONValue {
    var values: [String: JSONValue] = [
      "name": .text(name), "beta": .number(value), "standardError": .number(standardError),
      "z": .number(value / standardError), "p": .number(p), "oddsRatio": oddsRatio.json,
    ]
    values["profile"] = profile?.json
    if let pooling {
      values["degreesOfFreedom"] = .number(pooling.degreesOfFreedom)
      values["missingInformation"] = .number(pooling.missingInformation)
      values["within"] = .number(pooling.within)
      values["between"] = .number(pooling.between)
    }
    return .object(values)
  }
}

extension FactorRegression.FactorTest {
  var json: JSONValue {
    func describe(_ test: TestResult?) -> JSONValue {
      guard let test else { return .null }
      return .object([
        "statistic": .number(test.statistic), "degrees": test.degreesOfFreedom.map(JSONValue.number) ?? .null,
        "p": .number(test.p),
      ])
    }
    return .object([
      "term": .text(factor), "wald": describe(wald), "likelihoodRatio": describe(likelihoodRatio),
      "nonlinearity": describe(nonlinearity), "nonlinearityLikelihoodRatio": describe(nonlinearityLikelihoodRatio),
    ])
  }
}

extension JSONValue {
  /// The JSON of a value.
  init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(value))
  }
}
