import Foundation
import GRDB
import Ultrasound

/// Inserts drafts inside one transaction, and divides images without known patients into groups.
struct CatalogueWriter {
  let database: Database
  private let lesions: [String: Consistency.Lesion]
  private var patientIDs: [String: Int64] = [:]
  private var lesionIDs: [String: Int64] = [:]
  private var examIDs: [[String?]: Int64] = [:]
  private var fileIDs: [String: Int64] = [:]
  private var columnIDs: [String: Int64] = [:]

  /// - lesions: what the source and the catalogue say of each lesion.
  init(_ database: Database, lesions: [String: Consistency.Lesion]) {
    (self.database, self.lesions) = (database, lesions)
  }

  /// - looks: what an image is found by, and its file's frame times, by the key of its draft.
  mutating func insert(
    _ images: [ImportRun.Fresh], looks: (String) throws -> (looks: [(frame: Int, look: PictureLook)], times: Data?)
  ) throws {
    // Whether a lesion was there before decides where its clinical values go: see `Schema`.
    let before = Set(try String.fetchAll(database, sql: "SELECT key FROM lesion"))
    var ids: [String: [(image: Int64, draft: ImageDraft)]] = [:]
    var order: [String] = []
    for image in images {
      let draft = image.draft
      let (found, times) = try looks(image.key)
      let id = try insert(image, found, times)
      if ids[draft.lesion] == nil { order.append(draft.lesion) }
      ids[draft.lesion, default: []].append((id, draft))
    }
    for lesion in order { try insertValues(of: lesion, ids[lesion] ?? [], isNew: !before.contains(lesion)) }
    try regroup()
  }

