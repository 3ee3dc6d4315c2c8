import Cohort
import Figures
import Wording

/// Looks for what makes a test worthless: the same patient on both sides.
enum Leakage {
  /// One note a model and fold in which patients of the training part are also in the test part.
  static func notes(_ predictions: [Prediction]) -> [Phrase] {
    var notes: [Phrase] = []
    for (model, rows) in Evaluator.grouped(predictions, by: \.model) {
      var trained: [Int: Set<String>] = [:]
      var tested: [Int: Set<String>] = [:]
      for row in rows {
        if Evaluator.isTraining(row.split) {
          trained[row.fold, default: []].insert(row.patient)
        } else {
          tested[row.fold, default: []].insert(row.patient)
        }
      }
      for (fold, patients) in tested.sorted(by: { $0.key < $1.key }) {
        let both = patients.intersection(trained[fold] ?? [])
        guard let example = both.min() else { continue }
        notes.append(
          Phrase(
            """
            Leakage: model \(model), fold \(fold + 1): \(Unit.patient.counted(both.count)) in training and test alike, \
            for example \(example). The results are too good.
            """))
      }
    }
    return notes
  }
}
