public import Foundation
import Tables
import Ultrasound

/// A cohort back as a folder others can read: `cohort.csv` and the files it names.
public enum Exporter {
  /// What is marked in the images, where something is; ``Catalogue/annotate(_:vocabulary:)`` reads it.
  public static let annotationsName = "annotations.json"

  /// Writes the cohort to `folder`, which must not be there or be empty. Images keep the paths they were imported from, masks
  /// lie in `masks/`. Imported again it gives the same ``Catalogue/contentHash()``; patients that no source named are marked
  /// in a column `patient_source`.
  public static func run(_ catalogue: Catalogue, to folder: URL) throws(CohortError) {
    let images = try catalogue.images()
    let unlisted = try catalogue.patientGroups()
    let target = folder.absoluteURL.standardizedFileURL
    if let entries = try? FileManager.default.contentsOfDirectory(atPath: target.path), !entries.isEmpty {
      throw .output(.cannotCreate(path: target.path, reason: "the folder is not empty"))
    }
    let work = try WorkFolder(exportTo: target)
    defer { work.remove() }
    var paths = Paths()
    var copies: [(from: URL, path: String)] = []
    let rows = images.map { image in
      let file = paths.path(for: image, copies: &copies)
      let masks = image.masks.map { paths.path(forMask: $0, copies: &copies) }
      let calcifications = image.calcificationMasks.map { paths.path(forMask: $0, copies: &copies) }
      return ExportRow(
        image: image, file: file, masks: masks, calcificationMasks: calcifications,
        isGroup: unlisted.contains(image.patient))
    }
    var documents: [(name: String, table: Tables.Table)] = []
    for document in CohortDocument.allCases {
      if let table = try catalogue.table(document) { documents.append((document.fileName, table)) }
    }
    let annotations = try catalogue.annotations(of: images)
    try work.naming(target) { () throws(CohortError) in
      if let annotations {
        let file = work.staging.appendingPathComponent(annotationsName, isDirectory: false)
        do throws(OutputError) { try AtomicFile.write(annotations, to: file, flush: false) } catch {
          throw .output(error)
        }
      }
      for (name, table) in documents {
        let file = work.staging.appendingPathComponent(name, isDirectory: false)
        do throws(TableError) { try table.write(to: file) } catch { throw CohortError.table(error) }
      }
      try copy(copies, into: work.staging)
      try table(rows, to: work.staging.appendingPathComponent("cohort.csv", isDirectory: false))
    }
    AtomicFile.flushAll()
    try work.publish(work.staging, as: target)
  }

  private static func copy(_ copies: [(from: URL, path: String)], into folder: URL) throws(CohortError) {
    for (from, path) in copies {
      let to = folder.appendingPathComponent(path, isDirectory: false)
      do {
        try FileManager.default.createDirectory(at: to.deletingLastPathComponent(), withIntermediateDirectories: true)
        _ = try FileCopy.copy(from, to: to)
      } catch let refusal as FileBytes.Refusal {
        throw .source(path: from.path, reason: refusal.description)
      } catch let error as OutputError {
        throw .output(error)
      } catch {
        throw .output(.cannotCreate(path: to.path, reason: error.localizedDescription))
      }
    }
  }

  private static func table(_ rows: [ExportRow], to file: URL) throws(CohortError) {
    let clinical = Set(rows.flatMap(\.image.clinical.keys)).subtracting(CohortTable.known).sorted()
    let all = CohortTable.known + clinical
    let cells = rows.map { row in all.map { row.cell($0) ?? "" } }
    // Only columns that say something.
    let used = all.indices.filter { place in
      CohortTable.required.contains(all[place]) || cells.contains { !$0[place].isEmpty }
    }
    do {
      try Table(columns: used.map { all[$0] }, rows: cells.map { row in used.map { row[$0] } }, source: file.path)
        .write(to: file)
    } catch {
      if case .output(let error) = error { throw .output(error) }
      throw .table(error)
    }
  }

  /// Gives each stored file one path in the export.
  private struct Paths {
    private var contentOfPath: [String: String] = Dictionary(
      uniqueKeysWithValues: (["cohort.csv", Exporter.annotationsName] + CohortDocument.allCases.map(\.fileName)).map {
        ($0, "")
      })

    mutating func path(for image: ImageRecord, copies: inout [(from: URL, path: String)]) -> String {
      // Undoes what import added to the names of rows that share a file.
      var name = image.name
      let part = image.crop == nil ? "" : image.modality.rawValue
      for suffix in [part, image.lesion, image.frame ?? ""] where name.hasSuffix("#\(suffix)") && !suffix.isEmpty {
        name.removeLast(suffix.count + 1)
      }
      // The row without a frame beside rows with one.
      if image.frame == nil, name.hasSuffix("#") { name.removeLast() }
      let parts = name.split(separator: "/").map { $0 == ".." || $0 == "." ? "_" : String($0) }
      return take(parts.joined(separator: "/"), image.file, &copies)
    }

    mutating func path(forMask mask: URL, copies: inout [(from: URL, path: String)]) -> String {
      take("masks/\(mask.lastPathComponent)", mask, &copies)
    }

    private mutating func take(_ wanted: String, _ file: URL, _ copies: inout [(from: URL, path: String)]) -> String {
      let content = file.lastPathComponent
      var path = wanted
      if let other = contentOfPath[path], other != content { path = "other/\(content)" }
      if contentOfPath.updateValue(content, forKey: path) == nil { copies.append((file, path)) }
      return path
    }
  }
}

/// One row of an exported cohort table.
private struct ExportRow {
  var image: ImageRecord
  var file: String
  var masks: [String]
  var calcificationMasks: [String]
  /// Whether the patient is a group of look-alikes.
  var isGroup: Bool

  func cell(_ column: String) -> String? {
    switch column {
    case "file": file
    case "mask": masks.isEmpty ? nil : masks.joined(separator: ";")
    case CohortTable.calcificationMaskColumn:
      calcificationMasks.isEmpty ? nil : calcificationMasks.joined(separator: ";")
    case "frame": image.frame
    case "size_mm": image.sizeMillimetres.map { String($0) }
    case CohortTable.patientSourceColumn: isGroup ? "near-duplicate groups" : nil
    case let name where CohortTable.regionColumns.contains(name): region.map { $0[name] ?? "" }
    case let name where CohortTable.backgroundRegionColumns.contains(name):
      image.backgroundRegion.map { Self.cells($0)[String(name.dropFirst("background_".count))] ?? "" }
    case let name where CohortTable.cropColumns.contains(name):
      image.crop.map { Self.cells($0)["roi_" + name.dropFirst("crop_".count)] ?? "" }
    default: image.text(ofColumn: column)
    }
  }

  /// A mask of one pixel's width has a box without width, which no table may give: import makes it again.
  private var region: [String: String]? {
    guard let box = image.region, box.width > 0, box.height > 0 else { return nil }
    return Self.cells(box)
  }

  private static func cells(_ box: PixelBox) -> [String: String] {
    let numbers = [box.x, box.y, box.width, box.height].map { String($0) }
    return Dictionary(uniqueKeysWithValues: zip(CohortTable.regionColumns, numbers))
  }
}
