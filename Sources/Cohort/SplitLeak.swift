/// Two images on two sides of a fold that have something in common.
public struct SplitLeak: Codable, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Codable, Sendable, Hashable {
    /// One image in two parts.
    case image
    case patient, exam
    /// A value of the column that divides.
    case value
    /// Pictures that look alike.
    case nearDuplicates = "near-duplicates"
  }

  public var kind: Kind
  /// Key of the patient, exam or group; `site A` of a value of a column.
  public var key: String
  /// 0-based.
  public var fold: Int
  /// An image on each side; the same twice where one image is in two parts.
  public var images: [String]
  public var sides: [String]

  public var description: String {
    let (what, where_) = ("\(kind.rawValue) \"\(key)\"", zip(images, sides).map { "\($0) (\($1))" })
    return "\(what), fold \(fold + 1): \(where_.joined(separator: " and "))"
  }
}
