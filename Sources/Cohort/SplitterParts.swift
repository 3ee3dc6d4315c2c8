import Ultrasound

extension Splitter {
  /// One fold with parts of each class's lesions.
  static func byParts(_ parts: [Double], _ units: [Unit], request: SplitRequest) throws(CohortError) -> Fold {
    try requireParts(parts, 2...4)
    let cut = try divided(units, parts, seed: request.seed)
    let external = parts.count == 4 ? cut[3].names.sorted() : []
    let test = cut[parts.count == 2 ? 1 : 2].names + external
    if parts.count == 2 { return try fold(0, train: cut[0], test: test, request: request) }
    return Fold(
      index: 0, train: cut[0].names.sorted(), validation: cut[1].names.sorted(), test: test.sorted(),
      external: external)
  }

  /// The images of some values of a column are the external test.
  static func holdOut(
    _ values: [String], of column: String, _ parts: [Double], images: [ImageRecord], units: [Unit],
    request: SplitRequest
  ) throws(CohortError) -> Fold {
    if !parts.isEmpty { try requireParts(parts, 2...3) }
    let valueOfImage = Dictionary(images.map { ($0.name, $0.text(ofColumn: column)) }) { first, _ in first }
    let known = Set(valueOfImage.values.compactMap(\.self))
    guard !values.isEmpty else { throw .split(reason: "no value of column \"\(column)\" is named to be held out") }
    for value in values where !known.contains(value) {
      throw .split(
        reason: "column \"\(column)\" has no value \"\(value)\"; there are: \(known.sorted().joined(separator: ", "))")
    }
    let external = images.map(\.name).filter { name in valueOfImage[name]?.map(values.contains) ?? false }.sorted()
    let held = Set(external)
    let (touched, rest) = units.partitioned { $0.images.contains(where: held.contains) }
    let (others, unvalued) = rest.partitioned { $0.images.allSatisfy { valueOfImage[$0] != .some(nil) } }
    var fold =
      parts.isEmpty
      ? try fold(0, train: others, test: [], request: request, place: "\(column) other than those held out")
      : try byParts(parts, others, request: request)
    fold.test = (fold.test + external).sorted()
    fold.external = external
    fold.leftOut = (touched.names.filter { !held.contains($0) } + unvalued.names).sorted()
    return fold
  }

  /// Patients first seen after a date are the test part.
  static func after(
    _ date: String, images: [ImageRecord], units: [Unit], request: SplitRequest
  ) throws(CohortError) -> Fold {
    guard let cut = ExamDate(date) else {
      throw .split(reason: "date \"\(date)\": expected a day as 2020-05-31")
    }
    var isLate: [String: Bool] = [:]
    for image in images {
      guard let text = image.date else { continue }
      guard let day = ExamDate(text) else {
        throw .split(reason: "\(image.name): its date \"\(text)\" is no day as 2020-05-31")
      }
      isLate[image.name] = cut < day
    }
    guard !isLate.isEmpty else { throw .split(reason: "no image has a date") }
    var (train, test, leftOut): ([Unit], [String], [String]) = ([], [], [])
    for unit in units {
      let early = unit.images.filter { isLate[$0] == false }
      if early.isEmpty {
        test += unit.images.filter { isLate[$0] == true }
        leftOut += unit.images.filter { isLate[$0] == nil }
      } else {
        leftOut += unit.images.filter { isLate[$0] != false }
        // Counted by all its lesions: a returning patient weighs as it does elsewhere.
        train.append(Unit(key: early.min() ?? unit.key, images: early, label: unit.label, lesions: unit.lesions))
      }
    }
    guard !test.isEmpty else { throw .split(reason: "no patient was first seen after \(date)") }
    var fold = try fold(0, train: train, test: test, request: request, place: "the part up to \(date)")
    fold.leftOut = leftOut.sorted()
    return fold
  }

  private static func requireParts(_ parts: [Double], _ counts: ClosedRange<Int>) throws(CohortError) {
    let text = parts.map { "\($0)" }.joined(separator: ", ")
    guard counts.contains(parts.count), parts.allSatisfy({ $0 > 0 && $0 < 1 }), abs(parts.reduce(0, +) - 1) < 1e-6
    else {
      throw .split(
        reason: "parts \(text): expected \(counts.lowerBound) to \(counts.upperBound) numbers above 0 of sum 1")
    }
  }

  /// The units in as many parts, with each class's lesions divided as asked as nearly as its patients allow.
  private static func divided(_ units: [Unit], _ parts: [Double], seed: UInt64) throws(CohortError) -> [[Unit]] {
    guard units.count >= parts.count else {
      throw .split(reason: "\(parts.count) parts need at least \(parts.count) patients; there are \(units.count)")
    }
    var random = SplitMix64(seed: seed)
    var divided = parts.map { _ in [Unit]() }
    for label in strata {
      let own = units.filter { $0.label == label }
      if own.count < parts.count, let label, units.areLabelled {
        throw .split(
          reason: "\(parts.count) parts need at least \(parts.count) patients of each class; there are \(own.count) "
            + label.rawValue)
      }
      let total = Double(own.lesionCount)
      var missing = parts.map { $0 * total }
      var counts = parts.map { _ in 0 }
      for (place, unit) in shuffledLargestFirst(own, &random).enumerated() {
        // The last units go to parts that have none yet, where there are no more than such parts.
        let empty = counts.indices.filter { counts[$0] == 0 }
        let open = own.count - place <= empty.count ? empty : Array(parts.indices)
        guard let part = open.max(by: { (missing[$0], $1) < (missing[$1], $0) }) else { continue }
        divided[part].append(unit)
        missing[part] -= Double(unit.lesions)
        counts[part] += 1
      }
    }
    return divided
  }
}

/// A day, from `2020-05-31`, `2020/05/31`, `2020.05.31` or `20200531` (a time after it is passed over).
struct ExamDate: Comparable {
  private var number: Int

  init?(_ text: String) {
    let day = text.prefix { $0 != "T" && $0 != " " }
    let fields = day.split(omittingEmptySubsequences: false) { "-/.".contains($0) }.map(String.init)
    let parts =
      fields.count == 1 && day.utf8.count == 8
      ? [String(day.prefix(4)), String(day.dropFirst(4).prefix(2)), String(day.suffix(2))] : fields
    guard parts.count == 3, parts[0].utf8.count == 4,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let date = Int(parts[2]), (1...12).contains(month),
      (1...31).contains(date)
    else { return nil }
    number = (year * 100 + month) * 100 + date
  }

  static func < (first: ExamDate, second: ExamDate) -> Bool { first.number < second.number }
}
