import Foundation
import Imaging

/// The stills that Tools/golden/stills.py wrote, and what Pillow makes of them.
struct Golden: Decodable, Sendable {
  struct Picture: Decodable, Sendable {
    var width: Int
    var height: Int
    var rgb: String
    var grey: String
    var samples16: String?
  }

  struct Resize: Decodable, Sendable {
    /// x, y, width, height.
    var box: [Double]
    var size: [Int]
    var crop: String
    var rgb: String
    var grey: String
    var nearest: String
  }

  var files: [String: Picture?]
  var resizes: [Resize]
}

enum Fixtures {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let folder = tests.appending(path: "Fixtures")
  static let shared = tests.appending(path: "../../../shared/data").standardizedFileURL
  static let hasShared = FileManager.default.fileExists(atPath: shared.path)

  static func golden() throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
  }

  static func file(_ name: String) -> URL { folder.appending(path: name) }

  static func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: file(name))) }

  /// A file of a temporary folder, for the time of `body`.
  static func withFile<Result>(_ bytes: [UInt8], _ body: (URL) throws -> Result) throws -> Result {
    let file = FileManager.default.temporaryDirectory.appending(path: "still-\(UUID().uuidString).png")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file)
  }
}

/// FNV-1a of 64 bits, as hexadecimal digits.
func fnv(_ bytes: some Sequence<UInt8>) -> String {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
