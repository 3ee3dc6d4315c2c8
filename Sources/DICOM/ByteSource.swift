import Foundation
import Imaging

/// The bytes of a file, read where they are wanted, or of a data set that was inflated in memory.
final class ByteSource: Sendable {
  /// The file's name, for messages.
  let name: String
  let count: Int
  let limits: DICOMLimits
  private let storage: Storage

  private enum Storage {
    case file(Int32)
    case memory(Data)
  }

  init(file: URL, limits: DICOMLimits) throws(DICOMError) {
    self.limits = limits
    name = file.path
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(file.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file: file.path, reason: String(cString: strerror(errno))) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notAFile(file: file.path)
    }
    count = Int(facts.st_size)
    storage = .file(descriptor)
  }

  init(name: String, bytes: Data, limits: DICOMLimits) {
    (self.name, count, storage, self.limits) = (name, bytes.count, .memory(bytes), limits)
  }

  deinit { if case .file(let descriptor) = storage { close(descriptor) } }

  /// Fills `buffer` with the bytes from `position` on.
  func read(at position: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DICOMError) {
    guard position >= 0, position <= count, buffer.count <= count - position else {
      throw .truncated(file: name, detail: "\(buffer.count) bytes expected at \(position), the file has \(count)")
    }
    switch storage {
    case .memory(let bytes):
      bytes.withUnsafeBytes { all in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[position..<position + buffer.count]))
      }
    case .file(let descriptor):
      var done = 0
      while done < buffer.count {
        let got = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(position + done))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { throw .unreadable(file: name, reason: String(cString: strerror(errno))) }
        if got == 0 { throw .truncated(file: name, detail: "it became shorter while it was read") }
        done += got
      }
    }
  }

  func bytes(at position: Int, count: Int) throws(DICOMError) -> [UInt8] {
    guard count >= 0, position >= 0, position <= self.count, count <= self.count - position else {
      throw .truncated(file: name, detail: "\(count) bytes expected at \(position), the file has \(self.count)")
    }
    return try .filled(count: count) { (buffer) throws(DICOMError) in
      try self.read(at: position, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}
