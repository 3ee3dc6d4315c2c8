import Foundation
import Statistics
public import Tables

/// `stats table1`: who was studied, in all and by group (S1-07, S2-09), of any table.
public enum TableOneAnalysis {
  public enum Unit: String, Sendable, CaseIterable { case row, lesion, patient }

  public struct Options: Sendable {
    /// Column of the groups; nil for one column of all.
    public var group: String?
    /// Columns to show, in order; all others where empty.
    public var variables: [String] = []
    /// Kinds of columns that are not to be guessed.
    public var kinds: [String: TableOneKind] = [:]
    /// Nil for lesion where the table has that column, else patient, else row.
    public var unit: Unit?
    public var lesion = "lesion"
    public var patient = "patient"
    public var showsP = true
    /// Student's t-test and the classical analysis of variance in place of Welch's.
    public var hasEqualVariances = false

    public init() {}
  }

  static let mostGroups = 12

  /// One line a variable: mean ± SD where Shapiro and Wilk's test finds every group normal (p > 0.05), else median and quartiles
  /// (type 7); counts and shares of what is known. Numbers are compared by Welch's t-test or the Mann-Whitney test, of more than two
  /// groups by Welch's analysis of variance or the Kruskal-Wallis test; categories by chi-square, or Fisher's test where an expected
  /// count is below 5. Values that differ within a unit: the first is taken, with a note; a group that does so is an error.
  ///
  /// Errors: an unknown column or kind, no unit column, a group that differs within a unit, more than 12 groups, a number that
  /// is none where one is asked for.
  public static func tableOne(_ table: Table, _ options: Options) throws(AnalysisError) -> AnalysisResult {
    guard table.rowCount > 0 else { throw .input(source: table.source, reason: "no rows") }
    for name in options.variables + options.kinds.keys.sorted() + [options.group].compactMap(\.self)
    where !table.has(name) {
      throw .table(.missingColumn(source: table.source, name: name, columns: table.columns))
    }
    let unit =
      options.unit ?? (table.has(options.lesion) ? .lesion : table.has(options.patient) ? .patient : .row)
    let (members, patients) = try units(table, unit, options)
    var notes: [String] = []
    let groups = try TableOneGroups(table, members, unit, options.group, &notes)
    var rows = TableOneRows(groups: groups, options: options)
    rows.addCounts(unit: unit, patients: patients)

    let keys = [options.lesion, options.patient, "image", options.group ?? ""]
    let names = options.variables.isEmpty ? table.columns.filter { !keys.contains($0) } : options.variables
    var leftOut: [String] = []
    for name in names {
      let column = try UnitColumn(table, name, members: members)
      let kind: TableOneKind
      if let given = options.kinds[name] {
        kind = given
      } else {
        switch TableOneVariable.detect(column, table) {
        case .kind(let found, let note):
          kind = found
          notes += [note].compactMap(\.self)
        case .leftOut(let reason):
          leftOut.append("\(name): left out, \(reason)")
          continue
        }
      }
      notes += [column.note(unit: unit.rawValue)].compactMap(\.self)
      try rows.add(column, kind, table)
    }
    guard rows.variableCount > 0 else {
      throw .input(
        source: table.source,
        reason: "no column to show" + (leftOut.isEmpty ? "" : ": " + leftOut.joined(separator: "; ")))
    }
    var result = AnalysisResult("table1", unit: unit.rawValue)
    result.values = rows.values
    result.values["leftOut"] = .list(leftOut.map(JSONValue.text))
    result.tables = [rows.table(title: "Table 1, per \(unit.rawValue)")]
    result.notes = notes + leftOut + rows.notes
    return result
  }

  /// Rows of the table that make each unit, and each unit's patient where the table has patients.
  private static func units(
    _ table: Table, _ unit: Unit, _ options: Options
  ) throws(AnalysisError) -> (members: [[Int]], patients: [String]?) {
    let patients =
      table.has(options.patient) ? try asAnalysisError(table.source) { try table.column(options.patient) } : nil
    func keys(_ name: String) throws(AnalysisError) -> [String] {
      let cells = try asAnalysisError(table.source) { try table.column(name) }
      if let row = cells.firstIndex(where: { UnitColumn.missingWords.contains($0.lowercased()) }) {
        throw .input(source: "\(table.source):\(table.line(ofRow: row))", reason: "column \(name) is empty")
      }
      return cells
    }
    let own: [String]
    switch unit {
    case .row: own = (0..<table.rowCount).map { "\($0)" }
    case .patient: own = try keys(options.patient)
    case .lesion:
      let lesions = try keys(options.lesion)
      own = patients.map { zip($0, lesions).map { "\($0)\u{1F}\($1)" } } ?? lesions
    }
    var place: [String: Int] = [:]
    var members: [[Int]] = []
    for (row, key) in own.enumerated() {
      if let index = place[key] {
        members[index].append(row)
      } else {
        place[key] = members.count
        members.append([row])
      }
    }
    return (members, patients.map { names in members.map { names[$0[0]] } })
  }
}

/// The units divided by the group column.
struct TableOneGroups {
  /// Name of the column; nil for none.
  let column: String?
  let labels: [String]
  /// Units of each group.
  let units: [[Int]]
  /// Units that have a group.
  var all: [Int] { units.flatMap { $0 }.sorted() }

  init(
    _ table: Table, _ members: [[Int]], _ unit: TableOneAnalysis.Unit, _ name: String?, _ notes: inout [String]
  ) throws(AnalysisError) {
    column = name
    guard let name else {
      (labels, units) = ([], [Array(members.indices)])
      return
    }
    let groups = try UnitColumn(table, name, members: members)
    if let differing = groups.differing {
      throw .input(
        source: "\(table.source):\(differing.line)",
        reason:
          "column \(name) differs within \(differing.count) \(unit.rawValue)\(differing.count == 1 ? "" : "s"), so that "
          + "they belong to no one group; expected one value each (a smaller --unit?)")
    }
    let found = Set(groups.values.compactMap(\.self))
    guard !found.isEmpty, found.count <= TableOneAnalysis.mostGroups else {
      throw .input(
        source: table.source,
        reason: "column \(name): expected 1 to \(TableOneAnalysis.mostGroups) groups, found \(found.count)")
    }
    let labels = UnitColumn.ordered(found)
    self.labels = labels
    units = labels.map { label in groups.values.indices.filter { groups.values[$0] == label } }
    let missing = groups.values.count { $0 == nil }
    if missing > 0 { notes.append("\(missing) \(unit.rawValue)s without \(name) are left out") }
    if found.count == 1 { notes.append("column \(name) has one value only: nothing to compare") }
  }
}
