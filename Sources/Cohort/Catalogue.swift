public import Foundation
import GRDB
import Tables
import Ultrasound

/// The catalogue of a cohort: a folder with `catalogue.sqlite` and `images/`, which holds a copy of every image and mask under
/// the SHA-256 of its bytes, so that loss or change of the source, or of the copy, is seen.
public final class Catalogue: Sendable {
  /// The cohort's folder; absolute.
  public let folder: URL
  let database: any DatabaseWriter

  static let databaseName = "catalogue.sqlite"
  static let imagesName = "images"

  private init(folder: URL, database: any DatabaseWriter) {
    (self.folder, self.database) = (folder, database)
  }

  /// Folder of the copies.
  var imagesFolder: URL { folder.appendingPathComponent(Self.imagesName, isDirectory: true) }

  /// Makes an empty cohort. Errors: something stands at `folder`; it cannot be created.
  public static func create(at folder: URL) throws(CohortError) -> Catalogue {
    let folder = folder.absoluteURL.standardizedFileURL
    guard !FileManager.default.fileExists(atPath: folder.path) else {
      throw .output(.cannotCreate(path: folder.path, reason: "it is there already"))
    }
    let images = folder.appendingPathComponent(imagesName, isDirectory: true)
    guard mkdir(folder.path, 0o777) == 0, mkdir(images.path, 0o777) == 0 else {
      throw .output(.creating(folder.path, code: errno))
    }
    let database = try newDatabase(in: folder)
    do {
      try Schema.migrator.migrate(database)
    } catch {
      throw wrapped(error, folder)
    }
    return Catalogue(folder: folder, database: database)
  }

  /// Opens a cohort, and brings a catalogue of an older version up to date. Errors: `notACohort`, `newerVersion`,
  /// `catalogue` where SQLite refuses.
  public static func open(_ folder: URL) throws(CohortError) -> Catalogue {
    let folder = folder.absoluteURL.standardizedFileURL
    try requireCohort(folder)
    let database = try openDatabase(in: folder)
    do {
      let identity = try database.read { try Int32.fetchOne($0, sql: "PRAGMA application_id") }
      guard identity == Schema.applicationID else {
        throw CohortError.notACohort(path: folder.path, reason: "its \(databaseName) is another program's database")
      }
      if try database.read(Schema.migrator.hasBeenSuperseded) { throw CohortError.newerVersion(path: folder.path) }
      if try !database.read(Schema.migrator.hasCompletedMigrations) { try Schema.migrator.migrate(database) }
    } catch {
      throw wrapped(error, folder)
    }
    return Catalogue(folder: folder, database: database)
  }

  private static func requireCohort(_ folder: URL) throws(CohortError) {
    func exists(_ url: URL) -> (there: Bool, folder: Bool) {
      var isFolder: ObjCBool = false
      let there = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      return (there, isFolder.boolValue)
    }
    let (there, isFolder) = exists(folder)
    guard there else { throw .notACohort(path: folder.path, reason: "there is no such folder") }
    guard isFolder else { throw .notACohort(path: folder.path, reason: "it is a file, expected a folder") }
    // SQLite would make the file where it is missing.
    guard exists(folder.appendingPathComponent(databaseName)).there else {
      throw .notACohort(path: folder.path, reason: "it holds no \(databaseName)")
    }
  }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.label = "insonate.catalogue"
    return configuration
  }

  /// In WAL mode, which the file remembers.
  private static func newDatabase(in folder: URL) throws(CohortError) -> any DatabaseWriter {
    let path = folder.appendingPathComponent(databaseName).path
    do { return try DatabasePool(path: path, configuration: configuration()) } catch { throw wrapped(error, folder) }
  }

  /// One connection, since a pool writes into the file when it is opened: whoever only reads changes no byte.
  private static func openDatabase(in folder: URL) throws(CohortError) -> any DatabaseWriter {
    var configuration = configuration()
    let path = folder.appendingPathComponent(databaseName).path
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      _ = try queue.read { try Int32.fetchOne($0, sql: "PRAGMA schema_version") }
      return queue
    } catch {
      // A cohort on a read-only disk: WAL cannot be used, reading a file that nobody can change can.
      guard access(folder.path, W_OK) != 0, errno == EROFS || errno == EACCES else { throw wrapped(error, folder) }
      configuration.readonly = true
      let characters = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
      let escaped = path.addingPercentEncoding(withAllowedCharacters: characters) ?? path
      if let queue = try? DatabaseQueue(path: "file:\(escaped)?immutable=1", configuration: configuration) {
        return queue
      }
      throw wrapped(error, folder)
    }
  }

  /// Runs `body` in a read; SQLite's errors become `CohortError`.
  func read<Value>(_ body: (Database) throws -> Value) throws(CohortError) -> Value {
    do {
      return try database.read(body)
    } catch {
      throw Self.wrapped(error, folder)
    }
  }

  /// Runs `body` in a transaction, which an error rolls back.
  func write<Value>(_ body: (Database) throws -> Value) throws(CohortError) -> Value {
    do {
      return try database.write(body)
    } catch {
      throw Self.wrapped(error, folder)
    }
  }

  /// Folds the write-ahead log into the database file and closes it; the catalogue cannot be used after.
  func close() throws(CohortError) {
    // The pool closes its writer first and SQLite folds the log in with the last connection, which a reader may not: so the
    // readers go before.
    (database as? DatabasePool)?.releaseMemory()
    do { try database.close() } catch { throw Self.wrapped(error, folder) }
  }

  static func wrapped(_ error: any Error, _ folder: URL) -> CohortError {
    if let error = error as? CohortError { return error }
    if let error = error as? OutputError { return .output(error) }
    let path = folder.appendingPathComponent(databaseName).path
    guard let error = error as? DatabaseError else { return .catalogue(path: path, reason: "\(error)") }
    switch error.resultCode {
    case .SQLITE_NOTADB: return .notACohort(path: folder.path, reason: "its \(databaseName) is not a SQLite database")
    case .SQLITE_FULL, .SQLITE_IOERR:
      return .output(.writeFailed(path: path, reason: error.message ?? "disk full or failing"))
    case .SQLITE_READONLY, .SQLITE_CANTOPEN:
      return .output(.cannotCreate(path: path, reason: error.message ?? "it cannot be opened for writing"))
    default: return .catalogue(path: path, reason: error.message ?? "\(error)")
    }
  }
}

extension Catalogue {
  /// Whether every patient comes from the source. If not, patients are groups of images that look alike: a patient with two
  /// different lesions may stand in two of them.
  public var patientsAreKnown: Bool {
    get throws(CohortError) {
      try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM patient WHERE NOT known") } == 0
    }
  }

  /// Where the patients come from, in words for a report.
  public var patientSource: String {
    get throws(CohortError) {
      let kinds = try read { try Int.fetchAll($0, sql: "SELECT DISTINCT known FROM patient ORDER BY known") }
      switch kinds {
      case [0]: return "near-duplicate groups"
      case [0, 1]: return "patient column, near-duplicate groups where there is none"
      default: return "patient column"
      }
    }
  }

  /// Keys of the patients that are groups of look-alikes.
  func patientGroups() throws(CohortError) -> Set<String> {
    Set(try read { try String.fetchAll($0, sql: "SELECT key FROM patient WHERE NOT known") })
  }
}
