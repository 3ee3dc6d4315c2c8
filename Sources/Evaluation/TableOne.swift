public import Cohort
import Figures
import Statistics
import Ultrasound
public import Wording

/// Table 1 of a cohort: who was studied, benign against malignant (S1-07, S2-09). The unit is the lesion; a column
/// that names a patient's property is counted once a lesion of that patient.
///
/// A column of numbers is given as mean ± SD with Welch's t-test where Shapiro and Wilk's test finds both groups normal
/// (p > 0.05), else as median [interquartile range] with the Mann-Whitney test. A column of categories is given as
/// counts with the chi-square test, or Fisher's exact test where an expected count is below 5. Numbers with at most
/// five distinct whole values (0/1 codes, grades) are categories.
public struct TableOne: Sendable {
  public struct Row: Sendable, Equatable {
    public var name: Phrase
    /// A level of the category above it.
    public var isLevel = false
    public var benign: Phrase
    public var malignant: Phrase
    public var all: Phrase
    /// Rounded; empty where there is no test.
    public var p: String
    public var test: Phrase
  }

  public private(set) var rows: [Row] = []
  public let benignLesions: Int
  public let malignantLesions: Int
  /// What a reader must know: values that differ within a lesion, columns left out.
  public private(set) var notes: [Phrase] = []

  /// - Parameter patientsAreKnown: false names the first row after the groups of look-alike images it counts.
  public init(_ images: [ImageRecord], patientsAreKnown: Bool = true) {
    // What has no label yet is in neither column.
    let images = images.filter { $0.label != nil }
    let lesions = TableOne.lesions(images)
    benignLesions = lesions.count { $0.label == .benign }
    malignantLesions = lesions.count - benignLesions
    let both = addCounts(patientsAreKnown ? Phrase("Patients") : Phrase("Look-alike groups"), images) { $0.patient }
    if both > 0 { notes.append(TableOne.ofBothKinds(both, patientsAreKnown: patientsAreKnown)) }
    addCounts(Phrase("Lesions"), images) { $0.patient + "\u{0}" + $0.lesion }
    addCounts(Phrase("Images"), images) { $0.name }
    for column in TableOne.columns(images) { add(column, lesions: lesions) }
  }

  // MARK: Columns

  struct Column: Sendable {
    var name: Phrase
    var isAlwaysNumber: Bool
    var value: @Sendable (ImageRecord) -> ClinicalValue
  }

  struct Lesion {
    let label: Label
    let images: [ImageRecord]
  }

  private static func lesions(_ images: [ImageRecord]) -> [Lesion] {
    var place: [String: Int] = [:]
    var groups: [[ImageRecord]] = []
    for image in images {
      let key = image.patient + "\u{0}" + image.lesion
      if let index = place[key] {
        groups[index].append(image)
      } else {
        place[key] = groups.count
        groups.append([image])
      }
    }
    return groups.compactMap { images in images[0].label.map { Lesion(label: $0, images: images) } }
  }

  /// Age, sex and size first, then the other clinical columns by name, then what the catalogue itself holds.
  private static func columns(_ images: [ImageRecord]) -> [Column] {
    var columns: [Column] = []
    let clinical = Set(images.flatMap(\.clinical.keys))
    let first = ["age", "age_years", "sex", "gender"]
    let known = first.compactMap { name in clinical.first { $0.lowercased() == name } }
    for name in known { columns.append(clinicalColumn(name)) }
    columns.append(
      Column(name: Phrase("Size (mm)"), isAlwaysNumber: true) {
        $0.sizeMillimetres.map(ClinicalValue.number) ?? .missing
      })
    for name in clinical.subtracting(known).sorted() { columns.append(clinicalColumn(name)) }
    let texts: [(Phrase, @Sendable (ImageRecord) -> String?)] = [
      (Phrase("Histology"), { $0.histology }), (Phrase("Background"), { $0.background?.rawValue }),
      (Phrase("Site"), { $0.site }), (Phrase("Device"), { $0.device }), (Phrase("Modality"), { $0.modality.rawValue }),
    ]
    for (name, text) in texts {
      columns.append(Column(name: name, isAlwaysNumber: false) { text($0).map(ClinicalValue.text) ?? .missing })
    }
    return columns
  }

