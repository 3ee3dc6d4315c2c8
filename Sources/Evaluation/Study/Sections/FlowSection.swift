import Cohort
import Figures
import Ultrasound
import Wording

/// How the cases came together: the enrolment log as a flow diagram, checked against the predictions (S1-01, S1-02, S2-01).
enum FlowSection {
  static let id = "flow"

  static func section(_ study: StudyContext) -> ReportSection? {
    guard let log = study.tables.enrolment else { return nil }
    let words = study.words
    let flow = EnrolmentFlow(log)
    var parts: [ReportSection.Part] = []
    if let dates = flow.dates {
      parts.append(.paragraph(words("Enrolment from \(dates.first) to \(dates.last).")))
    }
    parts.append(
      .figure(
        FlowFigure.figure(
          name: "flow", heading: words("Flow of \(noun(flow))"), stages: stages(flow, words),
          parts: groups(study), words: words)))
    if flow.excluded > 0 { parts.append(.table(table(flow, words))) }
    let notes = EnrolmentCheck.notes(log, flow: flow, predictions: study.predictions)
    parts.append(
      notes.isEmpty
        ? .paragraph(words("Those included by the log are those whose predictions are evaluated here."))
        : .notes(notes.map { words($0) }))
    return ReportSection(id, words("Enrolment"), parts)
  }

  private static func noun(_ flow: EnrolmentFlow) -> Phrase { flow.isOfLesions ? "lesions" : "patients" }

  private static func counted(_ count: Int, _ flow: EnrolmentFlow, _ words: Wording) -> String {
    flow.isOfLesions ? words("\(Text.count(count)) lesions") : words("\(Text.count(count)) patients")
  }

  private static func stages(_ flow: EnrolmentFlow, _ words: Wording) -> [FlowFigure.Stage] {
    let stages = flow.stages.enumerated().map { place, stage in
      FlowFigure.Stage(
        text: stage.name.isEmpty ? place == 0 ? words("Assessed for eligibility") : words("Remaining") : stage.name,
        counts: [counted(stage.entering, flow, words)],
        exclusions: stage.exclusions.map { .init(text: $0.reason, count: $0.count) })
    }
    return stages + [FlowFigure.Stage(text: words("Included"), counts: [counted(flow.included, flow, words)])]
  }

  /// The parts of the predictions: who was tested where, and who only trained.
  private static func groups(_ study: StudyContext) -> [FlowFigure.Part] {
    let words = study.words
    let byPart = Evaluator.grouped(study.predictions, by: \.split)
      .sorted { FlowSection.rank($0.0) < FlowSection.rank($1.0) }
    let tested = Set(study.predictions.filter { !Evaluator.isTraining($0.split) }.map(\.patient))
    return byPart.compactMap { split, rows -> FlowFigure.Part? in
      // In cross-validation everybody who trained one fold is tested in another.
      if Evaluator.isTraining(split), Set(rows.map(\.patient)).isSubset(of: tested) { return nil }
      let lesions = Dictionary(rows.map { (LesionKey(patient: $0.patient, lesion: $0.lesion), $0.label) }) { a, _ in a }
      let malignant = lesions.values.count { $0 == .malignant }
      return FlowFigure.Part(
        text: words(EstimateText.split(split)),
        counts: [
          words("\(Text.count(Set(rows.map(\.patient)).count)) patients"),
          words("\(Text.count(lesions.count)) lesions"),
        ], benign: lesions.count - malignant, malignant: malignant)
    }
  }

  private static func rank(_ split: String) -> Int {
    ["train": 0, "validation": 1, "internal-test": 2, "external-test": 4][split] ?? 3
  }

  private static func table(_ flow: EnrolmentFlow, _ words: Wording) -> ReportTable {
    var rows: [[String]] = []
    for stage in flow.stages {
      for exclusion in stage.exclusions {
        rows.append([
          stage.name.isEmpty ? StudyContext.none : stage.name, exclusion.reason, Text.count(exclusion.count),
        ])
      }
    }
    rows.append([words("All"), "", Text.count(flow.excluded)])
    return ReportTable(
      "flow",
      caption: words(
        "Exclusions: \(Text.count(flow.excluded)) of \(Text.count(flow.screened)) assessed; \(Text.count(flow.included)) included."
      ), columns: [.text(words("Stage")), .text(words("Reason")), .number(words("Excluded"))], rows: rows)
  }
}
