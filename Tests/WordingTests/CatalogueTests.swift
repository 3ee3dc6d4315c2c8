import Foundation
import Testing

@testable import Wording

/// Every phrase that the sources hold has its Chinese.
@Suite struct CatalogueTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  private func files(_ target: String) throws -> [URL] {
    let folder = Self.sources.appending(path: target).resolvingSymlinksInPath()
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
  }

  @Test(arguments: ["Evaluation", "Explanation", "Figures", "insonate"])
  func everyPhraseOfTheSourcesIsInTheCatalogue(target: String) throws {
    var count = 0
    for file in try files(target) {
      for key in try PhraseScanner.keys(in: String(contentsOf: file, encoding: .utf8)) {
        count += 1
        #expect(Chinese.catalogue[key] != nil, "\(file.lastPathComponent): \"\(key)\" has no Chinese")
      }
    }
    if target == "Evaluation" { #expect(count > 200) }
  }

  @Test func scannerReadsLiterals() throws {
    let source = #"""
      words("plain"); words( x ); swords("no"); Phrase("a \(f("x)", [1])) b \(y)")
      words.sentences([
        Phrase(
          """
          Longer \(text) \
          with 95\u{202F}% "quoted"
          """)])
      Phrase(verbatim: "data"); words(isOne ? "not seen" : "nor this")
      """#
    #expect(
      try PhraseScanner.keys(in: source) == ["plain", "a {1} b {2}", "Longer {1} with 95\u{202F}% \"quoted\""])
  }

  /// Chinese sentences end as Chinese ones do, and hold no English words but names and measures.
  @Test func translationsAreChinese() {
    for (key, chinese) in Chinese.catalogue where key.hasSuffix(".") {
      #expect(chinese.hasSuffix("。"), "\(key)")
    }
    for (key, chinese) in Chinese.catalogue {
      let words = key.split { !$0.isLetter }.map(String.init)
      let isNames = words.allSatisfy { $0.contains { $0.isUppercase } || $0.count < 3 }
      #expect(isNames || chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(key)")
    }
  }
}

/// Finds the literals that `words(` and `Phrase(` are called with, as keys of the catalogue: `\(...)` becomes {1}, {2}, ...
enum PhraseScanner {
  struct Unfinished: Error {}

  static func keys(in source: String) throws -> [String] {
    var keys: [String] = []
    for match in source.matches(of: /\b(?:words|Phrase)\(\s*(?=")/) {
      var reader = Reader(text: Array(source[match.range.upperBound...]))
      keys.append(try reader.literal())
    }
    return keys
  }

  private struct Reader {
    let text: [Character]
    var place = 0

    init(text: [Character]) { self.text = text }

    private mutating func next() throws -> Character {
      guard place < text.count else { throw Unfinished() }
      place += 1
      return text[place - 1]
    }

    private func isAt(_ string: String) -> Bool { text[place...].starts(with: string) }

    /// A literal of one line or of several, from its opening quotes on.
    mutating func literal() throws -> String {
      let quotes = isAt("\"\"\"") ? "\"\"\"" : "\""
      place += quotes.count
      var (key, values) = ("", 0)
      while !isAt(quotes) {
        let character = try next()
        guard character == "\\" else {
          key.append(character)
          continue
        }
        switch try next() {
        case "(":
          try skipValue()
          values += 1
          key += "{\(values)}"
        case "u":
          var digits = ""
          while let digit = Optional(try next()), digit != "}" { if digit != "{" { digits.append(digit) } }
          guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { throw Unfinished() }
          key.unicodeScalars.append(scalar)
        case "\n": key.append("\u{0}")
        case "n": key.append("\u{1}")
        case let escaped: key.append(escaped)
        }
      }
      place += quotes.count
      return quotes.count == 1 ? key : unindented(key)
    }

    /// To the bracket that closes an inserted value.
    private mutating func skipValue() throws {
      var depth = 1
      while depth > 0 {
        if isAt("\"") {
          _ = try literal()
          continue
        }
        switch try next() {
        case "(": depth += 1
        case ")": depth -= 1
        default: break
        }
      }
    }

    /// A line break after a backslash is none.
    private func unindented(_ text: String) -> String {
      let lines = text.replacingOccurrences(of: "\u{0}", with: "\u{0}\n").split(
        separator: "\n", omittingEmptySubsequences: false)
      let indent = lines.last?.count ?? 0
      return lines.dropFirst().dropLast().map { $0.dropFirst(indent) + ($0.hasSuffix("\u{0}") ? "" : "\n") }.joined()
        .replacingOccurrences(of: "\u{0}", with: "").trimmingCharacters(in: ["\n"])
    }
  }
}
