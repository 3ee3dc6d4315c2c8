import Foundation
import GRDB

extension CatalogueWriter {
  private struct Member {
    var image: Int64
    var lesion: Int64
    var known: Bool
    var sha256: String
    var group: String?
  }

  /// Finds the near-duplicates among all images of the catalogue, and makes each group of images without known patient (linked
  /// by likeness or lesion) one patient. Keys are made from the least SHA-256 of a group, so that the same images always get
  /// the same keys.
  func regroup() throws {
    let (members, copies, alike, isContinued) = try likeMembers()
    var groups = [String?](repeating: nil, count: members.count)
    for group in alike {
      let key = "alike-\(Self.stem(group.map { members[$0].sha256 }))"
      for place in group { groups[place] = key }
    }
    for (member, group) in zip(members, groups) where member.group != group { try set(group: group, of: member.image) }
    try record(copies, images: members.count, goesOn: isContinued)
    let unknown = members.indices.filter { !members[$0].known }
    guard !unknown.isEmpty else { return }
    var sets = DisjointSets(count: unknown.count)
    sets.join(by: unknown.map { groups[$0] })
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

  /// All images by name, and the sets of those that look alike, as places in them.
  private func likeMembers() throws -> ([Member], CopySearch.Tally, [[Int]], isContinued: Bool) {
    let wasSearched = try wasSearched()
    var (members, looks, owners): ([Member], [NearDuplicates.Look], [Int]) = ([], [], [])
    // One row a look: a clip has further ones.
    let sql = """
      SELECT image.id, lesion_id, known, sha256, duplicate_group, patient.id, kind, frame_index,
        image.hash, image.thumbnail, picture.pixels, clip_look.frame, clip_look.hash, clip_look.thumbnail, clip_look.pixels,
        likeness_member.image_id, likeness_member.patient,
        '@' || crop_x || ',' || crop_y || ',' || crop_width || ',' || crop_height
      FROM image
        JOIN lesion ON lesion.id = lesion_id JOIN patient ON patient.id = lesion.patient_id JOIN file ON file.id = file_id
        LEFT JOIN picture ON picture.image_id = image.id
        LEFT JOIN clip_look ON clip_look.image_id = image.id
        LEFT JOIN likeness_member ON likeness_member.image_id = image.id
      ORDER BY image.name, clip_look.frame
      """
    let rows = try Row.fetchCursor(database, sql: sql)
    while let row = try rows.next() {
      let (known, sha256): (Bool, String) = (row[2], row[3])
      // Parts of a file are pictures of their own.
      let part: String = row[17] ?? ""
      let searched: Int64? = wasSearched ? row[15] : nil
      let earlier = searched.map { _ in NearDuplicates.Earlier(group: row[4], patient: row[16]) }
      func add(_ hash: Data, _ thumbnail: Data, _ picture: Data?, frame: Int?) {
        looks.append(
          NearDuplicates.Look(
            hash: NearDuplicates.Hash(bytes: hash), thumbnail: Thumbnail(pixels: [UInt8](thumbnail)),
            content: frame.map { "\(sha256)#\($0)\(part)" } ?? sha256 + part, isPatientKnown: known,
            patient: known ? row[5] : nil,
            picture: picture.map { [UInt8]($0) } ?? [], file: sha256,
            earlier: earlier))
        owners.append(members.count - 1)
      }
      if members.last?.image != row[0] {
        members.append(Member(image: row[0], lesion: row[1], known: known, sha256: sha256, group: row[4]))
        let frame: Int? = row[7]
        add(row[8], row[9], row[10], frame: (row[6] as String) == "still" ? nil : frame ?? 0)
      }
      if let frame: Int = row[11] { add(row[12], row[13], row[14], frame: frame) }
    }
    let (groups, copies, isContinued) = NearDuplicates.groups(of: looks)
    let sets = groups.map { group in Set(group.map { owners[$0] }).sorted() }
    return (members, copies, sets.filter { $0.count > 1 }, isContinued)
  }

  /// 48 bits: two of a million groups share them with a chance of 0.2 %, and then a split only keeps more together.
  private static func stem(_ sums: [String]) -> String { String((sums.min() ?? "").prefix(12)) }

  private func set(group: String?, of image: Int64) throws {
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
