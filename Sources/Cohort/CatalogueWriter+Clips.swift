import Foundation
import GRDB
import Ultrasound

extension CatalogueWriter {
  /// A further frame that a clip is found by.
  func insert(_ look: PictureLook, frame: Int, of image: Int64) throws {
    try execute(
      "INSERT INTO clip_look (image_id, frame, hash, thumbnail, pixels) VALUES (?, ?, ?, ?, ?)",
      [image, frame, Data(look.hash.bytes), Data(look.thumbnail.pixels), Data(look.picture)])
  }

  /// What the scanner says of an image, and the times of its file's frames.
  func insertScannerFacts(_ facts: ImageFacts, _ times: Data?, of image: Int64, file: Int64) throws {
    for (place, region) in facts.regions.enumerated() {
      let (box, spacing) = (region.box, region.spacing)
      try execute(
        """
        INSERT INTO picture_region (image_id, place, content, x, y, width, height, spacing_x, spacing_y)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          image, place, region.content.rawValue, box.x, box.y, box.width, box.height, spacing?.x, spacing?.y,
        ])
    }
    if let times {
      try execute("INSERT OR IGNORE INTO clip_time (file_id, milliseconds) VALUES (?, ?)", [file, times])
    }
    guard let made = facts.dicom?.acquisition else { return }
    try execute(
      """
      INSERT INTO acquisition (image_id, sop_instance, sop_class, transducer, contrast_agent, mechanical_index, depth_mm)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        image, made.sopInstance, made.sopClass, made.transducer, made.contrastAgent, made.mechanicalIndex,
        made.depthMillimetres,
      ])
  }

  /// Keeps what tells of a patient whether another file names somebody else, and the salt of all hashes.
  func keep(_ people: [String: PersonHash], salt: [UInt8]) throws {
    try execute("INSERT OR IGNORE INTO salt (id, bytes) VALUES (1, ?)", [Data(salt)])
    for (patient, person) in people.sorted(by: { $0.key < $1.key }) {
      try execute(
        "UPDATE patient SET name_hash = ?, person_hash = ? WHERE key = ? AND known",
        [person.name.map { Int($0) }, person.person.map { Int($0) }, patient])
    }
  }

  func keep(_ finished: [ImportRun.Finished]) throws {
    for one in finished {
      try execute(
        "INSERT OR REPLACE INTO import_journal (key, stamp, state, fingerprint) VALUES (?, ?, ?, ?)",
        [one.key, one.stamp, one.state, one.fingerprint])
    }
  }

  /// The failures of `source` are these now; those that were there keep their time.
  func keep(_ failures: [ImportFailure], of source: String) throws {
    let now = ISO8601DateFormatter().string(from: Date())
    var before: [ImportFailure: String] = [:]
    let rows = try Row.fetchAll(
      database, sql: "SELECT file, reason, imported FROM import_failure WHERE source = ?", arguments: [source])
    for row in rows { before[ImportFailure(file: row[0], reason: row[1])] = row[2] }
    guard Set(before.keys) != Set(failures) else { return }
    try execute("DELETE FROM import_failure WHERE source = ?", [source])
    for failure in failures {
      try execute(
        "INSERT INTO import_failure (source, file, reason, imported) VALUES (?, ?, ?, ?)",
        [source, failure.file, failure.reason, before[failure] ?? now])
    }
  }
}

extension PictureExtent {
  /// As the catalogue's column `kind` has it.
  var kind: String {
    switch self {
    case .still: "still"
    case .frame: "frame"
    case .clip: "clip"
    }
  }

  var frameIndex: Int? { if case .frame(let index) = self { index } else { nil } }
}
