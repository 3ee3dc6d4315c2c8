/// What a reader must know before believing a number, most serious first.
enum Warnings {
  /// Fewer lesions of a class than this and an interval is too wide to lean on.
  static let fewCases = 30

  static func all(input: ReportInput, metrics: Metrics) -> [String] {
    var all = metrics.notes
    if input.isInSilico {
      all.append("In silico: the images are simulated. No number here says anything about patients.")
    }
    all += input.warnings
    if !input.patientsAreKnown {
      all.append(
        "The source names no patients. Images that look nearly alike were grouped and kept on one side of every split; "
          + "two different images of one patient may still be on both sides, which makes results look better.")
    }
    for section in metrics.sections {
      guard let main = section.units.first else { continue }
      let place = EstimateText.split(section.split) + (metrics.hasSeveralModels ? ", \(section.model)" : "")
      let fewest = min(main.positives, main.count - main.positives)
      if fewest == 0 {
        all.append("\(place): only one class is present; there is no AUC.")
      } else if fewest < fewCases {
        let label = main.positives == fewest ? "malignant" : "benign"
        all.append(
          "\(place): few cases, only \(fewest) \(label) \(fewest == 1 ? main.unit.rawValue : main.unit.plural).")
      }
      let without = main.folds.filter { $0.auc == nil }.map { String($0.fold + 1) }
      if main.folds.count > 1, !without.isEmpty {
        all.append("\(place): no AUC in fold \(without.joined(separator: ", ")), which holds one class only.")
      }
      if main.usesFixedCutOff {
        all.append("\(place): no training rows with both classes were given, so the cut-off is 0.5.")
      }
    }
    var seen = Set<String>()
    return all.filter { seen.insert($0).inserted }
  }
}

extension Metrics {
  var hasSeveralModels: Bool { Set(sections.map(\.model)).count > 1 }
}
