import Cohort
import Protocols
import Ultrasound

/// The rows of a network in predictions.csv, brought together by fold, part and lesion.
struct CombinationLesions {
  struct Row {
    let key: LesionKey
    let fold: Int
    let split: String
    let site: String
    let label: Label?
    /// Its first image, which names the row.
    var image: String
    var images: Int
    /// Mean over its images (S2-11).
    var score: Double
  }

  /// In the order of their first image.
  let rows: [Row]

  init(_ predictions: [Prediction]) {
    struct Place: Hashable {
      let key: LesionKey
      let fold: Int
      let split: String
    }
    var place: [Place: Int] = [:]
    var rows: [Row] = []
    for prediction in predictions {
      let key = LesionKey(patient: prediction.patient, lesion: prediction.lesion)
      let here = Place(key: key, fold: prediction.fold, split: prediction.split)
      if let index = place[here] {
        rows[index].images += 1
        rows[index].score += prediction.score
        rows[index].image = min(rows[index].image, prediction.image)
      } else {
        place[here] = rows.count
        rows.append(
          Row(
            key: key, fold: prediction.fold, split: prediction.split, site: prediction.site, label: prediction.label,
            image: prediction.image, images: 1, score: prediction.score))
      }
    }
    for index in rows.indices { rows[index].score /= Double(rows[index].images) }
    self.rows = rows
  }

  /// What the fold's model is fitted on; no lesion of its test part.
  func fitting(_ fittedOn: Combination.FittedOn, fold: Int, _ table: FactorTable) -> [FittingLesion] {
    switch fittedOn {
    case .train: return lesions(rows.filter { $0.fold == fold && $0.split == Split.train.rawValue }, table)
    case .validation: return lesions(rows.filter { $0.fold == fold && $0.split == Split.validation.rawValue }, table)
    case .outOfFold:
      let own = Set(
        rows.filter {
          $0.fold == fold && ($0.split == Split.train.rawValue || $0.split == Split.validation.rawValue)
        }.map(\.key))
      return lesions(
        rows.filter { $0.fold != fold && $0.split == Split.internalTest.rawValue && own.contains($0.key) }, table)
    }
  }

  /// What the model of all folds is fitted on: every lesion any fold's model is fitted on, once, with its mean score
  /// there.
  func fitting(_ fittedOn: Combination.FittedOn, _ table: FactorTable) -> [FittingLesion] {
    let split =
      switch fittedOn {
      case .train: Split.train
      case .validation: Split.validation
      case .outOfFold: Split.internalTest
      }
    return lesions(rows.filter { $0.split == split.rawValue }, table)
  }

  /// One of each lesion, with its mean score over these rows.
  private func lesions(_ rows: [Row], _ table: FactorTable) -> [FittingLesion] {
    Dictionary(grouping: rows, by: \.key).sorted { $0.key < $1.key }.compactMap { key, rows in
      guard let label = rows.first?.label else { return nil }
      return FittingLesion(
        key: key, isMalignant: label == .malignant,
        score: rows.reduce(0) { $0 + $1.score } / Double(rows.count), values: table.values[key] ?? [:])
    }
  }
}
