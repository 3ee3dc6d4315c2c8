import Figures
import Statistics

/// The network's score combined with clinical factors: the factors' odds ratios as S2-15 gives them, how steady they
/// are over the folds, and the nomogram's points.
extension Page {
  var combination: HTML {
    guard let combination = input.combination else { return .empty }
    let all = combination.allFolds
    return """
      <section>
      <h2>The network’s score with clinical factors</h2>
      <p>Model \(combination.model) is a logistic regression of the network’s score of a lesion and the factors kept
      below. \(Page.fittedOn(combination.settings)) \(Page.screening(combination.settings))</p>
      \(oddsRatios(combination))
      \(HTML.notes(Page.notes(combination) + all.warnings))
      \(Page.steadiness(combination))
      \(Page.points(combination))
      </section>

      """
  }

  private static func fittedOn(_ settings: CombinationSummary.Settings) -> String {
    switch settings.fittedOn {
    case "train":
      "In each fold it was fitted on the lesions its network was trained on, whose scores are better than those of any "
        + "other lesion: the score weighs too much and the factors too little."
    case "validation":
      "In each fold it was fitted on the validation part. Nothing of the test part reached the fit; the network’s "
        + "epoch was chosen on the same lesions."
    default:
      "In each fold it was fitted on the lesions outside the test part, each with the score of a network that had not "
        + "been trained on it. No test lesion’s score, factor or label is in the fit; those networks, though, were "
        + "trained on lesions of this fold’s test part, a weak tie that a fit on the validation part does not have."
    }
  }

  private static func screening(_ settings: CombinationSummary.Settings) -> String {
    let alpha = "\(settings.alpha)"
    return switch settings.screening {
    case "all": "Every factor was kept."
    case "univariate": "Factors with p below \(alpha) alone were kept."
    default:
      "Factors with p below \(alpha) alone went into one model without the score; those with p below \(alpha) there "
        + "were kept."
    }
  }

  private func oddsRatios(_ combination: CombinationSummary) -> HTML {
    let all = combination.allFolds
    var columns: [HTML.Column] = [.text("Factor"), .number("Alone: OR (95 % CI)"), .number("p")]
    if all.multivariable != nil { columns += [.number("Together: OR (95 % CI)"), .number("p")] }
    columns += [.number("With the score: OR (95 % CI)"), .number("p")]
    var rows: [[String]] = []
    for alone in all.univariate {
      guard let regression = alone.regression else {
        let blank = [String](repeating: "–", count: columns.count - 3)
        rows.append([alone.factor, "not fitted: \(alone.reason ?? "")", "–"] + blank)
        continue
      }
      for coefficient in regression.coefficients.dropFirst() {
        var row = [Page.label(coefficient.name, combination)] + Page.cells(coefficient)
        if let together = all.multivariable { row += Page.cells(together[coefficient.name]) }
        rows.append(row + Page.cells(all.combined[coefficient.name]))
      }
    }
    return HTML.table(
      caption: "Fitted on \(Text.counted(all.lesions, "lesion")) of all folds (\(Text.count(all.malignant)) malignant, "
        + "\(Text.counted(all.patients, "patient"))). OR, odds ratio: per unit of a number or step of an order, "
        + "against the reference of a category; – is not in that model.",
      columns: columns, rows: rows)
  }

  private static func label(_ name: String, _ combination: CombinationSummary) -> String {
    guard name == combination.allFolds.univariate.first?.factor else { return name }
    return name + (combination.settings.score == "logit" ? " (per logit)" : " (from 0 to 1)")
  }

  private static func cells(_ coefficient: CombinationSummary.Coefficient?) -> [String] {
    guard let coefficient else { return ["–", "–"] }
    let range = coefficient.oddsRatio.interval.map { " (\(ratio($0.lower)) to \(ratio($0.upper)))" } ?? ""
    return [ratio(coefficient.oddsRatio.value) + range, Text.pValue(coefficient.p)]
  }

  /// Two decimals below 100, none above.
  private static func ratio(_ value: Double) -> String {
    if value == .infinity { return "∞" }
    if value >= 100_000 { return ">100\u{202F}000" }
    return value < 100 ? Text.fixed(value, 2) : Text.count(Int(value.rounded()))
  }

  private static func notes(_ combination: CombinationSummary) -> [String] {
    var notes = [
      "These p values and intervals take lesions as independent, and those after a screening do not know of it: they "
        + "are too small and too narrow. What the model is worth is what the test lesions say of it."
    ]
    if combination.settings.missing == "level" {
      notes.append("A missing value is a level of its own; where no lesion of the fit lacked it, the mean.")
    } else {
      notes.append("Lesions with a missing value in a factor of the model have no combined score.")
    }
    let models = [combination.allFolds] + combination.folds
    let uses = models.contains { model in
      ([model.combined, model.multivariable].compactMap(\.self) + model.univariate.compactMap(\.regression))
        .contains { $0.method == "firth" }
    }
    if uses {
      notes.append(
        "Where classes are separated, odds ratios are Firth’s, with intervals and p values of the penalised likelihood."
      )
    }
    return notes
  }

  /// Each factor over the folds' own models, which are those the results come from.
  private static func steadiness(_ combination: CombinationSummary) -> HTML {
    let folds = combination.folds
    guard folds.count > 1 else { return .empty }
    var names: [String] = []
    for name in folds.flatMap({ $0.combined.coefficients.dropFirst().map(\.name) }) where !names.contains(name) {
      names.append(name)
    }
    let rows = names.map { name in
      let found = folds.compactMap { $0.combined[name]?.oddsRatio.value }
      return [
        label(name, combination), "\(found.count) of \(folds.count)", ratio(found.min() ?? .nan),
        ratio(found.max() ?? .nan),
      ]
    }
    let table = HTML.table(
      caption: "The folds’ own combined models, which the results above come from.",
      columns: [.text("Term"), .number("In how many"), .number("Lowest OR"), .number("Highest OR")], rows: rows)
    return "<h3>How steady the model is</h3>\n\(table)"
  }

  private static func points(_ combination: CombinationSummary) -> HTML {
    guard let chart = combination.nomogram else { return .empty }
    var rows = chart.axes.map { axis in
      [axis.term, axis.marks.map { "\($0.label): \(Text.fixed($0.points, 0))" }.joined(separator: " · ")]
    }
    rows.append([
      "Total points: probability",
      chart.totals.map { "\(Text.fixed($0.points, 0)): \(Text.fixed($0.probability, 2))" }.joined(separator: " · "),
    ])
    let table = HTML.table(
      caption:
        "Of the model fitted on all folds. Add the points of a lesion’s values and read off its probability of "
        + "malignancy where malignancy is as common as here.",
      columns: [.text("Value: points"), .text("")], rows: rows)
    return "<h3>Nomogram in points</h3>\n\(table)"
  }
}
