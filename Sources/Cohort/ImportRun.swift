import Foundation
import GRDB
import Tables
import Ultrasound

/// One import into an opened catalogue.
struct ImportRun {
  let source: String
  let catalogue: Catalogue
  let staging: URL
  let journal: ImportJournal
  let content: SourceContent
  let options: ImportOptions

  /// A draft that was read, with all that its file says of it.
  struct Fresh {
    var key: String
    var draft: ImageDraft
    var facts: ImageFacts
    var fingerprint: String
  }

  /// What is remembered of a draft that need not be read next time.
  struct Finished {
    var key: String
    var stamp: String
    var state: String
    var fingerprint: String?
  }

  func run(progress: ((Int, Int) -> Void)?) throws(CohortError) -> ImportReport {
    let held = try Held(catalogue)
    let salt = try journal.salt(held.salt)
    let blind = options.intake?.blind ?? { PersonHash.blinded($0, salt) }
    let keys = content.drafts.map { $0.journalKey(blind) }
    let stamps = content.drafts.map { $0.stamp(intake: options.intake, blind) }
    // Judged as they come, in the order of the source; what is known of a draft without reading it is not read.
    let known = content.drafts.indices.map { place in
      held.finished[keys[place]].flatMap { $0.stamp == stamps[place] ? $0 : nil }
    }
    let reading = ImportReading(
      journal: journal, inspection: inspection(held, salt: salt), jobs: options.jobs, keys: keys, stamps: stamps)
    let open = content.drafts.indices.filter { known[$0] == nil || !held.stillHolds(known[$0], content.drafts[$0]) }
    try reading.read(content.drafts, open, held: held, progress: progress)
    var judge = ImportJudge(
      held: held, problems: content.problems, hidesNames: options.intake != nil,
      codebook: try catalogue.codebook())
    let isOpen = Set(open)
    for place in content.drafts.indices {
      let draft = content.drafts[place]
      if isOpen.contains(place) {
        try judge.judge(draft, key: keys[place], stamp: stamps[place], try journal.entry(keys[place]))
      } else {
        judge.pass(draft, known[place])
      }
    }
    let problems = Self.inFileOrder(judge.problems)
    guard problems.isEmpty || content.isLenient || options.allowsFailures else {
      throw .problems(problems, source: source)
    }
    let failures = problems.map { ImportFailure(file: $0.place, reason: $0.message) }
    let commit = ImportCommit(
      source: source, catalogue: catalogue, staging: staging, journal: journal, salt: salt,
      // What an intake took out of the files leaves no trace in the catalogue.
      people: options.intake == nil ? judge.people : [:])
    // Nor do the names of the files that were left out.
    try commit.run(
      judge.fresh, finished: judge.finished, lesions: judge.lesions, failures: options.intake == nil ? failures : [])
    return try report(judge, failures)
  }

  private func inspection(_ held: Held, salt: [UInt8]) -> Inspection {
    Inspection(staging: staging, stored: held.files, intake: options.intake, salt: salt)
  }

  /// By line of the table; problems of one line, and of files, stay in the order they were found.
  private static func inFileOrder(_ problems: [CohortProblem]) -> [CohortProblem] {
    let lines = problems.map { problem in
      problem.place.lastIndex(of: ":").flatMap { Int(problem.place[$0...].dropFirst()) } ?? 0
    }
    return problems.indices.sorted { (lines[$0], $0) < (lines[$1], $1) }.map { problems[$0] }
  }

  private func report(_ judge: ImportJudge, _ failures: [ImportFailure]) throws(CohortError) -> ImportReport {
    let (known, patientSource) = (try catalogue.patientsAreKnown, try catalogue.patientSource)
    var notes = content.notes
    let added = judge.fresh.count
    if added == 0, failures.isEmpty {
      notes.append("every image of the source is in the cohort already; nothing changed")
    }
    let leftOut = judge.leftOut.values.reduce(0, +) + content.passedOver
    if leftOut > 0 {
      let kinds = judge.leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
      let hidden = content.passedOver > 0 ? ["hidden files and cohorts \(content.passedOver)"] : []
      notes.append("\(leftOut) left out: not a picture (\((kinds + hidden).joined(separator: ", ")))")
    }
    if judge.repeats > 0 {
      notes.append(
        "\(judge.repeats) files hold a picture again that another file of the same content holds (SOP Instance UID)")
    }
    let counts = try catalogue.read { database in
      try ["image", "patient", "lesion"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0 }
        + [Int.fetchOne(database, sql: "SELECT count(DISTINCT duplicate_group) FROM image") ?? 0]
    }
    let (unknown, named) = try catalogue.read { database in
      let sql =
        "SELECT count(*) FROM image JOIN lesion ON lesion.id = lesion_id JOIN patient ON patient.id = patient_id"
      return (
        try Int.fetchOne(database, sql: "\(sql) WHERE NOT known") ?? 0,
        try Int.fetchOne(database, sql: "\(sql) WHERE known") ?? 0
      )
    }
    if !known, named > 0 {
      notes.append(
        "\(unknown) images have no patient id: groups of them that look alike stand for patients; two different views of "
          + "one patient may still be on both sides of a split")
    } else if !known {
      notes.append(
        "the source has no patient ids: \(counts[1]) groups of images that look alike stand for patients; two different "
          + "views of one patient may still be on both sides of a split")
    }
    return ImportReport(
      source: source, cohort: catalogue.folder.path, added: added, unchanged: judge.unchanged, leftOut: leftOut,
      failures: failures, images: counts[0], patients: counts[1], lesions: counts[2], patientsAreKnown: known,
      patientSource: patientSource, nearDuplicateGroups: counts[3], notes: notes)
  }
}
