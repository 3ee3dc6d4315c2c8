import Annotations
import Foundation
import GRDB
import Imaging
import Tables
import Ultrasound

/// Puts planned marks into the cohort, all of them or nothing: the regions, and what follows from them for the images.
struct AnnotationCommit {
  let catalogue: Catalogue
  let plan: AnnotationPlan

  /// What regions say of their image as a whole, where it does not know that yet.
  private struct Derived {
    var image: Int64
    var region: PixelBox?
    var background: PixelBox?
    var mask: FileFacts?
    var calcificationMask: FileFacts?
  }

  func run(_ report: inout AnnotationReport) throws(CohortError) {
    guard !plan.files.isEmpty else { return }
    var pictures: [String: [UInt8]] = [:]
    let derived = try derived(&pictures, &report)
    let written = try write(pictures)
    do throws(CohortError) {
      try catalogue.write { database in
        try insertFiles(database)
        try insertRegions(database)
        for one in derived { try apply(one, database) }
        for (lesion, label) in plan.labels.sorted(by: { $0.key < $1.key }) {
          try database.execute(
            sql: "UPDATE lesion SET label = ? WHERE key = ? AND label IS NULL", arguments: [label.rawValue, lesion])
        }
      }
    } catch {
      for path in written { unlink(path) }
      throw error
    }
    report.regions = plan.marks.count
    report.repeated = plan.repeated
    report.images = Set(plan.marks.map(\.image.id)).count
    report.labels = plan.labels.count
    report.boxes = derived.count { $0.region != nil }
    report.masks = derived.count { $0.mask != nil }
    report.calcificationMasks = derived.count { $0.calcificationMask != nil }
  }

  private func derived(
    _ pictures: inout [String: [UInt8]], _ report: inout AnnotationReport
  ) throws(CohortError) -> [Derived] {
    var derived: [Derived] = []
    for (id, marks) in Dictionary(grouping: plan.marks, by: \.image.id).sorted(by: { $0.key < $1.key }) {
      guard let image = marks.first?.image else { continue }
      // What is marked in one frame of a clip is not true of the others.
      let regions = marks.map(\.region).filter { $0.frame == nil }
      func shapes(_ role: RegionOfInterest.Role) -> [RegionOfInterest.Shape] {
        regions.filter { $0.role == role }.map(\.shape)
      }
      let (lesion, calcification) = (shapes(.lesion), shapes(.calcification))
      var one = Derived(image: id)
      if image.region == nil { one.region = Self.box(around: lesion) }
      if image.backgroundRegion == nil { one.background = Self.box(around: shapes(.background)) }
      if case .clip = image.extent {
      } else {
        let areOutlines = lesion.allSatisfy { if case .box = $0 { false } else { true } }
        if image.masks.isEmpty, areOutlines, !lesion.isEmpty {
          one.mask = try mask(of: lesion, image, &pictures, &report)
        }
        if image.calcificationMasks.isEmpty, !calcification.isEmpty {
          one.calcificationMask = try mask(of: calcification, image, &pictures, &report)
        }
      }
      derived.append(one)
    }
    return derived
  }

  private static func box(around shapes: [RegionOfInterest.Shape]) -> PixelBox? {
    let boxes = shapes.compactMap { RegionRaster.boundingBox(of: $0) }
    return boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }
  }

  /// Nil, with a note, where no pixel's centre lies in a shape: a mask without a mark would say that there is nothing.
  private func mask(
    of shapes: [RegionOfInterest.Shape], _ image: ImageRecord, _ pictures: inout [String: [UInt8]],
    _ report: inout AnnotationReport
  ) throws(CohortError) -> FileFacts? {
    var pixels = [UInt8](repeating: 0, count: image.width * image.height)
    for shape in shapes {
      guard let part = RegionRaster.mask(of: shape, width: image.width, height: image.height) else { continue }
      for (place, value) in part.pixels.enumerated() where value > 127 { pixels[place] = 255 }
    }
    guard pixels.contains(255) else {
      report.notes.append("\(image.name): its marks are smaller than a pixel, and no mask was made of them")
      return nil
    }
    let bytes: [UInt8]
    do throws(ImagingError) {
      bytes = try PNG.encode(GreyImage(width: image.width, height: image.height, pixels: pixels))
    } catch {
      throw .picture(image: image.name, reason: "\(error)")
    }
    let sha256 = FieldHash.hexadecimal(of: bytes)
    let facts = FileFacts(sha256: sha256, name: "\(sha256).png", bytes: bytes.count)
    pictures[facts.name] = bytes
    return facts
  }

  /// The paths of those that were not there.
  private func write(_ pictures: [String: [UInt8]]) throws(CohortError) -> [String] {
    var written: [String] = []
    do throws(OutputError) {
      for (name, bytes) in pictures.sorted(by: { $0.key < $1.key }) {
        let file = catalogue.imagesFolder.appendingPathComponent(name, isDirectory: false)
        guard access(file.path, F_OK) != 0 else { continue }
        try AtomicFile.write(bytes, to: file, flush: false)
        written.append(file.path)
      }
    } catch {
      for path in written { unlink(path) }
      throw .output(error)
    }
    if !written.isEmpty { AtomicFile.flushAll() }
    return written
  }

  private func insertFiles(_ database: Database) throws {
    let now = ISO8601DateFormatter().string(from: Date())
    for file in plan.files {
      try database.execute(
        sql: """
          INSERT INTO annotation_file (sha256, name, kind, absent, imported) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (sha256) DO UPDATE SET absent = excluded.absent
          """, arguments: [file.sha256, file.name, file.kind.rawValue, file.absent.count, now])
    }
  }

  private func insertRegions(_ database: Database) throws {
    var writer = RegionWriter(database)
    for mark in plan.marks { try writer.insert(mark.region, of: mark.image.id, file: mark.sha256) }
  }

  private func apply(_ one: Derived, _ database: Database) throws {
    for (prefix, box) in [("region", one.region), ("background", one.background)] {
      guard let box else { continue }
      try database.execute(
        sql: """
          UPDATE image SET \(prefix)_x = ?, \(prefix)_y = ?, \(prefix)_width = ?, \(prefix)_height = ?
          WHERE id = ? AND \(prefix)_x IS NULL
          """, arguments: [box.x, box.y, box.width, box.height, one.image])
    }
    for (table, facts) in [("mask", one.mask), ("calcification_mask", one.calcificationMask)] {
      guard let facts else { continue }
      try database.execute(
        sql: "INSERT OR IGNORE INTO file (sha256, name, bytes) VALUES (?, ?, ?)",
        arguments: [facts.sha256, facts.name, facts.bytes])
      try database.execute(
        sql: "INSERT INTO \(table) (image_id, place, file_id) SELECT ?, 0, id FROM file WHERE sha256 = ?",
        arguments: [one.image, facts.sha256])
    }
  }
}

extension PixelBox {
  /// The smallest box around both.
  func union(_ other: PixelBox) -> PixelBox {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return PixelBox(
      x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
  }
}
