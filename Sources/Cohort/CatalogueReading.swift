import Foundation
import GRDB
import Ultrasound

extension Catalogue {
  /// All images, by name.
  public func images() throws(CohortError) -> [ImageRecord] {
    let codebook = try codebook()
    return try read { database in
      let masks = try masks(database, table: "mask")
      let calcifications = try self.masks(database, table: "calcification_mask")
      let values = try clinicalValues(database)
      let regions = try regions(database)
      let frameRegions = try frameRegions(database)
      let sql = """
        SELECT image.id, image.name, patient.key AS patient, lesion.id AS lesion_id, lesion.key AS lesion, label, modality,
          exam.key AS exam, date, site, device, histology, pair, frame, background, size_mm, file.name AS file,
          width, height, region_x, region_y, region_width, region_height,
          background_x, background_y, background_width, background_height, split, duplicate_group,
          kind, frames, frame_index, crop_x, crop_y, crop_width, crop_height, spacing_x, spacing_y
        FROM image
          JOIN lesion ON lesion.id = image.lesion_id
          JOIN patient ON patient.id = lesion.patient_id
          JOIN file ON file.id = image.file_id
          LEFT JOIN exam ON exam.id = image.exam_id
        ORDER BY image.name
        """
      let rows = try Row.fetchCursor(database, sql: sql)
      var images: [ImageRecord] = []
      while let row = try rows.next() {
        let (id, lesion): (Int64, Int64) = (row["id"], row["lesion_id"])
        let clinical = values.lesions[lesion, default: [:]].merging(values.images[id, default: [:]]) { $1 }
        images.append(
          try record(
            row, id: id, masks: masks[id] ?? [], calcificationMasks: calcifications[id] ?? [],
            regions: regions[id] ?? [], frameRegions: frameRegions[id] ?? [:],
            clinical: try typed(clinical, codebook, of: row["name"])))
      }
      return images
    }
  }

  private func record(
    _ row: Row, id: Int64, masks: [URL], calcificationMasks: [URL], regions: [CalibratedRegion],
    frameRegions: [Int: PixelBox], clinical: [String: ClinicalValue]
  ) throws -> ImageRecord {
    let name: String = row["name"]
    func word<Word: RawRepresentable>(_ column: String, _ type: Word.Type) throws -> Word?
    where Word.RawValue == String {
      guard let text: String = row[column] else { return nil }
      guard let word = Word(rawValue: text) else {
        throw CohortError.catalogue(path: folder.path, reason: "image \"\(name)\": \(column) \"\(text)\" is unknown")
      }
      return word
    }
    guard let modality = try word("modality", Modality.self) else {
      throw CohortError.catalogue(path: folder.path, reason: "image \"\(name)\" has no modality")
    }
    return ImageRecord(
      id: id, name: name, patient: row["patient"], lesion: row["lesion"], label: try word("label", Label.self),
      modality: modality,
      exam: row["exam"], date: row["date"], site: row["site"], device: row["device"], histology: row["histology"],
      pair: row["pair"], frame: row["frame"], background: try word("background", Background.self),
      sizeMillimetres: row["size_mm"], file: imagesFolder.appendingPathComponent(row["file"], isDirectory: false),
      width: row["width"], height: row["height"], region: Self.box(row, "region"),
      backgroundRegion: Self.box(row, "background"), masks: masks, split: try word("split", Split.self),
      duplicateGroup: row["duplicate_group"], clinical: clinical, calcificationMasks: calcificationMasks,
      extent: Self.extent(row), crop: Self.box(row, "crop"), spacing: Self.spacing(row), regions: regions,
      frameRegions: frameRegions)
  }

  private static func extent(_ row: Row) -> PictureExtent {
    switch row["kind"] as String {
    case "clip": .clip(frames: row["frames"])
    case "frame": .frame(row["frame_index"] ?? 0)
    default: .still
    }
  }

  private static func spacing(_ row: Row) -> PixelSpacing? {
    guard let x: Double = row["spacing_x"], let y: Double = row["spacing_y"] else { return nil }
    return PixelSpacing(x: x, y: y)
  }

  private func regions(_ database: Database) throws -> [Int64: [CalibratedRegion]] {
    let sql = """
      SELECT image_id, content, x, y, width, height, spacing_x, spacing_y FROM picture_region ORDER BY image_id, place
      """
    let rows = try Row.fetchCursor(database, sql: sql)
    var regions: [Int64: [CalibratedRegion]] = [:]
    while let row = try rows.next() {
      let box = PixelBox(x: row["x"], y: row["y"], width: row["width"], height: row["height"])
      let content = CalibratedRegion.Content(rawValue: row["content"]) ?? .other
      regions[row[0], default: []].append(CalibratedRegion(box: box, content: content, spacing: Self.spacing(row)))
    }
    return regions
  }

  /// As the codebook reads them; as they look where it does not know the column.
  private func typed(
    _ cells: [String: String], _ codebook: Codebook?, of image: String
  ) throws -> [String: ClinicalValue] {
    guard let codebook else { return cells.mapValues(ClinicalValue.init(cell:)) }
    var values: [String: ClinicalValue] = [:]
    for (column, cell) in cells {
      guard let variable = codebook[column] else {
        values[column] = ClinicalValue(cell: cell)
        continue
      }
      do throws(CellFault) {
        values[column] = try variable.value(of: cell)
      } catch {
        throw CohortError.catalogue(
          path: folder.path, reason: "image \"\(image)\": column \"\(column)\": \(error.description)")
      }
    }
    return values
  }

  private static func box(_ row: Row, _ prefix: String) -> PixelBox? {
    guard let x: Double = row["\(prefix)_x"], let y: Double = row["\(prefix)_y"],
      let width: Double = row["\(prefix)_width"], let height: Double = row["\(prefix)_height"]
    else { return nil }
    return PixelBox(x: x, y: y, width: width, height: height)
  }

  private func masks(_ database: Database, table: String) throws -> [Int64: [URL]] {
    let sql = "SELECT image_id, file.name FROM \(table) JOIN file ON file.id = file_id ORDER BY image_id, place"
    let rows = try Row.fetchCursor(database, sql: sql)
    var masks: [Int64: [URL]] = [:]
    while let row = try rows.next() {
      let file: String = row[1]
      masks[row[0], default: []].append(imagesFolder.appendingPathComponent(file, isDirectory: false))
    }
    return masks
  }

  private typealias Values = (lesions: [Int64: [String: String]], images: [Int64: [String: String]])

  private func clinicalValues(_ database: Database) throws -> Values {
    func values(of table: String) throws -> [Int64: [String: String]] {
      let sql =
        "SELECT \(table)_id, name, text FROM \(table)_value JOIN clinical_column ON clinical_column.id = column_id"
      let rows = try Row.fetchCursor(database, sql: sql)
      var values: [Int64: [String: String]] = [:]
      while let row = try rows.next() { values[row[0], default: [:]][row[1]] = row[2] }
      return values
    }
    return (try values(of: "lesion"), try values(of: "image"))
  }
}
