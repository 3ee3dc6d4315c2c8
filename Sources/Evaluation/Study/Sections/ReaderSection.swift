import Figures
import Statistics
import Wording

/// The reader study: each reader alone and with AI, the readers' mean, against the model, their agreement (S0-07 to S0-10, S1-20,
/// S2-23, S3-06, S3-07).
enum ReaderSection {
  static func section(_ study: StudyContext) -> ReportSection? {
    guard let table = study.tables.readings else { return nil }
    let words = study.words
    let readers = ReaderStudy(table, study)
    var parts: [ReportSection.Part] = [.paragraph(introduction(readers, study))]
    parts += figures(readers, study).map(ReportSection.Part.figure)
    let tables = ReaderTables(readers: readers, study: study)
    parts += tables.parts
    parts += ReaderGroupTables(readers: readers, study: study).parts
    let notes = notes(readers, words)
    if !notes.isEmpty { parts.append(.notes(notes)) }
    return ReportSection("readers", words("Readers"), parts)
  }

  private static func introduction(_ readers: ReaderStudy, _ study: StudyContext) -> String {
    let words = study.words
    let malignant = readers.positives.count { $0 }
    var text = words(
      "\(Text.count(readers.readers.count)) readers, \(Text.count(readers.cases.count)) cases (\(Text.count(malignant)) malignant)."
    )
    if readers.arms.count == 2 {
      text += words(" ") + words("Each reader reads alone (unaided) and with the AI’s help (aided).")
    }
    if readers.isClustered {
      text += words(" ") + words("Cases of one patient are clustered; every interval and test allows for it.")
    }
    if let model = readers.model {
      text +=
        words(" ")
        + words(
          "The model \(study.label(model.name)) has scored \(Text.count(model.count)) of these cases; its calls are at its own cut-off."
        )
    }
    return text
  }

  private static func notes(_ readers: ReaderStudy, _ words: Wording) -> [String] {
    var notes: [String] = []
    if readers.callsAreDerived {
      notes.append(words("No calls were given: a confidence of 50 or above was taken as malignant."))
    }
    let expected = readers.arms.count * readers.readers.count * readers.cases.count
    let found = readers.arms.indices.reduce(0) { sum, arm in
      sum + readers.readers.indices.reduce(0) { $0 + readers.read(arm, $1).count }
    }
    if found < expected {
      notes.append(
        words(
          "Not every reader read every case in every arm: \(Text.count(found)) of \(Text.count(expected)) readings. Each figure is of the reader’s own cases; skipped cases are taken to be like the others."
        ))
    }
    for arm in readers.arms.indices {
      for reader in readers.readers.indices {
        let truth = Set(readers.read(arm, reader).map { readers.positives[$0] })
        guard truth.count == 1 else { continue }
        notes.append(
          words("\(readers.readers[reader]), \(ReaderTables.arm(readers.arms[arm])): cases of one class only; no AUC."))
      }
    }
    return notes
  }

  // MARK: Figures

  private static func figures(_ readers: ReaderStudy, _ study: StudyContext) -> [Figure] {
    let words = study.words
    var figures: [Figure] = []
    let measure: FigureOfMerit = readers.confidence == nil ? .accuracy : .auc
    let changes = readers.readers.indices.compactMap { reader -> ReaderFigure.Reader? in
      guard let first = estimate(measure, readers, 0, reader) else { return nil }
      return ReaderFigure.Reader(
        label: readers.readers[reader], group: readers.groups[reader], unaided: first,
        aided: readers.arms.count == 2 ? estimate(measure, readers, 1, reader) : nil,
        p: readers.change(measure, reader)?.p)
    }
    if !changes.isEmpty {
      let name = words(ReaderTables.name(measure))
      figures.append(
        ReaderFigure.figure(
          name: "readers", heading: words("Readers: \(name)"), measure: name, readers: ordered(changes),
          model: model(measure, readers, study), isShare: measure != .auc, words: words))
    }
    if let plane = plane(readers, study) { figures.append(plane) }
    if let groups = groups(readers, study) { figures.append(groups) }
    return figures
  }

  /// Readers of a group together, groups in the order of their first reader.
  private static func ordered(_ readers: [ReaderFigure.Reader]) -> [ReaderFigure.Reader] {
    let groups = readers.reduce(into: [String]()) { if !$0.contains($1.group) { $0.append($1.group) } }
    return groups.flatMap { group in readers.filter { $0.group == group } }
  }

