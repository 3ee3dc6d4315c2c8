public import Foundation
import Tables

/// split.csv: `image, patient, fold, role` (train, validation, test, external-test or left-out), a row for each image in each fold.
public enum SplitTable {
  static let columns = ["image", "patient", "fold", "role"]

  /// Writes the folds of `images`. The file is replaced as a whole.
  public static func write(_ folds: [Fold], of images: [ImageRecord], to file: URL) throws(CohortError) {
    let rows = rows(folds, of: images)
    do {
      try Table(columns: columns, rows: rows, source: file.path).write(to: file)
    } catch {
      if case .output(let error) = error { throw .output(error) }
      throw .table(error)
    }
  }

  private static func rows(_ folds: [Fold], of images: [ImageRecord]) -> [[String]] {
    let patients = Dictionary(images.map { ($0.name, $0.patient) }) { first, _ in first }
    return folds.flatMap { fold in
      fold.parts.flatMap { role, names in
        names.map { [$0, patients[$0] ?? "", String(fold.index), role.rawValue] }
      }
    }
  }

  /// SHA-256 over the cells of the table, row by row: of what it says, whatever way its lines end. Hexadecimal.
  static func contentHash(_ folds: [Fold], of images: [ImageRecord]) -> String {
    var hash = FieldHash()
    for cell in columns + rows(folds, of: images).flatMap(\.self) { hash.add(cell) }
    return hash.hexadecimal()
  }

  /// Reads the folds back, by index. Errors name the line: an unknown role, a bad fold, an image twice in one fold.
  public static func read(_ file: URL) throws(CohortError) -> [Fold] {
    let cells: (image: [String], fold: [String], role: [String])
    let table: Table
    do {
      table = try Table(contentsOf: file)
      cells = (try table.column("image"), try table.column("fold"), try table.column("role"))
    } catch {
      throw .table(error)
    }
    var folds: [Int: Fold] = [:]
    var seen: Set<[String]> = []
    for row in 0..<table.rowCount {
      let (image, role) = (cells.image[row], cells.role[row])
      func wrong(_ reason: String) -> CohortError {
        .row(source: file.path, line: table.line(ofRow: row), reason: reason)
      }
      guard let index = Int(cells.fold[row]), index >= 0 else { throw wrong("fold: found \"\(cells.fold[row])\"") }
      guard let role = SplitRole(rawValue: role) else { throw wrong("role: found \"\(role)\"") }
      guard seen.insert([cells.fold[row], image]).inserted else {
        throw wrong("\"\(image)\" is in fold \(index) already")
      }
      folds[index, default: Fold(index: index, train: [], validation: [], test: [])].add(image, to: role)
    }
    return folds.keys.sorted().compactMap { folds[$0]?.sorted() }
  }
}
