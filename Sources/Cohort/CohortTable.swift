import Foundation
import Tables
import Ultrasound

/// A source with a cohort table: one row an image. Reads all rows and reports all that is wrong with them.
struct CohortTable {
  static let required = ["patient", "lesion", "label", "file", "modality"]
  static let regionColumns = ["roi_x", "roi_y", "roi_width", "roi_height"]
  static let backgroundRegionColumns = regionColumns.map { "background_\($0)" }
  /// The part of the file's frames that is the image, such as one panel; regions and masks are then in pixels of that part.
  static let cropColumns = ["crop_x", "crop_y", "crop_width", "crop_height"]
  /// In an exported table: how patients that no source named came about. Such rows have no known patient.
  static let patientSourceColumn = "patient_source"
  /// Masks of the calcifications that an image shows.
  static let calcificationMaskColumn = "calcification_mask"
  static let known =
    required + [
      "pair", "exam", "date", "site", "device", "histology", "size_mm", "background", "frame", "frames", "mask",
      "split",
      patientSourceColumn, calcificationMaskColumn,
    ] + regionColumns + backgroundRegionColumns + cropColumns

  private let table: Table
  private let cells: [String: [String]]
  private let folders: [URL]
  /// Their real paths: nothing outside them is read, whatever a table says.
  private let roots: [String]
  private let clinicalColumns: [String]
  private var content = SourceContent()

  /// - folders: where relative file names are looked for, in this order.
  static func read(_ table: Table, folders: [URL]) throws(CohortError) -> SourceContent {
    let missing = required.filter { !table.has($0) }
    if let first = missing.first {
      guard missing.count > 1 else {
        throw .table(.missingColumn(source: table.source, name: first, columns: table.columns))
      }
      throw .source(
        path: table.source,
        reason: "no columns \(missing.joined(separator: ", ")); there are: \(table.columns.joined(separator: ", "))")
    }
    guard table.rowCount > 0 else { throw .source(path: table.source, reason: "the table has no rows") }
    do {
      var reader = try CohortTable(table: table, folders: folders)
      for row in 0..<table.rowCount { reader.readRow(row) }
      reader.nameSharedFiles()
      let unlabelled = reader.content.drafts.count { $0.label == nil }
      if unlabelled > 0 { reader.content.notes.append("\(unlabelled) images have no label") }
      return reader.content
    } catch {
      throw .table(error)
    }
  }

