extension Decoder {
  /// Throws for a key that is not one of `Keys`: a list's element is checked by itself, since only whole objects are laid over
  /// the defaults (``JSONTree``).
  func requireKnownKeys<Keys: CodingKey & CaseIterable>(_ type: Keys.Type) throws {
    let known = Keys.allCases.map(\.stringValue)
    for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
      let reason = "unknown key \(key.stringValue); known there: \(known.sorted().joined(separator: ", "))"
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: reason))
    }
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int? = nil
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
