import Foundation
import Statistics
import Tables

/// Builds the lines of Table 1.
struct TableOneRows {
  private let groups: TableOneGroups
  private let options: TableOneAnalysis.Options
  private var lines: [[String]] = []
  private var variables: [JSONValue] = []
  private(set) var notes: [String] = []
  private var isCompared: Bool { groups.labels.count > 1 }
  var variableCount: Int { variables.count }

  init(groups: TableOneGroups, options: TableOneAnalysis.Options) {
    (self.groups, self.options) = (groups, options)
  }

  /// All units and then each group's, where there are groups.
  private var columns: [[Int]] { groups.labels.isEmpty ? [groups.all] : [groups.all] + groups.units }

  private mutating func add(_ name: String, _ cells: [String], _ tested: Compared? = nil) {
    var line = [name] + cells
    if isCompared {
      if options.showsP { line += [tested?.p.map { Printed.p($0) } ?? "", tested?.test ?? ""] }
      line.append(tested?.difference.map { Printed.number($0, 2) } ?? "")
    }
    lines.append(line)
  }

  /// What a comparison of the groups found.
  private struct Compared {
    var p: Double?
    var test: String?
    var difference: Double?
  }

  mutating func addCounts(unit: TableOneAnalysis.Unit, patients: [String]?) {
    guard let patients, unit != .patient else { return }
    add("patients, n", columns.map { units in "\(Set(units.map { patients[$0] }).count)" })
    var groupsOf: [String: Set<Int>] = [:]
    for (group, units) in groups.units.enumerated() {
      for unit in units { groupsOf[patients[unit], default: []].insert(group) }
    }
    let shared = groupsOf.values.count { $0.count > 1 }
    if isCompared, shared > 0 { notes.append("\(shared) patients have \(unit.rawValue)s in more than one group") }
    if Set(patients).count < patients.count {
      notes.append("\(unit.rawValue)s of one patient are counted one by one, as if independent")
    }
  }

  mutating func add(_ column: UnitColumn, _ kind: TableOneKind, _ table: Table) throws(AnalysisError) {
    switch kind {
    case .number: try addNumber(column, table)
    case .category: addCategory(column)
    case .yesNo: try addYesNo(column, table)
    case .date: try addDate(column, table)
    }
    let missing = columns.map { units in units.count { column.values[$0] == nil } }
    if missing[0] > 0 {
      add("  missing", zip(missing, columns).map { Self.share($0, of: $1.count) })
    }
  }

  // MARK: Numbers

  private mutating func addNumber(_ column: UnitColumn, _ table: Table) throws(AnalysisError) {
    let numbers = try column.numbers(in: table)
    let values = columns.map { units in units.compactMap { numbers[$0] } }
    let compared = isCompared ? Array(values.dropFirst()) : values
    let isNormal = compared.allSatisfy { ((try? ShapiroWilk($0))?.p ?? 0) > 0.05 }
    var tested = Compared()
    if isCompared {
      (tested.p, tested.test) = test(compared, isNormal: isNormal)
      tested.difference = Self.meanOverPairs(compared.count) { a, b in
        StandardisedDifference.ofNumbers(compared[a], compared[b])
      }
    }
    add(
      column.name + (isNormal ? ", mean ± SD" : ", median (IQR)"), values.map { Self.summary($0, isNormal) }, tested)
    record(
      column.name, .number, tested,
      values.map { own in
        guard let summary = try? Summary(own) else { return .object(["n": .integer(0)]) }
        return .object([
          "n": .integer(Int64(summary.count)), "mean": .number(summary.mean),
          "standardDeviation": summary.standardDeviation.map(JSONValue.number) ?? .null,
          "median": .number(summary.median), "lowerQuartile": .number(summary.lowerQuartile),
          "upperQuartile": .number(summary.upperQuartile), "minimum": .number(summary.minimum),
          "maximum": .number(summary.maximum),
        ])
      })
  }

  private mutating func test(_ groups: [[Double]], isNormal: Bool) -> (p: Double?, test: String?) {
    if groups.contains(where: \.isEmpty) { return (nil, "a group without values") }
    do throws(StatisticsError) {
      switch (isNormal, groups.count, options.hasEqualVariances) {
      case (true, 2, false): return (try TwoGroups.welch(groups[0], groups[1]).p, "Welch t")
      case (true, 2, true): return (try TwoGroups.student(groups[0], groups[1]).p, "Student t")
      case (true, _, false): return (try SeveralGroups.welch(groups).p, "Welch ANOVA")
      case (true, _, true): return (try SeveralGroups.analysisOfVariance(groups).p, "ANOVA")
      case (false, 2, _): return (try TwoGroups.mannWhitney(groups[0], groups[1]).p, "Mann-Whitney")
      case (false, _, _): return (try SeveralGroups.kruskalWallis(groups).p, "Kruskal-Wallis")
      }
    } catch { return (nil, "none: \(error)") }
  }

  private static func summary(_ values: [Double], _ isNormal: Bool) -> String {
    guard let summary = try? Summary(values) else { return "no values" }
    let size = abs(isNormal ? summary.mean : summary.median)
    let decimals = size >= 100 ? 0 : size >= 1 ? 1 : 2
    func text(_ value: Double) -> String { Printed.number(value, decimals) }
    if isNormal { return text(summary.mean) + (summary.standardDeviation.map { " ± " + text($0) } ?? "") }
    return "\(text(summary.median)) (\(text(summary.lowerQuartile)) to \(text(summary.upperQuartile)))"
  }

  // MARK: Categories

