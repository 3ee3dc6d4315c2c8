import Foundation
public import Statistics
public import Tables

extension ModelAnalyses {
  public struct NomogramOptions: Sendable {
    /// Values to mark by column; a number without any gets round ones within the range seen.
    public var ticks: [String: [String]] = [:]
    public var labels: [String: String] = [:]
    public var units: [String: String] = [:]
    public var missing = Missing.complete
    public var imputation = MultipleImputation.Options()

    public init() {}
  }

  /// Points of each variable's values, the totals of probabilities, and the formula behind them (S2-16).
  public static func nomogram(
    _ table: Table, label: String, positive: String? = nil, variables: [Variable],
    options: NomogramOptions = NomogramOptions()
  ) throws(AnalysisError) -> AnalysisResult {
    let names = Set(variables.map(\.column))
    let described = Array(options.ticks.keys) + Array(options.labels.keys) + Array(options.units.keys)
    for name in described.sorted() where !names.contains(name) {
      throw .input(source: table.source, reason: "an axis is described for \(name), which is no variable of the model")
    }
    var rows = try ModelRows(table, label: label, positive: positive, variables: variables, cluster: nil)
    var result = AnalysisResult("nomogram")
    let sets = try rows.factors(options.missing, options.imputation, notes: &result.notes)
    let outcomes = rows.outcomes
    return try asAnalysisError(table.source) {
      let model = try FactorRegression(outcomes: outcomes, sets: sets, profiles: false)
      if let separation = model.separation {
        result.notes.append(
          "the variables separate the classes (\(separation.rawValue)): the points are of Firth's penalised estimates")
      }
      var formula = model.formula
      for place in formula.terms.indices {
        formula.terms[place].label = options.labels[formula.terms[place].name]
        formula.terms[place].unit = options.units[formula.terms[place].name]
      }
      let nomogram = try Nomogram(
        formula,
        ticks: zip(formula.terms, sets[0]).map { ($0.name, try marks(of: $0, $1.terms[0], options.ticks[$0.name])) })
      describe(nomogram, &result)
      result.values["formula"] = try JSONValue(encoding: formula)
      return result
    }
  }

  private static func describe(_ nomogram: Nomogram, _ result: inout AnalysisResult) {
    result.values["pointsPerUnit"] = .number(nomogram.pointsPerUnit)
    result.values["base"] = .number(nomogram.base)
    result.values["axes"] = .object(
      Dictionary(
        uniqueKeysWithValues: nomogram.axes.map { axis in
          (axis.term, .list(axis.marks.map { .object(["value": .text($0.label), "points": .number($0.points)]) }))
        }))
    result.values["order"] = .list(nomogram.axes.map { .text($0.term) })
    result.values["largestTotal"] = .number(nomogram.largestTotal)
    result.values["totalTicks"] = .list(nomogram.totalTicks.map(JSONValue.number))
    result.values["totals"] = .list(
      nomogram.probabilityMarks().map {
        .object(["probability": .number($0.probability), "points": .number($0.points)])
      })
    for axis in nomogram.axes {
      if axis.stretches.count > 1 {
        result.notes.append("the axis of \(axis.term) doubles back: its curve both rises and falls")
      }
      let title = (axis.label ?? axis.term) + (axis.unit.map { " (\($0))" } ?? "")
      result.tables.append(
        ResultTable(title, ["value", "points"], axis.marks.map { [$0.label, Printed.number($0.points, 1)] }))
    }
    result.tables.append(
      ResultTable(
        "Total points, 0 to \(Printed.number(nomogram.largestTotal, 1))", ["probability", "points"],
        nomogram.probabilityMarks().map { [Printed.plain($0.probability), Printed.number($0.points, 1)] }))
  }

  private static func marks(
    of term: PredictionFormula.Term, _ data: Term, _ wanted: [String]?
  ) throws(AnalysisError) -> Nomogram.Ticks {
    if let levels = term.coding.levels { return .levels(wanted ?? levels) }
    if let wanted {
      let numbers = wanted.compactMap { Double($0) }
      guard numbers.count == wanted.count else {
        throw .input(source: term.name, reason: "ticks: expected numbers, found \(wanted.joined(separator: ", "))")
      }
      return .numbers(numbers)
    }
    switch data.values {
    case .numeric(let values), .spline(let values, _):
      let distinct = Set(values).sorted()
      guard distinct.count > 6, let low = distinct.first, let high = distinct.last else { return .numbers(distinct) }
      return .numbers(RoundTicks.within(low, high))
    case .categorical, .ordered: return .numbers([])
    }
  }
}
