import Foundation
import Tables

/// What a column of Table 1 is.
public enum TableOneKind: String, Sendable, CaseIterable {
  case number, category
  /// One line: the number of yes.
  case yesNo = "yes-no"
  /// ISO 8601 dates, given as their range.
  case date
}

/// A column sorted out: its kind, or why it is left out.
enum TableOneVariable {
  case kind(TableOneKind, note: String?)
  case leftOut(String)

  /// A text with more different values is no category.
  static let mostCategories = 30
  private static let yes: Set<String> = ["1", "1.0", "yes", "true", "y", "positive"]
  private static let no: Set<String> = ["0", "0.0", "no", "false", "n", "negative"]

  /// Numbers with at most five whole values are grades, hence categories; 0 and 1 are yes and no. Dates are yyyy-mm-dd. Text that
  /// differs in nearly every row, and whole numbers that do so under a name ending in "id", name things and describe nobody; nor does
  /// a column that is the same for everybody.
  static func detect(_ column: UnitColumn, _ table: Table) -> TableOneVariable {
    let known = column.values.compactMap(\.self)
    if known.isEmpty { return .leftOut("no values") }
    let distinct = Set(known)
    if distinct.count == 1, known.count == column.values.count { return .leftOut("it is \(known[0]) throughout") }
    if distinct.allSatisfy({ yes.contains($0.lowercased()) || no.contains($0.lowercased()) }) {
      return .kind(.yesNo, note: nil)
    }
    if distinct.allSatisfy(isDate) { return .kind(.date, note: nil) }
    let numbers = known.compactMap(Double.init).filter(\.isFinite)
    if numbers.count == known.count {
      let isWhole = numbers.allSatisfy { $0 == $0.rounded() }
      if isWhole, Set(numbers).count <= 5 { return .kind(.category, note: nil) }
      let name = column.name.lowercased()
      if isWhole, distinct.count == known.count, name.hasSuffix("id") || name.hasSuffix("number") {
        return .leftOut("every value is different: an identifier")
      }
      return .kind(.number, note: nil)
    }
    if distinct.count > mostCategories || (known.count >= 10 && distinct.count * 10 > known.count * 9) {
      return .leftOut("text with \(distinct.count) different values among \(known.count): an identifier or free text")
    }
    var note: String?
    if numbers.count * 5 >= known.count * 4,
      let odd = column.values.indices.first(where: { index in column.values[index].map { Double($0) == nil } ?? false })
    {
      note =
        "\(column.name): taken as categories, since \"\(column.values[odd] ?? "")\" (line "
        + "\(table.line(ofRow: column.rows[odd]))) is no number"
    }
    return .kind(.category, note: note)
  }

  /// Nil for a word that is neither.
  static func isYes(_ word: String) -> Bool? {
    yes.contains(word.lowercased()) ? true : no.contains(word.lowercased()) ? false : nil
  }

  static func isDate(_ text: String) -> Bool {
    let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard text.count == 10 || (text.count > 10 && text.dropFirst(10).first == "T"), parts.count == 3,
      parts[0].count == 4, parts.allSatisfy({ $0.allSatisfy(\.isASCII) && Int($0) != nil }), let month = Int(parts[1]),
      let day = Int(parts[2])
    else { return false }
    return (1...12).contains(month) && (1...31).contains(day)
  }
}
