import Foundation
import Tables

/// A reader study's long table as [treatments][readers][cases], fully crossed.
struct Readings {
  let treatments: [String]
  let readers: [String]
  let ratings: [[[Double]]]
  let positives: [Bool]

  init(_ table: Table, _ columns: ReaderAnalyses.ReadingColumns) throws(AnalysisError) {
    let readers = try Self.keys(table, columns.reader)
    let treatments = try Self.keys(table, columns.treatment)
    let cases = try Self.keys(table, columns.caseKey)
    let truth = try ScoredRows.flags(table, columns.truth)
    let values = try ScoredRows.numbers(table, columns.rating)
    var truths = [Bool?](repeating: nil, count: cases.names.count)
    var ratings = [[[Double]]](
      repeating: [[Double]](
        repeating: [Double](repeating: .nan, count: cases.names.count), count: readers.names.count),
      count: treatments.names.count)
    for row in values.indices {
      let (t, r, c) = (treatments.place[row], readers.place[row], cases.place[row])
      let line = "\(table.source):\(table.line(ofRow: row))"
      if let known = truths[c], known != truth[row] {
        throw .input(source: line, reason: "case \(cases.names[c]) has another \(columns.truth) than in an earlier row")
      }
      truths[c] = truth[row]
      guard ratings[t][r][c].isNaN else {
        throw .input(
          source: line,
          reason: "reader \(readers.names[r]) rates case \(cases.names[c]) under \(treatments.names[t]) a second time")
      }
      ratings[t][r][c] = values[row]
    }
    for (t, ofTreatment) in ratings.enumerated() {
      for (r, ofReader) in ofTreatment.enumerated() {
        let gaps = ofReader.indices.filter { ofReader[$0].isNaN }
        guard let gap = gaps.first else { continue }
        throw .input(
          source: table.source,
          reason: "reader \(readers.names[r]) has no rating of \(gaps.count) of \(cases.names.count) cases under "
            + "\(treatments.names[t]) (first: \(cases.names[gap])); every reader must rate every case under every treatment"
        )
      }
    }
    (self.treatments, self.readers, self.ratings) = (treatments.names, readers.names, ratings)
    positives = truths.map { $0 ?? false }
  }

  /// Distinct keys, numbers by size and words by the alphabet, and each row's place among them.
  private static func keys(_ table: Table, _ name: String) throws(AnalysisError) -> (names: [String], place: [Int]) {
    let cells = try asAnalysisError(table.source) { try table.column(name) }
    if let row = cells.firstIndex(of: "") {
      throw .input(source: "\(table.source):\(table.line(ofRow: row))", reason: "column \(name) is empty")
    }
    let names = Set(cells).sorted { a, b in
      if let x = Double(a), let y = Double(b), x != y { x < y } else { a < b }
    }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    return (names, cells.map { places[$0] ?? 0 })
  }
}
