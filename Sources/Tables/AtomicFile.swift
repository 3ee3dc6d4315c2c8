public import Foundation

/// Why a file could not be put in its place.
public enum OutputError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The file cannot be made there: a missing or read-only folder, a folder of that name, no permission. Exit code 73.
  case cannotCreate(path: String, reason: String)
  /// It was made, and then the disk was full or failed. Exit code 74.
  case writeFailed(path: String, reason: String)

  public var description: String {
    switch self {
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .writeFailed(let path, let reason): "cannot write \(path): \(reason)"
    }
  }

  /// The case that `code` (an errno) belongs to when making a file failed with it.
  public static func creating(_ path: String, code: Int32) -> OutputError {
    switch code {
    case ENOSPC, EDQUOT, EIO: .writeFailed(path: path, reason: String(cString: strerror(code)))
    default: .cannotCreate(path: path, reason: String(cString: strerror(code)))
    }
  }
}

/// Files under their final name are whole: written beside, flushed to the disk, then renamed.
public enum AtomicFile {
  /// Puts `bytes` at `file`, replacing what is there. On failure what was there stays and nothing is left beside it. A
  /// device or pipe (`/dev/stdout`) is written to directly.
  /// - flush: false leaves it to the caller to flush many files at once (``flushAll()``).
  public static func write(_ bytes: [UInt8], to file: URL, flush: Bool = true) throws(OutputError) {
    let path = file.path
    switch try kind(of: path) {
    case .special: try writeThrough(bytes, to: path)
    case .regular: try replace(path, with: bytes, flush: flush)
    }
  }

  /// Throws if a file cannot be made at `file`, so that a long work is not begun for nothing. What is there stays.
  public static func requirePlace(for file: URL) throws(OutputError) {
    guard try kind(of: file.path) == .regular else { return }
    let (descriptor, beside) = try openBeside(file.path)
    close(descriptor)
    unlink(beside)
  }

  /// Puts `text` at `file` as UTF-8; see ``write(_:to:flush:)``.
  public static func write(_ text: String, to file: URL) throws(OutputError) {
    try write(Array(text.utf8), to: file)
  }

  /// Flushes to the disk everything written so far, on every file system.
  public static func flushAll() { sync() }

  /// Removes from `folder` what writers that were killed have left beside their files.
  public static func sweep(_ folder: URL) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where name.hasPrefix(".") {
      let parts = name.split(separator: ".")
      guard parts.last == "partial",
        let process = parts.dropLast().last?.split(separator: "-").first.flatMap({ pid_t($0) }),
        process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      unlink(folder.appendingPathComponent(name).path)
    }
  }

  private enum Kind { case regular, special }

  private static func kind(of path: String) throws(OutputError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .regular }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .cannotCreate(path: path, reason: "it is a folder")
    case S_IFREG: return .regular
    default: return .special
    }
  }

  private static func replace(_ path: String, with bytes: [UInt8], flush: Bool) throws(OutputError) {
    let (descriptor, beside) = try openBeside(path)
    do throws(OutputError) {
      try fill(descriptor, with: bytes, path: path, flush: flush)
      guard rename(beside, path) == 0 else { throw .creating(path, code: errno) }
    } catch {
      unlink(beside)
      throw error
    }
    if flush { flushFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path) }
  }

  private static func openBeside(_ path: String) throws(OutputError) -> (descriptor: Int32, path: String) {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    let beside = "\(folder)/.\(url.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .creating(path, code: errno) }
    return (descriptor, beside)
  }

  private static func writeThrough(_ bytes: [UInt8], to path: String) throws(OutputError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .creating(path, code: errno) }
    try fill(descriptor, with: bytes, path: path, flush: true)
  }

  /// Writes all bytes, flushes them to the disk if asked to, and closes the descriptor in every case.
  private static func fill(
    _ descriptor: Int32, with bytes: [UInt8], path: String, flush: Bool
  ) throws(OutputError) {
    var code = writeAll(bytes, to: descriptor)
    // EINVAL and EROFS: a pipe or device cannot be flushed.
    if flush, code == 0, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { code = errno }
    if close(descriptor) != 0, code == 0, errno != EINTR { code = errno }
    guard code == 0 else { throw .writeFailed(path: path, reason: String(cString: strerror(code))) }
  }

  /// 0, or the errno of the write that failed.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { raw in
      var done = 0
      while done < raw.count {
        let count = Foundation.write(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count == 0 ? EIO : errno }
        done += count
      }
      return 0
    }
  }

  /// Makes the rename itself survive a power cut. Some file systems refuse; the file is whole either way.
  private static func flushFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
