import Foundation
public import Ultrasound

/// Why a cell is not what its codebook says.
public struct CellFault: Error, Sendable, Hashable {
  public var expected: String
  public var found: String

  public var description: String { "expected \(expected), found \"\(found)\"" }
}

extension Codebook.Variable {
  /// The value that a cell means: a number in the codebook's unit (a cell may name another of the same quantity, as `1.2 cm`), 1
  /// or 0 for a flag, the level's name for a category.
  public func value(of cell: String) throws(CellFault) -> ClinicalValue {
    let text = cell.trimmingCharacters(in: .whitespaces)
    let usual = ClinicalValue(cell: text)
    if usual == .missing || missing.contains(text) { return .missing }
    switch kind {
    case .number: return .number(try number(text))
    case .flag: return .number(try flag(text) ? 1 : 0)
    case .category, .ordered: return .text(try level(text))
    case .date: return .text(try date(text))
    case .text: return .text(text)
    }
  }

  private func number(_ text: String) throws(CellFault) -> Double {
    let range = [minimum.map { "from \(Self.short($0))" }, maximum.map { "to \(Self.short($0))" }].compactMap(\.self)
    let expected = (["a number"] + range + (unit.map { ["in \($0)"] } ?? [])).joined(separator: " ")
    let fault = CellFault(expected: expected, found: text)
    // Chinese and European exports write full-width and comma decimals; a comma is not guessed at.
    guard let end = text.lastIndex(where: { $0.isASCII && ($0.isNumber || $0 == ".") }) else { throw fault }
    var digits = String(text[...end])
    var rest = text[text.index(after: end)...].trimmingCharacters(in: .whitespaces)
    // The exponent of a unit, as in cm3, is not a digit of the number.
    if Double(digits) == nil, let split = text.firstIndex(where: { $0.isLetter || $0 == "[" || $0 == "%" || $0 == "°" })
    {
      digits = text[..<split].trimmingCharacters(in: .whitespaces)
      rest = text[split...].trimmingCharacters(in: .whitespaces)
    }
    guard var number = Double(digits), number.isFinite else { throw fault }
    if !rest.isEmpty {
      guard let unit, let written = ClinicalUnit(rest), let converted = written.convert(number, to: unit) else {
        throw fault
      }
      number = converted
    }
    guard number >= minimum ?? -.infinity, number <= maximum ?? .infinity else { throw fault }
    return number
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
  }

  private func flag(_ text: String) throws(CellFault) -> Bool {
    if levels.count == 2 {
      if levels[0].means(text) { return false }
      if levels[1].means(text) { return true }
      throw CellFault(expected: "\(levels[0].name) or \(levels[1].name)", found: text)
    }
    switch text.lowercased() {
    case "1", "yes", "y", "true", "是", "有": return true
    case "0", "no", "n", "false", "否", "无": return false
    default: throw CellFault(expected: "yes or no", found: text)
    }
  }

  private func level(_ text: String) throws(CellFault) -> String {
    if let level = levels.first(where: { $0.means(text) }) { return level.name }
    throw CellFault(expected: "one of " + levels.map(\.name).joined(separator: ", "), found: text)
  }

  /// Year, year-month or day of the calendar.
  private func date(_ text: String) throws(CellFault) -> String {
    let fault = CellFault(expected: "a date as 2020-05-31", found: text)
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let widths = [4, 2, 2]
    guard (1...3).contains(parts.count), zip(parts, widths).allSatisfy({ $0.utf8.count == $1 && Int($0) != nil }) else {
      throw fault
    }
    let numbers = parts.compactMap { Int($0) }
    let (year, month) = (numbers[0], numbers.count > 1 ? numbers[1] : 1)
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...days[month - 1]).contains(numbers.count > 2 ? numbers[2] : 1) else {
      throw fault
    }
    return text
  }
}

extension Codebook.Level {
  func means(_ text: String) -> Bool {
    ([name] + spellings).contains { $0.lowercased() == text.lowercased() }
  }
}
