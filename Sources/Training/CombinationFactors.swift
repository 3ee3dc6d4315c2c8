import Cohort
import Foundation
import Protocols
import Ultrasound

/// A lesion among all patients'.
struct LesionKey: Hashable, Comparable {
  let patient: String
  let lesion: String

  static func < (a: LesionKey, b: LesionKey) -> Bool { (a.patient, a.lesion) < (b.patient, b.lesion) }
}

/// What one factor is in one lesion.
enum FactorValue: Hashable {
  /// A number; 0 or 1 of a flag; the place of an ordinal level, from 0.
  case number(Double)
  case level(String)
  case missing
}

/// The values of a combination's factors in every lesion of some images. Reading it finds everything that is wrong with
/// the columns; it looks at no label.
struct FactorTable {
  /// As in the protocol; a category without levels has those found.
  let factors: [CombinationFactor]
  /// By factor name.
  let values: [LesionKey: [String: FactorValue]]

  /// Errors name column and image: a column without any value, a text where a number is expected, a level that is not
  /// listed, images of one lesion that disagree.
  init(_ factors: [CombinationFactor], images: [ImageRecord]) throws(TrainingError) {
    if let lacking = Self.lacking(factors, images).first {
      let there = Self.columns(of: images).joined(separator: ", ")
      throw .cohort("combination: no image has a value in column \"\(lacking)\"; columns with values: \(there)")
    }
    let lesions = Dictionary(grouping: images) { LesionKey(patient: $0.patient, lesion: $0.lesion) }
    var values: [LesionKey: [String: FactorValue]] = [:]
    var read: [CombinationFactor] = []
    for factor in factors {
      let reader = FactorReader(factor, images: images)
      read.append(reader.factor)
      for (key, images) in lesions.sorted(by: { $0.key < $1.key }) {
        values[key, default: [:]][factor.name] = try reader.value(of: key, images)
      }
    }
    (self.factors, self.values) = (read, values)
  }

  /// Columns of the factors in which no image has a value.
  static func lacking(_ factors: [CombinationFactor], _ images: [ImageRecord]) -> [String] {
    factors.map(\.column).filter { column in !images.contains { $0.cell(ofFactor: column) != nil } }
  }

  private static func columns(of images: [ImageRecord]) -> [String] {
    let clinical = Set(images.flatMap(\.clinical.keys)).sorted()
    let known = ["size_mm", "background", "site", "device", "modality"]
    return (known + clinical).filter { column in images.contains { $0.cell(ofFactor: column) != nil } }
  }
}

/// Reads one factor's column.
private struct FactorReader {
  let factor: CombinationFactor

  /// - images: where the levels of a category that lists none are taken from.
  init(_ factor: CombinationFactor, images: [ImageRecord]) {
    var factor = factor
    if factor.kind == .category, factor.levels.isEmpty {
      factor.levels = Set(images.compactMap { $0.cell(ofFactor: factor.column) }).sorted()
    }
    if factor.kind == .category, factor.reference.isEmpty { factor.reference = factor.levels.first ?? "" }
    self.factor = factor
  }

  /// The mean of the images' numbers; of everything else the one value they agree on.
  func value(of key: LesionKey, _ images: [ImageRecord]) throws(TrainingError) -> FactorValue {
    var found: [(image: String, cell: String, value: FactorValue)] = []
    for image in images {
      guard let cell = image.cell(ofFactor: factor.column) else { continue }
      found.append((image.name, cell, try value(of: cell, image: image.name)))
    }
    guard let first = found.first else { return .missing }
    if factor.kind == .number {
      let numbers = found.compactMap { if case .number(let number) = $0.value { number } else { nil } }
      // A lesion's images repeat its value: a mean would only round it.
      if Set(numbers).count == 1 { return first.value }
      return .number(numbers.reduce(0, +) / Double(numbers.count))
    }
    if let other = found.first(where: { $0.value != first.value }) {
      throw .cohort(
        "combination: lesion \(key.lesion) of patient \(key.patient): column \"\(factor.column)\" is "
          + "\"\(first.cell)\" of image \(first.image) and \"\(other.cell)\" of image \(other.image); "
          + "expected one value a lesion"
      )
    }
    return first.value
  }

  private func value(of cell: String, image: String) throws(TrainingError) -> FactorValue {
    func wrong(_ expected: String) -> TrainingError {
      .cohort("combination: image \(image), column \"\(factor.column)\": expected \(expected), found \"\(cell)\"")
    }
    switch factor.kind {
    case .number:
      guard let number = Double(cell), number.isFinite else { throw wrong("a number") }
      return .number(number)
    case .flag:
      switch cell.lowercased() {
      case "0", "no", "false", "absent": return .number(0)
      case "1", "yes", "true", "present": return .number(1)
      default: throw wrong("0 or 1, no or yes, false or true, absent or present")
      }
    case .category:
      guard factor.levels.contains(cell) else { throw wrong("one of \(factor.levels.joined(separator: ", "))") }
      return .level(cell)
    case .ordinal:
      guard let place = factor.levels.firstIndex(of: cell) else {
        throw wrong("one of \(factor.levels.joined(separator: ", "))")
      }
      return .number(Double(place))
    }
  }
}

extension ImageRecord {
  /// The cell of a factor's column; nil where it is empty or there is no such column.
  fileprivate func cell(ofFactor column: String) -> String? {
    column == "size_mm" ? sizeMillimetres.map { "\($0)" } : text(ofColumn: column)
  }
}
