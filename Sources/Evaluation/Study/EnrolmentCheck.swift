import Cohort
import Wording

/// An enrolment log against the predictions: those included are those evaluated, or the differences are named.
enum EnrolmentCheck {
  static func notes(_ log: EnrolmentLog, flow: EnrolmentFlow, predictions: [Prediction]) -> [Phrase] {
    flow.notes + (differences(log, flow: flow, predictions: predictions))
  }

  private static func differences(
    _ log: EnrolmentLog, flow: EnrolmentFlow, predictions: [Prediction]
  ) -> [Phrase] {
    let patients = Set(predictions.map(\.patient)).count
    guard case .entries(let entries, _) = log else {
      guard flow.included != patients else { return [] }
      return ["By the log \(flow.included) are in the study; the predictions are of \(patients) patients."]
    }
    let scored = Set(predictions.map { key($0.patient, flow.isOfLesions ? $0.lesion : nil) })
    let included = Set(entries.filter(\.isIncluded).map { key($0.patient, $0.lesion) })
    let excluded = Set(entries.filter { !$0.isIncluded }.map { key($0.patient, $0.lesion) })
    var notes: [Phrase] = []
    func add(_ found: Set<LesionKey>, _ phrase: (Int, String) -> Phrase) {
      if !found.isEmpty { notes.append(phrase(found.count, Named.some(found.map(\.description).sorted()))) }
    }
    if flow.isOfLesions {
      add(included.subtracting(scored)) { "Lesions included in the log and without predictions: \($0) (\($1))." }
      add(scored.intersection(excluded)) { "Lesions excluded in the log and yet scored: \($0) (\($1))." }
      add(scored.subtracting(included).subtracting(excluded)) {
        "Lesions scored that the log does not have: \($0) (\($1))."
      }
    } else {
      add(included.subtracting(scored)) { "Patients included in the log and without predictions: \($0) (\($1))." }
      add(scored.intersection(excluded)) { "Patients excluded in the log and yet scored: \($0) (\($1))." }
      add(scored.subtracting(included).subtracting(excluded)) {
        "Patients scored that the log does not have: \($0) (\($1))."
      }
    }
    return notes
  }

  private static func key(_ patient: String, _ lesion: String?) -> LesionKey {
    LesionKey(patient: patient, lesion: lesion ?? patient)
  }
}

/// Names in a sentence: the first five and an ellipsis.
enum Named {
  static func some(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}
