import Annotations
import Foundation
import GRDB
import Imaging
public import Ultrasound

/// Inserts regions of interest inside one transaction, behind those that an image has.
struct RegionWriter {
  private let database: Database
  private let encoder: JSONEncoder
  private var places: [Int64: Int] = [:]

  init(_ database: Database) {
    self.database = database
    encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
  }

  /// - file: SHA-256 of the file it came from; nil for what was tracked here.
  mutating func insert(_ region: RegionOfInterest, of image: Int64, file: String?) throws {
    guard let box = RegionRaster.boundingBox(of: region.shape) else { return }
    let place: Int
    if let next = places[image] {
      place = next
    } else {
      let sql = "SELECT coalesce(max(place) + 1, 0) FROM region_of_interest WHERE image_id = ?"
      place = try Int.fetchOne(database, sql: sql, arguments: [image]) ?? 0
    }
    places[image] = place + 1
    let shape = String(decoding: try encoder.encode(ShapeForm(region.shape)), as: UTF8.self)
    let values: [(any DatabaseValueConvertible)?] = [
      image, place, region.role.rawValue, region.frame, region.origin.rawValue, region.confidence,
      region.label?.rawValue, region.name, shape, box.x, box.y, box.width, box.height, file,
    ]
    try database.cachedStatement(
      sql: """
        INSERT INTO region_of_interest (image_id, place, role, frame, origin, confidence, label, name, shape, x, y, width,
          height, file_sha256)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: StatementArguments(values))
  }
}

extension Catalogue {
  /// What is marked in each image that has a mark, by the image's name, in pixels of the image; of a clip a region without a frame
  /// holds for every frame.
  public func regionsOfInterest() throws(CohortError) -> [String: [RegionOfInterest]] {
    try read { database in try regions(database, of: nil) }
  }

  /// What is marked in one image.
  public func regionsOfInterest(of image: ImageRecord) throws(CohortError) -> [RegionOfInterest] {
    try read { database in try regions(database, of: image.id)[image.name] ?? [] }
  }

  private func regions(_ database: Database, of image: Int64?) throws -> [String: [RegionOfInterest]] {
    let sql = """
      SELECT image.name AS image, role, region_of_interest.frame AS at, origin, confidence, label,
        region_of_interest.name AS word, shape
      FROM region_of_interest JOIN image ON image.id = image_id
      \(image == nil ? "" : "WHERE image_id = ?")
      ORDER BY image.name, place
      """
    let rows = try Row.fetchCursor(database, sql: sql, arguments: image.map { [$0] } ?? [])
    let decoder = JSONDecoder()
    var regions: [String: [RegionOfInterest]] = [:]
    while let row = try rows.next() {
      let (name, text): (String, String) = (row["image"], row["shape"])
      guard let shape = (try? decoder.decode(ShapeForm.self, from: Data(text.utf8)))?.shape,
        let role = RegionOfInterest.Role(rawValue: row["role"]),
        let origin = RegionOfInterest.Origin(rawValue: row["origin"])
      else {
        throw CohortError.catalogue(path: folder.path, reason: "image \"\(name)\" has a region that cannot be read")
      }
      let label: String? = row["label"]
      regions[name, default: []].append(
        RegionOfInterest(
          role: role, shape: shape, frame: row["at"], origin: origin, confidence: row["confidence"],
          label: label.flatMap { Label(rawValue: $0) }, name: row["word"]))
    }
    return regions
  }

  /// The lesion's box by frame of each clip: around what was drawn in the frame; else around what was tracked into it; else around
  /// what was marked for every frame.
  func frameRegions(_ database: Database) throws -> [Int64: [Int: PixelBox]] {
    let sql = """
      SELECT image_id, region_of_interest.frame, origin = 'drawn', frames, x, y, region_of_interest.width,
        region_of_interest.height
      FROM region_of_interest JOIN image ON image.id = image_id
      WHERE role = 'lesion' AND kind = 'clip'
      """
    let rows = try Row.fetchCursor(database, sql: sql)
    var (drawn, tracked): ([Int64: [Int: PixelBox]], [Int64: [Int: PixelBox]]) = ([:], [:])
    var whole: [Int64: (frames: Int, box: PixelBox)] = [:]
    while let row = try rows.next() {
      let (image, frame, isDrawn, frames): (Int64, Int?, Bool, Int) = (row[0], row[1], row[2], row[3])
      let box = PixelBox(x: row[4], y: row[5], width: row[6], height: row[7])
      if let frame {
        if isDrawn {
          drawn[image, default: [:]][frame] = drawn[image]?[frame]?.union(box) ?? box
        } else {
          tracked[image, default: [:]][frame] = tracked[image]?[frame]?.union(box) ?? box
        }
      } else {
        whole[image] = (frames, whole[image]?.box.union(box) ?? box)
      }
    }
    var regions = drawn.merging(tracked) { $0.merging($1) { own, _ in own } }
    for (image, (frames, box)) in whole {
      let every = Dictionary(uniqueKeysWithValues: (0..<frames).map { ($0, box) })
      regions[image] = (regions[image] ?? [:]).merging(every) { own, _ in own }
    }
    return regions
  }

  /// Adds what is marked to a hash; nothing where nothing is.
  func addRegions(to hash: inout FieldHash) throws(CohortError) {
    let regions = try regionsOfInterest()
    do {
      for (name, regions) in regions.sorted(by: { $0.key < $1.key }) {
        hash.add("regions of interest")
        hash.add(name)
        for sum in try regions.map(Self.sum).sorted() { hash.add(sum) }
      }
    } catch {
      throw Self.wrapped(error, folder)
    }
  }

  /// All that is marked, in the project's own JSON; nil where nothing is.
  func annotations(of images: [ImageRecord]) throws(CohortError) -> [UInt8]? {
    let regions = try regionsOfInterest()
    let pictures = images.compactMap { image in
      regions[image.name].map {
        AnnotatedPicture(pictureName: image.name, width: image.width, height: image.height, regions: $0)
      }
    }
    guard !pictures.isEmpty else { return nil }
    do {
      return [UInt8](try AnnotationFile.json(pictures))
    } catch {
      throw .catalogue(path: folder.path, reason: "its regions cannot be written: \(error)")
    }
  }

  private static func sum(_ region: RegionOfInterest) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var hash = FieldHash()
    for text in [
      region.role.rawValue, region.frame.map { String($0) }, region.origin.rawValue, region.label?.rawValue,
      region.name, String(decoding: try encoder.encode(ShapeForm(region.shape)), as: UTF8.self),
    ] { hash.add(text) }
    hash.add(region.confidence)
    return hash.hexadecimal()
  }

  /// Regions outside their image, and in frames that it does not have.
  func regionProblems() throws(CohortError) -> [String] {
    // A thousandth of a pixel is rounding.
    let sql = """
      SELECT DISTINCT image.name, region_of_interest.frame FROM region_of_interest JOIN image ON image.id = image_id
      WHERE x < -0.001 OR y < -0.001 OR x + region_of_interest.width > image.width + 0.001
        OR y + region_of_interest.height > image.height + 0.001 OR region_of_interest.frame >= frames
      ORDER BY 1, 2
      """
    return try read { database in
      try Row.fetchAll(database, sql: sql).map { row in
        let (name, frame): (String, Int?) = (row[0], row[1])
        return "\(name): a region of interest\(frame.map { " in frame \($0)" } ?? "") is not inside the image"
      }
    }
  }
}

extension ImageRecord {
  /// The lesion in a frame, counted from 0: its own box there; of a clip else that of the nearest frame that has one, the earlier of
  /// two; else ``region``.
  public func lesionRegion(inFrame frame: Int) -> PixelBox? {
    if let own = frameRegions[frame] { return own }
    let nearest = frameRegions.keys.min { one, other in
      (abs(one - frame), one) < (abs(other - frame), other)
    }
    return nearest.flatMap { frameRegions[$0] } ?? region
  }
}
