import Foundation
import Tables

/// Where an import works until it is done: beside a cohort that is still to be made, inside one that is there. One that was killed
/// leaves it, and the next import into that cohort goes on with it.
struct WorkFolder {
  /// New files are copied here.
  let staging: URL
  /// Where a new cohort is built.
  let cohort: URL
  private let folder: URL
  /// Held while an import works here.
  private var lock: Int32

  private static let prefix = ".insonate-import-"
  /// Followed by a hash of the place of the cohort, so that each has its own.
  private static let unfinishedPrefix = ".insonate-unfinished-"

  private static func unfinished(_ cohort: URL) -> String {
    unfinishedPrefix + FieldHash.hexadecimal(of: Array(cohort.path.utf8)).prefix(16)
  }

  /// Whether an import into the cohort at `folder` was cut off or is still running.
  static func hasUnfinished(in folder: URL) -> Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).contains {
      $0.hasPrefix(unfinishedPrefix)
    }
  }

  /// Errors: another import into the cohort is running; the folder cannot be made.
  init(cohort target: URL, isNew: Bool) throws(CohortError) {
    let parent = isNew ? target.deletingLastPathComponent() : target
    if isNew {
      var isFolder: ObjCBool = false
      let there = FileManager.default.fileExists(atPath: parent.path, isDirectory: &isFolder)
      guard there, isFolder.boolValue else {
        throw .output(.cannotCreate(path: target.path, reason: "\(parent.path) is \(there ? "a file" : "missing")"))
      }
    } else {
      // Refuses what is no cohort before anything is written into it.
      _ = try Catalogue.open(target)
    }
    try self.init(Self.unfinished(target), in: parent, target: target)
    let lock = open(folder.appendingPathComponent("lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard lock >= 0 else { throw .output(.creating(target.path, code: errno)) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw .output(.cannotCreate(path: target.path, reason: "another import into it is running"))
    }
    self.lock = lock
    // A catalogue that was being made: all that was read stands in the journal.
    try? FileManager.default.removeItem(at: cohort)
  }

  /// Beside a folder that an export will make.
  init(exportTo target: URL) throws(CohortError) {
    let name = "\(Self.prefix)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try self.init(name, in: target.deletingLastPathComponent(), target: target)
  }

  private init(_ name: String, in parent: URL, target: URL) throws(CohortError) {
    Self.sweep(parent)
    folder = parent.appendingPathComponent(name, isDirectory: true)
    cohort = folder.appendingPathComponent("cohort", isDirectory: true)
    staging = folder.appendingPathComponent("files", isDirectory: true)
    lock = -1
    for path in [folder.path, staging.path] {
      guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .output(.creating(target.path, code: errno)) }
    }
  }

  /// What an import that was cut off has read.
  var journal: URL { folder.appendingPathComponent("journal.sqlite", isDirectory: false) }

  /// Gives a finished folder (the new cohort, or the staged files of an export) its name.
  func publish(_ finished: URL, as target: URL) throws(CohortError) {
    guard rename(finished.path, target.path) == 0 else { throw .output(.creating(target.path, code: errno)) }
  }

  /// Runs `body`, whose failures to write name what was to be made instead of the place where it was being made.
  func naming<Value>(_ target: URL, _ body: () throws(CohortError) -> Value) throws(CohortError) -> Value {
    func shown(_ path: String) -> String {
      for part in [cohort, staging] where path.hasPrefix(part.path) {
        return target.path + path.dropFirst(part.path.count)
      }
      return path
    }
    do {
      return try body()
    } catch .output(.writeFailed(let path, let reason)) {
      throw .output(.writeFailed(path: shown(path), reason: reason))
    } catch .output(.cannotCreate(let path, let reason)) {
      throw .output(.cannotCreate(path: shown(path), reason: reason))
    }
  }

  func remove() {
    try? FileManager.default.removeItem(at: folder)
    abandon()
  }

  /// Leaves all as it is to the next import into the cohort.
  func abandon() {
    if lock >= 0 { close(lock) }
  }

  /// Removes what killed imports have left; a running import of another process is left alone.
  private static func sweep(_ parent: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(prefix) {
      let process = name.dropFirst(prefix.count).prefix { $0.isNumber }
      guard let id = pid_t(process), kill(id, 0) != 0, errno == ESRCH else { continue }
      try? FileManager.default.removeItem(at: parent.appendingPathComponent(name, isDirectory: true))
    }
  }
}
