import Ultrasound

/// Divides images so that no patient, and no two images that look alike, are on both sides.
///
/// What moves as one is a *unit*: a connected component of the images under "same patient" and "same near-duplicate group".
/// A unit is malignant if any of its lesions is, benign if one is and none malignant, and else unlabelled. Parts are balanced per
/// class by number of lesions; the unlabelled are a class of their own, which may be missing from a part.
public enum Splitter {
  /// Errors: `tooFewPatients`, naming class and numbers; `split` for a fraction or fold count out of range, an unknown column
  /// or date, and a part that would stay empty; `leak` for a given split with the same patient, exam or picture on two sides.
  public static func folds(of images: [ImageRecord], request: SplitRequest) throws(CohortError) -> [Fold] {
    guard request.validationFraction >= 0, request.validationFraction < 1 else {
      throw .split(reason: "validation fraction \(request.validationFraction): expected 0 or more and less than 1")
    }
    guard !images.isEmpty else { throw .split(reason: "there are no images to divide") }
    let units = Unit.units(of: images)
    switch request.method {
    case .kFold(let folds): return try kFold(units, folds: folds, request: request)
    case .column(let name): return try byColumn(name, images: images, units: units, request: request)
    case .given: return [try given(images: images, units: units, request: request)]
    case .parts(let parts): return [try byParts(parts, units, request: request)]
    case .holdOut(let column, let values, let parts):
      return [try holdOut(values, of: column, parts, images: images, units: units, request: request)]
    case .after(let date): return [try after(date, images: images, units: units, request: request)]
    }
  }

  private static func kFold(_ units: [Unit], folds count: Int, request: SplitRequest) throws(CohortError) -> [Fold] {
    guard count >= 2 else { throw .split(reason: "\(count) folds: expected 2 or more") }
    for label in Label.allCases where units.areLabelled {
      let patients = units.count { $0.label == label }
      guard patients >= count else { throw .tooFewPatients(label: label, patients: patients, folds: count) }
    }
    guard units.count >= count else {
      throw .split(reason: "\(count) folds need at least \(count) patients; there are \(units.count)")
    }
    var parts = Array(repeating: [Unit](), count: count)
    var images = Array(repeating: 0, count: count)
    var random = SplitMix64(seed: request.seed)
    for label in Self.strata {
      var lesions = Array(repeating: 0, count: count)
      for unit in shuffledLargestFirst(units.filter { $0.label == label }, &random) {
        // Fewest lesions of this class, then fewest images of any: the first of equals.
        let part = parts.indices.min {
          (lesions[$0], images[$0], $0) < (lesions[$1], images[$1], $1)
        }
        guard let part else { continue }
        parts[part].append(unit)
        lesions[part] += unit.lesions
        images[part] += unit.images.count
      }
    }
    var result: [Fold] = []
    for (index, part) in parts.enumerated() {
      let others = parts.enumerated().filter { $0.offset != index }.flatMap(\.element)
      result.append(try fold(index, train: others, test: part.names, request: request))
    }
    return result
  }

  private static func byColumn(
    _ name: String, images: [ImageRecord], units: [Unit], request: SplitRequest
  ) throws(CohortError) -> [Fold] {
    var valueOfImage: [String: String] = [:]
    for image in images { valueOfImage[image.name] = image.text(ofColumn: name) }
    let values = Set(valueOfImage.values).sorted(by: naturallyBefore)
    guard !values.isEmpty else { throw .split(reason: "no image has a value in column \"\(name)\"") }
    guard values.count >= 2 else {
      throw .split(
        reason: "column \"\(name)\" has the single value \"\(values[0])\"; leaving it out leaves no training part")
    }
    var result: [Fold] = []
    for (index, value) in values.enumerated() {
      let test = images.map(\.name).filter { valueOfImage[$0] == value }.sorted()
      let held = Set(test)
      let (touched, rest) = units.partitioned { $0.images.contains(where: held.contains) }
      let (train, unvalued) = rest.partitioned { $0.images.allSatisfy { valueOfImage[$0] != nil } }
      var fold = try fold(index, train: train, test: test, request: request, place: "\(name) other than \"\(value)\"")
      fold.leftOut = (touched.names.filter { !held.contains($0) } + unvalued.names).sorted()
      fold.name = value
      result.append(fold)
    }
    return result
  }

