import Foundation
import GRDB
import Imaging

/// The search for near-duplicates that gave a cohort's images their groups.
public struct LikenessSearch: Codable, Sendable, Hashable {
  /// Of the way pictures are described and searched for.
  public var version: Int
  /// Images searched: all of the cohort.
  public var images: Int
  /// Pairs of pictures that were laid over each other, in this search and those it went on from.
  public var examined: Int
  /// Those of them that show the same and brought together what was apart.
  public var confirmed: Int
  /// Bits of 64 in which a window of one picture and the middle of another may differ to be a candidate.
  public var signatureDistance: Int
  /// Median over blocks of the correlation of two textures, from which on pictures show the same.
  public var agreement: Double
  /// The same of neighbouring frames and pictures saved again: bits of 256, and correlation of the shrunk pictures. First where
  /// a patient is not known, then between two known patients.
  public var hashDistance: [Int]
  public var similarity: [Double]

  init(version: Int, images: Int, examined: Int, confirmed: Int) {
    (self.version, self.images, self.examined, self.confirmed) = (version, images, examined, confirmed)
    (signatureDistance, agreement) = (CopySearch.distance, Double(String(TextureAlignment.agreement)) ?? 0)
    let rules = [NearDuplicates.Rule.withoutPatients, .betweenPatients]
    (hashDistance, similarity) = (rules.map(\.distance), rules.map(\.similarity))
  }
}

extension CatalogueWriter {
  /// Keeps what copies of an image are found by.
  func insert(picture: [UInt8], of image: Int64) throws {
    let statement = try database.cachedStatement(sql: "INSERT INTO picture (image_id, pixels) VALUES (?, ?)")
    try statement.execute(arguments: [image, Data(picture)])
  }

  /// - goesOn: whether it is added to the search before it.
  func record(_ copies: CopySearch.Tally, images: Int, goesOn: Bool) throws {
    var copies = copies
    if goesOn, let earlier = try Row.fetchOne(database, sql: "SELECT examined, confirmed FROM likeness") {
      copies.examined += earlier[0]
      copies.confirmed += earlier[1]
    }
    try database.execute(
      sql: "INSERT OR REPLACE INTO likeness (id, version, images, examined, confirmed) VALUES (1, ?, ?, ?, ?)",
      arguments: [CopySearch.version, images, copies.examined, copies.confirmed])
    try database.execute(
      sql: """
        DELETE FROM likeness_member;
        INSERT INTO likeness_member
          SELECT image.id, CASE WHEN known THEN patient.id END
          FROM image JOIN lesion ON lesion.id = lesion_id JOIN patient ON patient.id = patient_id;
        """)
  }

  /// Whether the last search was of this version.
  func wasSearched() throws -> Bool {
    try Int.fetchOne(database, sql: "SELECT version FROM likeness") == CopySearch.version
  }
}

extension Catalogue {
  /// The search that made the near-duplicate groups. A cohort that an earlier version imported is searched first: its copies are
  /// read, and its groups, and the patients that stand for them, are made again. One that is up to date is not written to.
  ///
  /// Errors: a copy that cannot be read, by its image's name; a cohort of an earlier version that cannot be written to.
  @discardableResult
  public func refreshLikeness() throws(CohortError) -> LikenessSearch {
    if let search = try likeness(), search.version == CopySearch.version { return search }
    let missing = try read { database in
      let sql = """
        SELECT image.id, image.name, file.name, frame_index FROM image JOIN file ON file.id = file_id
        WHERE image.id NOT IN (SELECT image_id FROM picture) ORDER BY image.name
        """
      return try Row.fetchAll(database, sql: sql).map {
        Missing(image: $0[0], name: $0[1], file: $0[2], frame: $0[3] ?? 0)
      }
    }
    let folder = imagesFolder
    let pictures: [Result<[UInt8], CohortError>] = parallelMap(missing) { one in
      let file = folder.appendingPathComponent(one.file, isDirectory: false)
      do {
        return .success(LocalContrast.shrunk(try OpenPicture(file).frame(one.frame).grey()))
      } catch {
        return .failure(.source(path: file.path, reason: "the copy of image \"\(one.name)\" cannot be read: \(error)"))
      }
    }
    var found: [(image: Int64, picture: [UInt8])] = []
    for (one, picture) in zip(missing, pictures) {
      switch picture {
      case .success(let picture): found.append((one.image, picture))
      case .failure(let error): throw error
      }
    }
    try write { database in
      let writer = CatalogueWriter(database, lesions: [:])
      for (image, picture) in found { try writer.insert(picture: picture, of: image) }
      try writer.regroup()
    }
    guard let search = try likeness() else {
      throw .catalogue(path: self.folder.path, reason: "the search for near-duplicates left no record")
    }
    return search
  }

  private func likeness() throws(CohortError) -> LikenessSearch? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT version, images, examined, confirmed FROM likeness").map {
        LikenessSearch(version: $0[0], images: $0[1], examined: $0[2], confirmed: $0[3])
      }
    }
  }

  private struct Missing: Sendable {
    var image: Int64
    var name: String
    var file: String
    var frame: Int
  }
}
