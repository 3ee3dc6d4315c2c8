import Foundation

/// Reads a whole file, of a length the limits allow, into memory.
enum StillBytes {
  static func read(_ file: URL, limits: DecodeLimits) throws(ImagingError) -> [UInt8] {
    let path = file.path
    func failed() -> ImagingError { .unreadable(file: path, reason: String(cString: strerror(errno))) }
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failed() }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw failed() }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile(file: path) }
    let count = Int(facts.st_size)
    guard count > 0 else { throw .empty(file: path) }
    guard count <= limits.maximumFileBytes else {
      throw .fileTooLarge(file: path, bytes: count, limit: limits.maximumFileBytes)
    }
    var problem: ImagingError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let got = Foundation.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { problem = failed() }
        if got <= 0 { break }
        filled += got
      }
    }
    if let problem { throw problem }
    return bytes
  }
}
