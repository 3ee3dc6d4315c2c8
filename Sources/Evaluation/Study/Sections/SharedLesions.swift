/// The lesions of a part that all of some models scored, with every model's score: what models are compared on.
struct SharedLesions: Sendable {
  /// One row a lesion and model, in the order of the first model's lesions.
  let scores: [[Double]]
  let positives: [Bool]
  let patients: [String]
  let folds: [Int]

  private struct Key: Hashable {
    let fold: Int
    let patient: String
    let name: String

    init(_ row: UnitScore) { (fold, patient, name) = (row.fold, row.patient, row.name) }
  }

  init(_ models: [StudyPart.Model]) {
    let others = models.dropFirst().map { model in
      Dictionary(model.rows.map { (Key($0), $0.score) }) { first, _ in first }
    }
    let rows = (models.first?.rows ?? []).filter { row in others.allSatisfy { $0[Key(row)] != nil } }
    scores = [rows.map(\.score)] + others.map { other in rows.map { other[Key($0)] ?? 0 } }
    (positives, patients) = (rows.map(\.isMalignant), rows.map(\.patient))
    folds = rows.map(\.fold)
  }

  var count: Int { positives.count }
  var hasBothClasses: Bool { Set(positives).count == 2 }
}