  private static func estimate(
    _ measure: FigureOfMerit, _ readers: ReaderStudy, _ arm: Int, _ reader: Int
  ) -> Estimate? {
    measure == .auc ? readers.auc(arm, reader) : readers.share(measure, arm, reader)
  }

  private static func model(
    _ measure: FigureOfMerit, _ readers: ReaderStudy, _ study: StudyContext
  ) -> ReaderFigure.Model? {
    guard let model = readers.model else { return nil }
    let rows = readers.cases.indices.filter { model.scores[$0] != nil }
    let value =
      measure == .auc
      ? ReaderStudy.auc(
        rows.compactMap { model.scores[$0] }, rows.map { readers.positives[$0] },
        readers.isClustered ? rows.map { readers.clusters[$0] } : nil) : readers.share(measure, model.calls)
    return value.map { .init(label: study.label(model.name), value: $0) }
  }

  /// The readers' points on the model's ROC plane.
  private static func plane(_ readers: ReaderStudy, _ study: StudyContext) -> Figure? {
    let words = study.words
    func rates(_ arm: Int, _ reader: Int) -> ROCFigure.Rates? {
      guard let sensitivity = readers.share(.sensitivity, arm, reader),
        let specificity = readers.share(.specificity, arm, reader)
      else { return nil }
      return .init(sensitivity: sensitivity.value, specificity: specificity.value)
    }
    let points = readers.readers.indices.compactMap { reader -> ROCFigure.Reader? in
      guard let unaided = rates(0, reader) else { return nil }
      return .init(
        label: readers.readers[reader],
        group: readers.groups[reader].isEmpty ? words("Readers") : readers.groups[reader],
        unaided: unaided, aided: readers.arms.count == 2 ? rates(1, reader) : nil)
    }
    guard !points.isEmpty else { return nil }
    var curves: [ROCFigure.Curve] = []
    if let model = readers.model {
      let rows = readers.cases.indices.filter { model.scores[$0] != nil }
      curves = [
        .init(
          label: study.label(model.name), scores: rows.compactMap { model.scores[$0] },
          positives: rows.map { readers.positives[$0] }, auc: self.model(.auc, readers, study)?.value, hasBand: true)
      ]
    }
    return ROCFigure.figure(
      name: "readers-roc", heading: words("Readers on the ROC plane"), curves: curves, readers: points, words: words)
  }

  /// Mean shares of the groups of readers, the model and the comparators side by side.
  private static func groups(_ readers: ReaderStudy, _ study: StudyContext) -> Figure? {
    let words = study.words
    let measures: [FigureOfMerit] = [.accuracy, .sensitivity, .specificity]
    let names = readers.groups.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var groups: [GroupFigure.Group] = []
    for name in names {
      let members = readers.readers.indices.filter { readers.groups[$0] == name }
      for arm in readers.arms.indices {
        let shares = measures.map { measure in members.compactMap { readers.share(measure, arm, $0)?.value } }
        let label = name.isEmpty ? words("Readers") : name
        groups.append(
          GroupFigure.Group(
            label: readers.arms.count == 2 ? words("\(label), \(ReaderTables.arm(readers.arms[arm]))") : label,
            shares: shares.map { values in
              values.isEmpty ? nil : Estimate(value: values.reduce(0, +) / Double(values.count))
            }, members: shares))
      }
    }
    if let model = readers.model {
      groups.append(
        .init(label: study.label(model.name), shares: measures.map { readers.share($0, model.calls) }))
    }
    let malignant = readers.positives.count { $0 }
    func isOfOthers(_ comparator: Comparator) -> Bool {
      comparator.positives != malignant || comparator.negatives != readers.positives.count - malignant
    }
    for comparator in study.tables.comparators {
      groups.append(
        .init(
          label: comparator.name + (isOfOthers(comparator) ? " *" : ""),
          shares: [comparator.accuracy, comparator.sensitivity, comparator.specificity].map {
            $0.map { Estimate(value: $0) }
          }))
    }
    guard !groups.isEmpty else { return nil }
    var figure = GroupFigure.figure(
      name: "readers-groups", heading: words("Groups of readers"),
      measures: measures.map { words(ReaderTables.name($0)) }, groups: groups, words: words)
    if study.tables.comparators.contains(where: isOfOthers) {
      figure.caption += words(" ") + words("* as published, of other patients.")
    }
    return figure
  }
}
