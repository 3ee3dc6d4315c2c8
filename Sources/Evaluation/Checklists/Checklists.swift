import Wording

/// Reporting checklists filled from the run's own records: each item with the evidence there is and where it stands,
/// empty where there is none. Nothing is inferred: what only a manuscript can say is left to its authors.
enum Checklists {
  static let all = [Checklist.claim, .tripod]

  /// One section a checklist.
  /// - sectionIDs: those of the page's other sections; only they are linked.
  /// - files: the run folder's files by their paths in it, those the report is about to write among them; nil for those
  ///   that follow from the input.
  static func sections(
    input: ReportInput, metrics: Metrics, sectionIDs: Set<String>, files: Set<String>? = nil, words: Wording
  ) -> [ReportSection] {
    let record = StudyRecord(input: input, metrics: metrics, sectionIDs: sectionIDs, files: files, words: words)
    return all.map { FilledChecklist($0, from: record).section(words) }
  }
}

/// A checklist with what was found for each item.
struct FilledChecklist: Sendable {
  let checklist: Checklist
  let rows: [(item: ChecklistItem, finding: Finding)]

  init(_ checklist: Checklist, from record: StudyRecord) {
    self.checklist = checklist
    rows = checklist.items.map { ($0, record.finding($0)) }
  }

  var found: Int { rows.count { !$0.finding.evidence.isEmpty } }
  var foundInPart: Int { rows.count { !$0.finding.evidence.isEmpty && !$0.finding.isWhole } }

  /// "31 of 44 items have evidence from this run, 14 of them in part; 13 are for the authors."
  var summary: Phrase {
    "\(found) of \(rows.count) items have evidence from this run, \(foundInPart) of them in part; \(rows.count - found) are for the authors."
  }

  subscript(number: String) -> Finding? { rows.first { $0.item.number == number }?.finding }
}

extension Finding {
  /// What is left to do.
  var forAuthors: Phrase {
    if evidence.isEmpty { return "to be written by the authors" }
    return isWhole ? .nothing : "to be completed by the authors"
  }
}
