import Cohort
import Ultrasound

/// From rows of images to rows of a unit.
///
/// - image: as it is.
/// - lesion: mean of its images' scores (S2-11).
/// - patient: the highest of the lesions' scores, malignant if any lesion is: a patient is managed by the worst lesion.
///
/// Rows are kept apart by fold, since each fold's network is another network.
enum Grouping {
  static func rows(_ predictions: [Prediction], unit: Unit) throws(EvaluationError) -> [UnitScore] {
    switch unit {
    case .image: predictions.map { row($0) }
    case .lesion: try lesions(predictions)
    case .patient: patients(try lesions(predictions))
    }
  }

  /// Scores of the folds' networks for the same image averaged, as `predict` does; the fold of the result is 0.
  static func meanOverFolds(_ predictions: [Prediction]) -> [Prediction] {
    var place: [ImageKey: Int] = [:]
    var rows: [Prediction] = []
    var counts: [Double] = []
    for prediction in predictions {
      let key = ImageKey(prediction)
      if let index = place[key] {
        rows[index].score += prediction.score
        counts[index] += 1
      } else {
        place[key] = rows.count
        var first = prediction
        first.fold = 0
        rows.append(first)
        counts.append(1)
      }
    }
    for index in rows.indices { rows[index].score /= counts[index] }
    return rows
  }

  struct ImageKey: Hashable {
    let patient: String
    let lesion: String
    let image: String

    init(_ prediction: Prediction) {
      (patient, lesion, image) = (prediction.patient, prediction.lesion, prediction.image)
    }
  }

  private struct LesionKey: Hashable {
    let fold: Int
    let patient: String
    let lesion: String
  }

  private struct PatientKey: Hashable {
    let fold: Int
    let patient: String
  }

  private static func row(_ prediction: Prediction) -> UnitScore {
    UnitScore(
      name: prediction.image, patient: prediction.patient, site: prediction.site, fold: prediction.fold,
      isMalignant: prediction.label == .malignant, score: prediction.score,
      images: Int(prediction.extra[Prediction.imagesColumn] ?? "") ?? 1)
  }

  private static func lesions(_ predictions: [Prediction]) throws(EvaluationError) -> [UnitScore] {
    var place: [LesionKey: Int] = [:]
    var result: [UnitScore] = []
    for prediction in predictions {
      let key = LesionKey(fold: prediction.fold, patient: prediction.patient, lesion: prediction.lesion)
      guard let index = place[key] else {
        place[key] = result.count
        var first = row(prediction)
        first.name = prediction.lesion
        result.append(first)
        continue
      }
      guard result[index].isMalignant == (prediction.label == .malignant) else {
        throw .conflictingLabels(lesion: prediction.lesion, patient: prediction.patient)
      }
      result[index].score += prediction.score
      result[index].images += 1
    }
    for index in result.indices { result[index].score /= Double(result[index].images) }
    return result
  }

  private static func patients(_ lesions: [UnitScore]) -> [UnitScore] {
    var place: [PatientKey: Int] = [:]
    var result: [UnitScore] = []
    for lesion in lesions {
      let key = PatientKey(fold: lesion.fold, patient: lesion.patient)
      guard let index = place[key] else {
        place[key] = result.count
        var first = lesion
        first.name = lesion.patient
        result.append(first)
        continue
      }
      result[index].score = max(result[index].score, lesion.score)
      result[index].isMalignant = result[index].isMalignant || lesion.isMalignant
      result[index].images += lesion.images
    }
    return result
  }
}
