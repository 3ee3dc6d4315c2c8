import Foundation

/// Who was looked at for the study and why some are not in it, as recorded (S1-01, S1-02, S2-01).
enum EnrolmentLog: Sendable {
  /// One patient or lesion looked at.
  struct Entry: Sendable, Equatable {
    var patient: String
    /// nil where the log is of patients.
    var lesion: String?
    var isIncluded: Bool
    /// Why it was excluded; empty where it was included.
    var reason: String
    var stage: String
    var date: String
  }

  /// Some counted already: those who came to a stage where `reason` is empty, else those excluded there for it.
  struct Count: Sendable, Equatable {
    var stage: String
    var reason: String
    var count: Int
  }

  case entries([Entry], source: String)
  case counts([Count], source: String)

  var source: String {
    switch self {
    case .entries(_, let source), .counts(_, let source): source
    }
  }

  /// Reads `patient[, lesion], included, reason[, stage][, date]`, a row one looked at, or `stage, reason, count`.
  /// Errors, with file, line and column: a patient or lesion twice, an exclusion without a reason, an inclusion with one, a
  /// stage with two counts of those who came to it.
  init(_ table: StrictTable) throws(EvaluationError) {
    self =
      table.has("count")
      ? .counts(try EnrolmentLog.counts(table), source: table.source)
      : .entries(try EnrolmentLog.entries(table), source: table.source)
  }

  private static func entries(_ table: StrictTable) throws(EvaluationError) -> [Entry] {
    let patients = try table.keys("patient")
    let lesions = table.has("lesion") ? try table.keys("lesion") : nil
    let (included, reasons) = (try table.cells("included"), try table.cells("reason"))
    let (stages, dates) = (try table.optional("stage"), try table.optional("date"))
    var entries: [Entry] = []
    var lines: [LesionKey: Int] = [:]
    for row in table.rows {
      let key = LesionKey(patient: patients[row], lesion: lesions?[row] ?? "")
      if let first = lines.updateValue(row, forKey: key) {
        throw table.wrong(
          row,
          "\(lesions == nil ? "patient \"\(key.patient)\"" : "lesion \"\(key.lesion)\"") is in the log already, on "
            + "line \(table.line(first))")
      }
      let isIncluded = try table.flag(included[row], row: row, column: "included")
      guard isIncluded == reasons[row].isEmpty else {
        throw table.wrong(
          row, "reason", expected: isIncluded ? "nothing, since it was included" : "why it was excluded",
          found: reasons[row])
      }
      entries.append(
        Entry(
          patient: patients[row], lesion: lesions?[row], isIncluded: isIncluded, reason: reasons[row],
          stage: stages?[row] ?? "", date: dates?[row] ?? ""))
    }
    return entries
  }

  private static func counts(_ table: StrictTable) throws(EvaluationError) -> [Count] {
    let (reasons, numbers) = (try table.cells("reason"), try table.cells("count"))
    let stages = table.has("stage") ? try table.keys("stage") : [String](repeating: "", count: table.rows.count)
    var counts: [Count] = []
    for row in table.rows {
      if let first = counts.firstIndex(where: { $0.stage == stages[row] && $0.reason == reasons[row] }) {
        throw table.wrong(
          row, "this stage and reason are counted already, on line \(table.line(first))")
      }
      counts.append(
        Count(
          stage: stages[row], reason: reasons[row], count: try table.count(numbers[row], row: row, column: "count")))
    }
    return counts
  }
}
