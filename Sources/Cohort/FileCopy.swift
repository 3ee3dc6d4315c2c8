import Crypto
import Foundation
import Tables

/// Copies and sums of files of any length, a part at a time.
enum FileCopy {
  private static let part = 1 << 20

  /// SHA-256 (hexadecimal) and length.
  static func sum(of url: URL) throws -> (sha256: String, bytes: Int) { try stream(url, to: nil) }

  /// The same of what was copied to `target`, which must not be there. Errors: `FileBytes.Refusal` where reading fails (its message
  /// does not name the file), `OutputError` where writing does.
  static func copy(_ url: URL, to target: URL) throws -> (sha256: String, bytes: Int) {
    let descriptor = open(target.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError.creating(target.path, code: errno) }
    defer { close(descriptor) }
    return try stream(url, to: (descriptor, target.path))
  }

  private static func stream(_ url: URL, to target: (descriptor: Int32, path: String)?) throws -> (String, Int) {
    func refused() -> FileBytes.Refusal {
      FileBytes.Refusal(description: "cannot be read: \(String(cString: strerror(errno)))")
    }
    let source = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard source >= 0 else { throw refused() }
    defer { close(source) }
    var facts = stat()
    guard fstat(source, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw FileBytes.Refusal(description: "expected a file, found a folder, pipe or device")
    }
    var hash = SHA256()
    var total = 0
    var buffer = [UInt8](repeating: 0, count: part)
    while true {
      let got = read(source, &buffer, part)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw refused() }
      if got == 0 { break }
      try buffer.withUnsafeBytes { all in
        let bytes = UnsafeRawBufferPointer(rebasing: all[..<got])
        hash.update(bufferPointer: bytes)
        if let target { try write(bytes, to: target) }
      }
      total += got
    }
    return (FieldHash.hexadecimal(digest: hash.finalize()), total)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to target: (descriptor: Int32, path: String)) throws {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(target.descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw OutputError.writeFailed(path: target.path, reason: String(cString: strerror(count == 0 ? EIO : errno)))
      }
      done += count
    }
  }
}
