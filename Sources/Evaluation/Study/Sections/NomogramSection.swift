import Cohort
import Figures
import Statistics
import Wording

/// Odds ratios of the score and clinical variables, and the model as a nomogram, on paper and live (S2-13, S2-15, S2-16).
enum NomogramSection {
  /// nil where no variables were named.
  static func section(_ study: StudyContext) -> ReportSection? {
    guard !study.tables.regression.isEmpty, let model = study.parts.first?.models.first else { return nil }
    let words = study.words
    var parts: [ReportSection.Part] = []
    do {
      let regression = try fit(model.name, study)
      parts = self.parts(regression, model.name, study)
    } catch {
      parts = [
        .notes([
          words("No regression of the label on the score and these variables: \("\(error)").")
        ])
      ]
    }
    return ReportSection("nomogram", words("Score and clinical variables: odds ratios and nomogram"), parts)
  }

  /// Fitted on the validation rows of the run, else on its training rows, else on the first test part itself.
  static func fit(_ name: String, _ study: StudyContext) throws -> ScoreRegression {
    let rows = study.predictions.filter { $0.model == name }
    let term = study.words("Score, logit")
    for (split, source) in [("validation", ScoreRegression.Source.validation), ("train", .training)] {
      let own = rows.filter { $0.split == split }
      let lesions = try Grouping.rows(Grouping.meanOverFolds(own), unit: .lesion)
      if Set(lesions.map(\.isMalignant)).count == 2 {
        return try ScoreRegression(lesions, source: source, scoreName: term, study.tables)
      }
    }
    let part = study.parts.first
    return try ScoreRegression(
      part?.models.first { $0.name == name }?.rows ?? [], source: .test(split: part?.split ?? ""), scoreName: term,
      study.tables)
  }

  private static func parts(
    _ regression: ScoreRegression, _ name: String, _ study: StudyContext
  ) -> [ReportSection.Part] {
    let words = study.words
    let model = regression.together
    var parts: [ReportSection.Part] = [
      .paragraph(introduction(regression, name, study)), .table(oddsRatios(regression, study)),
    ]
    var notes = notes(regression, study)
    if let chart = try? NomogramChart(regression, study) {
      parts += [.figure(chart.figure), .table(chart.table), .html(HTML(raw: chart.live))]
    } else {
      notes.append(words("No nomogram: the model’s terms do not change the risk."))
    }
    if let performance = performance(regression, name, study) { parts.append(.table(performance)) }
    if model.method == .firth {
      notes.append(
        words(
          "The variables separate the classes: maximum likelihood has no finite estimate. Odds ratios are Firth’s penalised ones, with p of the penalised likelihood."
        ))
    }
    return notes.isEmpty ? parts : parts + [.notes(notes)]
  }

  private static func introduction(
    _ regression: ScoreRegression, _ name: String, _ study: StudyContext
  ) -> String {
    let words = study.words
    let count = Text.count(regression.lesions.count)
    let malignant = Text.count(regression.lesions.count { $0.isMalignant })
    let whole = words(
      "Logistic regression of malignancy on the score of \(study.label(name)) and the variables named, on \(count) lesions (\(malignant) malignant)."
    )
    let caveat: String =
      switch regression.source {
      case .validation:
        words("It was fitted on the validation lesions, which the network was not trained on.")
      case .training:
        words(
          "It was fitted on the lesions the network was trained on, whose scores are better than those of any other lesion: the score weighs too much and the variables too little."
        )
      case .test:
        words(
          "There are no training rows: it was fitted on the test lesions themselves, so that its performance on them is only apparent, and better than it will be elsewhere."
        )
      }
    return whole + words(" ") + caveat
  }

