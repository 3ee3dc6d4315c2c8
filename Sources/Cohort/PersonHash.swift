import Crypto
import DICOM
import Foundation

/// Tells whether two files of one Patient ID name the same person, without keeping who that is: 16 bits each of salted hashes of the
/// name, and of name and birth date together.
///
/// Two different names pass for the same once in 65,536; of ten million names 150 share one hash, so that it leads back to none.
struct PersonHash: Codable, Sendable, Hashable {
  /// Nil where the file has no name.
  var name: UInt16?
  /// Nil where the file has no birth date or no name.
  var person: UInt16?

  init(name: UInt16?, person: UInt16?) { (self.name, self.person) = (name, person) }

  init(_ set: DataSet, salt: [UInt8]) {
    // Of several ways to write the name, the first; writers differ in case, spaces and empty parts.
    let text = (try? set.string(.patientName))?.split(separator: "=").first ?? ""
    let parts = text.lowercased().split { $0 == "^" || $0 == " " || $0 == "," }.joined(separator: "^")
    let born = (try? set.string(Tag(0x0010, 0x0030)))?.filter(\.isNumber) ?? ""
    guard !parts.isEmpty else { return }
    name = Self.hash(["name", parts], salt)
    if !born.isEmpty { person = Self.hash(["person", parts, born], salt) }
  }

  /// Whether both name a person and the names or birth dates differ.
  func differs(from other: PersonHash) -> Bool {
    if let name, let theirs = other.name, name != theirs { return true }
    if let person, let theirs = other.person, person != theirs { return true }
    return false
  }

  /// Its own facts, and those of the other where it has none.
  func filled(from other: PersonHash) -> PersonHash {
    PersonHash(name: name ?? other.name, person: person ?? other.person)
  }

  static func newSalt() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: 0...255) } }

  /// A hash of a text that cannot be looked up in a table made beforehand; hexadecimal, 64 digits.
  static func blinded(_ text: String, _ salt: [UInt8]) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: salt))
    return FieldHash.hexadecimal(digest: code)
  }

  private static func hash(_ texts: [String], _ salt: [UInt8]) -> UInt16 {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(texts.joined(separator: "\0").utf8), using: SymmetricKey(data: salt))
    return code.prefix(2).reduce(0) { $0 << 8 | UInt16($1) }
  }
}
