import Figures
import Statistics
import Wording

/// Every two models by DeLong's paired test, corrected for the number of pairs (S2-21, S4).
enum PairwiseSection {
  static func section(_ study: StudyContext) -> ReportSection? {
    let words = study.words
    var parts: [ReportSection.Part] = []
    for part in study.parts where part.models.count > 1 {
      let pairs = study.comparisons.filter { $0.split == part.split }
      if !pairs.isEmpty { parts.append(.table(table(pairs, part, study))) }
      let expected = part.models.count * (part.models.count - 1) / 2
      if pairs.count < expected {
        parts.append(
          .notes([
            study.place(part)
              + words(
                "Pairs without lesions of both classes that both models scored: \(expected - pairs.count) of \(expected).")
          ]))
      }
    }
    guard !parts.isEmpty else { return nil }
    return ReportSection("pairwise", words("All models: pairwise comparison"), parts)
  }

  /// Holm's p of the pairs that have a p at all.
  static func holm(_ pairs: [ModelComparison]) -> [Double?] {
    let known = pairs.indices.filter { pairs[$0].p != nil }
    guard let adjusted = try? Multiplicity.holm(known.compactMap { pairs[$0].p }) else { return pairs.map { _ in nil } }
    var all = [Double?](repeating: nil, count: pairs.count)
    for (place, index) in known.enumerated() { all[index] = adjusted[place] }
    return all
  }

  private static func table(_ pairs: [ModelComparison], _ part: StudyPart, _ study: StudyContext) -> ReportTable {
    let words = study.words
    let adjusted = holm(pairs)
    func name(_ model: String) -> String { model.isEmpty ? words("Score") : model }
    return ReportTable(
      "pairwise-\(part.suffix)",
      caption: study.place(part)
        + words(
          "Difference of the AUCs on the lesions both scored, paired (DeLong; Obuchowski’s variance where lesions share a \(study.cluster)). p two-sided; beside it Holm’s over the \(pairs.count) pairs of this part."
        ),
      columns: [
        .text(words("Models")), .number(words("Lesions")), .number(words("AUC of the first")),
        .number(words("AUC of the second")), .number(words("Second less first (95 % CI)")), .number(words("p")),
        .number(words("p (Holm)")),
      ],
      rows: pairs.indices.map { index in
        let pair = pairs[index]
        return [
          words("\(name(pair.first)) and \(name(pair.second))"), Text.count(pair.count), Text.fixed(pair.firstAUC, 3),
          Text.fixed(pair.secondAUC, 3),
          study.brief(Estimate(value: pair.difference, interval: pair.interval?.statistic)), study.p(pair.p),
          study.p(adjusted[index]),
        ]
      })
  }
}
