import Cohort
import Foundation
import Statistics
import Ultrasound

/// A lesion of a test part with the call its fold's network made: the mean score of its images (S2-11) against the
/// fold's cut-off, as the report has it.
struct TestLesion {
  let name: String
  let patient: String
  let fold: Int
  let label: Label
  let images: [Prediction]
  let score: Double
  let cutOff: Double

  var call: Label { score >= cutOff ? .malignant : .benign }

  /// The image whose score is nearest to the lesion's.
  var typical: Prediction? {
    images.min { (abs($0.score - score), $0.image) < (abs($1.score - score), $1.image) }
  }
}

/// The test parts of a run: every image once, by a network that did not train on it.
struct TestLesions {
  /// In order of fold, patient and name.
  let lesions: [TestLesion]

  /// Internal test rows; where there are none, the external test's.
  init(_ predictions: [Prediction]) {
    let training = predictions.filter { [Split.train.rawValue, Split.validation.rawValue].contains($0.split) }
    let part =
      [Split.internalTest, .externalTest].map { split in predictions.filter { $0.split == split.rawValue } }
      .first { !$0.isEmpty } ?? []
    let cutOffs = Dictionary(grouping: training, by: \.fold).mapValues(Self.cutOff)
    // An external image is scored by every fold; the first speaks for all.
    var seen = Set<String>()
    let once = part.sorted { ($0.fold, $0.image) < ($1.fold, $1.image) }.filter { seen.insert($0.image).inserted }
    lesions = Self.grouped(once).compactMap { images in
      guard let label = images[0].label else { return nil }
      return TestLesion(
        name: images[0].lesion, patient: images[0].patient, fold: images[0].fold, label: label, images: images,
        score: Self.mean(images), cutOff: cutOffs[images[0].fold] ?? 0.5)
    }
  }

  /// Youden's on the fold's training and validation lesions (S2-20); 0.5 where these are of one class.
  private static func cutOff(_ training: [Prediction]) -> Double {
    let lesions = grouped(training)
    let value = try? CutOff.youdenMidpoint(
      scores: lesions.map(mean), positives: lesions.map { $0[0].label == .malignant })
    return min(1, max(0, value ?? 0.5))
  }

  private static func mean(_ images: [Prediction]) -> Double {
    images.reduce(0) { $0 + $1.score } / Double(images.count)
  }

  private struct Key: Hashable, Comparable {
    let fold: Int, patient, lesion: String

    static func < (a: Key, b: Key) -> Bool { (a.fold, a.patient, a.lesion) < (b.fold, b.patient, b.lesion) }
  }

  /// Groups of at least one image.
  private static func grouped(_ rows: [Prediction]) -> [[Prediction]] {
    Dictionary(grouping: rows) { Key(fold: $0.fold, patient: $0.patient, lesion: $0.lesion) }
      .sorted { $0.key < $1.key }.map(\.value)
  }

  // MARK: Choice

  /// Up to `limit` images with their lesions, at even steps through all in order of label and score, so that every part
  /// of the scores is there in its share.
  func sample(_ limit: Int) -> [(image: Prediction, lesion: TestLesion)] {
    let all = lesions.flatMap { lesion in lesion.images.map { (image: $0, lesion: lesion) } }.sorted {
      ($0.lesion.label.value, $0.image.score, $0.image.image) < ($1.lesion.label.value, $1.image.score, $1.image.image)
    }
    guard all.count > limit, limit > 0 else { return limit > 0 ? all : [] }
    return (0..<limit).map { all[(2 * $0 + 1) * all.count / (2 * limit)] }
  }

  /// What a picture is an example of.
  enum Example: String, CaseIterable {
    case truePositive = "true-positive"
    case trueNegative = "true-negative"
    case falsePositive = "false-positive"
    case falseNegative = "false-negative"
    case nearCutOff = "near-cut-off"

    /// Pictures of it, 12 in all.
    var count: Int { self == .truePositive || self == .trueNegative ? 3 : 2 }

    func isOne(_ lesion: TestLesion) -> Bool {
      switch self {
      case .truePositive: lesion.label == .malignant && lesion.call == .malignant
      case .trueNegative: lesion.label == .benign && lesion.call == .benign
      case .falsePositive: lesion.label == .benign && lesion.call == .malignant
      case .falseNegative: lesion.label == .malignant && lesion.call == .benign
      case .nearCutOff: true
      }
    }
  }

  /// The surest of each kind of call, right and wrong, and the least sure of all; one lesion of a patient, or of a
  /// group of look-alikes.
  func examples() -> [(example: Example, lesion: TestLesion)] {
    var taken = Set<String>()
    var chosen: [(example: Example, lesion: TestLesion)] = []
    for example in Example.allCases {
      let order = lesions.indices.filter { example.isOne(lesions[$0]) }.sorted { a, b in
        let (first, second) = (distance(a), distance(b))
        if first != second { return example == .nearCutOff ? first < second : first > second }
        return a < b
      }
      var left = example.count
      for index in order where left > 0 && taken.insert(lesions[index].patient).inserted {
        chosen.append((example, lesions[index]))
        left -= 1
      }
    }
    return chosen
  }

  private func distance(_ index: Int) -> Double { abs(lesions[index].score - lesions[index].cutOff) }
}
