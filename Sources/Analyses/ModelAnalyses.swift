import Foundation
import Statistics
public import Tables

/// `stats calibration`, `decision-curve`, `logistic`, `nomogram`.
public enum ModelAnalyses {
  // MARK: Decision curve

  public static func decisionCurve(
    _ table: Table, _ columns: ScoredRows.Columns, thresholds: [Double], unit: ScoredRows.Unit
  ) throws(AnalysisError) -> AnalysisResult {
    let rows = try ScoredRows(table, columns).by(unit)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("decision-curve", unit: unit.rawValue)
      let curve = try DecisionCurve(probabilities: rows.scores, positives: rows.positives, thresholds: thresholds)
      result.values["prevalence"] = .number(curve.prevalence)
      result.values["points"] = .list(
        curve.points.map { point in
          .object([
            "threshold": .number(point.threshold), "model": .number(point.model), "all": .number(point.all),
            "none": .number(0), "reductionPer100": point.reductionPer100.map(JSONValue.number) ?? .null,
          ])
        })
      let useless = curve.points.filter { $0.model <= max($0.all, 0) }.map(\.threshold)
      if !useless.isEmpty {
        result.notes.append(
          "acting on everybody or on nobody is as good as the model at "
            + useless.map { Printed.plain($0) }.joined(separator: ", "))
      }
      result.tables = [
        ResultTable(
          "Net benefit per \(unit.rawValue), prevalence \(Printed.number(curve.prevalence))",
          ["threshold", "model", "all", "none", "spared per 100"],
          curve.points.map {
            [
              Printed.plain($0.threshold), Printed.number($0.model, 4), Printed.number($0.all, 4), "0",
              $0.reductionPer100.map { Printed.number($0, 1) } ?? "n/a",
            ]
          })
      ]
      return result
    }
  }

  // MARK: Logistic regression

  /// A variable of a model as the command line names it: `age` is a number, `race:white` a category with its reference.
  public struct Variable: Sendable, Equatable {
    public let column: String
    public let reference: String?

    public init(_ text: String) {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      (column, reference) = (parts.first ?? text, parts.count > 1 ? parts[1] : nil)
    }
  }

  /// Univariate then multivariable logistic regression; with separation found, Firth's penalised fit instead.
  /// - alpha: where given, terms go into the multivariable model by their univariate p below it; else all do.
  public static func logistic(
    _ table: Table, label: String, positive: String? = nil, variables: [Variable], alpha: Double? = nil,
    level: Double = 0.95
  ) throws(AnalysisError) -> AnalysisResult {
    let (outcomes, terms, dropped) = try self.terms(table, label, positive, variables)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("logistic")
      if dropped > 0 { result.notes.append("\(dropped) rows with an empty cell were left out") }
      result.values["n"] = .number(Double(outcomes.count))
      result.values["events"] = .number(Double(outcomes.count { $0 }))
      if let separation = try Separation.detect(outcomes: outcomes, terms: terms) {
        let firth = try FirthModel(outcomes: outcomes, terms: terms, level: level)
        result.values["separation"] = .text(separation.rawValue)
        result.values["firth"] = .list(firth.coefficients.map(describe))
        result.notes.append(
          "the variables separate the classes (\(separation.rawValue)): maximum likelihood has no finite estimate; Firth's "
            + "penalised estimates are given")
        result.tables = [coefficients("Firth's penalised logistic regression", firth.coefficients)]
        return result
      }
      result.values["separation"] = .null
      var chosen = terms
      if let alpha {
        let selection = try LogisticSelection(outcomes: outcomes, terms: terms, alpha: alpha)
        result.values["univariate"] = .list(
          selection.univariate.map { single in
            .object([
              "term": .text(single.term), "p": .number(single.wald.p),
              "pLikelihoodRatio": .number(single.likelihoodRatio.p),
              "coefficients": .list(single.model.coefficients.dropFirst().map(describe)),
            ])
          })
        result.values["selected"] = .list(selection.selected.map(JSONValue.text))
        result.values["independent"] = .list(selection.independent.map(JSONValue.text))
        result.tables.append(
          coefficients("Univariate", selection.univariate.flatMap { $0.model.coefficients.dropFirst() }))
        chosen = terms.filter { selection.selected.contains($0.name) }
        if chosen.isEmpty {
          result.notes.append("no variable has a univariate p below \(Printed.plain(alpha))")
          return result
        }
      }
      let model = try LogisticModel(outcomes: outcomes, terms: chosen, level: level)
      result.values["multivariable"] = .list(model.coefficients.map(describe))
      result.values["logLikelihood"] = .number(model.logLikelihood)
      result.values["aic"] = .number(model.aic)
      result.values["auc"] = .number(try ROCCurve(scores: model.fitted, positives: outcomes).auc)
      let perVariable =
        Double(min(outcomes.count { $0 }, outcomes.count { !$0 })) / Double(model.coefficients.count - 1)
      if perVariable < 10 {
        result.notes.append(
          "\(Printed.plain(perVariable)) cases of the rarer class a coefficient: fewer than 10 make unstable estimates")
      }
      result.tables.append(coefficients("Multivariable", model.coefficients))
      return result
    }
  }

  private static func describe(_ coefficient: LogisticModel.Coefficient) -> JSONValue {
    .object([
      "name": .text(coefficient.name), "beta": .number(coefficient.value),
      "standardError": .number(coefficient.standardError), "z": .number(coefficient.z), "p": .number(coefficient.p),
      "oddsRatio": coefficient.oddsRatio.json,
    ])
  }

  private static func coefficients(_ title: String, _ coefficients: [LogisticModel.Coefficient]) -> ResultTable {
    ResultTable(
      title, ["", "beta", "SE", "odds ratio", "interval", "p"],
      coefficients.map {
        [
          $0.name, Printed.number($0.value), Printed.number($0.standardError), Printed.number($0.oddsRatio.value),
          Printed.interval($0.oddsRatio.interval), Printed.p($0.p),
        ]
      })
  }

  /// Outcome and complete rows of the variables.
  private static func terms(_ table: Table, _ label: String, _ positive: String?, _ variables: [Variable])
    throws(AnalysisError) -> ([Bool], [Term], Int)
  {
    guard !variables.isEmpty else { throw .input(source: table.source, reason: "no variable is named") }
    let cells = try asAnalysisError(table.source) { try variables.map { try table.column($0.column) } }
    let missing: Set<String> = ["", "na", "n/a", "nan", "null"]
    let complete = (0..<table.rowCount).filter { row in
      cells.allSatisfy { !missing.contains($0[row].lowercased()) }
    }
    let outcomes = try ScoredRows.flags(table, label, positive: positive)
    var terms: [Term] = []
    for (variable, column) in zip(variables, cells) {
      if let reference = variable.reference {
        terms.append(Term(variable.column, complete.map { column[$0] }, reference: reference))
        continue
      }
      var numbers: [Double] = []
      for row in complete {
        guard let number = Double(column[row]), number.isFinite else {
          throw .input(
            source: "\(table.source):\(table.line(ofRow: row))",
            reason: "column \(variable.column): expected a number, found \"\(column[row])\"; for a category name its "
              + "reference level: \(variable.column):LEVEL")
        }
        numbers.append(number)
      }
      terms.append(Term(variable.column, numbers))
    }
    return (complete.map { outcomes[$0] }, terms, table.rowCount - complete.count)
  }

  // MARK: Nomogram

  /// Points of each variable's values, and the probabilities of totals.
  /// - ticks: values to mark by column; a number without any gets six from its lowest to its highest.
  public static func nomogram(
    _ table: Table, label: String, positive: String? = nil, variables: [Variable], ticks: [String: [String]] = [:]
  ) throws(AnalysisError) -> AnalysisResult {
    let (outcomes, terms, dropped) = try self.terms(table, label, positive, variables)
    return try asAnalysisError(table.source) {
      var result = AnalysisResult("nomogram")
      if dropped > 0 { result.notes.append("\(dropped) rows with an empty cell were left out") }
      let model = try LogisticModel(outcomes: outcomes, terms: terms)
      let nomogram = try Nomogram(model, ticks: terms.map { ($0.name, try marks(of: $0, ticks[$0.name])) })
      result.values["pointsPerUnit"] = .number(nomogram.pointsPerUnit)
      result.values["base"] = .number(nomogram.base)
      result.values["axes"] = .object(
        Dictionary(
          uniqueKeysWithValues: nomogram.axes.map { axis in
            (axis.term, .list(axis.marks.map { .object(["value": .text($0.label), "points": .number($0.points)]) }))
          }))
      for axis in nomogram.axes {
        result.tables.append(
          ResultTable(axis.term, ["value", "points"], axis.marks.map { [$0.label, Printed.number($0.points, 1)] }))
      }
      let chances = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
      result.values["totals"] = .list(
        chances.map { .object(["probability": .number($0), "points": .number(nomogram.total(probability: $0))]) })
      result.tables.append(
        ResultTable(
          "Total points", ["probability", "points"],
          chances.map { [Printed.plain($0), Printed.number(nomogram.total(probability: $0), 1)] }))
      return result
    }
  }

  private static func marks(of term: Term, _ wanted: [String]?) throws(AnalysisError) -> Nomogram.Ticks {
    switch term.values {
    case .numeric(let values):
      if let wanted {
        let numbers = wanted.compactMap { Double($0) }
        guard numbers.count == wanted.count else {
          throw .input(source: term.name, reason: "ticks: expected numbers, found \(wanted.joined(separator: ", "))")
        }
        return .numbers(numbers)
      }
      let distinct = Set(values).sorted()
      guard distinct.count > 6, let low = distinct.first, let high = distinct.last else { return .numbers(distinct) }
      return .numbers((0...5).map { low + (high - low) * Double($0) / 5 })
    case .categorical(let values, let reference):
      return .levels(wanted ?? ([reference] + Set(values).subtracting([reference]).sorted()))
    }
  }
}
