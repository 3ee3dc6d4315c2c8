import Foundation
import Imaging

/// What a file holds, told from its first bytes and never from its name.
enum FileContent: Equatable, Sendable {
  case still, dicom
  /// A clip, or nothing that is read: FFmpeg decides.
  case perhapsClip
  case text
  /// A well-known kind of file that holds no picture by itself.
  case foreign(String)
  case empty

  init(_ head: FileHead) {
    let bytes = head.bytes
    if head.size == 0 {
      self = .empty
    } else if bytes.count >= 132, bytes[128..<132].elementsEqual(Array("DICM".utf8)) {
      self = .dicom
    } else if Self.isText(bytes) {
      self = .text
    } else if StillFormat(signature: bytes) != nil {
      self = .still
    } else if let name = Self.foreign.first(where: { bytes.starts(with: $0.signature) })?.name {
      self = .foreign(name)
    } else if Self.beginsDataSet(bytes, size: head.size) {
      self = .dicom
    } else {
      self = .perhapsClip
    }
  }

  /// Characters of text and nothing else, in any encoding of ASCII and beyond, or UTF-16 with its mark.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
    return bytes.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) || $0 == 27 }
  }

  /// An old DICOM file without preamble: an element of group 2 or 8 whose header makes sense.
  private static func beginsDataSet(_ bytes: [UInt8], size: Int) -> Bool {
    guard bytes.count >= 8 else { return false }
    let little = Int(bytes[0]) | Int(bytes[1]) << 8
    let big = Int(bytes[0]) << 8 | Int(bytes[1])
    let isExplicit = bytes[4...5].allSatisfy { (65...90).contains($0) }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << (8 * $1) }
    return ([2, 8].contains(little) && (isExplicit || length <= size)) || (big == 8 && isExplicit)
  }

  private static let foreign: [(signature: [UInt8], name: String)] = [
    (Array("%PDF".utf8), "PDF"), ([0x50, 0x4b, 3, 4], "zip"), ([0x50, 0x4b, 5, 6], "zip"), ([0x1f, 0x8b], "gzip"),
    (Array("SQLite format 3".utf8), "SQLite"), ([0x37, 0x7a, 0xbc, 0xaf], "7z"), (Array("Rar!".utf8), "rar"),
    ([0x7f, 0x45, 0x4c, 0x46], "program"), ([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "NumPy"),
    ([0x89, 0x48, 0x44, 0x46], "HDF5"), ([0xd0, 0xcf, 0x11, 0xe0], "Office"), (Array("MATLAB".utf8), "MATLAB"),
  ]

  /// Endings that promise a picture: other content under them is a failure, where it is passed over under others.
  static func promisesPicture(_ url: URL) -> Bool {
    let ending = url.pathExtension.lowercased()
    return [
      "dcm", "dicom", "dic", "ima", "png", "jpg", "jpeg", "bmp", "tif", "tiff", "gif", "mp4", "m4v", "mov", "avi",
      "mpg",
      "mpeg", "webm", "mkv",
    ].contains(ending)
  }
}

/// The first bytes of a regular file, its length and the time of its last change.
struct FileHead: Sendable {
  var bytes: [UInt8]
  var size: Int

  /// Refuses what is no regular file or cannot be read; the message does not name it.
  init(_ url: URL) throws(FileBytes.Refusal) {
    func refused() -> FileBytes.Refusal {
      FileBytes.Refusal(description: "cannot be read: \(String(cString: strerror(errno)))")
    }
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw refused() }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw refused() }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw FileBytes.Refusal(description: "expected a file, found a folder, pipe or device")
    }
    size = Int(facts.st_size)
    var buffer = [UInt8](repeating: 0, count: 4096)
    let got = read(descriptor, &buffer, buffer.count)
    guard got >= 0 else { throw refused() }
    bytes = Array(buffer.prefix(got))
  }
}
