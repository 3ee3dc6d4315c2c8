/// One element: where its value lies, or what it contains.
public struct Element: Sendable {
  public let tag: Tag
  public let vr: ValueRepresentation
  let content: Content

  enum Content: Sendable {
    /// Bytes of the source.
    case value(ByteRange)
    case items([DataSet])
    /// Encapsulated pixels: the basic offset table and the fragments after it.
    case fragments(table: ByteRange, [ByteRange])
  }
}

/// A place in a source.
struct ByteRange: Sendable, Hashable {
  var start: Int
  var count: Int
  var end: Int { start + count }
}

/// A data set, of a file or of a sequence's item. Values are read from the file when they are asked for. An attribute that
/// is absent or empty has no values; one that cannot be read as what was asked for is an error that names it.
public struct DataSet: Sendable {
  /// In the file's order.
  public let elements: [Element]
  let source: ByteSource
  let isBigEndian: Bool
  /// Specific Character Set, its own or that of the data set around it.
  let characterSets: [String]

  public func element(_ tag: Tag) -> Element? { elements.last { $0.tag == tag } }
  public func contains(_ tag: Tag) -> Bool { element(tag) != nil }

  /// The items of a sequence; none where it is absent.
  public func items(_ tag: Tag) -> [DataSet] {
    if case .items(let items) = element(tag)?.content { items } else { [] }
  }

  /// The value as it lies in the file.
  public func bytes(_ tag: Tag) throws(DICOMError) -> [UInt8] {
    guard case .value(let range) = element(tag)?.content else { return [] }
    guard range.count <= source.limits.maximumValueBytes else {
      throw .tooLarge(
        file: source.name, detail: "\(tag) has \(range.count) bytes, limit \(source.limits.maximumValueBytes)")
    }
    return try source.bytes(at: range.start, count: range.count)
  }
}
