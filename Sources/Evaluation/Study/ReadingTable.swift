import Cohort
import Foundation
import Ultrasound

/// What readers said of cases, without the AI and with it (S0-07 to S0-10, S3-07).
struct ReadingTable: Sendable {
  enum Arm: String, Sendable, CaseIterable, Comparable {
    case unaided, aided

    static func < (a: Arm, b: Arm) -> Bool { a == .unaided && b == .aided }
  }

  struct Reading: Sendable, Equatable {
    var reader: String
    var arm: Arm
    /// Name of the lesion, image or case.
    var name: String
    /// nil where the table has no such column.
    var patient: String?
    var isMalignant: Bool
    /// Certainty of malignancy, 0 to 100; nil where the table has none.
    var confidence: Double?
    /// Called malignant; nil where the table has no calls.
    var call: Bool?
  }

  /// Names in messages.
  let source: String
  let readings: [Reading]
  /// Rows of a case that a reader left out.
  let skipped: Int
  /// Readers in the order of the table.
  let readers: [String]
  /// Group by reader; empty where the table has none.
  let experience: [String: String]
  /// Whether cases are single images.
  let isOfImages: Bool
  let hasConfidence: Bool
  let hasCalls: Bool

  var arms: [Arm] { Arm.allCases.filter { arm in readings.contains { $0.arm == arm } } }

  /// Reads `reader, arm, lesion` (or `image`, `case`), `label, confidence, call[, patient][, experience]`. `label` may be
  /// left out where every case is in the predictions; of `confidence` and `call` one may be. A row with both empty is a case
  /// the reader skipped.
  /// Errors, with file, line and column: an unknown arm, a confidence not from 0 to 100, a call not 0 or 1, a reading twice,
  /// a case with two labels, a reader of two groups of experience.
  init(_ table: StrictTable, predictions: [Prediction]) throws(EvaluationError) {
    let readers = try table.keys("reader")
    let caseColumn = ["lesion", "image", "case"].first(where: table.has)
    guard let caseColumn else {
      throw .unreadable("\(table.source):1: expected a column \"lesion\", \"image\" or \"case\", found none")
    }
    let (confidences, calls) = (try table.optional("confidence"), try table.optional("call"))
    guard confidences != nil || calls != nil else {
      throw .unreadable("\(table.source):1: expected a column \"confidence\" or \"call\", found neither")
    }
    let names = try table.keys(caseColumn)
    let patients = table.has("patient") ? try table.keys("patient") : nil
    let (arms, labels, groups) = (
      try table.optional("arm"), try table.optional("label"), try table.optional("experience")
    )
    let known = ReadingTable.labels(predictions, isOfImages: caseColumn == "image")
    var (readings, lines): ([Reading], [Key: Int]) = ([], [:])
    var (truths, experience): ([LesionKey: Bool], [String: String]) = ([:], [:])
    var skipped = 0
    for row in table.rows {
      guard let arm = Arm(rawValue: arms?[row].lowercased() ?? "unaided") else {
        throw table.wrong(row, "arm", expected: "unaided or aided", found: arms?[row] ?? "")
      }
      if let group = groups?[row], !group.isEmpty {
        if let other = experience[readers[row]], other != group {
          throw table.wrong(
            row, "experience", expected: "\"\(other)\", as in earlier rows of \(readers[row])", found: group)
        }
        experience[readers[row]] = group
      }
      let key = Key(reader: readers[row], arm: arm, name: names[row], patient: patients?[row] ?? "")
      if let first = lines.updateValue(row, forKey: key) {
        throw table.wrong(
          row,
          "reader \(key.reader) has read \"\(key.name)\" \(arm.rawValue) already, on line "
            + "\(table.line(first))")
      }
      let malignant = try ReadingTable.truth(table, row, label: labels?[row], names[row], known, caseColumn)
      let place = LesionKey(patient: key.patient, lesion: key.name)
      if let other = truths.updateValue(malignant, forKey: place), other != malignant {
        throw table.wrong(
          row, "label", expected: "\(other ? 1 : 0), as in earlier rows of \"\(key.name)\"", found: labels?[row] ?? "")
      }
      let (confidence, call) = (confidences?[row] ?? "", calls?[row] ?? "")
      guard !(confidence.isEmpty && call.isEmpty) else {
        skipped += 1
        continue
      }
      readings.append(
        Reading(
          reader: readers[row], arm: arm, name: names[row], patient: patients?[row], isMalignant: malignant,
          confidence: confidences == nil
            ? nil
            : try table.number(
              confidence, in: 0...100, row: row, column: "confidence", expected: "a number from 0 to 100"),
          call: calls == nil ? nil : try table.label(call, row: row, column: "call")))
    }
    guard !readings.isEmpty else { throw .unreadable("\(table.source): no reading, every case was skipped") }
    (source, self.readings, self.skipped, self.experience) = (table.source, readings, skipped, experience)
    var seen = Set<String>()
    self.readers = readings.map(\.reader).filter { seen.insert($0).inserted }
    isOfImages = caseColumn == "image"
    (hasConfidence, hasCalls) = (confidences != nil, calls != nil)
  }

  private struct Key: Hashable {
    let reader: String
    let arm: Arm
    let name: String
    let patient: String
  }

  private static func labels(_ predictions: [Prediction], isOfImages: Bool) -> [String: Bool] {
    Dictionary(predictions.map { (isOfImages ? $0.image : $0.lesion, $0.label == .malignant) }) { first, _ in first }
  }

  private static func truth(
    _ table: StrictTable, _ row: Int, label: String?, _ name: String, _ known: [String: Bool], _ column: String
  ) throws(EvaluationError) -> Bool {
    guard let label else {
      guard let known = known[name] else {
        throw table.wrong(
          row, column, expected: "a name that the predictions have, since there is no column \"label\"", found: name)
      }
      return known
    }
    let given = try table.label(label, row: row, column: "label")
    if let known = known[name], known != given {
      throw table.wrong(row, "label", expected: "\(known ? 1 : 0), as in the predictions", found: label)
    }
    return given
  }
}
