import Cohort
import Ultrasound
import Wording

/// The clinical variables of the predictions' lesions: of a clinical table where there is one, else the predictions' own
/// further columns; the site in either case.
struct LesionVariables: Sendable {
  private(set) var variables: [ClinicalVariable] = []
  /// By lesion, in the order of `variables`.
  private(set) var values: [LesionKey: [ClinicalValue]] = [:]
  /// What did not join.
  private(set) var notes: [Phrase] = []

  /// Errors: a clinical table none of whose rows is of a lesion of the predictions, or which names lesions that several
  /// patients have without saying whose.
  init(_ predictions: [Prediction], clinical: ClinicalTable?) throws(EvaluationError) {
    let own = try ClinicalTable.of(predictions, source: "predictions")
    let lesions = LesionVariables.lesions(predictions)
    guard let clinical else {
      if let own { take(own.table, lesions: lesions) }
      for name in own?.differing ?? [] {
        notes.append("\(Phrase(verbatim: name)): values differ within a lesion; the first one was taken.")
      }
      return
    }
    try LesionVariables.requireUnambiguous(clinical, lesions: lesions)
    let without = lesions.filter { clinical.values(of: $0) == nil }
    if let example = lesions.first, let first = clinical.keys.first, without.count == lesions.count {
      throw .unreadable(
        "\(clinical.source): none of its \(clinical.keys.count) rows is of a \(clinical.key == .lesion ? "lesion" : "patient") "
          + "of the predictions; its first is \"\(LesionVariables.name(first))\", theirs is \"\(example)\"")
    }
    take(clinical, lesions: lesions)
    if !without.isEmpty {
      notes.append(
        "Lesions without a row in the clinical table: \(without.count) of \(lesions.count) (\(Named.some(without.map(\.description)))); their values are missing."
      )
    }
    let used = Set(
      lesions.flatMap { [$0, LesionKey(patient: $0.patient, lesion: ""), LesionKey(patient: "", lesion: $0.lesion)] })
    let idle = clinical.keys.filter { !used.contains($0) }
    if !idle.isEmpty {
      notes.append(
        "Rows of the clinical table without predictions: \(idle.count) (\(Named.some(idle.map(LesionVariables.name))))."
      )
    }
    if let own, place(of: "site") == nil, let site = own.table.place(of: "site") {
      variables.append(own.table.variables[site])
      for lesion in lesions {
        let known = values[lesion] ?? [ClinicalValue](repeating: .missing, count: variables.count - 1)
        values[lesion] = known + [own.table.values(of: lesion)?[site] ?? .missing]
      }
    }
  }

  func place(of name: String) -> Int? { variables.firstIndex { $0.name == name } }

  /// The variable and its values of some lesions, in their order. Error: no such variable, naming those there are.
  func column(_ name: String, of lesions: [LesionKey]) -> (variable: ClinicalVariable, values: [ClinicalValue])? {
    guard let place = place(of: name) else { return nil }
    return (variables[place], lesions.map { values[$0]?[place] ?? .missing })
  }

  private mutating func take(_ table: ClinicalTable, lesions: [LesionKey]) {
    variables = table.variables
    for lesion in lesions { values[lesion] = table.values(of: lesion) }
  }

  private static func name(_ key: LesionKey) -> String {
    key.lesion.isEmpty ? key.patient : key.patient.isEmpty ? key.lesion : key.description
  }

  private static func lesions(_ predictions: [Prediction]) -> [LesionKey] {
    var seen = Set<LesionKey>()
    return predictions.map { LesionKey(patient: $0.patient, lesion: $0.lesion) }.filter { seen.insert($0).inserted }
  }

  private static func requireUnambiguous(_ clinical: ClinicalTable, lesions: [LesionKey]) throws(EvaluationError) {
    guard clinical.key == .lesion, clinical.keys.contains(where: { $0.patient.isEmpty }) else { return }
    var owner: [String: String] = [:]
    for lesion in lesions {
      if let other = owner.updateValue(lesion.patient, forKey: lesion.lesion), other != lesion.patient {
        throw .unreadable(
          "\(clinical.source): lesion \"\(lesion.lesion)\" is of \(other) and of \(lesion.patient) in the predictions; "
            + "expected a column \"patient\"")
      }
    }
  }
}
