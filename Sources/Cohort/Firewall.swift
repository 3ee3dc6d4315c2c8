import Ultrasound

/// Refuses splits that have the same on two sides: an image, patient or exam, pictures that look alike, or, where a column divides
/// (the site), one of its values.
public enum Firewall {
  /// All that lies on two sides of a fold, one pair of images for each patient, exam, group or value and each two sides. An exam
  /// is one of its patient. Images that are left out lie on no side. Errors: a fold that names an image which is not among `images`.
  public static func leaks(
    in folds: [Fold], of images: [ImageRecord], request: SplitRequest
  ) throws(CohortError) -> [SplitLeak] {
    let records = Dictionary(images.map { ($0.name, $0) }) { first, _ in first }
    var leaks: [SplitLeak] = []
    for fold in folds {
      var placed: [Placed] = []
      for (role, names) in fold.parts where role != .leftOut {
        for name in names {
          guard let record = records[name] else {
            throw .split(reason: "fold \(fold.index + 1) names image \"\(name)\", which the cohort does not have")
          }
          placed.append(Placed(record: record, side: role.rawValue))
        }
      }
      leaks += torn(placed, fold: fold.index)
      if let column = request.dividingColumn {
        let held = SplitRequest.heldOut(fold, request)
        let sides = placed.map { Placed(record: $0.record, side: held.contains($0.record.name) ? "held out" : "other") }
        leaks += torn(sides, .value, fold: fold.index) { image in
          image.text(ofColumn: column).map { "\(column) \($0)" }
        }
      }
    }
    return leaks
  }

  /// Throws `leak` where ``leaks(in:of:request:)`` finds any.
  public static func require(_ folds: [Fold], of images: [ImageRecord], request: SplitRequest) throws(CohortError) {
    try refuse(try leaks(in: folds, of: images, request: request))
  }

  /// The same of the parts that the images' own table gives them, where internal and external test are two sides.
  static func requireOneSide(_ images: [ImageRecord]) throws(CohortError) {
    try refuse(
      torn(images.compactMap { image in image.split.map { Placed(record: image, side: $0.rawValue) } }, fold: 0))
  }

  private static func refuse(_ leaks: [SplitLeak]) throws(CohortError) {
    if !leaks.isEmpty { throw .leak(Array(leaks.prefix(CohortError.listed)), total: leaks.count) }
  }

  private struct Placed {
    var record: ImageRecord
    var side: String
  }

  private static func torn(_ images: [Placed], fold: Int) -> [SplitLeak] {
    torn(images, .image, fold: fold) { $0.name }
      + torn(images, .patient, fold: fold) { $0.patient }
      + torn(images, .exam, fold: fold) { image in image.exam.map { "\($0) of \(image.patient)" } }
      + torn(images, .nearDuplicates, fold: fold) { $0.duplicateGroup }
  }

  /// For each key on several sides, the first image of its first side beside the first of each other.
  private static func torn(
    _ images: [Placed], _ kind: SplitLeak.Kind, fold: Int, by key: (ImageRecord) -> String?
  ) -> [SplitLeak] {
    var first: [String: [String: String]] = [:]
    for image in images {
      guard let key = key(image.record) else { continue }
      let known = first[key]?[image.side]
      first[key, default: [:]][image.side] = min(known ?? image.record.name, image.record.name)
    }
    return first.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.flatMap { key, sides in
      let sides = sides.sorted { $0.key < $1.key }
      return sides.dropFirst().map { side in
        SplitLeak(
          kind: kind, key: key, fold: fold, images: [sides[0].value, side.value], sides: [sides[0].key, side.key])
      }
    }
  }
}

extension SplitRequest {
  /// The column whose values must not lie on two sides.
  var dividingColumn: String? {
    switch method {
    case .column(let name): name
    case .holdOut(let column, _, _): column
    case .kFold, .given, .parts, .after: nil
    }
  }

  /// The images of a fold whose values of the dividing column are its own.
  fileprivate static func heldOut(_ fold: Fold, _ request: SplitRequest) -> Set<String> {
    if case .holdOut = request.method { Set(fold.external) } else { Set(fold.test) }
  }
}