  private init(table: Table, folders: [URL]) throws(TableError) {
    (self.table, self.folders) = (table, folders)
    roots = folders.compactMap { RealPath.of($0.path) }
    var cells: [String: [String]] = [:]
    for column in table.columns {
      cells[column] = try table.column(column).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    self.cells = cells
    clinicalColumns = table.columns.filter { !Self.known.contains($0) }
  }

  private func cell(_ column: String, _ row: Int) -> String? {
    guard let text = cells[column]?[row], !text.isEmpty else { return nil }
    return text
  }

  /// A path as it is written where such a file is there, since names may begin or end with a space.
  private func asWritten(_ path: String, _ row: Int) -> String {
    guard let written = try? table.column("file")[row], written != path, find(written) != nil else { return path }
    return written
  }

  private mutating func readRow(_ row: Int) {
    let before = content.problems.count
    let place = "\(table.source):\(table.line(ofRow: row))"
    let patient = required("patient", row, place)
    let lesion = required("lesion", row, place)
    let file = required("file", row, place).map { asWritten($0, row) }
    let label = word("label", Label.self, row, place, isRequired: false)
    let modality = word("modality", Modality.self, row, place, isRequired: true)
    let background = word("background", Background.self, row, place, isRequired: false)
    let split = word("split", Split.self, row, place, isRequired: false)
    let size = number("size_mm", row, place)
    if let size, size <= 0 { content.problem(place, "size_mm: expected more than 0, found \(size)") }
    let region = box(Self.regionColumns, row, place)
    let backgroundRegion = box(Self.backgroundRegionColumns, row, place)
    let crop = box(Self.cropColumns, row, place)
    if let crop, [crop.x, crop.y, crop.width, crop.height].contains(where: { $0 != $0.rounded() }) {
      content.problem(place, "\(Self.cropColumns.joined(separator: ", ")): expected whole pixels")
    }
    guard let patient, let lesion, let file, let modality else { return }
    let url = locate(file, "file", place)
    let masks = maskURLs("mask", row, place)
    let calcificationMasks = maskURLs(Self.calcificationMaskColumn, row, place)
    guard content.problems.count == before, let url else { return }
    content.drafts.append(
      ImageDraft(
        place: place, name: file, file: url, masks: masks,
        patient: cell(Self.patientSourceColumn, row) == nil ? patient : nil, lesion: lesion, label: label,
        modality: modality, exam: cell("exam", row), date: cell("date", row), site: cell("site", row),
        device: cell("device", row), histology: cell("histology", row), pair: cell("pair", row),
        frame: cell("frame", row) ?? cell("frames", row), frameIsRange: cell("frame", row) == nil,
        background: background, sizeMillimetres: size, region: region,
        backgroundRegion: backgroundRegion, split: split,
        clinical: clinicalColumns.compactMap { column in cell(column, row).map { (column, $0) } },
        calcificationMasks: calcificationMasks, crop: crop, isListed: true))
  }

  private mutating func required(_ column: String, _ row: Int, _ place: String) -> String? {
    if let text = cell(column, row) { return text }
    content.problem(place, "\(column) is empty")
    return nil
  }

  private mutating func word<Word: RawRepresentable & CaseIterable>(
    _ column: String, _ type: Word.Type, _ row: Int, _ place: String, isRequired: Bool
  ) -> Word? where Word.RawValue == String {
    guard let text = isRequired ? required(column, row, place) : cell(column, row) else { return nil }
    if let word = Word(rawValue: text.lowercased()) { return word }
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    content.problem(place, "\(column) \"\(text)\" is unknown; expected one of \(words)")
    return nil
  }

  private mutating func number(_ column: String, _ row: Int, _ place: String) -> Double? {
    guard let text = cell(column, row) else { return nil }
    if let number = Double(text), number.isFinite { return number }
    content.problem(place, "\(column): expected a number, found \"\(text)\"")
    return nil
  }

  private mutating func box(_ columns: [String], _ row: Int, _ place: String) -> PixelBox? {
    let given = columns.filter { cell($0, row) != nil }
    guard !given.isEmpty else { return nil }
    guard given.count == columns.count else {
      let missing = columns.filter { !given.contains($0) }.joined(separator: ", ")
      content.problem(place, "\(given.joined(separator: ", ")) without \(missing)")
      return nil
    }
    let numbers = columns.compactMap { number($0, row, place) }
    guard numbers.count == columns.count else { return nil }
    guard numbers[2] > 0, numbers[3] > 0 else {
      content.problem(
        place, "\(columns[2]) and \(columns[3]): expected more than 0, found \(numbers[2]) x \(numbers[3])")
      return nil
    }
    return PixelBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }

  /// One mask, or several with `;` between them.
  private mutating func maskURLs(_ column: String, _ row: Int, _ place: String) -> [URL] {
    guard let text = cell(column, row) else { return [] }
    if text.contains(";"), find(text) == nil {
      let parts = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      return parts.compactMap { locate($0, column, place) }
    }
    return [locate(text, column, place)].compactMap(\.self)
  }

  private mutating func locate(_ path: String, _ column: String, _ place: String) -> URL? {
    if let url = find(path) {
      if let real = RealPath.of(url.path), roots.contains(where: { RealPath.isInside(real, $0) }) { return url }
      content.problem(place, "\(column) \"\(path)\" lies outside the folder of the table and the source")
      return nil
    }
    let looked = folders.first.map { URL(fileURLWithPath: path, relativeTo: $0).path } ?? path
    let hint = path.contains("\\") ? "; paths are written with / and from the table's folder on" : ""
    content.problem(place, "\(column) \"\(path)\" does not exist (\(looked))\(hint)")
    return nil
  }

  private func find(_ path: String) -> URL? {
    folders.lazy.map { URL(fileURLWithPath: path, isDirectory: false, relativeTo: $0).absoluteURL }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// Rows that share a file must differ in frame, lesion or, of its parts, modality, which is then added to their names.
  private mutating func nameSharedFiles() {
    let rows = Dictionary(grouping: content.drafts.indices) { content.drafts[$0].name }
    for (name, drafts) in rows where drafts.count > 1 {
      let frames = Set(drafts.map { content.drafts[$0].frame ?? "" })
      let lesions = Set(drafts.map { content.drafts[$0].lesion })
      for draft in drafts {
        var suffix: [String] = []
        if frames.count > 1 { suffix.append(content.drafts[draft].frame ?? "") }
        if lesions.count > 1 { suffix.append(content.drafts[draft].lesion) }
        if content.drafts[draft].crop != nil { suffix.append(content.drafts[draft].modality.rawValue) }
        content.drafts[draft].name = ([name] + suffix).joined(separator: "#")
      }
    }
    var first: [String: String] = [:]
    for draft in content.drafts {
      if let other = first[draft.name] {
        content.problem(draft.place, "repeats \(other): same file, frame and lesion")
      } else {
        first[draft.name] = draft.place
      }
    }
  }
}
