import Foundation
import Statistics
import Tables

/// A column by which rows are divided: its categories, or a number with cut points.
public struct StrataFactor: Sendable, Equatable {
  public var column: String
  /// Ascending; a stratum holds the values above a cut point and up to the next, so that 20,50 gives up to 20, above 20 to 50,
  /// above 50 (S2-22).
  public var cuts: [Double]

  public init(column: String, cuts: [Double] = []) { (self.column, self.cuts) = (column, cuts) }

  /// Most categories a factor may have.
  static let mostLevels = 20

  /// - text: `site`, or `size_mm:20,50`.
  /// Errors: cut points that are no numbers or not ascending.
  public init(_ text: String) throws(AnalysisError) {
    guard let colon = text.lastIndex(of: ":") else {
      self.init(column: text)
      return
    }
    let words = text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    var cuts: [Double] = []
    for word in words {
      guard let cut = Double(word), cut.isFinite, cuts.last.map({ $0 < cut }) ?? true else {
        throw .input(
          source: "--by \(text)",
          reason: "expected ascending numbers with commas between them as cut points, found "
            + (word.isEmpty ? "nothing" : "\"\(word)\""))
      }
      cuts.append(cut)
    }
    self.init(column: String(text[..<colon]), cuts: cuts)
  }
}

/// A factor read from a table: its strata, and its numbers where it has any.
struct FactorStrata {
  let strata: [Stratum]
  let isOrdered: Bool
  /// Nil for categories.
  let numbers: [Double?]?
  /// Label of each row's stratum; nil where missing.
  let labels: [String?]
  let notes: [String]

  /// Errors: a column the table does not have, a value with cut points that is no number, more than `mostLevels` words.
  init(_ table: Table, _ rows: ScoredRows, _ factor: StrataFactor, unit: ScoredRows.Unit) throws(AnalysisError) {
    let column = try UnitColumn(table, factor.column, members: rows.members)
    var notes = [column.note(unit: unit.rawValue)].compactMap(\.self)
    let known = Set(column.values.compactMap(\.self))
    if known.isEmpty { throw .input(source: table.source, reason: "column \(factor.column) has no values") }
    let areNumbers = known.allSatisfy { Double($0)?.isFinite == true }
    let order: [String]
    if !factor.cuts.isEmpty {
      let numbers = try column.numbers(in: table)
      order = Self.labels(factor.cuts)
      labels = numbers.map { number in number.map { number in order[factor.cuts.count { $0 < number }] } }
      self.numbers = numbers
      isOrdered = true
    } else if areNumbers, known.count > StrataFactor.mostLevels {
      notes.append(
        "\(factor.column): \(known.count) different numbers and no cut points (\(factor.column):20,50): tested as a number only"
      )
      (order, labels, numbers, isOrdered) = ([], column.values.map { _ in nil }, try column.numbers(in: table), true)
    } else {
      guard known.count <= StrataFactor.mostLevels else {
        throw .input(
          source: table.source,
          reason:
            "column \(factor.column): expected at most \(StrataFactor.mostLevels) categories, found \(known.count)")
      }
      order = UnitColumn.ordered(known)
      labels = column.values
      numbers = areNumbers && known.count > 2 ? try column.numbers(in: table) : nil
      isOrdered = areNumbers
    }
    func stratum(_ label: String, _ chosen: [Int], isMissing: Bool = false) -> Stratum {
      Stratum(
        label, scores: chosen.map { rows.scores[$0] }, positives: chosen.map { rows.positives[$0] },
        patients: chosen.map { rows.patients[$0] }, isMissing: isMissing)
    }
    var place: [String: [Int]] = [:]
    for (row, label) in labels.enumerated() { if let label { place[label, default: []].append(row) } }
    var strata = order.map { stratum($0, place[$0] ?? []) }
    let missing = column.values.indices.filter { column.values[$0] == nil }
    if !missing.isEmpty { strata.append(stratum("missing", missing, isMissing: true)) }
    (self.strata, self.notes) = (strata, notes)
  }

  private static func labels(_ cuts: [Double]) -> [String] {
    func text(_ cut: Double) -> String { cut == cut.rounded() && abs(cut) < 1e15 ? String(Int64(cut)) : String(cut) }
    var labels = ["≤\(text(cuts[0]))"]
    for (lower, upper) in zip(cuts, cuts.dropFirst()) { labels.append(">\(text(lower)) to \(text(upper))") }
    return labels + [">\(text(cuts[cuts.count - 1]))"]
  }
}
