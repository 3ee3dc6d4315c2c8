import Foundation
import Statistics

/// Another way to tell malignant from benign, with its results as published (S2-24).
struct Comparator: Sendable {
  var name: String
  /// nil where rates were published without a matrix they come from.
  var matrix: ConfusionMatrix?
  /// From 0 to 1; nil where not published.
  var sensitivity: Double?
  var specificity: Double?
  var accuracy: Double?
  var positives: Int?
  var negatives: Int?

  /// Reads `name, tp, fp, tn, fn`, or `name` with any of `sensitivity, specificity, accuracy, positives, negatives`; rates
  /// from 0 to 1 or, where a column has one above 1 or a per cent sign, per cent.
  /// Errors, with file, line and column: a name twice, a count or rate that is none, no result at all.
  static func all(_ table: StrictTable) throws(EvaluationError) -> [Comparator] {
    let names = try table.keys("name")
    for row in table.rows {
      if let first = names[..<row].firstIndex(of: names[row]) {
        throw table.wrong(row, "\"\(names[row])\" is on line \(table.line(first)) already")
      }
    }
    if table.has("tp") { return try matrices(table, names) }
    let (sensitivity, specificity, accuracy) = (
      try rates(table, "sensitivity"), try rates(table, "specificity"), try rates(table, "accuracy")
    )
    let (positives, negatives) = (try counts(table, "positives"), try counts(table, "negatives"))
    var all: [Comparator] = []
    for row in table.rows {
      guard sensitivity[row] != nil || specificity[row] != nil || accuracy[row] != nil else {
        throw table.wrong(
          row, "\"\(names[row])\": expected a sensitivity, specificity or accuracy, or counts in columns tp, fp, tn, fn"
        )
      }
      all.append(
        Comparator(
          name: names[row], matrix: nil, sensitivity: sensitivity[row], specificity: specificity[row],
          accuracy: accuracy[row], positives: positives[row], negatives: negatives[row]))
    }
    return all
  }

  private static func matrices(_ table: StrictTable, _ names: [String]) throws(EvaluationError) -> [Comparator] {
    var cells: [[Int]] = []
    for column in ["tp", "fp", "tn", "fn"] {
      let texts = try table.cells(column)
      var counts: [Int] = []
      for row in table.rows { counts.append(try table.count(texts[row], row: row, column: column)) }
      cells.append(counts)
    }
    var all: [Comparator] = []
    for row in table.rows {
      let matrix = ConfusionMatrix(
        truePositives: cells[0][row], falsePositives: cells[1][row], trueNegatives: cells[2][row],
        falseNegatives: cells[3][row])
      guard matrix.total > 0 else { throw table.wrong(row, "\"\(names[row])\": expected a case, found four zeros") }
      func share(_ count: Int, _ total: Int) -> Double? { total > 0 ? Double(count) / Double(total) : nil }
      all.append(
        Comparator(
          name: names[row], matrix: matrix, sensitivity: share(matrix.truePositives, matrix.positives),
          specificity: share(matrix.trueNegatives, matrix.negatives),
          accuracy: share(matrix.truePositives + matrix.trueNegatives, matrix.total), positives: matrix.positives,
          negatives: matrix.negatives))
    }
    return all
  }

  private static func rates(_ table: StrictTable, _ column: String) throws(EvaluationError) -> [Double?] {
    guard let cells = try table.optional(column) else { return [Double?](repeating: nil, count: table.rows.count) }
    let bare = cells.map { $0.hasSuffix("%") ? $0.dropLast().trimmingCharacters(in: .whitespaces) : $0 }
    let isPerCent = zip(cells, bare).contains { $0 != $1 || (Double($1) ?? 0) > 1 }
    var rates: [Double?] = []
    for row in table.rows {
      guard !bare[row].isEmpty else {
        rates.append(nil)
        continue
      }
      let value = try table.number(
        bare[row], in: 0...(isPerCent ? 100 : 1), row: row, column: column,
        expected: isPerCent ? "a rate from 0 to 100 per cent" : "a rate from 0 to 1")
      rates.append(isPerCent ? value / 100 : value)
    }
    return rates
  }

  private static func counts(_ table: StrictTable, _ column: String) throws(EvaluationError) -> [Int?] {
    guard let cells = try table.optional(column) else { return [Int?](repeating: nil, count: table.rows.count) }
    var counts: [Int?] = []
    for row in table.rows {
      counts.append(cells[row].isEmpty ? nil : try table.count(cells[row], row: row, column: column))
    }
    return counts
  }
}
