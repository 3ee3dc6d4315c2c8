import Figures
import Wording

/// Several models side by side.
extension Page {
  /// With more models than this the pairs are left to `metrics.json`.
  static let mostModelsInPairs = 12

  var comparison: ReportSection? {
    guard metrics.hasSeveralModels else { return nil }
    var parts: [ReportSection.Part] = [.table(models)]
    if Set(metrics.sections.map(\.model)).count > Page.mostModelsInPairs {
      parts.append(
        .notes([
          words("More than \(Page.mostModelsInPairs) models: their pairwise comparisons are in metrics.json only.")
        ]))
    } else if !metrics.comparisons.isEmpty {
      parts += [.heading(words("AUCs pair by pair")), .table(differences)]
      parts += Evaluator.grouped(metrics.comparisons, by: \.split).compactMap { matrix(split: $0, pairs: $1) }
    }
    return ReportSection("models", words("Models compared"), parts)
  }

  private var models: ReportTable {
    let rows = metrics.sections.compactMap { section -> [String]? in
      guard let main = section.units.first else { return nil }
      return [
        section.model, words(EstimateText.split(section.split)), Text.count(main.count),
        main.pooledAUC.map { EstimateText.auc($0, decimals: 3, words) } ?? words("n/a"),
        EstimateText.rate(main.diagnosis.sensitivity, words), EstimateText.rate(main.diagnosis.specificity, words),
      ]
    }
    return ReportTable(
      "models", caption: words("Every model, per lesion."),
      columns: [
        .text(words("Model")), .text(words("Part")), .number(words("Lesions")), .text(words("AUC")),
        .text(words("Sensitivity")), .text(words("Specificity")),
      ], rows: rows)
  }

  private var differences: ReportTable {
    let rows = Evaluator.grouped(metrics.comparisons, by: \.split).flatMap(\.1).map { pair in
      [
        words("\(pair.second) less \(pair.first)"), words(EstimateText.split(pair.split)), Text.count(pair.count),
        Text.fixed(pair.secondAUC, 3), Text.fixed(pair.firstAUC, 3),
        EstimateText.brief(pair.difference, pair.interval, decimals: 3, words), p(pair.p), p(pair.holmP),
      ]
    }
    return ReportTable(
      "model-differences",
      caption: words.sentences([
        Phrase(
          """
          Difference of the AUCs on the lesions both models scored, by DeLong’s paired test; clustered by \(cluster) \
          where one has several.
          """),
        Phrase("Two-sided p, and p by Holm for all pairs of a part together."),
      ]),
      columns: [
        .text(words("Models")), .text(words("Part")), .number(words("Lesions")), .number(words("AUC, first")),
        .number(words("AUC, second")), .number(words("AUC difference (95 % CI)")), .number(words("p")),
        .number(words("p, Holm")),
      ], rows: rows)
  }

  /// All pairs of a part at a glance; nil where there is one.
  private func matrix(split: String, pairs: [ModelComparison]) -> ReportSection.Part? {
    var models: [String] = []
    for model in pairs.flatMap({ [$0.first, $0.second] }) where !models.contains(model) { models.append(model) }
    guard models.count > 2 else { return nil }
    let rows = models.enumerated().map { row, model in
      ["\(row + 1)  \(model)"]
        + models.enumerated().map { column, other in
          guard let pair = pairs.first(where: { Set([$0.first, $0.second]) == [model, other] }) else { return "–" }
          // Row less column above the diagonal.
          let difference = pair.second == model ? pair.difference : -pair.difference
          return row < column ? Text.signed(difference, 3) : p(pair.holmP)
        }
    }
    let part = EstimateText.splitInSentence(split)
    return .table(
      ReportTable(
        "model-matrix-\(RunFigures.slug(split))",
        caption: words(
          """
          All pairs (\(part)): above the diagonal the AUC of the row less that of the column, below it p by Holm.
          """),
        columns: [.text(words("Model"))] + models.indices.map { .number(String($0 + 1)) }, rows: rows))
  }

  private func p(_ value: Double?) -> String { value.map(Text.pValue) ?? words("n/a") }
}
