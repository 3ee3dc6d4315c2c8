import Figures
import Statistics
import Wording

/// The network's score combined with clinical factors: the factors' odds ratios as S2-15 gives them, how steady they
/// are over the folds, and the nomogram's points.
extension Page {
  var combination: ReportSection? {
    guard let combination = input.combination else { return nil }
    let text = words.sentences(
      [
        Phrase(
          """
          Model \(combination.model) is a logistic regression of the network’s score of a lesion and the factors kept \
          below.
          """)
      ] + Page.fittedOn(combination.settings) + [Page.screening(combination.settings)])
    let notes = Page.notes(combination).map { words($0) } + combination.allFolds.warnings
    return ReportSection(
      "combination", words("The network’s score with clinical factors"),
      [.paragraph(text), .table(oddsRatios(combination)), .notes(notes)] + steadiness(combination)
        + points(combination))
  }

  private static func fittedOn(_ settings: CombinationSummary.Settings) -> [Phrase] {
    switch settings.fittedOn {
    case "train":
      [
        Phrase(
          """
          In each fold it was fitted on the lesions its network was trained on, whose scores are better than those of \
          any other lesion: the score weighs too much and the factors too little.
          """)
      ]
    case "validation":
      [
        Phrase("In each fold it was fitted on the validation part."),
        Phrase(
          """
          Nothing of the test part reached the fit; the network’s epoch was chosen on the same lesions.
          """),
      ]
    default:
      [
        Phrase(
          """
          In each fold it was fitted on the lesions outside the test part, each with the score of a network that had \
          not been trained on it.
          """),
        Phrase(
          """
          No test lesion’s score, factor or label is in the fit; those networks, though, were trained on lesions of \
          this fold’s test part, a weak tie that a fit on the validation part does not have.
          """),
      ]
    }
  }

  private static func screening(_ settings: CombinationSummary.Settings) -> Phrase {
    let alpha = "\(settings.alpha)"
    return switch settings.screening {
    case "all": Phrase("Every factor was kept.")
    case "univariate": Phrase("Factors with p below \(alpha) alone were kept.")
    default:
      Phrase(
        """
        Factors with p below \(alpha) alone went into one model without the score; those with p below \(alpha) there \
        were kept.
        """)
    }
  }

  private func oddsRatios(_ combination: CombinationSummary) -> ReportTable {
    let all = combination.allFolds
    var columns: [ReportTable.Column] = [
      .text(words("Factor")), .number(words("Alone: OR (95 % CI)")), .number(words("p, alone")),
    ]
    if all.multivariable != nil {
      columns += [.number(words("Together: OR (95 % CI)")), .number(words("p, together"))]
    }
    columns += [.number(words("With the score: OR (95 % CI)")), .number(words("p, with the score"))]
    var rows: [[String]] = []
    for alone in all.univariate {
      guard let regression = alone.regression else {
        let blank = [String](repeating: "–", count: columns.count - 2)
        rows.append([alone.factor, words("not fitted: \(alone.reason ?? "")")] + blank)
        continue
      }
      for coefficient in regression.coefficients.dropFirst() {
        var row = [label(coefficient.name, combination)] + cells(coefficient)
        if let together = all.multivariable { row += cells(together[coefficient.name]) }
        rows.append(row + cells(all.combined[coefficient.name]))
      }
    }
    let (lesions, patients) = (Unit.lesion.counted(all.lesions), Unit.patient.counted(all.patients))
    return ReportTable(
      "odds-ratios",
      caption: words.sentences([
        Phrase("Fitted on \(lesions) of all folds (\(Text.count(all.malignant)) malignant, \(patients))."),
        Phrase(
          """
          OR, odds ratio: per unit of a number or step of an order, against the reference of a category; – is not in \
          that model.
          """),
      ]), columns: columns, rows: rows)
  }