  private static func clinicalColumn(_ name: String) -> Column {
    let lowered = name.lowercased()
    let isNumber = lowered.hasPrefix("age") || lowered.hasPrefix("size") || lowered.hasSuffix("_mm")
    return Column(name: Phrase(verbatim: name), isAlwaysNumber: isNumber) { $0.clinical[name] ?? .missing }
  }

  // MARK: Rows

  /// Returns how many are in both columns.
  @discardableResult
  private mutating func addCounts(_ name: Phrase, _ images: [ImageRecord], key: (ImageRecord) -> String) -> Int {
    let benign = Set(images.filter { $0.label == .benign }.map(key))
    let malignant = Set(images.filter { $0.label == .malignant }.map(key))
    rows.append(
      Row(
        name: name, benign: TableOne.count(benign.count), malignant: TableOne.count(malignant.count),
        all: TableOne.count(benign.union(malignant).count), p: "", test: TableOne.empty))
    return benign.intersection(malignant).count
  }

  private static func ofBothKinds(_ count: Int, patientsAreKnown: Bool) -> Phrase {
    switch (patientsAreKnown, count) {
    case (true, 1): Phrase("1 patient with lesions of both kinds is in both columns.")
    case (true, _): Phrase("\(Text.count(count)) patients with lesions of both kinds are in both columns.")
    case (false, 1): Phrase("1 group with lesions of both kinds is in both columns.")
    case (false, _): Phrase("\(Text.count(count)) groups with lesions of both kinds are in both columns.")
    }
  }

  private mutating func add(_ column: Column, lesions: [Lesion]) {
    var values: [(label: Label, value: ClinicalValue)] = []
    values.reserveCapacity(lesions.count)
    var differing = 0
    for lesion in lesions {
      let known = lesion.images.map(column.value).filter { $0 != .missing }
      if Set(known).count > 1 { differing += 1 }
      values.append((lesion.label, known.first ?? .missing))
    }
    let known = values.filter { $0.value != .missing }
    guard !known.isEmpty else { return }
    if differing > 0, column.name != "Modality" {
      notes.append(
        Phrase("\(column.name): values differ within \(Unit.lesion.counted(differing)); the first was taken."))
    }
    let numbers = known.compactMap { row -> Double? in
      guard case .number(let number) = row.value else { return nil }
      return number
    }
    let distinct = Set(numbers)
    let isCode = distinct.count <= 5 && distinct.allSatisfy { $0 == $0.rounded() }
    if numbers.count == known.count, column.isAlwaysNumber || !isCode {
      addNumeric(column.name, values)
    } else {
      addCategories(column.name, values)
    }
    let total = values.count - known.count
    guard total > 0 else { return }
    func missing(_ label: Label) -> Int { values.count { $0.label == label && $0.value == .missing } }
    rows.append(
      Row(
        name: Phrase("missing"), isLevel: true, benign: TableOne.count(missing(.benign)),
        malignant: TableOne.count(missing(.malignant)), all: TableOne.count(total), p: "", test: TableOne.empty))
  }

