import Crypto
import Foundation

/// The secret from which pseudonyms, new UIDs and shifts are made: the same for the same patient, always and everywhere, and
/// without the secret not to be undone or recomputed.
public struct DeidentificationKey: Sendable, Equatable {
  /// 32 bytes.
  let secret: [UInt8]

  /// nil where there are fewer than 32 bytes.
  public init?(secret: [UInt8]) {
    guard secret.count >= 32 else { return nil }
    self.secret = secret
  }

  /// From the system's random numbers.
  public static func random() -> DeidentificationKey {
    DeidentificationKey(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
  }

  private init(bytes: [UInt8]) { secret = bytes }

  /// HMAC-SHA256 of what is hashed, under a name of its purpose.
  func hash(_ purpose: String, _ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array("\(purpose)\u{0}\(text)".utf8), using: SymmetricKey(data: secret)))
  }

  /// `2.25.` and the decimal of a UUID (PS3.5 B.2) whose free 122 bits are of the hash (version 8 of RFC 9562).
  public func uid(for old: String) -> String {
    var bytes = Array(hash("uid", old).prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    return "2.25." + Self.decimal(bytes)
  }

  /// Ten letters and digits (50 bits) that cannot be mistaken for each other.
  public func pseudonym(for patient: String) -> String {
    let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let hash = hash("patient", patient)
    let number = hash.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return "P" + String((0..<10).map { letters[Int(number >> UInt64(5 * $0) & 31)] })
  }

  /// A hash of a text that tells nothing to whoever lacks the key; hexadecimal, 64 digits.
  public func blinded(_ text: String) -> String {
    hash("text", text).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// 1...3650.
  func shift(for patient: String) -> DateShift {
    let number = hash("dates", patient).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return DateShift(days: 1 + Int(number % 3650))
  }

  /// For comparing values that must not stand in a key file.
  func fingerprint(_ text: String) -> String {
    hash("fingerprint", text).prefix(16).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }
      .joined()
  }

  private static func decimal(_ bytes: [UInt8]) -> String {
    var digits: [UInt8] = [0]
    for byte in bytes {
      var carry = Int(byte)
      for place in digits.indices {
        carry += Int(digits[place]) << 8
        digits[place] = UInt8(carry % 10)
        carry /= 10
      }
      while carry > 0 {
        digits.append(UInt8(carry % 10))
        carry /= 10
      }
    }
    return String(digits.reversed().map { Character(Unicode.Scalar(0x30 + $0)) })
  }
}
