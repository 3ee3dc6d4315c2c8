import DICOM
import Foundation

/// The words of a header that name its patient, physicians or institution, and how a text is searched for them.
struct IdentityTokens: Sendable {
  enum Kind: String, Sendable {
    case name = "a name"
    case number = "a number"
    case birthDate = "the birth date"
    case place = "an institution, address or device"
  }

  /// Words that are found only as whole words: lower case, no accents.
  private(set) var words: [String: Kind] = [:]
  /// Long or Chinese words, found anywhere.
  private(set) var parts: [String: Kind] = [:]

  var isEmpty: Bool { words.isEmpty && parts.isEmpty }

  /// What a text holds, if anything.
  func find(in text: String) -> Kind? {
    let folded = Self.folded(text)
    guard !folded.isEmpty else { return nil }
    for word in Self.runs(folded) { if let kind = words[word] { return kind } }
    for (part, kind) in parts where folded.contains(part) { return kind }
    return nil
  }

  /// Whether bytes of unknown meaning hold a longer word, as ASCII, UTF-8, UTF-16 or GB18030.
  func find(in bytes: [UInt8], encoders: [TokenBytes]) -> Kind? {
    let lower = bytes.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    return encoders.first { $0.isContained(in: lower) }?.kind
  }

  // MARK: Collecting

  mutating func addName(_ text: String) {
    for group in text.split(separator: "=") {
      let components = group.split { "^ ,.-_'\u{b7}".contains($0) }.map { Self.folded(String($0)) }
      for component in components { add(component, .name, leastLetters: 3) }
      let given = components.filter { !Self.general.contains($0) }.prefix(3)
      guard given.count > 1 else { continue }
      let joined = given.joined()
      let turned = (given.dropFirst() + given.prefix(1)).joined()
      for whole in [joined, turned] { add(whole, .name, leastLetters: 5) }
    }
  }

  /// An identifier: as it stands, and without what separates its parts.
  mutating func addNumber(_ text: String) {
    let folded = Self.folded(text)
    let plain = folded.filter { $0.isLetter || $0.isNumber }
    add(plain, .number, leastLetters: 4)
    for run in Self.runs(folded) where run.contains(where: \.isNumber) { add(run, .number, leastLetters: 4) }
  }

  /// Of a birth date, DA: the usual ways of writing it.
  mutating func addBirthDate(_ text: String) {
    let digits = text.filter { $0.isASCII && $0.isNumber }
    guard digits.count == 8 else { return }
    let (year, month, day) = (digits.prefix(4), digits.dropFirst(4).prefix(2), digits.suffix(2))
    for separator in ["", "-", "/", "."] {
      parts[[year, month, day].joined(separator: separator)] = .birthDate
      parts[[day, month, year].joined(separator: separator)] = .birthDate
      parts[[month, day, year].joined(separator: separator)] = .birthDate
    }
    if let m = Int(month), let d = Int(day) { parts["\(year)年\(m)月\(d)日"] = .birthDate }
  }

  mutating func addPlace(_ text: String) {
    let folded = Self.folded(text)
    for run in folded.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
    where !Self.general.contains(run) { add(run, .place, leastLetters: 4) }
    if folded.count >= 8, folded.contains(" ") { parts[folded] = .place }
  }

  private mutating func add(_ word: String, _ kind: Kind, leastLetters: Int) {
    guard !Self.general.contains(word), !word.isEmpty else { return }
    if word.unicodeScalars.contains(where: { $0.value >= 0x2e80 }) {
      // A surname of one character is in too many words.
      if word.count >= 2 { parts[word] = kind }
    } else if word.count >= leastLetters {
      words[word] = kind
      if word.count >= 6 { parts[word] = kind }
    }
  }

  /// Lower case, without accents, full-width letters as plain ones.
  static func folded(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil).lowercased()
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs of letters and digits, and within those the runs of only letters and of only digits.
  private static func runs(_ folded: String) -> Set<String> {
    var runs: Set<String> = []
    for run in folded.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      runs.insert(String(run))
      for part in run.split(whereSeparator: \.isNumber) { runs.insert(String(part)) }
      for part in run.split(whereSeparator: \.isLetter) { runs.insert(String(part)) }
    }
    return runs
  }

  /// Words of names that name nobody, and what stands where a name was taken out before.
  private static let general: Set<String> = [
    "anon", "anonymous", "anonymized", "anonymised", "anonymity", "unknown", "none", "null", "name", "patient", "test",
    "removed",
    "deidentified", "dicom", "dr", "prof", "doctor", "mr", "mrs", "ms", "miss", "med", "md", "phd", "hospital",
    "university",
    "clinic", "clinical", "center", "centre", "medical", "department", "radiology", "ultrasound", "imaging",
    "institute",
    "institution", "general", "health", "healthcare", "of", "the", "and", "for", "street", "road", "avenue", "city",
    "first",
    "second", "third", "affiliated", "people", "peoples", "school", "medicine", "cardiology", "sono", "breast", "room",
    "医院", "大学", "中心", "第一", "附属", "人民医院", "超声科", "超声", "匿名", "0000", "00000", "000000", "0000000", "00000000",
  ]
}

/// A word as bytes that are searched for.
struct TokenBytes: Sendable {
  let kind: IdentityTokens.Kind
  private let forms: [[UInt8]]

  init?(_ word: String, _ kind: IdentityTokens.Kind) {
    let utf8 = Array(word.utf8)
    guard utf8.count >= 5 else { return nil }
    self.kind = kind
    var forms = [utf8, word.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }]
    if !word.allSatisfy(\.isASCII), let bytes = ChineseText.gb18030(word) {
      // Small letters that capitals would have become are found in their bytes too.
      forms.append(bytes.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 })
    }
    self.forms = forms
  }

  /// - Parameter lower: bytes with the capitals of ASCII made small.
  func isContained(in lower: [UInt8]) -> Bool {
    forms.contains { form in Self.contains(lower, form) }
  }

  private static func contains(_ bytes: [UInt8], _ form: [UInt8]) -> Bool {
    guard let first = form.first, bytes.count >= form.count else { return false }
    return bytes.withUnsafeBufferPointer { all in
      for start in 0...(all.count - form.count) where all[start] == first {
        if all[start..<start + form.count].elementsEqual(form) { return true }
      }
      return false
    }
  }
}
