import Foundation

/// Takes bytes in order: into memory, or through a buffer into a file.
final class ByteSink {
  /// Bytes taken so far.
  private(set) var count = 0
  private var buffer: [UInt8] = []
  private let file: (descriptor: Int32, path: String)?

  private static let bufferSize = 1 << 20

  init() { file = nil }

  /// Makes a new file; one that is there is an error.
  init(file path: String) throws(DICOMError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotCreate(file: path, reason: String(cString: strerror(errno))) }
    file = (descriptor, path)
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit { if let file { close(file.descriptor) } }

  func append(_ bytes: [UInt8]) throws(DICOMError) {
    count += bytes.count
    buffer += bytes
    if file != nil, buffer.count >= Self.bufferSize { try empty() }
  }

  /// What was taken, of a sink in memory.
  var bytes: [UInt8] { buffer }

  /// Writes what is left, and makes it outlast a power cut.
  func finish() throws(DICOMError) {
    try empty()
    if let file, fsync(file.descriptor) != 0, errno != EINVAL, errno != EROFS { throw Self.failed(file.path) }
  }

  private static func failed(_ path: String) -> DICOMError {
    .writeFailed(file: path, reason: String(cString: strerror(errno)))
  }

  private func empty() throws(DICOMError) {
    guard let file else { return }
    let code = buffer.withUnsafeBytes { raw -> Int32 in
      var done = 0
      while done < raw.count {
        let written = write(file.descriptor, raw.baseAddress?.advanced(by: done), raw.count - done)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return written == 0 ? EIO : errno }
        done += written
      }
      return 0
    }
    guard code == 0 else { throw .writeFailed(file: file.path, reason: String(cString: strerror(code))) }
    buffer.removeAll(keepingCapacity: true)
  }
}
