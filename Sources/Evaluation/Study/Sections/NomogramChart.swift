import Figures
import Foundation
import Statistics
import Ultrasound
import Wording

/// A regression drawn as a nomogram, its points in a table, and the same as a calculator in the page.
struct NomogramChart {
  let figure: Figure
  let table: ReportTable
  /// A fragment of HTML.
  let live: String

  /// - Throws: what the nomogram throws, as where nothing changes the risk.
  init(_ regression: ScoreRegression, _ study: StudyContext) throws {
    let words = study.words
    let formula = regression.together.formula
    let axes = formula.terms.map { (term: $0.name, marks: NomogramChart.marks($0, regression, words)) }
    let nomogram = try Nomogram(intercept: formula.intercept, axes: axes)
    let outcome = words("Probability of malignancy")
    let scoreLabel = words("Score")
    figure = NomogramFigure.figure(
      name: "nomogram", heading: words("Nomogram"), nomogram: nomogram,
      labels: [regression.scoreName: (scoreLabel, "")], outcome: outcome, words: words)
    live = try LiveNomogram(
      model: NomogramModel(
        intercept: formula.intercept,
        variables: formula.terms.map { NomogramChart.variable($0, regression, scoreLabel, words) },
        covariance: regression.together.formulaCovariance), outcome: outcome, id: "live-nomogram"
    ).html(words: words)
    var rows = nomogram.axes.map { axis in
      [
        axis.term == regression.scoreName ? scoreLabel : axis.term,
        axis.marks.map { "\($0.label): \(Text.fixed($0.points, 0))" }.joined(separator: " · "),
      ]
    }
    rows.append([
      words("Total points: probability"),
      nomogram.probabilityMarks().map { "\(Text.fixed($0.points, 0)): \(Text.fixed($0.probability, 2))" }
        .joined(separator: " · "),
    ])
    table = ReportTable(
      "nomogram-points",
      caption: words(
        "The nomogram’s points. Add those of a lesion’s values and read off its probability of malignancy, where malignancy is as common as among the lesions of the fit."
      ), columns: [.text(words("Variable")), .text(words("Value: points"))], rows: rows)
  }

  /// As short as it is exact.
  private static func text(_ value: Double) -> String { ClinicalValue.number(value).level(.number) ?? "" }

  // MARK: Axes on paper

  private static let scores = [
    0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999,
  ]

  private static func marks(
    _ term: PredictionFormula.Term, _ regression: ScoreRegression, _ words: Wording
  ) -> [Nomogram.Contribution] {
    if term.name == regression.scoreName {
      return offered(regression).compactMap { score in
        let logit = ScoreRegression.logit(score)
        return term.amount(.number(logit)).map { .init(label: text(score), value: nil, amount: $0) }
      }
    }
    if let levels = term.coding.levels {
      return levels.compactMap { level in
        term.amount(.level(level)).map { .init(label: level, value: nil, amount: $0) }
      }
    }
    let values = numbers(term.name, regression)
    guard let low = values.min(), let high = values.max() else { return [] }
    if regression.variables.isYesNo(term.name) {
      return [(0.0, words("no")), (1.0, words("yes"))].compactMap { value, label in
        term.amount(.number(value)).map { .init(label: label, value: nil, amount: $0) }
      }
    }
    let distinct = Set(values).sorted()
    return (distinct.count > 6 ? RoundTicks.within(low, high) : distinct).compactMap { value in
      term.amount(.number(value)).map { .init(label: text(value), value: value, amount: $0) }
    }
  }

  /// Scores to mark: round ones within those of the fit.
  private static func offered(_ regression: ScoreRegression) -> [Double] {
    let found = regression.lesions.map(\.score)
    guard let low = found.min(), let high = found.max() else { return [] }
    let inside = scores.filter { $0 >= low && $0 <= high }
    return inside.count > 1 ? inside : [low, high]
  }

  private static func numbers(_ name: String, _ regression: ScoreRegression) -> [Double] {
    regression.lesions.compactMap { row in
      let values = regression.variables.values(of: LesionKey(patient: row.patient, lesion: row.name))
      if case .number(let number) = values[name] { return number }
      return nil
    }
  }

  // MARK: Controls in the page

  private static func variable(
    _ term: PredictionFormula.Term, _ regression: ScoreRegression, _ scoreLabel: String, _ words: Wording
  ) -> NomogramModel.Variable {
    typealias Level = NomogramModel.Level
    if term.name == regression.scoreName {
      let found = regression.lesions.map(\.score)
      let (low, high) = (max(0.001, found.min() ?? 0), min(0.999, found.max() ?? 1))
      return .init(
        label: scoreLabel,
        kind: .number(range: min(low, high)...max(low, high), bases: [.init(linear: 0, logit: 1)], decimals: 3),
        coefficients: term.coefficients)
    }
    if let levels = term.coding.levels {
      return .init(
        label: term.name, kind: .levels(levels.map { Level(label: $0, columns: term.coding.columns($0) ?? []) }),
        coefficients: term.coefficients)
    }
    if regression.variables.isYesNo(term.name) {
      return .init(
        label: term.name,
        kind: .levels([Level(label: words("no"), columns: [0]), Level(label: words("yes"), columns: [1])]),
        coefficients: term.coefficients)
    }
    let values = numbers(term.name, regression)
    let decimals = values.allSatisfy { $0 == $0.rounded() } ? 0 : 1
    let range = (values.min() ?? 0)...(values.max() ?? 1)
    if case .spline(let knots) = term.coding {
      return .init(
        label: term.name,
        kind: .number(range: range, bases: NomogramModel.Basis.spline(knots: knots), decimals: decimals),
        coefficients: term.coefficients)
    }
    return .number(
      term.name, range: range, decimals: decimals, coefficient: term.coefficients.first ?? 0)
  }
}
