import Analyses
import Foundation
import Statistics
import Ultrasound

/// The clinical variables of a regression, as terms and as values to put into its formula.
struct RegressionVariables: Sendable {
  private let choices: [ModelAnalyses.Variable]
  private let variables: LesionVariables
  /// Reference of a category for which none was named: its most frequent level among the lesions of the fit.
  private let references: [String: String]

  init(_ choices: [ModelAnalyses.Variable], _ variables: LesionVariables, fittedOn lesions: [LesionKey]) {
    (self.choices, self.variables) = (choices, variables)
    var references: [String: String] = [:]
    for choice in choices {
      guard case .number = choice.form, let (variable, values) = variables.column(choice.column, of: lesions),
        variable.kind == .category
      else { continue }
      let counts = values.compactMap { $0.level(variable.kind) }.reduce(into: [String: Int]()) {
        $0[$1, default: 0] += 1
      }
      references[choice.column] = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
    self.references = references
  }

  /// Categories whose reference was chosen here, with it.
  var chosenReferences: [(name: String, level: String)] {
    choices.compactMap { choice in references[choice.column].map { (choice.column, $0) } }
  }

  /// A term a variable, gaps kept. Errors: too few different values for a spline.
  func terms(of lesions: [LesionKey]) throws(StatisticsError) -> [IncompleteTerm] {
    var terms: [IncompleteTerm] = []
    for choice in choices {
      guard let (variable, values) = variables.column(choice.column, of: lesions) else { continue }
      let levels = values.map { $0.level(variable.kind) }
      switch choice.form {
      case .factor(let reference):
        terms.append(IncompleteTerm(choice.column, .factor(levels, reference: reference)))
      case .ordered(let names, let coding):
        terms.append(IncompleteTerm(choice.column, .ordered(levels, levels: names, coding)))
      case .spline(let knots):
        let numbers = values.map(\.number)
        let spline = try RestrictedCubicSpline(values: numbers.compactMap(\.self), knots: knots)
        terms.append(IncompleteTerm(choice.column, .numbers(numbers, spline: spline)))
      case .number:
        if let reference = references[choice.column] {
          terms.append(IncompleteTerm(choice.column, .factor(levels, reference: reference)))
        } else {
          terms.append(IncompleteTerm(choice.column, .numbers(values.map(\.number), spline: nil)))
        }
      }
    }
    return terms
  }

  /// The values of a lesion by the names of the terms.
  func values(of lesion: LesionKey) -> [String: PredictionFormula.Value] {
    var found: [String: PredictionFormula.Value] = [:]
    for choice in choices {
      guard let (variable, values) = variables.column(choice.column, of: [lesion]), let value = values.first else {
        continue
      }
      let isLevel: Bool =
        switch choice.form {
        case .factor, .ordered: true
        case .spline: false
        case .number: references[choice.column] != nil
        }
      found[choice.column] =
        isLevel
        ? value.level(variable.kind).map(PredictionFormula.Value.level) ?? .missing
        : value.number.map(PredictionFormula.Value.number) ?? .missing
    }
    return found
  }

  /// Whether 0 and 1 of a number mean no and yes.
  func isYesNo(_ name: String) -> Bool {
    variables.place(of: name).map { variables.variables[$0].kind == .yesNo } ?? false
  }
}
