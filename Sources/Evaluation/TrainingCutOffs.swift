import Cohort
import Statistics
import Ultrasound
import Wording

/// The cut-off of each fold and unit, from that fold's training and validation rows and nothing else (S2-20).
struct TrainingCutOffs: Sendable {
  private var choices: [Unit: [Int: CutOffChoice]] = [:]
  private(set) var notes: [Unit: [Int: Phrase]] = [:]

  /// - training: rows of the splits train and validation of one model.
  init(_ training: [Prediction], units: [Unit]) throws(EvaluationError) {
    for unit in units {
      for (fold, rows) in Evaluator.grouped(training, by: \.fold) {
        let grouped = try Grouping.rows(rows, unit: unit)
        let scores = grouped.map(\.score)
        guard let value = try? CutOff.youdenMidpoint(scores: scores, positives: grouped.map(\.isMalignant)) else {
          notes[unit, default: [:]][fold] =
            Phrase("Fold \(fold + 1): the training rows hold one class only; cut-off 0.5 was used.")
          continue
        }
        choices[unit, default: [:]][fold] = CutOffChoice(
          value: min(1, max(0, value)), source: .youdenOnTraining, chosenOn: grouped.count)
      }
    }
  }

  /// The fold's cut-off, or 0.5 where its training rows gave none.
  func choice(unit: Unit, fold: Int) -> CutOffChoice {
    choices[unit]?[fold] ?? CutOffChoice(value: 0.5, source: .fixed, chosenOn: 0)
  }

  /// Whether any fold has a cut-off of its own.
  func hasAny(unit: Unit) -> Bool { !(choices[unit] ?? [:]).isEmpty }

  /// The mean of the folds' cut-offs, or 0.5 where there are none.
  func mean(unit: Unit) -> CutOffChoice {
    let all = (choices[unit] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    guard !all.isEmpty else { return CutOffChoice(value: 0.5, source: .fixed, chosenOn: 0) }
    return CutOffChoice(
      value: all.reduce(0) { $0 + $1.value } / Double(all.count), source: .meanOfFolds,
      chosenOn: all.reduce(0) { $0 + $1.chosenOn })
  }
}
