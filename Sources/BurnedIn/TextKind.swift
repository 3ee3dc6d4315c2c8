/// What a piece of burned-in text is.
public enum TextKind: String, Sendable, Codable, Hashable, CaseIterable {
  /// Matches a token of the patient's identity that the caller gave.
  case identity
  case date, time, identifier, name, institution
  /// Numbers with or without a unit: a depth scale, a colour bar, TI and MI.
  case scale
  /// Words of the scanner or the sonographer that name nobody.
  case annotation
  /// Read, and none of the others: may be a name.
  case words
  /// Not read with confidence.
  case unreadable

  /// Whether it may tell who the patient is. What is not known to be harmless may.
  public var mayIdentify: Bool { self != .scale && self != .annotation }
}

/// Tells what a text is.
struct TextKinds {
  /// Lower case letters and digits of each token, without what stands between.
  private let identity: [String]

  /// - identity: names, ids, dates as written in the header; parts of one (`MUELLER^ANNA`) count alone. Parts of fewer than two
  ///   signs are passed over.
  init(identity: [String]) {
    var parts: [String] = []
    for token in identity {
      parts.append(Self.plain(token))
      parts += token.split { !$0.isLetter && !$0.isNumber }.map { Self.plain(String($0)) }
    }
    self.identity = Array(Set(parts.filter { $0.count >= ($0.contains(where: Self.isIdeograph) ? 2 : 3) })).sorted()
  }

  /// - confidence: Tesseract's, 0...100.
  func kind(of text: String, confidence: Double) -> TextKind {
    if matchesIdentity(text) { return .identity }
    let lower = text.lowercased()
    if Self.isDate(lower) { return .date }
    if lower.contains(/\d{1,2}[:：]\d{2}/) { return .time }
    if lower.contains(/\d[\d\- ]{4,}\d/) || lower.contains(/[a-z]{1,4}\d{4,}/) { return .identifier }
    let words = lower.split { !$0.isLetter }.map(String.init)
    if Wordlist.institutions.contains(where: lower.contains) { return .institution }
    if words.contains(where: Wordlist.identifiers.contains) { return .identifier }
    guard confidence >= 40 else { return .unreadable }
    if Self.isScale(lower) { return .scale }
    let ideographs = text.filter(Self.isIdeograph)
    if !ideographs.isEmpty {
      let rest = Wordlist.knownIdeographs.reduce(text) { $0.replacing($1, with: "") }.filter(Self.isIdeograph)
      return rest.isEmpty ? .annotation : rest.count <= 4 ? .name : .words
    }
    let unknown = words.filter { $0.count >= 3 && !Wordlist.known.contains($0) && !Wordlist.units.contains($0) }
    // Four digits that are no scale may be a year, a clock or the end of an id.
    if unknown.isEmpty, lower.count(where: \.isNumber) >= 4 { return .words }
    if unknown.isEmpty { return confidence >= 60 ? .annotation : .unreadable }
    if lower.contains(/[a-z]{3,}\s*[,^]\s*[a-z]{2,}/) { return .name }
    return .words
  }

  /// Whether a token stands in the text, up to one wrong sign in five.
  func matchesIdentity(_ text: String) -> Bool {
    let plain = Array(Self.plain(text))
    return identity.contains { token in
      let token = Array(token)
      return Self.distance(of: token, within: plain) <= (token.count < 4 ? 0 : max(1, token.count / 5))
    }
  }

  static func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }

  static func isIdeograph(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.properties.isIdeographic }
  }

  private static func isDate(_ text: String) -> Bool {
    text.contains(/\d{4}\s?[-\/.]\s?\d{1,2}\s?[-\/.]\s?\d{1,2}/)
      || text.contains(/\d{1,2}\s?[-\/.]\s?\d{1,2}\s?[-\/.]\s?\d{2,4}/)
      || text.contains(
        /\d{1,2}[- .\/]?(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]*[- .,\/]?\d{2,4}/)
      || text.contains(/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- .]?\d{1,2},? ?\d{4}/)
      || text.contains(/\d\s?[年月日]/) || text.contains(/\b(?:19|20)\d{2}[01]\d[0-3]\d\b/)
  }

  /// Numbers that have a unit, or are as short as those of a scale: a year, the end of an id, `04` of a clock are none, nor are three numbers
  /// in a row, which may be a date whose strokes were not read.
  private static func isScale(_ text: String) -> Bool {
    let parts = text.split { $0 == " " || $0 == ":" || $0 == "=" || $0 == "_" }
    let bare = parts.count { part in
      part.allSatisfy { !$0.isLetter && $0 != "%" && $0 != "°" } && part.contains(where: \.isNumber)
    }
    guard bare < 3 else { return false }
    return !parts.isEmpty
      && parts.allSatisfy { part in
        Wordlist.units.contains(String(part))
          || part.wholeMatch(of: /[-+~—–]?(?:0|[1-9]\d{0,2})(?:[.,]\d{1,3})?[-—]?/) != nil
          || part.wholeMatch(of: /[-+]?\d{1,4}(?:[.,]\d{1,3})?(?:cm|mm|cm\/s|m\/s|kpa|db|hz|mhz|khz|%|s|ms|°|x|fps)/)
            != nil
          || part.allSatisfy { !$0.isLetter && !$0.isNumber }
      }
  }

  /// The fewest signs to change, add or leave out until `token` stands somewhere in `text`.
  static func distance(of token: [Character], within text: [Character]) -> Int {
    var above = [Int](repeating: 0, count: text.count + 1)
    for (row, sign) in token.enumerated() {
      var here = [row + 1]
      for (column, other) in text.enumerated() {
        here.append(min(above[column] + (sign == other ? 0 : 1), above[column + 1] + 1, here[column] + 1))
      }
      above = here
    }
    return above.min() ?? token.count
  }
}
