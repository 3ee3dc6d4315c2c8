import Wording

/// What a reader must know before believing a number, most serious first.
enum Warnings {
  /// Fewer lesions of a class than this and an interval is too wide to lean on.
  static let fewCases = 30

  static func all(input: ReportInput, metrics: Metrics) -> [Phrase] {
    var all = metrics.notes
    if input.isInSilico {
      all.append(Phrase("In silico: the images are simulated. No number here says anything about patients."))
    }
    all += input.warnings
    if !input.patientsAreKnown {
      all.append(
        Phrase(
          """
          The source names no patients. Images that look nearly alike were grouped and kept on one side of every split; \
          two different images of one patient may still be on both sides, which makes results look better.
          """))
    }
    for section in metrics.sections {
      let split = EstimateText.split(section.split)
      all += warnings(section, place: metrics.hasSeveralModels ? Phrase("\(split), \(section.model)") : split)
    }
    var seen = Set<Phrase>()
    return all.filter { seen.insert($0).inserted }
  }

  /// - place: what the section is called.
  private static func warnings(_ section: SectionMetrics, place: Phrase) -> [Phrase] {
    guard let main = section.units.first else { return [] }
    var warnings: [Phrase] = []
    let fewest = min(main.positives, main.count - main.positives)
    if fewest == 0 {
      warnings.append(Phrase("\(place): only one class is present; there is no AUC."))
    } else if fewest < fewCases {
      let label = Reference.word(isMalignant: main.positives == fewest)
      let unit = fewest == 1 ? main.unit.word : main.unit.words
      warnings.append(Phrase("\(place): few cases, only \(fewest) \(label) \(unit)."))
    }
    let without = main.folds.filter { $0.auc == nil }.map { String($0.fold + 1) }
    if main.folds.count > 1, !without.isEmpty {
      let folds = without.joined(separator: ", ")
      warnings.append(Phrase("\(place): no AUC in fold \(folds), which holds one class only."))
    }
    if main.usesFixedCutOff {
      warnings.append(Phrase("\(place): no training rows with both classes were given, so the cut-off is 0.5."))
    }
    return warnings
  }
}

extension Metrics {
  var hasSeveralModels: Bool { Set(sections.map(\.model)).count > 1 }
}