  private mutating func addCategory(_ column: UnitColumn) {
    let levels = UnitColumn.ordered(Set(groups.all.compactMap { column.values[$0] }))
    let counts = levels.map { level in columns.map { units in units.count { column.values[$0] == level } } }
    let tested = compare(column.name, counts)
    add(column.name + ", n (%)", columns.map { _ in "" }, tested)
    let totals = columns.map { units in units.count { column.values[$0] != nil } }
    for (level, own) in zip(levels, counts) { add("  " + level, zip(own, totals).map { Self.share($0, of: $1) }) }
    record(
      column.name, .category, tested,
      columns.indices.map { place in
        .object([
          "n": .integer(Int64(totals[place])),
          "counts": .object(
            Dictionary(uniqueKeysWithValues: zip(levels, counts.map { .integer(Int64($0[place])) }))),
        ])
      })
  }

  private mutating func addYesNo(_ column: UnitColumn, _ table: Table) throws(AnalysisError) {
    var flags: [Bool?] = []
    for (value, row) in zip(column.values, column.rows) {
      let flag = value.flatMap(TableOneVariable.isYes)
      if let value, flag == nil {
        throw .input(
          source: "\(table.source):\(table.line(ofRow: row))",
          reason: "column \(column.name): expected yes or no, found \"\(value)\"")
      }
      flags.append(flag)
    }
    let counts = [true, false].map { wanted in columns.map { units in units.count { flags[$0] == wanted } } }
    let tested = compare(column.name, counts)
    let totals = zip(counts[0], counts[1]).map { $0 + $1 }
    add(column.name + ", n (%)", zip(counts[0], totals).map { Self.share($0, of: $1) }, tested)
    record(
      column.name, .yesNo, tested,
      columns.indices.map { place in
        .object(["n": .integer(Int64(totals[place])), "yes": .integer(Int64(counts[0][place]))])
      })
  }

  /// - counts: of each level, in all and in each group.
  private mutating func compare(_ name: String, _ counts: [[Int]]) -> Compared? {
    guard isCompared else { return nil }
    let own = counts.map { Array($0.dropFirst()) }
    var tested = Compared()
    tested.difference = Self.meanOverPairs(groups.labels.count) { a, b in
      StandardisedDifference.ofCounts(own.map { ($0[a], $0[b]) })
    }
    // A table with one row or one column has nothing to test.
    guard let table = try? ContingencyTable(own) else { return tested }
    if table.minimumExpected < 5 {
      if let p = try? table.fisher() {
        (tested.p, tested.test) = (p, "Fisher exact")
        return tested
      }
      notes.append("\(name): too many tables for Fisher's test; chi-square with expected counts below 5")
    }
    (tested.p, tested.test) = (table.chiSquare().p, "chi-square")
    return tested
  }

  private static func share(_ count: Int, of total: Int) -> String {
    total > 0 ? "\(count) (\(Printed.number(Double(count) / Double(total) * 100, 1)))" : "no values"
  }

  /// Of three and more groups the mean over every two, as R's tableone gives it; nil where any is undefined.
  private static func meanOverPairs(_ count: Int, _ difference: (Int, Int) -> Double?) -> Double? {
    var (sum, pairs) = (0.0, 0.0)
    for a in 0..<count {
      for b in (a + 1)..<max(count, a + 1) {
        guard let value = difference(a, b) else { return nil }
        (sum, pairs) = (sum + value, pairs + 1)
      }
    }
    return pairs > 0 ? sum / pairs : nil
  }

  // MARK: Dates

  private mutating func addDate(_ column: UnitColumn, _ table: Table) throws(AnalysisError) {
    for (value, row) in zip(column.values, column.rows) {
      if let value, !TableOneVariable.isDate(value) {
        throw .input(
          source: "\(table.source):\(table.line(ofRow: row))",
          reason: "column \(column.name): expected a date as 2024-05-31, found \"\(value)\"")
      }
    }
    let days = columns.map { units in units.compactMap { column.values[$0].map { String($0.prefix(10)) } }.sorted() }
    add(
      column.name + ", range",
      days.map { own in own.first.flatMap { low in own.last.map { "\(low) to \($0)" } } ?? "no values" })
    record(
      column.name, .date, nil,
      days.map { own in
        .object([
          "n": .integer(Int64(own.count)), "first": own.first.map(JSONValue.text) ?? .null,
          "last": own.last.map(JSONValue.text) ?? .null,
        ])
      })
  }

  // MARK: Result

  private mutating func record(_ name: String, _ kind: TableOneKind, _ tested: Compared?, _ summaries: [JSONValue]) {
    var entry: [String: JSONValue] = [
      "name": .text(name), "kind": .text(kind.rawValue), "all": summaries[0],
      "groups": .list(Array(summaries.dropFirst())),
    ]
    if isCompared {
      if options.showsP {
        entry["p"] = tested?.p.map(JSONValue.number) ?? .null
        entry["test"] = tested?.test.map(JSONValue.text) ?? .null
      }
      entry["standardisedDifference"] = tested?.difference.map(JSONValue.number) ?? .null
    }
    variables.append(.object(entry))
  }

  var values: [String: JSONValue] {
    [
      "n": .integer(Int64(groups.all.count)), "groups": .list(groups.labels.map(JSONValue.text)),
      "groupSizes": .list(groups.labels.isEmpty ? [] : groups.units.map { .integer(Int64($0.count)) }),
      "variables": .list(variables),
    ]
  }

  func table(title: String) -> ResultTable {
    var header = ["", "all (n = \(groups.all.count))"]
    for (label, units) in zip(groups.labels, groups.units) {
      header.append("\(groups.column.map { "\($0) " } ?? "")\(label) (n = \(units.count))")
    }
    if isCompared { header += (options.showsP ? ["p", "test"] : []) + ["standardised difference"] }
    return ResultTable(title, header, lines)
  }
}
