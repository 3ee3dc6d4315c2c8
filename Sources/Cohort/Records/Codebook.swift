import Foundation
public import Tables
public import Ultrasound

/// What the columns of a clinical record mean: type, unit, levels, range (S0-05, S2-05). With it a cell is read as what it is,
/// and one that cannot be is found.
public struct Codebook: Sendable, Hashable {
  public struct Level: Sendable, Hashable, Codable {
    /// What the records and reports call it.
    public var name: String
    /// Other ways tables write it, such as a code.
    public var spellings: [String]
  }

  public struct Variable: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
      case number, flag, category
      /// A category whose levels are in order, from least to most.
      case ordered
      /// Year, month or day, as 2020-05-31.
      case date
      case text
    }

    public var name: String
    public var kind: Kind
    /// Of a number; nil where it has none.
    public var unit: ClinicalUnit?
    /// Of a category, or ordered; of a flag none, or the words for no and for yes.
    public var levels: [Level]
    /// In `unit`.
    public var minimum: Double?
    public var maximum: Double?
    /// Cells that say the value is missing, besides the usual ones; written as in the table.
    public var missing: [String]
    public var description: String
  }

  public let variables: [Variable]
  private let places: [String: Int]

  public subscript(name: String) -> Variable? { places[name].map { variables[$0] } }

  /// Reads `variable, type[, unit][, levels][, minimum][, maximum][, missing][, description]`, a row a column of the cohort
  /// table. Levels are separated by `|`, each a name, or `code=name`, or `code=other code=name`; missing codes by `|` too.
  ///
  /// Error: `problems`, with file and line of all that is wrong.
  public init(_ table: Table) throws(CohortError) {
    var reader = try CodebookReader(table)
    for row in 0..<table.rowCount { reader.read(row) }
    guard reader.problems.isEmpty else { throw .problems(reader.problems, source: table.source) }
    variables = reader.variables
    places = Dictionary(variables.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }
}

private struct CodebookReader {
  static let columns = ["variable", "type", "unit", "levels", "minimum", "maximum", "missing", "description"]

  private let table: Table
  private let cells: [String: [String]]
  var variables: [Codebook.Variable] = []
  var problems: [CohortProblem] = []
  private var lines: [String: Int] = [:]

  init(_ table: Table) throws(CohortError) {
    self.table = table
    var cells: [String: [String]] = [:]
    do {
      for name in Self.columns where table.has(name) || ["variable", "type"].contains(name) {
        cells[name] = try table.column(name).map { $0.trimmingCharacters(in: .whitespaces) }
      }
    } catch { throw .table(error) }
    self.cells = cells
    if let unknown = table.columns.first(where: { !Self.columns.contains($0) }) {
      throw .source(
        path: table.source,
        reason: "column \"\(unknown)\" is none of a codebook's: \(Self.columns.joined(separator: ", "))")
    }
  }

  private func cell(_ name: String, _ row: Int) -> String { cells[name]?[row] ?? "" }

  mutating func read(_ row: Int) {
    let place = "\(table.source):\(table.line(ofRow: row))"
    do throws(Fault) {
      let variable = try variable(row)
      if let first = lines.updateValue(table.line(ofRow: row), forKey: variable.name) {
        throw Fault("variable \"\(variable.name)\" is described already, on line \(first)")
      }
      variables.append(variable)
    } catch {
      problems.append(CohortProblem(place: place, message: error.message))
    }
  }

  private struct Fault: Error {
    var message: String
    init(_ message: String) { self.message = message }
  }

  private func variable(_ row: Int) throws(Fault) -> Codebook.Variable {
    let name = cell("variable", row)
    guard !name.isEmpty else { throw Fault("column \"variable\": expected a name, found nothing") }
    guard let kind = Codebook.Variable.Kind(rawValue: cell("type", row).lowercased()) else {
      let kinds = Codebook.Variable.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Fault("column \"type\": expected one of \(kinds), found \"\(cell("type", row))\"")
    }
    let variable = Codebook.Variable(
      name: name, kind: kind, unit: try unit(row, kind), levels: try levels(row, kind),
      minimum: try bound("minimum", row, kind), maximum: try bound("maximum", row, kind),
      missing: Self.list(cell("missing", row)), description: cell("description", row))
    if let low = variable.minimum, let high = variable.maximum, low > high {
      throw Fault("minimum \(low) is above maximum \(high)")
    }
    return variable
  }

  private func unit(_ row: Int, _ kind: Codebook.Variable.Kind) throws(Fault) -> ClinicalUnit? {
    let text = cell("unit", row)
    guard !text.isEmpty else { return nil }
    guard kind == .number else { throw Fault("column \"unit\": only a number has one, this is a \(kind.rawValue)") }
    guard let unit = ClinicalUnit(text) else {
      throw Fault("column \"unit\": expected a unit such as mm, ng/mL or a (year), found \"\(text)\"")
    }
    return unit
  }

  private func bound(_ name: String, _ row: Int, _ kind: Codebook.Variable.Kind) throws(Fault) -> Double? {
    let text = cell(name, row)
    guard !text.isEmpty else { return nil }
    guard kind == .number, let number = Double(text), number.isFinite else {
      throw Fault("column \"\(name)\": expected \(kind == .number ? "a number" : "nothing"), found \"\(text)\"")
    }
    return number
  }

  private func levels(_ row: Int, _ kind: Codebook.Variable.Kind) throws(Fault) -> [Codebook.Level] {
    let texts = Self.list(cell("levels", row))
    let counts: ClosedRange<Int> =
      switch kind {
      case .category, .ordered: 2...1000
      case .flag: texts.isEmpty ? 0...0 : 2...2
      case .number, .date, .text: 0...0
      }
    guard counts.contains(texts.count) else {
      let expected = counts.upperBound == 0 ? "none" : counts.upperBound == 2 ? "the words for no and yes" : "2 or more"
      throw Fault("column \"levels\": expected \(expected), found \(texts.count)")
    }
    var seen: Set<String> = []
    var levels: [Codebook.Level] = []
    for text in texts {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard let name = parts.last, !parts.contains("") else {
        throw Fault("column \"levels\": expected a name or code=name, found \"\(text)\"")
      }
      for part in Set(parts) where !seen.insert(part.lowercased()).inserted {
        throw Fault("column \"levels\": \"\(part)\" stands for two levels")
      }
      levels.append(Codebook.Level(name: name, spellings: Array(parts.dropLast())))
    }
    return levels
  }

  private static func list(_ text: String) -> [String] {
    text.isEmpty
      ? []
      : text.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
