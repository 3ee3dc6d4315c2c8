/// A confidence interval. JSON writes what is not finite as "inf", "-inf" or null (undefined).
public struct Interval: Sendable, Codable, Equatable {
  public var lower: Double
  public var upper: Double
  /// Confidence level, between 0 and 1; 0.95 for a 95 % interval.
  public var level: Double

  public init(lower: Double, upper: Double, level: Double) {
    (self.lower, self.upper, self.level) = (lower, upper, level)
  }

  /// Both ends moved into `range`.
  public func clipped(to range: ClosedRange<Double>) -> Interval {
    func clip(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }
    return Interval(lower: clip(lower), upper: clip(upper), level: level)
  }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  enum CodingKeys: CodingKey { case lower, upper, level }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    lower = try values.decodeNumber(.lower)
    upper = try values.decodeNumber(.upper)
    level = try values.decode(Double.self, forKey: .level)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(lower, .lower)
    try values.encodeNumber(upper, .upper)
    try values.encode(level, forKey: .level)
  }
}

/// A number and, where one is defined, its confidence interval. An undefined value (a proportion of nothing) is NaN with no
/// interval; JSON writes it as null, and an infinite one as "inf" or "-inf".
public struct Estimate: Sendable, Codable {
  public var value: Double
  public var interval: Interval?

  public init(value: Double, interval: Interval? = nil) {
    (self.value, self.interval) = (value, interval)
  }

  /// No value, no interval.
  public static let undefined = Estimate(value: .nan)

  public var isDefined: Bool { !value.isNaN }

  enum CodingKeys: CodingKey { case value, interval }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    value = try values.decodeNumber(.value)
    interval = try values.decodeIfPresent(Interval.self, forKey: .interval)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeNumber(value, .value)
    try values.encodeIfPresent(interval, forKey: .interval)
  }
}

/// JSON has no NaN and no infinity.
extension KeyedEncodingContainer {
  mutating func encodeNumber(_ value: Double, _ key: Key) throws {
    if value.isNaN {
      try encodeNil(forKey: key)
    } else if value.isInfinite {
      try encode(value < 0 ? "-inf" : "inf", forKey: key)
    } else {
      try encode(value, forKey: key)
    }
  }
}

extension KeyedDecodingContainer {
  func decodeNumber(_ key: Key) throws -> Double {
    if try decodeNil(forKey: key) { return .nan }
    if let text = try? decode(String.self, forKey: key) {
      switch text {
      case "inf": return .infinity
      case "-inf": return -.infinity
      default:
        throw DecodingError.dataCorruptedError(
          forKey: key, in: self, debugDescription: "expected a number, \"inf\" or \"-inf\", found \"\(text)\"")
      }
    }
    return try decode(Double.self, forKey: key)
  }
}
