public import Foundation
import Tables

/// A file, or a row of a table, that could not be imported, and why.
public struct ImportFailure: Codable, Sendable, Hashable, CustomStringConvertible {
  /// Relative to the source's folder; `TABLE.csv:LINE` for a row.
  public var file: String
  public var reason: String

  public init(file: String, reason: String) {
    (self.file, self.reason) = (file, reason)
  }

  public var description: String { "\(file): \(reason)" }
}

/// What an import did.
public struct ImportReport: Codable, Sendable, Hashable {
  public var source: String
  public var cohort: String
  /// Images that came in with this import.
  public var added: Int
  /// Images of the source that the cohort held already.
  public var unchanged: Int
  /// Files of a mixed folder that are no pictures, such as tables and texts.
  public var leftOut: Int
  /// What could not be imported.
  public var failures: [ImportFailure]
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
  /// What files of annotations in the source brought; nil where there was none (``Importer/annotate(_:source:table:)``).
  public var annotations: AnnotationReport?
}

/// How an import is done.
public struct ImportOptions: Sendable {
  /// Whether what is sound in a table or class folder comes in where some of it is not. Of a mixed folder it always does.
  public var allowsFailures: Bool
  /// Threads that read files; nil for one a core.
  public var jobs: Int?
  /// What becomes of DICOM files before they are read and kept.
  public var intake: FileIntake?

  public init(allowsFailures: Bool = false, jobs: Int? = nil, intake: FileIntake? = nil) {
    (self.allowsFailures, self.jobs, self.intake) = (allowsFailures, jobs, intake)
  }
}

/// Brings images and what is known of them into a cohort.
public enum Importer {
  /// Imports `source` into the cohort at `into`, which is made where there is none.
  ///
  /// - source: a cohort table (CSV), a folder with a table `cohort.csv`, a folder of class folders (``ClassFolders``), or any other
  ///   folder with pictures in it (``MixedFolder``).
  /// - table: a cohort table elsewhere; its files are looked for in its own folder, then in `source`.
  /// - progress: called on the calling thread with the number of images read and the number there are.
  ///
  /// All of the source is checked before anything is written, and all that is wrong with a table or class folder is reported at once
  /// (`problems`). An import is done as a whole or not at all: on failure the cohort is as it was, and a new one is not there. Of a
  /// mixed folder, and where failures are allowed, what cannot be imported stands in the report and in the catalogue, and the rest
  /// comes in; a new cohort is then not made where nothing does. The same source again changes nothing. An import that is killed
  /// goes on where it was when it is started again.
  public static func run(
    source: URL, into: URL, table: URL? = nil, options: ImportOptions = ImportOptions(),
    progress: ((Int, Int) -> Void)? = nil
  ) throws(CohortError) -> ImportReport {
    let content = try read(source: source, table: table)
    let folder = into.absoluteURL.standardizedFileURL
    let isNew = !FileManager.default.fileExists(atPath: folder.path)
    let work = try WorkFolder(cohort: folder, isNew: isNew)
    defer { work.remove() }
    var report = try work.naming(folder) { () throws(CohortError) in
      let catalogue = try isNew ? Catalogue.create(at: work.cohort) : Catalogue.open(folder)
      let journal = try ImportJournal(work.journal, cohort: folder)
      defer { journal.close() }
      let run = ImportRun(
        source: source.path, catalogue: catalogue, staging: work.staging, journal: journal, content: content,
        options: options)
      let report = try run.run(progress: progress)
      try catalogue.close()
      return report
    }
    report.cohort = folder.path
    if isNew {
      if report.images > 0 {
        try work.publish(work.cohort, as: folder)
      } else if report.failures.isEmpty {
        throw .source(path: source.path, reason: "no DICOM file, still or clip in it")
      } else {
        report.notes.append("nothing could be imported, and no cohort was made")
      }
    }
    return report
  }

  private static func read(source: URL, table: URL?) throws(CohortError) -> SourceContent {
    var content = try listed(source: source, table: table)
    content.refuseNamesThatReadAlike()
    return content
  }

  private static func listed(source: URL, table: URL?) throws(CohortError) -> SourceContent {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder) else {
      throw .source(path: source.path, reason: "there is no such file or folder")
    }
    if let table { return try read(table: table, folders: [table.deletingLastPathComponent(), source]) }
    guard isFolder.boolValue else { return try read(table: source, folders: [source.deletingLastPathComponent()]) }
    let inside = source.appendingPathComponent("cohort.csv", isDirectory: false)
    if FileManager.default.fileExists(atPath: inside.path) { return try read(table: inside, folders: [source]) }
    return try ClassFolders.isOne(source) ? ClassFolders.read(source) : MixedFolder.read(source)
  }

  private static func read(table file: URL, folders: [URL]) throws(CohortError) -> SourceContent {
    let table: Table
    do { table = try Table(contentsOf: file) } catch { throw .table(error) }
    let absolute = folders.map { URL(fileURLWithPath: $0.path, isDirectory: true) }
    return try CohortTable.read(table, folders: absolute)
  }
}
