public import Foundation
import GRDB
public import Tables

/// A table that belongs to a cohort as a whole and is kept in its catalogue as it was written.
public enum CohortDocument: String, Sendable, CaseIterable, Codable {
  /// ``Codebook``.
  case codebook
  /// ``HistologyTree``.
  case histology
  /// ``Enrolment``.
  case enrolment

  /// Its name beside a cohort table, where an import finds it and an export leaves it.
  public var fileName: String { "\(rawValue).csv" }
}

extension Catalogue {
  /// Keeps a table in the place of the one of its kind. What it says of the cohort is checked first; where a cell contradicts a
  /// codebook nothing is changed and all such cells are named.
  public func keep(_ document: CohortDocument, _ file: URL) throws(CohortError) {
    let text: String
    do {
      text = try Tables.Table(contentsOf: file).csv()
    } catch { throw .table(error) }
    try keep(document, text: text, source: file.path)
  }

  func keep(_ document: CohortDocument, text: String, source: String) throws(CohortError) {
    let table: Tables.Table
    do { table = try Tables.Table(csv: text, source: source) } catch { throw .table(error) }
    switch document {
    case .codebook: try require(Codebook(table), source: source)
    case .histology: _ = try HistologyTree(table)
    case .enrolment: _ = try Enrolment(table)
    }
    try write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO document (kind, text) VALUES (?, ?)", arguments: [document.rawValue, text])
    }
  }

  /// The kept table of a kind; nil where there is none.
  public func table(_ document: CohortDocument) throws(CohortError) -> Tables.Table? {
    let text = try read { database in
      try String.fetchOne(database, sql: "SELECT text FROM document WHERE kind = ?", arguments: [document.rawValue])
    }
    guard let text else { return nil }
    do { return try Tables.Table(csv: text, source: "the cohort's \(document.rawValue)") } catch { throw .table(error) }
  }

  public func codebook() throws(CohortError) -> Codebook? { try table(.codebook).map(Codebook.init) }
  public func enrolment() throws(CohortError) -> Enrolment? { try table(.enrolment).map(Enrolment.init) }
  /// The cohort's own tree, else the usual one.
  public func histologyTree() throws(CohortError) -> HistologyTree {
    guard let table = try table(.histology) else { return try HistologyTree.usual() }
    return try HistologyTree(table)
  }

  /// Every clinical cell as the codebook wants it, or all that are not are named.
  private func require(_ codebook: Codebook, source: String) throws(CohortError) {
    var problems: [CohortProblem] = []
    for (place, column, text) in try clinicalCells() {
      guard let variable = codebook[column] else { continue }
      do throws(CellFault) {
        _ = try variable.value(of: text)
      } catch {
        problems.append(CohortProblem(place: place, message: "column \"\(column)\": \(error.description)"))
      }
    }
    guard problems.isEmpty else { throw .problems(problems, source: source) }
  }

  /// Each clinical cell as written, with the lesion or image that bears it.
  private func clinicalCells() throws(CohortError) -> [(place: String, column: String, text: String)] {
    try read { database in
      let sql = """
        SELECT 'lesion "' || lesion.key || '"', name, text FROM lesion_value
          JOIN lesion ON lesion.id = lesion_id JOIN clinical_column ON clinical_column.id = column_id
        UNION ALL SELECT 'image "' || image.name || '"', clinical_column.name, text FROM image_value
          JOIN image ON image.id = image_id JOIN clinical_column ON clinical_column.id = column_id
        ORDER BY 1, 2
        """
      return try Row.fetchAll(database, sql: sql).map { (place: $0[0], column: $0[1], text: $0[2]) }
    }
  }
}
