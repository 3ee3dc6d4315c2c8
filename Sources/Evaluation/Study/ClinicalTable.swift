import Foundation
import Ultrasound

/// A property of lesions or patients.
struct ClinicalVariable: Sendable, Equatable {
  enum Kind: String, Sendable {
    case number, category
    /// Two values, yes and no, however they were written.
    case yesNo
  }

  var name: String
  var kind: Kind

  /// The truth value a cell means; nil where it is none.
  static func flag(_ cell: String) -> Bool? {
    switch cell.lowercased() {
    case "1", "yes", "y", "true", "是", "有": true
    case "0", "no", "n", "false", "否", "无": false
    default: nil
    }
  }
}

/// Variables of lesions or patients, typed by what their cells hold. A value of ``ClinicalVariable/Kind/yesNo`` is held as
/// the number 1 or 0, one of a category as text.
struct ClinicalTable: Sendable {
  enum Key: Sendable { case lesion, patient }

  /// What messages call it.
  let source: String
  let key: Key
  let variables: [ClinicalVariable]
  private(set) var rows: [LesionKey: [ClinicalValue]]
  /// Keys in the order of the table.
  let keys: [LesionKey]

  /// One row a lesion (columns `patient`, `lesion`) or a patient; every further column is a variable, its empty cells and
  /// NA missing.
  /// Errors, with file, line and column: neither `patient` nor `lesion`, an empty key, a key that has a row already, a word
  /// in a column of numbers.
  init(_ table: StrictTable) throws(EvaluationError) {
    let (patients, lesions) = (try table.optional("patient"), try table.optional("lesion"))
    guard patients != nil || lesions != nil else {
      throw .unreadable("\(table.source):1: expected a column \"patient\" or \"lesion\", found neither")
    }
    let isByLesion = lesions != nil
    var keys: [LesionKey] = []
    var lines: [LesionKey: Int] = [:]
    let named = try table.keys(isByLesion ? "lesion" : "patient")
    if patients != nil { _ = try table.keys("patient") }
    for row in table.rows {
      let key = LesionKey(patient: patients?[row] ?? "", lesion: isByLesion ? named[row] : "")
      if let first = lines.updateValue(row, forKey: key) {
        throw table.wrong(
          row,
          "\(isByLesion ? "lesion" : "patient") \"\(named[row])\" has a row already, on line "
            + "\(table.line(first))")
      }
      keys.append(key)
    }
    let names = table.columns.filter { !["patient", "lesion", "label"].contains($0) }
    try self.init(table, names: names, keys: keys, key: isByLesion ? .lesion : .patient)
  }

  /// - isStrict: false takes a column of numbers with words among them as a category.
  init(
    _ table: StrictTable, names: [String], keys: [LesionKey], key: Key, isStrict: Bool = true
  ) throws(EvaluationError) {
    var rows = [[ClinicalValue]](repeating: [], count: keys.count)
    var variables: [ClinicalVariable] = []
    for name in names {
      let cells = try table.cells(name)
      let kind = try ClinicalTable.kind(of: cells, name: name, table: table, isStrict: isStrict)
      guard let kind else { continue }
      variables.append(ClinicalVariable(name: name, kind: kind))
      for row in cells.indices { rows[row].append(ClinicalTable.value(cells[row], kind)) }
    }
    (source, self.key, self.variables, self.keys) = (table.source, key, variables, keys)
    self.rows = Dictionary(zip(keys, rows)) { first, _ in first }
  }

  /// The values of a lesion, in the order of `variables`; nil where the table has no row of it.
  func values(of lesion: LesionKey) -> [ClinicalValue]? {
    if key == .patient { return rows[LesionKey(patient: lesion.patient, lesion: "")] }
    return rows[lesion] ?? rows[LesionKey(patient: "", lesion: lesion.lesion)]
  }

  func place(of name: String) -> Int? { variables.firstIndex { $0.name == name } }

  // MARK: Types

  /// nil for a column without any value.
  private static func kind(
    of cells: [String], name: String, table: StrictTable, isStrict: Bool
  ) throws(EvaluationError) -> ClinicalVariable.Kind? {
    let known = cells.indices.filter { ClinicalValue(cell: cells[$0]) != .missing }
    guard !known.isEmpty else { return nil }
    if known.allSatisfy({ ClinicalVariable.flag(cells[$0]) != nil }) { return .yesNo }
    let numbers = known.compactMap { Double(cells[$0]) }
    if numbers.count == known.count { return .number }
    // Codes and words may stand together in a category; one word among measurements is a slip.
    if isStrict, Set(numbers).count > 5, numbers.count * 2 > known.count,
      let row = known.first(where: { Double(cells[$0]) == nil })
    {
      throw table.wrong(
        row, name, expected: "a number, as in \(numbers.count) other rows, or an empty cell", found: cells[row])
    }
    return .category
  }

  private static func value(_ cell: String, _ kind: ClinicalVariable.Kind) -> ClinicalValue {
    let value = ClinicalValue(cell: cell)
    guard value != .missing else { return .missing }
    switch kind {
    case .number: return value
    case .category: return .text(cell)
    case .yesNo: return ClinicalVariable.flag(cell).map { .number($0 ? 1 : 0) } ?? .missing
    }
  }
}

extension ClinicalValue {
  /// The value as a level of a category; nil where it is missing. Numbers are written without a point where whole.
  func level(_ kind: ClinicalVariable.Kind) -> String? {
    switch self {
    case .missing: nil
    case .text(let text): text
    case .number(let number):
      kind == .yesNo
        ? (number == 1 ? "yes" : "no")
        : number == number.rounded() && abs(number) < 1e15
          ? String(Int64(number)) : String(number)
    }
  }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
}