  /// One image with its files, without its clinical values, and its row.
  mutating func insert(
    _ image: ImportRun.Fresh, _ looks: [(frame: Int, look: PictureLook)], _ times: Data?
  ) throws -> Int64 {
    let (draft, facts) = (image.draft, image.facts)
    guard let first = looks.first?.look else {
      throw CohortError.source(path: draft.place, reason: "nothing is kept of its picture")
    }
    let patient = try patient(draft.patient)
    let lesion = try lesion(draft.lesion, patient: patient)
    let exam = try exam(draft, patient: patient)
    let file = try file(facts.file)
    let (region, background) = (facts.region, draft.backgroundRegion)
    let values: [(any DatabaseValueConvertible)?] = [
      draft.name, lesion, exam, file, facts.width, facts.height, draft.modality.rawValue, draft.pair, draft.frame,
      draft.split?.rawValue, region?.x, region?.y, region?.width, region?.height, background?.x, background?.y,
      background?.width, background?.height, Data(first.hash.bytes), Data(first.thumbnail.pixels), image.fingerprint,
      facts.extent.kind, facts.extent.frames, facts.extent.frameIndex, facts.spacing?.x, facts.spacing?.y,
      facts.crop?.x, facts.crop?.y, facts.crop?.width, facts.crop?.height,
    ]
    try execute(
      """
      INSERT INTO image (name, lesion_id, exam_id, file_id, width, height, modality, pair, frame, split, region_x, region_y,
        region_width, region_height, background_x, background_y, background_width, background_height, hash, thumbnail,
        fingerprint, kind, frames, frame_index, spacing_x, spacing_y, crop_x, crop_y, crop_width, crop_height)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, values)
    let id = database.lastInsertedRowID
    try insert(picture: first.picture, of: id)
    for (frame, look) in looks.dropFirst() { try insert(look, frame: frame, of: id) }
    try insertScannerFacts(facts, times, of: id, file: file)
    for (place, mask) in facts.masks.enumerated() {
      try execute("INSERT INTO mask (image_id, place, file_id) VALUES (?, ?, ?)", [id, place, try self.file(mask)])
    }
    for (place, mask) in facts.calcificationMasks.enumerated() {
      try execute(
        "INSERT INTO calcification_mask (image_id, place, file_id) VALUES (?, ?, ?)", [id, place, try self.file(mask)])
    }
    return id
  }

  func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
    try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
  }

  /// The row of `sql`, or a new one.
  private func identify(_ find: String, _ key: [(any DatabaseValueConvertible)?], insert: () throws -> Void) throws
    -> Int64
  {
    let statement = try database.cachedStatement(sql: find)
    if let id = try Int64.fetchOne(statement, arguments: StatementArguments(key)) { return id }
    try insert()
    return database.lastInsertedRowID
  }

  private mutating func patient(_ key: String?) throws -> Int64 {
    // Not a key a table can hold (cells are trimmed): `regroup` gives these lesions their groups.
    let (key, known) = (key ?? " ", key != nil)
    if let id = patientIDs[key] { return id }
    let id = try identify("SELECT id FROM patient WHERE key = ?", [key]) {
      try execute("INSERT INTO patient (key, known) VALUES (?, ?)", [key, known])
    }
    patientIDs[key] = id
    return id
  }

  private mutating func lesion(_ key: String, patient: Int64) throws -> Int64 {
    if let id = lesionIDs[key] { return id }
    guard let lesion = lesions[key] else { throw CohortError.source(path: key, reason: "a lesion without a row") }
    let facts: [(any DatabaseValueConvertible)?] = [
      lesion.histology, lesion.sizeMillimetres, lesion.background?.rawValue,
    ]
    let id = try identify("SELECT id FROM lesion WHERE key = ?", [key]) {
      try execute(
        "INSERT INTO lesion (patient_id, key, label) VALUES (?, ?, ?)", [patient, key, lesion.label?.rawValue])
    }
    try execute(
      "UPDATE lesion SET label = ?, histology = ?, size_mm = ?, background = ? WHERE id = ?",
      [lesion.label?.rawValue] + facts + [id])
    lesionIDs[key] = id
    return id
  }

  private mutating func exam(_ draft: ImageDraft, patient: Int64) throws -> Int64? {
    let facts = [draft.exam, draft.date, draft.site, draft.device]
    guard facts.contains(where: { $0 != nil }) else { return nil }
    // Without known patients an exam is not shared between lesions.
    let key = [draft.patient, draft.patient == nil ? draft.lesion : nil] + facts
    if let id = examIDs[key] { return id }
    func add() throws {
      try execute("INSERT INTO exam (patient_id, key, date, site, device) VALUES (?, ?, ?, ?, ?)", [patient] + facts)
    }
    let find = "SELECT id FROM exam WHERE patient_id = ? AND key IS ? AND date IS ? AND site IS ? AND device IS ?"
    let id: Int64
    if draft.patient == nil {
      try add()
      id = database.lastInsertedRowID
    } else {
      id = try identify(find, [patient] + facts, insert: add)
    }
    examIDs[key] = id
    return id
  }

  private mutating func file(_ facts: FileFacts) throws -> Int64 {
    if let id = fileIDs[facts.sha256] { return id }
    let id = try identify("SELECT id FROM file WHERE sha256 = ?", [facts.sha256]) {
      try execute("INSERT INTO file (sha256, name, bytes) VALUES (?, ?, ?)", [facts.sha256, facts.name, facts.bytes])
    }
    fileIDs[facts.sha256] = id
    return id
  }

  private mutating func column(_ name: String) throws -> Int64 {
    if let id = columnIDs[name] { return id }
    let id = try identify("SELECT id FROM clinical_column WHERE name = ?", [name]) {
      try execute("INSERT INTO clinical_column (name) VALUES (?)", [name])
    }
    columnIDs[name] = id
    return id
  }

  private mutating func insertValues(of lesion: String, _ images: [(image: Int64, draft: ImageDraft)], isNew: Bool)
    throws
  {
    guard let lesionID = lesionIDs[lesion] else { return }
    var texts: [String: [Int64: String]] = [:]
    for (image, draft) in images {
      for (column, text) in draft.clinical { texts[column, default: [:]][image] = text }
    }
    let inherited = isNew ? [] : try lesionColumns(lesionID)
    for name in Set(texts.keys).union(inherited).sorted() {
      let (column, values) = (try column(name), texts[name] ?? [:])
      if isNew, values.count == images.count, Set(values.values).count == 1, let text = values.values.first {
        try execute("INSERT INTO lesion_value (lesion_id, column_id, text) VALUES (?, ?, ?)", [lesionID, column, text])
        continue
      }
      for (image, _) in images {
        // An empty text hides the lesion's value.
        guard let text = values[image] ?? (inherited.contains(name) ? "" : nil) else { continue }
        try execute("INSERT INTO image_value (image_id, column_id, text) VALUES (?, ?, ?)", [image, column, text])
      }
    }
  }

  private func lesionColumns(_ lesion: Int64) throws -> Set<String> {
    let sql = "SELECT name FROM lesion_value JOIN clinical_column ON clinical_column.id = column_id WHERE lesion_id = ?"
    return Set(try String.fetchAll(database, sql: sql, arguments: [lesion]))
  }
}
