import Annotations
public import Foundation
import GRDB
import Tables
import Ultrasound

extension Importer {
  /// Applies the files of annotations that an imported folder holds: those anywhere in a mixed folder, and `annotations.json` beside
  /// a cohort table, where an export leaves it. What came of it is put into the report and the catalogue: a DICOM segmentation or report is
  /// no picture that failed, but fails, if it does, as what it is. Of a file that marks pictures which the folder does not hold the
  /// others come in.
  ///
  /// - pseudonym: as for ``Catalogue/annotate(_:vocabulary:allowsAbsent:pseudonym:)``.
  public static func annotate(
    _ report: inout ImportReport, source: URL, table: URL? = nil, pseudonym: (@Sendable (String) -> String)? = nil
  ) throws(CohortError) {
    let files = annotations(in: source, table: table)
    guard report.images > 0, !files.isEmpty else { return }
    let catalogue = try Catalogue.open(URL(fileURLWithPath: report.cohort, isDirectory: true))
    let found = try catalogue.annotate(files, allowsAbsent: true, pseudonym: pseudonym)
    guard !found.applied.isEmpty || !found.unchanged.isEmpty || !found.failures.isEmpty else { return }
    let read = Set(found.applied + found.unchanged + found.failures.map(\.file))
    let failures = report.failures.filter { !read.contains($0.file) } + found.failures
    if Set(failures) != Set(report.failures) {
      try catalogue.write { database in
        try CatalogueWriter(database, lesions: [:]).keep(failures, of: source.path)
      }
    }
    (report.failures, report.annotations) = (failures, found)
  }

  private static func annotations(in source: URL, table: URL?) -> [URL] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder) else { return [] }
    let inside = source.appendingPathComponent("cohort.csv", isDirectory: false)
    if table == nil, isFolder.boolValue, !FileManager.default.fileExists(atPath: inside.path) {
      return ClassFolders.isOne(source) ? [] : [source]
    }
    let folder = (table ?? (isFolder.boolValue ? inside : source)).deletingLastPathComponent()
    let beside = folder.appendingPathComponent(Exporter.annotationsName, isDirectory: false)
    return FileManager.default.fileExists(atPath: beside.path) ? [beside] : []
  }
}
