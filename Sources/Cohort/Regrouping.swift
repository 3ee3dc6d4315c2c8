import Foundation
import GRDB

extension CatalogueWriter {
  private struct Member {
    var image: Int64
    var lesion: Int64
    var known: Bool
    var look: NearDuplicates.Look
    var group: String?

    var sha256: String { look.content }
  }

  /// Finds the near-duplicates among all images of the catalogue, and makes each group of images without known patient (linked
  /// by likeness or lesion) one patient. Keys are made from the least SHA-256 of a group, so that the same images always get
  /// the same keys.
  func regroup() throws {
    let members = try members()
    let (alike, copies) = NearDuplicates.groups(of: members.map(\.look))
    for group in alike {
      let key = "alike-\(Self.stem(group.map { members[$0].sha256 }))"
      for place in group where members[place].group != key { try set(group: key, of: members[place].image) }
    }
    try record(copies, images: members.count)
    let unknown = members.indices.filter { !members[$0].known }
    guard !unknown.isEmpty else { return }
    var sets = DisjointSets(count: unknown.count)
    let groups = try Dictionary(
      uniqueKeysWithValues: Row.fetchAll(database, sql: "SELECT id, duplicate_group FROM image").map {
        ($0[0] as Int64, $0[1] as String?)
      })
    sets.join(by: unknown.map { groups[members[$0].image] ?? nil })
    sets.join(by: unknown.map { Optional(members[$0].lesion) })
    for set in sets.sets() {
      let group = set.map { members[unknown[$0]] }
      try makePatient("group-\(Self.stem(group.map(\.sha256)))", of: Set(group.map(\.lesion)))
    }
    try database.execute(
      sql: """
        UPDATE exam SET patient_id = (
          SELECT lesion.patient_id FROM image JOIN lesion ON lesion.id = lesion_id WHERE exam_id = exam.id);
        DELETE FROM patient WHERE NOT known AND id NOT IN (SELECT patient_id FROM lesion);
        """)
  }

  private func members() throws -> [Member] {
    let sql = """
      SELECT image.id, lesion_id, known, sha256, hash, duplicate_group, thumbnail, pixels, patient.id
      FROM image
        JOIN lesion ON lesion.id = lesion_id JOIN patient ON patient.id = patient_id JOIN file ON file.id = file_id
        LEFT JOIN picture ON picture.image_id = image.id
      ORDER BY image.name
      """
    return try Row.fetchAll(database, sql: sql).map { row in
      let bytes: Data = row[4]
      var words = [UInt64](repeating: 0, count: 4)
      for (place, byte) in bytes.prefix(32).enumerated() { words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8) }
      let (known, sha256, thumbnail): (Bool, String, Data) = (row[2], row[3], row[6])
      let picture: Data? = row[7]
      let look = NearDuplicates.Look(
        hash: NearDuplicates.Hash(words: words), thumbnail: Thumbnail(pixels: [UInt8](thumbnail)), content: sha256,
        isPatientKnown: known, patient: known ? row[8] : nil, picture: picture.map { [UInt8]($0) } ?? [])
      return Member(image: row[0], lesion: row[1], known: known, look: look, group: row[5])
    }
  }

  /// 48 bits: two of a million groups share them with a chance of 0.2 %, and then a split only keeps more together.
  private static func stem(_ sums: [String]) -> String { String((sums.min() ?? "").prefix(12)) }

  private func set(group: String, of image: Int64) throws {
    let statement = try database.cachedStatement(sql: "UPDATE image SET duplicate_group = ? WHERE id = ?")
    try statement.execute(arguments: [group, image])
  }

  private func makePatient(_ key: String, of lesions: Set<Int64>) throws {
    // A table may hold a known patient of that name.
    let taken = try Bool.fetchOne(database, sql: "SELECT known FROM patient WHERE key = ?", arguments: [key]) ?? false
    let key = taken ? "\(key)-unlisted" : key
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO patient (key, known) VALUES (?, 0)").execute(arguments: [
      key
    ])
    let id = try Int64.fetchOne(database, sql: "SELECT id FROM patient WHERE key = ?", arguments: [key])
    let statement = try database.cachedStatement(sql: "UPDATE lesion SET patient_id = ? WHERE id = ?")
    for lesion in lesions { try statement.execute(arguments: [id, lesion]) }
  }
}
