import Foundation
import GRDB
import Ultrasound

/// What the catalogue holds that an import is compared with.
struct Held {
  var fingerprints: [String: String] = [:]
  var files: [String: FileFacts] = [:]
  var lesions: [String: Consistency.Lesion] = [:]
  var exams: [(patient: String, exam: String, date: String?, site: String?)] = []
  /// With an image of each.
  var people: [String: (image: String, hash: PersonHash)] = [:]
  /// SHA-256 of the file of each SOP instance.
  var instances: [String: (name: String, sha256: String)] = [:]
  var salt: [UInt8]?
  var finished: [String: ImportRun.Finished] = [:]
  /// The cohort's folder.
  let place: String

  init(_ catalogue: Catalogue) throws(CohortError) {
    let empty = Held(place: catalogue.folder.path)
    self = try catalogue.read { database in
      var held = empty
      try held.fill(database)
      return held
    }
  }

  private init(place: String) { self.place = place }

  private mutating func fill(_ database: Database) throws {
    for row in try Row.fetchAll(database, sql: "SELECT name, fingerprint FROM image") { fingerprints[row[0]] = row[1] }
    for row in try Row.fetchAll(database, sql: "SELECT sha256, name, bytes FROM file") {
      files[row[0]] = FileFacts(sha256: row[0], name: row[1], bytes: row[2])
    }
    let sql = """
      SELECT lesion.key, patient.key, known, label, histology, size_mm, background
      FROM lesion JOIN patient ON patient.id = patient_id
      """
    for row in try Row.fetchAll(database, sql: sql) {
      let (known, label, background): (Bool, String?, String?) = (row[2], row[3], row[6])
      lesions[row[0]] = Consistency.Lesion(
        place: place, patient: known ? row[1] : nil, label: label.flatMap { Label(rawValue: $0) },
        histology: row[4], sizeMillimetres: row[5], background: background.flatMap { .init(rawValue: $0) })
    }
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT patient.key, exam.key, date, site FROM exam JOIN patient ON patient.id = patient_id
        WHERE known AND exam.key IS NOT NULL ORDER BY exam.id
        """)
    { exams.append((row[0], row[1], row[2], row[3])) }
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT patient.key, name_hash, person_hash, min(image.name) FROM patient
          JOIN lesion ON patient_id = patient.id JOIN image ON lesion_id = lesion.id
        WHERE known AND name_hash IS NOT NULL GROUP BY patient.id
        """)
    { people[row[0]] = (row[3], PersonHash(name: row[1], person: row[2])) }
    for row in try Row.fetchAll(
      database,
      sql: """
        SELECT sop_instance, image.name, sha256 FROM acquisition
          JOIN image ON image.id = image_id JOIN file ON file.id = file_id
        WHERE sop_instance IS NOT NULL ORDER BY image.name DESC
        """)
    { instances[row[0]] = (row[1], row[2]) }
    salt = try Data.fetchOne(database, sql: "SELECT bytes FROM salt").map { [UInt8]($0) }
    for row in try Row.fetchAll(database, sql: "SELECT key, stamp, state, fingerprint FROM import_journal") {
      finished[row[0]] = ImportRun.Finished(key: row[0], stamp: row[1], state: row[2], fingerprint: row[3])
    }
  }

  /// Whether what became of a draft then is still so.
  func stillHolds(_ finished: ImportRun.Finished?, _ draft: ImageDraft) -> Bool {
    guard let finished else { return false }
    switch finished.state {
    case "image": return finished.fingerprint != nil && fingerprints[draft.name] == finished.fingerprint
    // The fingerprint is the SOP instance that another image holds.
    case "repeat": return finished.fingerprint.map { instances[$0] != nil } ?? false
    default: return true
    }
  }
}

