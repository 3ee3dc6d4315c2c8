import Foundation
public import Tables

/// Who was looked at for the study, and who is not in it and why (S1-01, S1-02, S2-01).
public struct Enrolment: Sendable, Hashable {
  public struct Entry: Sendable, Hashable, Codable {
    public var patient: String
    /// Nil where the log is of patients.
    public var lesion: String?
    public var isIncluded: Bool
    /// Empty where it was included.
    public var reason: String
  }

  public let entries: [Entry]
  private let excluded: Set<[String]>
  private let isOfLesions: Bool

  /// Reads `patient[, lesion], included, reason[, stage][, date]`, a row one looked at.
  ///
  /// Error: `problems` with file and line: one twice, an exclusion without a reason or an inclusion with one.
  public init(_ table: Table) throws(CohortError) {
    let columns: (patients: [String], lesions: [String]?, included: [String], reasons: [String])
    do {
      func trimmed(_ name: String) throws(TableError) -> [String] {
        try table.column(name).map { $0.trimmingCharacters(in: .whitespaces) }
      }
      columns = (
        try trimmed("patient"), table.has("lesion") ? try trimmed("lesion") : nil, try trimmed("included"),
        try trimmed("reason")
      )
    } catch { throw .table(error) }
    var (entries, problems): ([Entry], [CohortProblem]) = ([], [])
    var lines: [[String]: Int] = [:]
    for row in 0..<table.rowCount {
      let line = table.line(ofRow: row)
      func problem(_ message: String) {
        problems.append(CohortProblem(place: "\(table.source):\(line)", message: message))
      }
      let key = [columns.patients[row], columns.lesions?[row] ?? ""]
      if key[0].isEmpty { problem("column \"patient\": expected a key, found nothing") }
      if columns.lesions != nil, key[1].isEmpty { problem("column \"lesion\": expected a key, found nothing") }
      if let first = lines.updateValue(line, forKey: key) {
        problem("\(key.filter { !$0.isEmpty }.joined(separator: ", ")) is in the log already, on line \(first)")
      }
      guard let isIncluded = Self.flag(columns.included[row]) else {
        problem("column \"included\": expected yes or no, found \"\(columns.included[row])\"")
        continue
      }
      let reason = columns.reasons[row]
      if isIncluded != reason.isEmpty {
        problem(
          "column \"reason\": expected \(isIncluded ? "nothing, since it was included" : "why it was excluded"), found "
            + "\"\(reason)\"")
      }
      entries.append(Entry(patient: key[0], lesion: columns.lesions?[row], isIncluded: isIncluded, reason: reason))
    }
    guard problems.isEmpty else { throw .problems(problems, source: table.source) }
    self.entries = entries
    isOfLesions = columns.lesions != nil
    excluded = Set(entries.filter { !$0.isIncluded }.map { [$0.patient, $0.lesion ?? ""] })
  }

  /// Whether the log says that an image's patient, or lesion, is not in the study.
  public func excludes(_ image: ImageRecord) -> Bool {
    excluded.contains([image.patient, isOfLesions ? image.lesion : ""])
  }

  /// Keys that are included and have no image in the cohort, and those that have images and are not in the log.
  public func differences(from images: [ImageRecord]) -> (withoutImages: [String], withoutEntry: [String]) {
    func key(_ patient: String, _ lesion: String?) -> String { isOfLesions ? "\(patient), \(lesion ?? "")" : patient }
    let there = Set(images.map { key($0.patient, $0.lesion) })
    let included = Set(entries.filter(\.isIncluded).map { key($0.patient, $0.lesion) })
    let all = Set(entries.map { key($0.patient, $0.lesion) })
    return (included.subtracting(there).sorted(), there.subtracting(all).sorted())
  }

  private static func flag(_ cell: String) -> Bool? {
    switch cell.lowercased() {
    case "1", "yes", "y", "true", "是", "有": true
    case "0", "no", "n", "false", "否", "无": false
    default: nil
    }
  }
}
