public import Foundation
import Tables

/// split.csv: `image, patient, fold, role` (train, validation, test or left-out), a row for each image in each fold.
public enum SplitTable {
  static let columns = ["image", "patient", "fold", "role"]
  private static let roles: [(name: String, part: WritableKeyPath<Fold, [String]> & Sendable)] = [
    ("train", \.train), ("validation", \.validation), ("test", \.test), ("left-out", \.leftOut),
  ]

  /// Writes the folds of `images`. The file is replaced as a whole.
  public static func write(_ folds: [Fold], of images: [ImageRecord], to file: URL) throws(CohortError) {
    let patients = Dictionary(images.map { ($0.name, $0.patient) }) { first, _ in first }
    var rows: [[String]] = []
    for fold in folds {
      for (role, part) in roles {
        rows += fold[keyPath: part].map { [$0, patients[$0] ?? "", String(fold.index), role] }
      }
    }
    do {
      try Table(columns: columns, rows: rows, source: file.path).write(to: file)
    } catch {
      if case .output(let error) = error { throw .output(error) }
      throw .table(error)
    }
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
      guard let part = roles.first(where: { $0.name == role })?.part else { throw wrong("role: found \"\(role)\"") }
      guard seen.insert([cells.fold[row], image]).inserted else {
        throw wrong("\"\(image)\" is in fold \(index) already")
      }
      folds[index, default: Fold(index: index, train: [], validation: [], test: [])][keyPath: part].append(image)
    }
    return folds.keys.sorted().compactMap { index in
      guard var fold = folds[index] else { return nil }
      for (_, part) in roles { fold[keyPath: part].sort() }
      return fold
    }
  }
}
