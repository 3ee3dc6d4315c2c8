import Foundation
import GRDB
import Tables
import Ultrasound

/// One import into an opened catalogue.
struct ImportRun {
  let source: String
  let catalogue: Catalogue
  let staging: URL
  let content: SourceContent

  mutating func run(progress: ((Int, Int) -> Void)?) throws(CohortError) -> ImportReport {
    let held = try held()
    var problems = content.problems
    var consistency = Consistency(catalogued: held.lesions)
    for draft in content.drafts { consistency.add(draft) }
    problems += consistency.problems
    let inspection = Inspection(staging: staging, stored: held.files)
    let outcomes = try inspection.inspect(content.drafts, progress: progress)
    var fresh: [(draft: ImageDraft, facts: ImageFacts)] = []
    for (draft, outcome) in zip(content.drafts, outcomes) {
      switch outcome {
      case .success(let facts):
        guard let known = held.fingerprints[draft.name] else {
          fresh.append((draft, facts))
          continue
        }
        if known != draft.fingerprint(facts) {
          problems.append(
            CohortProblem(
              place: draft.place,
              message: "image \"\(draft.name)\" is in the cohort already, with other content or data"))
        }
      case .failure(.problem(let problem)): problems.append(problem)
      case .failure(.output(let error)): throw .output(error)
      }
    }
    guard problems.isEmpty else { throw .problems(Self.inFileOrder(problems), source: source) }
    if !fresh.isEmpty { try commit(fresh, lesions: consistency.lesions) }
    return try report(added: fresh.count)
  }

  /// By line of the table; problems of one line, and of files, stay in the order they were found.
  private static func inFileOrder(_ problems: [CohortProblem]) -> [CohortProblem] {
    let lines = problems.map { $0.place.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
    return problems.indices.sorted { (lines[$0], $0) < (lines[$1], $1) }.map { problems[$0] }
  }

  /// Copies into place first, rows last: should the rows fail, the copies are taken back.
  private func commit(
    _ images: [(draft: ImageDraft, facts: ImageFacts)], lesions: [String: Consistency.Lesion]
  ) throws(CohortError) {
    var names: Set<String> = []
    var sums: Set<String> = []
    for (_, facts) in images {
      for file in [facts.file] + facts.masks + facts.calcificationMasks where sums.insert(file.sha256).inserted {
        names.insert(file.name)
      }
    }
    // An earlier version's images must be found by what it did not keep of them.
    try catalogue.refreshLikeness()
    var moved: [String] = []
    do {
      try move(names, moved: &moved)
      AtomicFile.flushAll()
      try catalogue.write { database in
        var writer = CatalogueWriter(database, lesions: lesions)
        try writer.insert(images)
      }
    } catch {
      for path in moved { unlink(path) }
      throw error
    }
  }

  private func move(_ names: Set<String>, moved: inout [String]) throws(CohortError) {
    for name in names {
      let from = staging.appendingPathComponent(name, isDirectory: false).path
      // Not staged: the cohort holds it.
      guard access(from, F_OK) == 0 else { continue }
      let to = catalogue.imagesFolder.appendingPathComponent(name, isDirectory: false).path
      guard rename(from, to) == 0 else { throw .output(.creating(to, code: errno)) }
      moved.append(to)
    }
  }

  private struct Held {
    var fingerprints: [String: String] = [:]
    var files: [String: FileFacts] = [:]
    var lesions: [String: Consistency.Lesion] = [:]
  }

  /// What the catalogue holds that an import is compared with.
  private func held() throws(CohortError) -> Held {
    let place = catalogue.folder.path
    return try catalogue.read { database in
      var held = Held()
      for row in try Row.fetchAll(database, sql: "SELECT name, fingerprint FROM image") {
        held.fingerprints[row[0]] = row[1]
      }
      for row in try Row.fetchAll(database, sql: "SELECT sha256, name, bytes FROM file") {
        held.files[row[0]] = FileFacts(sha256: row[0], name: row[1], bytes: row[2])
      }
      let sql = """
        SELECT lesion.key, patient.key, known, label, histology, size_mm, background
        FROM lesion JOIN patient ON patient.id = patient_id
        """
      for row in try Row.fetchAll(database, sql: sql) {
        let (known, background): (Bool, String?) = (row[2], row[6])
        held.lesions[row[0]] = Consistency.Lesion(
          place: place, patient: known ? row[1] : nil, label: row[3] == "malignant" ? .malignant : .benign,
          histology: row[4], sizeMillimetres: row[5], background: background.flatMap { .init(rawValue: $0) })
      }
      return held
    }
  }

  private func report(added: Int) throws(CohortError) -> ImportReport {
    let (known, patientSource) = (try catalogue.patientsAreKnown, try catalogue.patientSource)
    var notes = content.notes
    if added == 0 { notes.append("every image of the source is in the cohort already; nothing changed") }
    let counts = try catalogue.read { database in
      try ["image", "patient", "lesion"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0 }
        + [Int.fetchOne(database, sql: "SELECT count(DISTINCT duplicate_group) FROM image") ?? 0]
    }
    if !known {
      notes.append(
        "the source has no patient ids: \(counts[1]) groups of images that look alike stand for patients; two different "
          + "views of one patient may still be on both sides of a split")
    }
    return ImportReport(
      source: source, cohort: catalogue.folder.path, added: added, unchanged: content.drafts.count - added,
      images: counts[0], patients: counts[1], lesions: counts[2], patientsAreKnown: known, patientSource: patientSource,
      nearDuplicateGroups: counts[3], notes: notes)
  }
}