  private mutating func addNumeric(_ name: Phrase, _ values: [(label: Label, value: ClinicalValue)]) {
    func numbers(_ label: Label?) -> [Double] {
      values.compactMap { row in
        guard label == nil || row.label == label, case .number(let number) = row.value else { return nil }
        return number
      }
    }
    let (benign, malignant) = (numbers(.benign), numbers(.malignant))
    let isNormal = [benign, malignant].allSatisfy { group in
      guard let test = try? ShapiroWilk(group) else { return false }
      return test.p > 0.05
    }
    let test =
      isNormal
      ? try? TwoGroups.welch(malignant, benign).p
      : try? TwoGroups.mannWhitney(malignant, benign).p
    rows.append(
      Row(
        name: isNormal ? Phrase("\(name), mean ± SD") : Phrase("\(name), median [IQR]"),
        benign: TableOne.summary(benign, isNormal),
        malignant: TableOne.summary(malignant, isNormal), all: TableOne.summary(numbers(nil), isNormal),
        p: test.map(Text.pValue) ?? "–",
        test: test == nil ? TableOne.empty : isNormal ? Phrase("Welch t") : Phrase("Mann–Whitney")))
  }

  private static func summary(_ values: [Double], _ isNormal: Bool) -> Phrase {
    guard let summary = try? Summary(values) else { return Phrase(verbatim: "–") }
    let decimals = summary.median >= 100 ? 0 : summary.median >= 1 ? 1 : 2
    func text(_ value: Double) -> String { Text.fixed(value, decimals) }
    guard !isNormal else {
      return Phrase(verbatim: text(summary.mean) + (summary.standardDeviation.map { " ± " + text($0) } ?? ""))
    }
    return Phrase("\(text(summary.median)) [\(text(summary.lowerQuartile)) to \(text(summary.upperQuartile))]")
  }

  private mutating func addCategories(_ name: Phrase, _ values: [(label: Label, value: ClinicalValue)]) {
    var counts: [String: (benign: Int, malignant: Int)] = [:]
    for row in values {
      guard let level = TableOne.level(row.value) else { continue }
      if row.label == .benign {
        counts[level, default: (0, 0)].benign += 1
      } else {
        counts[level, default: (0, 0)].malignant += 1
      }
    }
    let levels = counts.sorted {
      ($1.value.benign + $1.value.malignant, $0.key) < ($0.value.benign + $0.value.malignant, $1.key)
    }
    guard levels.count <= 30 else {
      notes.append(Phrase("\(name): left out, a text with \(levels.count) different values."))
      return
    }
    if let only = levels.first, levels.count == 1 {
      notes.append(Phrase("\(name): \(only.key) wherever known."))
      return
    }
    let (p, test) = TableOne.independence(levels.map { [$0.value.benign, $0.value.malignant] })
    let empty = TableOne.empty
    rows.append(Row(name: Phrase("\(name), n (%)"), benign: empty, malignant: empty, all: empty, p: p, test: test))
    let (benign, malignant) = (levels.reduce(0) { $0 + $1.value.benign }, levels.reduce(0) { $0 + $1.value.malignant })
    for level in levels {
      rows.append(
        Row(
          name: Phrase(verbatim: level.key), isLevel: true, benign: TableOne.share(level.value.benign, benign),
          malignant: TableOne.share(level.value.malignant, malignant),
          all: TableOne.share(level.value.benign + level.value.malignant, benign + malignant), p: "", test: empty))
    }
  }

  private static func level(_ value: ClinicalValue) -> String? {
    switch value {
    case .missing: nil
    case .text(let text): text
    case .number(let number): number == number.rounded() ? Text.fixed(number, 0) : String(number)
    }
  }

  private static let empty = Phrase(verbatim: "")

  private static func count(_ count: Int) -> Phrase { Phrase(verbatim: Text.count(count)) }

  private static func share(_ count: Int, _ total: Int) -> Phrase {
    Phrase(
      verbatim: total > 0 ? "\(Text.count(count)) (\(Text.fixed(Double(count) / Double(total) * 100, 1)))" : "0")
  }

  private static func independence(_ counts: [[Int]]) -> (p: String, test: Phrase) {
    guard let table = try? ContingencyTable(counts) else { return ("–", empty) }
    if table.minimumExpected < 5, let exact = try? table.fisher() {
      return (Text.pValue(exact), Phrase("Fisher exact"))
    }
    return (Text.pValue(table.chiSquare().p), Phrase("chi-square"))
  }
}
