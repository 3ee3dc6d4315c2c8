import Foundation
import GRDB
import Ultrasound

/// What the catalogue holds that an import is compared with.
struct Held {
  var fingerprints: [String: String] = [:]
  /// Of all images: a de-identified one does not bear the name of its file.
  private var known: Set<String> = []
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
    for row in try Row.fetchAll(
      database, sql: "SELECT name, fingerprint FROM image UNION ALL SELECT name, fingerprint FROM divided_image")
    {
      fingerprints[row[0]] = row[1]
      known.insert(row[1])
    }
    for row in try Row.fetchAll(database, sql: "SELECT sha256, name, bytes FROM file") {
      files[row[0]] = FileFacts(sha256: row[0], name: row[1], bytes: row[2])
    }
    let sql = """
      SELECT lesion.key, patient.key, known, label, histology, size_mm, background
      FROM lesion JOIN patient ON patient.id = patient_id
      """
    for row in try Row.fetchAll(database, sql: sql) {
      let (isKnown, label, background): (Bool, String?, String?) = (row[2], row[3], row[6])
      lesions[row[0]] = Consistency.Lesion(
        place: place, patient: isKnown ? row[1] : nil, label: label.flatMap { Label(rawValue: $0) },
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
    case "image": return finished.fingerprint.map(known.contains) ?? false
    // The fingerprint is the SOP instance that another image holds.
    case "repeat": return finished.fingerprint.map { instances[$0] != nil } ?? false
    default: return true
    }
  }
}