  private static func notes(_ regression: ScoreRegression, _ study: StudyContext) -> [String] {
    let words = study.words
    var notes: [String] = []
    for (name, level) in regression.variables.chosenReferences {
      notes.append(words("\(name): the reference is its most frequent level, \(level)."))
    }
    if regression.isImputed {
      notes.append(
        words(
          "Lesions with a missing value: \(Text.count(regression.incomplete)). Values were imputed \(ScoreRegression.imputations) times by chained equations with the label among the predictors, and the fits pooled by Rubin’s rules; a value that is missing for a reason that is not known biases this."
        ))
    } else if regression.incomplete > 0 {
      notes.append(words("Lesions with a missing value, left out: \(Text.count(regression.incomplete))."))
    }
    let model = regression.together
    let rarer = min(model.events, model.count - model.events)
    let each = Double(rarer) / Double(max(1, model.rows.count - 1))
    if each < 10 {
      notes.append(
        words(
          "\(Text.fixed(each, 1)) lesions of the rarer class for each coefficient: fewer than 10 make unstable estimates."
        ))
    }
    if let clusters = model.clusters {
      notes.append(
        words("Standard errors allow for lesions that share one of \(Text.count(clusters)) patients (sandwich)."))
    }
    for single in regression.alone {
      if let reason = single.reason { notes.append(words("\(single.name) alone was not fitted: \(reason).")) }
    }
    return notes
  }

  // MARK: Tables

  private static func oddsRatios(_ regression: ScoreRegression, _ study: StudyContext) -> ReportTable {
    let words = study.words
    let alone = regression.alone.flatMap { $0.model?.rows.dropFirst() ?? [] }
    func cells(_ row: FactorRegression.Row?) -> [String] {
      guard let row else { return [StudyContext.none, StudyContext.none] }
      return [ratio(row.oddsRatio, study), study.p(row.p.isFinite ? row.p : nil)]
    }
    return ReportTable(
      "odds-ratios",
      caption: words(
        "OR: odds ratio for one unit of a number, against the reference of a category; of the score for one unit of its logit. Alone and together with the others."
      ),
      columns: [
        .text(words("Variable")), .number(words("Alone: OR (95 % CI)")), .number(words("p")),
        .number(words("Together: OR (95 % CI)")), .number(words("p")),
      ],
      rows: regression.together.rows.dropFirst().map { row in
        [row.name] + cells(alone.first { $0.name == row.name }) + cells(row)
      })
  }

  private static func ratio(_ estimate: Estimate, _ study: StudyContext) -> String {
    guard estimate.value.isFinite else { return StudyContext.none }
    if estimate.value >= 1e5 || (estimate.interval?.upper ?? 0) >= 1e6 {
      return study.words("\(Text.fixed(min(estimate.value, 1e5), 0)) or more; not estimable")
    }
    return study.brief(estimate, 2)
  }

  /// The score alone against the score with the variables, on every test part.
  private static func performance(
    _ regression: ScoreRegression, _ name: String, _ study: StudyContext
  ) -> ReportTable? {
    let words = study.words
    let fitted = Set(regression.lesions.map { LesionKey(patient: $0.patient, lesion: $0.name) })
    let rows = study.parts.compactMap { part -> [String]? in
      guard let model = part.models.first(where: { $0.name == name }) else { return nil }
      let scored = model.rows.compactMap { row in regression.probability(row).map { (row: row, probability: $0) } }
      let truth = scored.map(\.row.isMalignant)
      let patients = scored.map(\.row.patient)
      let (combined, alone) = (scored.map(\.probability), scored.map(\.row.score))
      guard Set(truth).count == 2 else { return nil }
      let tested =
        Set(patients).count < patients.count
        ? try? DeLongTest.pairedClustered(combined, alone, positives: truth, clusters: patients)
        : try? DeLongTest.paired(combined, alone, positives: truth)
      let both = scored.count { fitted.contains(LesionKey(patient: $0.row.patient, lesion: $0.row.name)) }
      let hasVariance = (tested?.standardError ?? 0) > 0
      return [
        study.title(part), Text.count(scored.count), Text.count(both),
        tested.map { Text.fixed($0.aucB, 3) } ?? StudyContext.none,
        tested.map { Text.fixed($0.aucA, 3) } ?? StudyContext.none,
        tested.map { study.brief(Estimate(value: $0.difference, interval: hasVariance ? $0.interval : nil)) }
          ?? StudyContext.none,
        hasVariance ? study.p(tested?.p) : StudyContext.none,
      ]
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      "nomogram-performance",
      caption: words(
        "AUC of the score alone and with the variables, on the lesions without a missing value; paired test (DeLong, or Obuchowski’s where lesions share a patient). Lesions that were also in the fit make it look better than it is."
      ),
      columns: [
        .text(words("Part")), .number(words("Lesions")), .number(words("Of them in the fit")),
        .number(words("Score alone")), .number(words("With variables")), .number(words("Difference (95 % CI)")),
        .number(words("p")),
      ], rows: rows)
  }
}
