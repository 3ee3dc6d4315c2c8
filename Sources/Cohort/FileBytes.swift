import Foundation
import Imaging

/// A regular file's bytes.
enum FileBytes {
  struct Refusal: Error, CustomStringConvertible {
    var description: String
  }

  static func read(_ url: URL) throws -> [UInt8] {
    var facts = stat()
    guard stat(url.path, &facts) == 0 else {
      throw Refusal(description: "\(url.path): cannot be read: \(String(cString: strerror(errno)))")
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw Refusal(description: "\(url.path): expected a file, found a folder or device")
    }
    let limit = DecodeLimits.standard.maximumFileBytes
    guard Int(facts.st_size) <= limit else {
      throw Refusal(description: "\(url.path): the file has \(facts.st_size) bytes, more than the limit of \(limit)")
    }
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw Refusal(description: "\(url.path): cannot be read")
    }
  }
}