  private static func given(
    images: [ImageRecord], units: [Unit], request: SplitRequest
  ) throws(CohortError) -> Fold {
    var parts: [Split: [String]] = [:]
    for image in images { if let split = image.split { parts[split, default: []].append(image.name) } }
    let test = ((parts[.internalTest] ?? []) + (parts[.externalTest] ?? [])).sorted()
    guard let train = parts[.train] else { throw .split(reason: "no image has split \"train\"") }
    guard !test.isEmpty else { throw .split(reason: "no image has split \"internal-test\" or \"external-test\"") }
    try Firewall.requireOneSide(images)
    let external = (parts[.externalTest] ?? []).sorted()
    let leftOut = images.filter { $0.split == nil }.map(\.name).sorted()
    if let validation = parts[.validation] {
      return Fold(
        index: 0, train: train.sorted(), validation: validation.sorted(), test: test, leftOut: leftOut,
        external: external)
    }
    let training = Unit.units(of: images.filter { $0.split == .train })
    var fold = try fold(0, train: training, test: test, request: request)
    (fold.leftOut, fold.external) = (leftOut, external)
    return fold
  }

  /// Cuts the validation part from the training units.
  static func fold(
    _ index: Int, train: [Unit], test: [String], request: SplitRequest, place: String = "the training part"
  ) throws(CohortError) -> Fold {
    var kept: [Unit] = []
    var validation: [Unit] = []
    // Another stream for each fold, so that folds draw independently.
    var random = SplitMix64(seed: request.seed &+ 0xD1B5_4A32_D192_ED03 &* UInt64(index + 1))
    for label in Self.strata {
      let units = shuffled(train.filter { $0.label == label }, &random)
      if !train.areLabelled, label != nil { continue }
      let cut = try validationCount(units, label: label, fraction: request.validationFraction, place: place)
      validation += units.prefix(cut)
      kept += units.dropFirst(cut)
    }
    guard !kept.isEmpty else { throw .split(reason: "\(place) has no patient") }
    return Fold(index: index, train: kept.names.sorted(), validation: validation.names.sorted(), test: test.sorted())
  }

  /// How many of the units, from the first on, hold the fraction of the class's lesions: at least one, never all. Of one
  /// unlabelled unit none.
  private static func validationCount(
    _ units: [Unit], label: Label?, fraction: Double, place: String
  ) throws(CohortError) -> Int {
    guard !units.isEmpty else {
      guard let label else { return 0 }
      throw .split(reason: "\(place) has no \(label.rawValue) patient")
    }
    guard fraction > 0 else { return 0 }
    guard units.count >= 2 else {
      guard let label else { return 0 }
      throw .split(reason: "\(place) has 1 \(label.rawValue) patient; training and validation need 2")
    }
    let wanted = fraction * Double(units.lesionCount)
    var (count, lesions) = (0, 0)
    // Stop where one unit more would be further from what is wanted.
    while count < units.count - 1, count == 0 || Double(lesions) + Double(units[count].lesions) / 2 <= wanted {
      lesions += units[count].lesions
      count += 1
    }
    return count
  }

  /// The classes, and what has none; last, so that it changes no draw of the others.
  static let strata: [Label?] = Label.allCases + [nil]

  private static func shuffled(_ units: [Unit], _ random: inout SplitMix64) -> [Unit] {
    var units = units.sorted { $0.key < $1.key }
    random.shuffle(&units)
    return units
  }

  static func shuffledLargestFirst(_ units: [Unit], _ random: inout SplitMix64) -> [Unit] {
    let shuffled = shuffled(units, &random).enumerated()
    return shuffled.sorted { ($1.element.lesions, $0.offset) < ($0.element.lesions, $1.offset) }.map(\.element)
  }

  /// Numbers by value, before text; text by its bytes.
  private static func naturallyBefore(_ first: String, _ second: String) -> Bool {
    switch (Double(first), Double(second)) {
    case (let first?, let second?) where first != second: first < second
    case (_?, nil): true
    case (nil, _?): false
    default: first.utf8.lexicographicallyPrecedes(second.utf8)
    }
  }
}

/// Images that must stay together.
struct Unit {
  /// The least image name: an order that does not depend on the order of the images.
  var key: String
  var images: [String]
  /// Nil where no lesion has one.
  var label: Label?
  var lesions: Int

  static func units(of images: [ImageRecord]) -> [Unit] {
    var sets = DisjointSets(count: images.count)
    sets.join(by: images.lazy.map { Optional($0.patient) })
    sets.join(by: images.lazy.map(\.duplicateGroup))
    return sets.sets().map { members in
      let names = members.map { images[$0].name }.sorted()
      return Unit(
        key: names[0], images: names,
        label: members.contains { images[$0].label == .malignant }
          ? .malignant : members.contains { images[$0].label == .benign } ? .benign : nil,
        lesions: Set(members.map { images[$0].lesion }).count)
    }
  }
}

extension [Unit] {
  var names: [String] { flatMap(\.images) }
  /// Whether any of them has a label. Where none has, they are divided without regard to classes.
  var areLabelled: Bool { contains { $0.label != nil } }
  var lesionCount: Int { reduce(0) { $0 + $1.lesions } }

  func partitioned(_ belongs: (Unit) -> Bool) -> (in: [Unit], out: [Unit]) {
    (filter(belongs), filter { !belongs($0) })
  }
}
