// Wording: what figures and reports say to people, in English and in Chinese. A phrase is written in English where it is used; its
// Chinese stands in the catalogue under the English words. Numbers come formatted. Imports nothing.

import Synchronization

/// A language of figures and reports.
public enum Language: String, CaseIterable, Codable, Sendable {
  case english = "en"
  case chinese = "zh"
}

/// Puts phrases into one language: `words("Sensitivity")`.
public final class Wording: Sendable {
  public let language: Language
  private let unknown = Mutex<Set<String>>([])

  public init(_ language: Language = .english) { self.language = language }

  /// The phrase in this language; in English where the catalogue lacks it.
  public func callAsFunction(_ phrase: Phrase) -> String {
    guard language == .chinese, !phrase.isVerbatim else { return phrase.text(phrase.key, self) }
    guard let translation = Chinese.catalogue[phrase.key] else {
      unknown.withLock { _ = $0.insert(phrase.key) }
      return phrase.text(phrase.key, self)
    }
    return phrase.text(translation, self)
  }

  /// Sentences one after the other; Chinese ones need no space between them.
  public func sentences(_ phrases: [Phrase]) -> String {
    phrases.map { self($0) }.joined(separator: language == .chinese ? "" : " ")
  }

  /// The keys asked for that the catalogue lacks; a test of a page in Chinese expects none.
  public var missing: [String] { unknown.withLock { $0.sorted() } }
}