  private func label(_ name: String, _ combination: CombinationSummary) -> String {
    guard name == combination.allFolds.univariate.first?.factor else { return name }
    return combination.settings.score == "logit" ? words("\(name) (per logit)") : words("\(name) (from 0 to 1)")
  }

  private func cells(_ coefficient: CombinationSummary.Coefficient?) -> [String] {
    guard let coefficient else { return ["–", "–"] }
    let value = Page.ratio(coefficient.oddsRatio.value)
    let p = Text.pValue(coefficient.p)
    guard let interval = coefficient.oddsRatio.interval else { return [value, p] }
    return [words("\(value) (\(Page.ratio(interval.lower)) to \(Page.ratio(interval.upper)))"), p]
  }

  /// Two decimals below 100, none above.
  private static func ratio(_ value: Double) -> String {
    if value == .infinity { return "∞" }
    if value >= 100_000 { return ">100\u{202F}000" }
    return value < 100 ? Text.fixed(value, 2) : Text.count(Int(value.rounded()))
  }

  private static func notes(_ combination: CombinationSummary) -> [Phrase] {
    var notes = [
      Phrase(
        """
        These p values and intervals take lesions as independent, and those after a screening do not know of it: they \
        are too small and too narrow. What the model is worth is what the test lesions say of it.
        """)
    ]
    notes.append(
      combination.settings.missing == "level"
        ? Phrase("A missing value is a level of its own; where no lesion of the fit lacked it, the mean.")
        : Phrase("Lesions with a missing value in a factor of the model have no combined score."))
    let models = [combination.allFolds] + combination.folds
    let uses = models.contains { model in
      ([model.combined, model.multivariable].compactMap(\.self) + model.univariate.compactMap(\.regression))
        .contains { $0.method == "firth" }
    }
    if uses {
      notes.append(
        Phrase(
          """
          Where classes are separated, odds ratios are Firth’s, with intervals and p values of the penalised likelihood.
          """))
    }
    return notes
  }

  /// Each factor over the folds' own models, which are those the results come from.
  private func steadiness(_ combination: CombinationSummary) -> [ReportSection.Part] {
    let folds = combination.folds
    guard folds.count > 1 else { return [] }
    var names: [String] = []
    for name in folds.flatMap({ $0.combined.coefficients.dropFirst().map(\.name) }) where !names.contains(name) {
      names.append(name)
    }
    let rows = names.map { name in
      let found = folds.compactMap { $0.combined[name]?.oddsRatio.value }
      return [
        label(name, combination), words("\(found.count) of \(folds.count)"), Page.ratio(found.min() ?? .nan),
        Page.ratio(found.max() ?? .nan),
      ]
    }
    let table = ReportTable(
      "odds-ratios-by-fold", caption: words("The folds’ own combined models, which the results above come from."),
      columns: [
        .text(words("Term")), .number(words("In how many")), .number(words("Lowest OR")),
        .number(words("Highest OR")),
      ], rows: rows)
    return [.heading(words("How steady the model is")), .table(table)]
  }

  private func points(_ combination: CombinationSummary) -> [ReportSection.Part] {
    guard let chart = combination.nomogram else { return [] }
    var rows = chart.axes.map { axis in
      [axis.term, axis.marks.map { "\($0.label): \(Text.fixed($0.points, 0))" }.joined(separator: " · ")]
    }
    rows.append([
      words("Total points: probability"),
      chart.totals.map { "\(Text.fixed($0.points, 0)): \(Text.fixed($0.probability, 2))" }.joined(separator: " · "),
    ])
    let table = ReportTable(
      "nomogram-points",
      caption: words.sentences([
        Phrase("Of the model fitted on all folds."),
        Phrase(
          """
          Add the points of a lesion’s values and read off its probability of malignancy where malignancy is as \
          common as here.
          """),
      ]), columns: [.text(words("Term")), .text(words("Value: points"))], rows: rows)
    return [.heading(words("Nomogram in points")), .table(table)]
  }
}
