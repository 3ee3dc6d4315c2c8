import Figures
import Foundation
import Statistics
import Wording

/// Net benefit of acting on each model, on everybody and on nobody (S2-18); scores are taken as probabilities.
enum DecisionSection {
  static func section(_ study: StudyContext) -> ReportSection? {
    let words = study.words
    var (figures, all): ([ReportSection.Part], [ReportSection.Part]) = ([], [])
    for part in study.parts {
      let shared = SharedLesions(part.models)
      guard shared.hasBothClasses else {
        all.append(
          .notes([
            study.place(part)
              + words("No decision curves: the lesions that every model scored are of one class, or there are none.")
          ]))
        continue
      }
      do throws(StatisticsError) {
        let found = try comparison(part, shared, study)
        figures.append(.figure(figure(part, found, study)))
        all += parts(part, shared, found, study)
      } catch {
        all.append(.notes([study.place(part) + words("No decision curves: \("\(error)").")]))
      }
    }
    guard !all.isEmpty else { return nil }
    let introduction = ReportSection.Part.paragraph(
      words(
        "Net benefit is the share of true positives less the share of false positives weighted by the odds of the threshold probability, at which one would act. A model is worth using where it lies above acting on everybody and above acting on nobody; it can never exceed the prevalence. Scores are taken as probabilities: where calibration is poor, so is the curve."
      ))
    return ReportSection("decision", words("Decision curves"), [introduction] + figures + all)
  }

  /// Thresholds of the table.
  static let thresholds = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5]

  static func comparison(
    _ part: StudyPart, _ shared: SharedLesions, _ study: StudyContext
  ) throws(StatisticsError) -> DecisionCurveComparison {
    try DecisionCurveComparison(
      models: part.models.indices.map { .init(study.label(part.models[$0]), shared.scores[$0]) },
      positives: shared.positives, patients: shared.patients, resamples: resamples(shared.count))
  }

  /// Fewer where there are many rows: their intervals are narrow anyway.
  static func resamples(_ rows: Int) -> Int { rows > 20_000 ? 200 : 1000 }

  private static func parts(
    _ part: StudyPart, _ shared: SharedLesions, _ comparison: DecisionCurveComparison, _ study: StudyContext
  ) -> [ReportSection.Part] {
    let words = study.words
    var notes = comparison.curves.flatMap { curve -> [String] in
      [
        (curve.allAsGood, words("acting on everybody")), (curve.noneAsGood, words("acting on nobody")),
      ].compactMap { ranges, who in
        ranges.isEmpty
          ? nil
          : study.place(part)
            + words("\(curve.name): \(who) is as good, or cannot be told apart, at \(text(ranges, words)).")
      }
    }
    if shared.count < (part.models.map(\.rows.count).max() ?? 0) {
      notes.append(
        study.place(part) + words("Curves are of the \(Text.count(shared.count)) lesions that every model scored."))
    }
    return [.table(table(part, comparison, study)), .notes(notes)]
  }

  private static func figure(
    _ part: StudyPart, _ comparison: DecisionCurveComparison, _ study: StudyContext
  ) -> Figure {
    // Bands of several curves hide one another; their intervals are in the table.
    let hasBands = comparison.curves.count == 1
    let models = comparison.curves.prefix(StudyContext.mostCurves).map { curve in
      DecisionFigure.Model(
        label: curve.name,
        places: curve.points.map { point in
          DecisionFigure.Place(
            threshold: point.threshold, netBenefit: point.netBenefit.value,
            limits: hasBands ? point.netBenefit.interval.map { ($0.lower, $0.upper) } : nil)
        }, allAsGood: curve.allAsGood)
    }
    return DecisionFigure.figure(
      name: "decision-\(part.suffix)", heading: study.heading(study.words("Decision curves"), part), models: models,
      prevalence: comparison.prevalence, words: study.words)
  }

  private static func text(_ ranges: [ClosedRange<Double>], _ words: Wording) -> String {
    ranges.map { range in
      let (lower, upper) = (Text.fixed(range.lowerBound, 2), Text.fixed(range.upperBound, 2))
      return lower == upper ? lower : words("\(lower) to \(upper)")
    }.joined(separator: words(", "))
  }

  private static func table(
    _ part: StudyPart, _ comparison: DecisionCurveComparison, _ study: StudyContext
  ) -> ReportTable {
    let words = study.words
    let places = comparison.thresholds.indices.filter { place in
      thresholds.contains { abs($0 - comparison.thresholds[place]) < 1e-9 }
    }
    return ReportTable(
      "decision-\(part.suffix)",
      caption: study.place(part)
        + words(
          "Net benefit per lesion at some thresholds, prevalence \(Text.fixed(comparison.prevalence, 3)). Intervals are percentiles of \(comparison.resamples) resamples, a \(study.cluster) with all its lesions at a time; spared are interventions on benign lesions per 100 lesions, against acting on everybody."
        ),
      columns: [
        .text(words("Threshold")), .text(words("Model")), .number(words("Net benefit (95 % CI)")),
        .number(words("Everybody")), .number(words("Less everybody (95 % CI)")),
        .number(words("Spared per 100")),
      ],
      rows: places.flatMap { place in
        comparison.curves.enumerated().map { index, curve in
          let point = curve.points[place]
          return [
            index == 0 ? Text.fixed(comparison.thresholds[place], 2) : "", curve.name, study.brief(point.netBenefit),
            Text.signed(comparison.all[place].value, 3), study.brief(point.againstAll),
            Text.signed(point.reductionPer100.value, 0),
          ]
        }
      })
  }
}
