public import Foundation
import Tables
public import Ultrasound

/// One row of predictions.csv: what one model says of one image.
public struct Prediction: Sendable, Codable, Hashable {
  public var model: String
  /// The part the image was in when it was scored: `test`, `validation`, `internal-test`, ...
  public var split: String
  /// 0-based.
  public var fold: Int
  public var site: String
  public var patient: String
  public var lesion: String
  public var image: String
  /// Nil where nothing says yet what the lesion is; such a row cannot be evaluated.
  public var label: Label?
  /// Probability of malignancy, 0...1.
  public var score: Double
  /// Further columns by name, as written.
  public var extra: [String: String]

  /// The further column in which a row of a whole lesion, named by its first image, has the number of its images.
  public static let imagesColumn = "images"

  public init(
    model: String, split: String, fold: Int, site: String, patient: String, lesion: String, image: String,
    label: Label?, score: Double, extra: [String: String] = [:]
  ) {
    (self.model, self.split, self.fold, self.site) = (model, split, fold, site)
    (self.patient, self.lesion, self.image) = (patient, lesion, image)
    (self.label, self.score, self.extra) = (label, score, extra)
  }
}

/// predictions.csv: `model, split, fold, site, patient, lesion, image, label, score`, then further columns.
public enum PredictionTable {
  static let columns = ["model", "split", "fold", "site", "patient", "lesion", "image", "label", "score"]

  /// Reads a table that has at least `label` (0 or 1; benign or malignant) and `score` (0...1). Without an `image` column the
  /// image is the row number from 1; without `lesion` each image is its own lesion; without `patient` each lesion its own
  /// patient. Errors name file and line: no rows, an empty, unreadable or out-of-range cell, a model that scores an image
  /// twice in one split and fold; an image without a label unless `allowsUnlabelled`.
  public static func read(_ file: URL, allowsUnlabelled: Bool = false) throws(CohortError) -> [Prediction] {
    do {
      return try predictions(of: try Table(contentsOf: file), allowsUnlabelled: allowsUnlabelled)
    } catch let error as TableError {
      throw .table(error)
    } catch let error as CohortError {
      throw error
    } catch {
      throw .source(path: file.path, reason: "\(error)")
    }
  }

  /// Writes the rows in their order; scores read back to the same double. The file is replaced as a whole.
  public static func write(_ predictions: [Prediction], to file: URL) throws(CohortError) {
    do {
      try table(of: predictions, source: file.path).write(to: file)
    } catch {
      if case .output(let error) = error { throw .output(error) }
      throw .table(error)
    }
  }

  static func table(of predictions: [Prediction], source: String) throws(TableError) -> Table {
    let further = Set(predictions.flatMap(\.extra.keys)).subtracting(columns).sorted()
    let rows = predictions.map { row in
      [
        row.model, row.split, String(row.fold), row.site, row.patient, row.lesion, row.image,
        row.label.map { String($0.value) } ?? "", String(row.score),
      ] + further.map { row.extra[$0] ?? "" }
    }
    return try Table(columns: columns + further, rows: rows, source: source)
  }

  /// The rows of a table; see ``read(_:)``.
  static func predictions(of table: Table, allowsUnlabelled: Bool = false) throws -> [Prediction] {
    guard table.rowCount > 0 else {
      throw CohortError.row(source: table.source, line: 1, reason: "no rows below the header")
    }
    func optional(_ name: String) throws(TableError) -> [String]? { table.has(name) ? try table.column(name) : nil }
    let (labels, scores) = (try table.column("label"), try table.column("score"))
    let (model, split, fold) = (try optional("model"), try optional("split"), try optional("fold"))
    let (site, patient) = (try optional("site"), try optional("patient"))
    let (lesion, image) = (try optional("lesion"), try optional("image"))
    let further = try table.columns.filter { !columns.contains($0) }.map { ($0, try table.column($0)) }
    var rows: [Prediction] = []
    rows.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      let cell = RowReader(table: table, row: row)
      let image = try cell.key("image", in: image) ?? String(row + 1)
      let lesion = try cell.key("lesion", in: lesion) ?? image
      rows.append(
        Prediction(
          model: model?[row] ?? "", split: split?[row] ?? "", fold: try cell.fold(in: fold), site: site?[row] ?? "",
          patient: try cell.key("patient", in: patient) ?? lesion, lesion: lesion, image: image,
          label: try cell.label(labels[row], mayBeEmpty: allowsUnlabelled), score: try cell.score(scores[row]),
          extra: Dictionary(uniqueKeysWithValues: further.map { ($0.0, $0.1[row]) })))
    }
    try requireUnique(rows, table: table)
    return rows
  }

  private static func requireUnique(_ rows: [Prediction], table: Table) throws(CohortError) {
    struct Key: Hashable { let model, split, image: String, fold: Int, extra: [String: String] }
    var first: [Key: Int] = [:]
    first.reserveCapacity(rows.count)
    for (place, row) in rows.enumerated() {
      // Readers' tables repeat an image per reader and arm.
      let reading = row.extra.filter { ["reader", "arm"].contains($0.key) }
      let key = Key(model: row.model, split: row.split, image: row.image, fold: row.fold, extra: reading)
      if let other = first.updateValue(place, forKey: key) {
        throw .row(
          source: table.source, line: table.line(ofRow: place),
          reason:
            "image \"\(row.image)\" has a score of this model, split and fold already on line \(table.line(ofRow: other))"
        )
      }
    }
  }
}

/// Reads the cells of one row of predictions.csv; its errors name the line.
private struct RowReader {
  let table: Table
  let row: Int

  func key(_ name: String, in column: [String]?) throws(CohortError) -> String? {
    guard let value = column?[row] else { return nil }
    guard !value.isEmpty else { throw wrong("\(name) is empty") }
    return value
  }

  func fold(in column: [String]?) throws(CohortError) -> Int {
    guard let text = column?[row], !text.isEmpty else { return 0 }
    guard let fold = Int(text), fold >= 0 else {
      throw wrong("fold: expected a whole number from 0, found \"\(text)\"")
    }
    return fold
  }

  func label(_ text: String, mayBeEmpty: Bool) throws(CohortError) -> Label? {
    if text.isEmpty {
      if mayBeEmpty { return nil }
      throw wrong("label: expected 0 or 1, found nothing; an image without a label cannot be evaluated")
    }
    guard let label = Int(text).flatMap(Label.init(value:)) ?? Label(rawValue: text) else {
      throw wrong("label: expected 0 or 1, found \"\(text)\"")
    }
    return label
  }

  func score(_ text: String) throws(CohortError) -> Double {
    guard let score = Double(text), score >= 0, score <= 1 else {
      throw wrong("score: expected a number from 0 to 1, found \"\(text)\"")
    }
    return score
  }

  private func wrong(_ reason: String) -> CohortError {
    .row(source: table.source, line: table.line(ofRow: row), reason: reason)
  }
}
