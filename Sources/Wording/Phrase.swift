/// Words with places for values: `"\(count) lesions at \(site)"` has the key "{1} lesions at {2}", so that a translation can put the
/// values elsewhere. An inserted phrase is translated too; an inserted text is data and stays. Written to a file it is English.
/// Two phrases are equal that say the same in English.
public struct Phrase: Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
  enum Value: Sendable {
    case text(String)
    case phrase(Phrase)
  }

  /// The English words, with {1}, {2}, ... where values go; the catalogue's key.
  public let key: String
  let isVerbatim: Bool
  private let values: [Value]

  public init(stringLiteral value: String) { (key, values, isVerbatim) = (value, [], false) }

  public init(stringInterpolation: Interpolation) {
    (key, values, isVerbatim) = (stringInterpolation.key, stringInterpolation.values, false)
  }

  /// Text that is data, such as a column's name: the same in every language.
  public init(verbatim text: String) { (key, values, isVerbatim) = (text, [], true) }

  public var description: String { text(key, Wording(.english)) }

  public struct Interpolation: StringInterpolationProtocol {
    var key = ""
    var values: [Value] = []

    public init(literalCapacity: Int, interpolationCount: Int) { key.reserveCapacity(literalCapacity) }

    public mutating func appendLiteral(_ literal: String) { key += literal }
    public mutating func appendInterpolation(_ text: String) { append(.text(text)) }
    public mutating func appendInterpolation(_ number: Int) { append(.text(String(number))) }
    public mutating func appendInterpolation(_ phrase: Phrase) { append(.phrase(phrase)) }

    private mutating func append(_ value: Value) {
      values.append(value)
      key += "{\(values.count)}"
    }
  }

  /// `template` with the values in their places.
  func text(_ template: String, _ words: Wording) -> String {
    guard !values.isEmpty else { return template }
    var result = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{") {
      let after = rest.index(after: open)
      guard let close = rest[after...].firstIndex(of: "}"), let place = Int(rest[after..<close]),
        values.indices.contains(place - 1)
      else {
        result += rest[..<after]
        rest = rest[after...]
        continue
      }
      result += rest[..<open]
      switch values[place - 1] {
      case .text(let text): result += text
      case .phrase(let phrase): result += words(phrase)
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}

extension Phrase: Hashable {
  public static func == (a: Phrase, b: Phrase) -> Bool { a.description == b.description }
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Phrase: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(verbatim: try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
