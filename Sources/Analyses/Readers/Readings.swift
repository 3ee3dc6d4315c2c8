import Foundation
import Tables

/// A reader study's long table as [treatments][readers][cases], with gaps where a reader skipped a case.
struct Readings {
  let treatments: [String]
  let readers: [String]
  let cases: [String]
  let positives: [Bool]
  /// Nil where there is no column of them.
  private(set) var ratings: [[[Double?]]]?
  private(set) var calls: [[[Bool?]]]?
  /// The cluster of each case; nil where each case is its own.
  let clusters: [Int]?
  /// The group of each reader; nil where there is no column of them.
  let groups: [String]?
  /// The aid's own call and score of each case.
  let aidCalls: [Bool?]?
  let aidScores: [Double?]?
  private(set) var notes: [String] = []

  /// Errors, with the line: a case with two truths, clusters or values of the aid; a reader of two groups; a reading given twice;
  /// an empty key; a rating or call that is text of another kind. Empty cells, NA and NaN are skipped readings.
  init(_ table: Table, _ columns: FoundColumns) throws(AnalysisError) {
    let keys = LongTable(table)
    let readers = try keys.places(columns.reader)
    let treatments = try keys.places(columns.treatment)
    let ownCases = try keys.places(columns.caseKey)
    let clusterKeys = try columns.cluster.map { (name) throws(AnalysisError) in try keys.places(name) }
    let (cases, nested) = Self.within(ownCases, clusterKeys)
    if nested, let cluster = columns.cluster {
      notes.append("\(columns.caseKey) names repeat between values of \(cluster): a case is both together")
    }
    let truth = try ScoredRows.flags(table, columns.truth)
    positives = try keys.constant(truth, of: cases, columns.truth, "case").compactMap { $0 }
    let clusterOfCase = try clusterKeys.map { (found) throws(AnalysisError) in
      try keys.constant(found.place, of: cases, columns.cluster ?? "", "case").compactMap { $0 }
    }
    clusters = clusterOfCase.flatMap { Set($0).count < $0.count ? $0 : nil }
    groups = try columns.group.map { (name) throws(AnalysisError) in
      let cells = try keys.cells(name).map { $0.isEmpty ? nil : $0 }
      return try keys.constant(cells, of: readers, name, "reader").map { $0 ?? "no \(name)" }
    }
    (aidCalls, aidScores) = try Self.aid(keys, columns, cases)

    let ratings = try columns.rating.map { (name) throws(AnalysisError) in try keys.numbers(name) }
    let calls = try columns.call.map { (name) throws(AnalysisError) in try keys.flags(name) }
    let place = Cross(treatments: treatments, readers: readers, cases: cases)
    try place.requireUnique(table)
    self.ratings = ratings.map(place.spread)
    self.calls = calls.map(place.spread)
    (self.treatments, self.readers, self.cases) = (treatments.names, readers.names, cases.names)
  }

  /// Cases named within their cluster where one name stands in several.
  private static func within(
    _ cases: LongTable.Places, _ clusters: LongTable.Places?
  ) -> (LongTable.Places, nested: Bool) {
    guard let clusters else { return (cases, false) }
    var clusterOfCase = [Int?](repeating: nil, count: cases.names.count)
    var repeats = false
    for (own, cluster) in zip(cases.place, clusters.place) {
      if let known = clusterOfCase[own], known != cluster { repeats = true }
      clusterOfCase[own] = cluster
    }
    if !repeats { return (cases, false) }
    return (
      LongTable.Places(
        zip(cases.place, clusters.place).map { "\(clusters.names[$1])/\(cases.names[$0])" }), true
    )
  }

  /// A column of calls, a column of scores, or one column that is calls where every cell is one.
  private static func aid(
    _ keys: LongTable, _ columns: FoundColumns, _ cases: LongTable.Places
  ) throws(AnalysisError) -> ([Bool?]?, [Double?]?) {
    var calls: [Bool?]?
    if let name = columns.aidCall { calls = try keys.constant(keys.flags(name), of: cases, name, "case") }
    guard let name = columns.aidScore else { return (calls, nil) }
    if calls == nil, let flags = try? keys.flags(name) {
      return (try keys.constant(flags, of: cases, name, "case"), nil)
    }
    return (calls, try keys.constant(keys.numbers(name), of: cases, name, "case"))
  }
}

/// Where each row of a long table belongs.
private struct Cross {
  let treatments: LongTable.Places
  let readers: LongTable.Places
  let cases: LongTable.Places

  func requireUnique(_ table: Table) throws(AnalysisError) {
    var first: [[Int]: Int] = [:]
    for row in cases.place.indices {
      let (t, r, c) = (treatments.place[row], readers.place[row], cases.place[row])
      guard let earlier = first.updateValue(row, forKey: [t, r, c]) else { continue }
      throw .input(
        source: "\(table.source):\(table.line(ofRow: row))",
        reason: "reader \(readers.names[r]) rates case \(cases.names[c]) under \(treatments.names[t]) a second time "
          + "(first in line \(table.line(ofRow: earlier)))")
    }
  }

  func spread<Value>(_ values: [Value?]) -> [[[Value?]]] {
    var result = [[[Value?]]](
      repeating: [[Value?]](
        repeating: [Value?](repeating: nil, count: cases.names.count), count: readers.names.count),
      count: treatments.names.count)
    for row in values.indices { result[treatments.place[row]][readers.place[row]][cases.place[row]] = values[row] }
    return result
  }
}
