public import Foundation
import Tables

/// What an import did.
public struct ImportReport: Codable, Sendable, Hashable {
  public var source: String
  public var cohort: String
  /// Images that came in with this import.
  public var added: Int
  /// Images of the source that the cohort held already.
  public var unchanged: Int
  /// What the cohort holds now.
  public var images: Int
  public var patients: Int
  public var lesions: Int
  /// See ``Catalogue/patientsAreKnown``.
  public var patientsAreKnown: Bool
  /// Where the patients come from, in words.
  public var patientSource: String
  /// Groups of two or more images that look alike.
  public var nearDuplicateGroups: Int
  /// What the source holds that was left out, and what else a user should know.
  public var notes: [String]
}

/// Brings images and what is known of them into a cohort.
public enum Importer {
  /// Imports `source` into the cohort at `into`, which is made where there is none.
  ///
  /// - source: a cohort table (CSV), a folder with a table `cohort.csv`, or a folder of class folders (``ClassFolders``).
  /// - table: a cohort table elsewhere; its files are looked for in its own folder, then in `source`.
  /// - progress: called on the calling thread with the number of images read and the number there are.
  ///
  /// All of the source is checked before anything is written, and all that is wrong with it is reported at once (`problems`).
  /// An import is done as a whole or not at all: on failure the cohort is as it was, and a new one is not there. The same
  /// source again changes nothing. Each file is read once; its copy is what was decoded and hashed.
  public static func run(
    source: URL, into: URL, table: URL? = nil, progress: ((Int, Int) -> Void)? = nil
  ) throws(CohortError) -> ImportReport {
    let content = try read(source: source, table: table)
    let folder = into.absoluteURL.standardizedFileURL
    let isNew = !FileManager.default.fileExists(atPath: folder.path)
    let work = try WorkFolder(cohort: folder, isNew: isNew)
    defer { work.remove() }
    var report = try work.naming(folder) { () throws(CohortError) in
      let catalogue = try isNew ? Catalogue.create(at: work.cohort) : Catalogue.open(folder)
      var run = ImportRun(source: source.path, catalogue: catalogue, staging: work.staging, content: content)
      let report = try run.run(progress: progress)
      try catalogue.close()
      return report
    }
    if isNew { try work.publish(work.cohort, as: folder) }
    report.cohort = folder.path
    return report
  }

  private static func read(source: URL, table: URL?) throws(CohortError) -> SourceContent {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder) else {
      throw .source(path: source.path, reason: "there is no such file or folder")
    }
    if let table { return try read(table: table, folders: [table.deletingLastPathComponent(), source]) }
    guard isFolder.boolValue else { return try read(table: source, folders: [source.deletingLastPathComponent()]) }
    let inside = source.appendingPathComponent("cohort.csv", isDirectory: false)
    if FileManager.default.fileExists(atPath: inside.path) { return try read(table: inside, folders: [source]) }
    return try ClassFolders.read(source)
  }

  private static func read(table file: URL, folders: [URL]) throws(CohortError) -> SourceContent {
    let table: Table
    do { table = try Table(contentsOf: file) } catch { throw .table(error) }
    let absolute = folders.map { URL(fileURLWithPath: $0.path, isDirectory: true) }
    return try CohortTable.read(table, folders: absolute)
  }
}
