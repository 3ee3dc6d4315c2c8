import Figures
import Statistics
import Wording

/// Every two of three and more models in one figure (S2-21, S4-02); the tests themselves stand with the models' table.
enum PairwiseSection {
  static func section(_ study: StudyContext) -> ReportSection? {
    let words = study.words
    var parts: [ReportSection.Part] = []
    for part in study.parts where part.models.count > 1 {
      let pairs = study.comparisons.filter { $0.split == part.split }
      if part.models.count > 2, !pairs.isEmpty { parts.append(.figure(figure(pairs, part, study))) }
      let expected = part.models.count * (part.models.count - 1) / 2
      if pairs.count < expected {
        parts.append(
          .notes([
            study.place(part)
              + words(
                "Pairs without lesions of both classes that both models scored: \(expected - pairs.count) of \(expected)."
              )
          ]))
      }
    }
    guard !parts.isEmpty else { return nil }
    return ReportSection("pairwise", words("All models: pairwise comparison"), parts)
  }

  private static func figure(_ pairs: [ModelComparison], _ part: StudyPart, _ study: StudyContext) -> Figure {
    let models = Array(part.models.prefix(StudyContext.mostCurves))
    let place = Dictionary(models.enumerated().map { ($1.name, $0) }) { first, _ in first }
    return PairwiseFigure.figure(
      name: "pairwise-\(part.suffix)", heading: study.heading(study.words("Pairwise comparison"), part),
      models: models.map { .init(label: study.label($0), auc: $0.auc) },
      pairs: pairs.compactMap { pair in
        guard let first = place[pair.first], let second = place[pair.second], let p = pair.holmP else { return nil }
        // The figure takes the first less the second, a comparison is the second less the first.
        return .init(
          first: second, second: first,
          difference: Estimate(value: pair.difference, interval: pair.interval?.statistic), p: p)
      }, correction: "Holm", words: study.words)
  }
}