/// Decides of each draft, in the order of the source, whether it comes in.
struct ImportJudge {
  private(set) var fresh: [ImportRun.Fresh] = []
  private(set) var finished: [ImportRun.Finished] = []
  private(set) var problems: [CohortProblem]
  private(set) var unchanged = 0
  private(set) var repeats = 0
  /// Files that are no picture, by kind.
  private(set) var leftOut: [String: Int] = [:]
  private(set) var people: [String: PersonHash]
  private let held: Held
  private var consistency: Consistency
  private var instances: [String: (name: String, sha256: String)]
  /// Where each person was first met.
  private var places: [String: String] = [:]

  var lesions: [String: Consistency.Lesion] { consistency.lesions }

  init(held: Held, problems: [CohortProblem]) {
    (self.held, self.problems, instances) = (held, problems, held.instances)
    people = held.people.mapValues(\.hash)
    places = held.people.mapValues(\.image)
    consistency = Consistency(catalogued: held.lesions)
    for exam in held.exams { consistency.add(exam: exam.exam, of: exam.patient, exam.date, exam.site, held.place) }
  }

  /// A draft that was not read again.
  mutating func pass(_ draft: ImageDraft, _ known: ImportRun.Finished?) {
    switch known?.state {
    case "left-out": leftOut[known?.fingerprint ?? "", default: 0] += 1
    case "repeat":
      unchanged += 1
      repeats += 1
    default:
      unchanged += 1
      if !draft.isFound { problems += consistency.add(draft) }
    }
  }

  mutating func judge(
    _ draft: ImageDraft, key: String, stamp: String?, _ entry: ImportJournal.Entry?
  ) throws(CohortError) {
    func problem(_ message: String) -> CohortProblem { CohortProblem(place: draft.place, message: message) }
    func finish(_ state: String, _ fingerprint: String?) {
      guard let stamp else { return }
      finished.append(ImportRun.Finished(key: key, stamp: stamp, state: state, fingerprint: fingerprint))
    }
    switch entry {
    case nil: throw .catalogue(path: held.place, reason: "the import's journal lost \(draft.place)")
    case .problem(let message):
      // A row's contradictions are told even where its file cannot be read.
      if !draft.isFound { problems += consistency.add(draft) }
      problems.append(problem(message))
    case .leftOut(let kind):
      leftOut[kind, default: 0] += 1
      finish("left-out", kind)
    case .image(let facts):
      let draft = draft.completed(by: facts)
      let instance = facts.dicom?.acquisition.sopInstance
      if let instance, let first = instances[instance], first.name != draft.name {
        if first.sha256 != facts.file.sha256 {
          problems.append(problem("its SOP Instance UID is that of \(first.name), which has other content"))
          return
        }
        if draft.isFound {
          unchanged += 1
          repeats += 1
          finish("repeat", instance)
          return
        }
      }
      if let found = stranger(draft, facts) {
        problems.append(problem(found))
        return
      }
      let contradictions = consistency.add(draft)
      guard contradictions.isEmpty else {
        problems += contradictions
        return
      }
      let fingerprint = draft.fingerprint(facts)
      if let known = held.fingerprints[draft.name] {
        if known == fingerprint {
          unchanged += 1
          finish("image", fingerprint)
        } else {
          problems.append(problem("image \"\(draft.name)\" is in the cohort already, with other content or data"))
        }
        return
      }
      if let instance, instances[instance] == nil { instances[instance] = (draft.name, facts.file.sha256) }
      fresh.append(ImportRun.Fresh(key: key, draft: draft, facts: facts, fingerprint: fingerprint))
      finish("image", fingerprint)
    }
  }

  /// What speaks against a file's patient being who the cohort knows under that Patient ID.
  private mutating func stranger(_ draft: ImageDraft, _ facts: ImageFacts) -> String? {
    guard draft.isFound, let patient = draft.patient, let person = facts.dicom?.person else { return nil }
    if let known = people[patient], known.differs(from: person) {
      return "two patients with one id: its Patient ID is that of \(places[patient] ?? "an earlier file"), its name or "
        + "birth date is not"
    }
    people[patient] = people[patient].map { $0.filled(from: person) } ?? person
    if places[patient] == nil { places[patient] = draft.place }
    return nil
  }
}
