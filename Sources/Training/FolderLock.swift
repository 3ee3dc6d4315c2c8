import Foundation
import Tables

/// A folder only this process trains in. The kernel lets go of it however the process ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  init(_ folder: URL) throws(TrainingError) {
    descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .output(.creating(folder.path, code: errno)) }
    // A file system without locks is not refused.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw .busy(folder: folder.path) }
  }

  deinit { close(descriptor) }
}

enum Folders {
  /// Makes a folder and those above it; one that is there is left as it is.
  static func make(_ folder: URL) throws(OutputError) {
    if mkdir(folder.path, 0o777) == 0 { return }
    let code = errno
    var isFolder: ObjCBool = false
    switch code {
    case EEXIST where FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) && isFolder.boolValue:
      return
    case EEXIST: throw .cannotCreate(path: folder.path, reason: "it is a file")
    case ENOENT where folder.path != "/":
      let above = folder.deletingLastPathComponent()
      guard above.path != folder.path else { throw .creating(folder.path, code: code) }
      // Where the folder above is there, it is the folder itself that cannot be (as in /proc).
      guard !FileManager.default.fileExists(atPath: above.path) else { throw .creating(folder.path, code: code) }
      try make(above)
      guard mkdir(folder.path, 0o777) == 0 else { throw .creating(folder.path, code: errno) }
    default: throw .creating(folder.path, code: code)
    }
  }
}
