import Figures
import Foundation
import Statistics
import Wording

/// Every model's calibration (S2-17): the smooth curve with its band, and the usual measures.
enum CalibrationSection {
  static func section(_ study: StudyContext) -> ReportSection? {
    let words = study.words
    var all: [ReportSection.Part] = []
    for part in study.parts {
      let curves = part.models.map { model in
        (model: model, curve: try? CalibrationCurve(probabilities: model.scores, positives: model.positives))
      }
      if curves.contains(where: { $0.curve != nil }) {
        all.append(.figure(figure(part, curves, study)))
        all += [.table(table(part, curves, study)), .table(errors(part, curves, study))]
      }
      let notes = notes(part, curves, study)
      if !notes.isEmpty { all.append(.notes(notes)) }
    }
    guard !all.isEmpty else { return nil }
    all.insert(
      .paragraph(
        words(
          "Whether a predicted probability is met by as many malignant lesions. Slope 1 and intercept 0 are perfect; in the large is the intercept with the slope held at 1. ICI, E50 and E90 are the mean, median and 90th percentile of the distance between prediction and loess curve."
        )), at: 0)
    return ReportSection("calibration-all", words("All models: calibration"), all)
  }

  typealias Curves = [(model: StudyPart.Model, curve: CalibrationCurve?)]

  /// With standard errors for rows that share patients where they do.
  static func coefficients(_ model: StudyPart.Model, _ curve: CalibrationCurve)
    -> (slope: Estimate?, intercept: Estimate?, inTheLarge: Estimate?)
  {
    func estimate(_ coefficient: CalibrationMeasures.Coefficient?) -> Estimate? {
      coefficient.map { Estimate(value: $0.value, interval: $0.interval) }
    }
    if model.isClustered,
      let clustered = try? ClusteredCalibration(
        probabilities: model.scores, positives: model.positives, clusters: model.patients)
    {
      return (estimate(clustered.slope), estimate(clustered.intercept), estimate(clustered.inTheLarge))
    }
    let measures = curve.measures
    return (estimate(measures.slope), estimate(measures.intercept), estimate(measures.inTheLarge))
  }

  private static func figure(_ part: StudyPart, _ curves: Curves, _ study: StudyContext) -> Figure {
    let panels = curves.prefix(StudyContext.mostCurves).compactMap { model, curve -> CalibrationPanel? in
      guard let curve else { return nil }
      let (slope, intercept, _) = coefficients(model, curve)
      return CalibrationPanel(
        heading: study.label(model), scores: model.scores, positives: model.positives,
        measures: .init(
          slope: slope, intercept: intercept, brier: curve.measures.brier, ici: curve.distance?.ici,
          hosmerLemeshowP: curve.measures.hosmerLemeshow?.p), calibration: curve)
    }
    return CalibrationFigure.figure(
      name: "calibration-all-\(part.suffix)", heading: study.heading(study.words("Calibration"), part), panels: panels,
      units: "lesions", words: study.words)
  }

  private static func table(_ part: StudyPart, _ curves: Curves, _ study: StudyContext) -> ReportTable {
    let words = study.words
    return ReportTable(
      "calibration-all-\(part.suffix)",
      caption: study.place(part)
        + words(
          "Calibration per lesion with 95 % intervals (Wald’s; with a variance between the members of a cluster, a \(study.cluster), where one has several lesions)."
        ),
      columns: [
        .text(words("Model")), .number(words("Slope")), .number(words("Intercept")), .number(words("In the large")),
        .number(words("Observed / expected")),
      ],
      rows: curves.map { model, curve in
        guard let curve else { return [study.label(model)] + [String](repeating: StudyContext.none, count: 4) }
        let (slope, intercept, inTheLarge) = coefficients(model, curve)
        return [
          study.label(model), study.brief(slope, 2), study.brief(intercept, 2), study.brief(inTheLarge, 2),
          number(curve.measures.observedToExpected, 2),
        ]
      })
  }

  private static func errors(_ part: StudyPart, _ curves: Curves, _ study: StudyContext) -> ReportTable {
    let words = study.words
    return ReportTable(
      "calibration-errors-\(part.suffix)",
      caption: study.place(part)
        + words("Errors of calibration: ECE in ten bins of equal width; Hosmer–Lemeshow (HL) in ten groups."),
      columns: [
        .text(words("Model")), .number(words("Brier")), .number(words("Scaled Brier")), .number(words("ECE")),
        .number(words("ICI")), .number(words("E50")), .number(words("E90")), .number(words("HL p")),
        .number(words("Spiegelhalter p")),
      ],
      rows: curves.map { model, curve in
        guard let curve else { return [study.label(model)] + [String](repeating: StudyContext.none, count: 8) }
        let (measures, distance) = (curve.measures, curve.distance)
        return [
          study.label(model), number(measures.brier), number(measures.scaledBrier),
          number(measures.expectedCalibrationError), number(distance?.ici), number(distance?.e50),
          number(distance?.e90), study.p(measures.hosmerLemeshow?.p), study.p(measures.spiegelhalter?.p),
        ]
      })
  }

  private static func number(_ value: Double?, _ decimals: Int = 3) -> String {
    value.map { $0.isFinite ? Text.fixed($0, decimals) : StudyContext.none } ?? StudyContext.none
  }

  private static func notes(_ part: StudyPart, _ curves: Curves, _ study: StudyContext) -> [String] {
    let words = study.words
    return curves.compactMap { model, curve in
      let name = study.label(model)
      if !model.hasBothClasses {
        return study.place(part) + words("\(name): only one class is present; calibration cannot be judged.")
      }
      guard let curve else { return study.place(part) + words("\(name): calibration could not be computed.") }
      if curve.measures.slope == nil {
        return study.place(part)
          + words("\(name): no slope and intercept, since the scores separate the classes or are all equal.")
      }
      return nil
    }
  }
}
