import Foundation
public import Ultrasound

/// What the class names of annotations mean. A name is looked up whole; else its words are, and of several meanings the
/// most particular role counts: calcification before lesion before background. Case and punctuation do not matter.
/// Chinese terms are found anywhere in the name. A negation (not, non, no, without, 非, 无, 未见) before a term leaves its
/// label out.
public struct RegionVocabulary: Sendable, Hashable {
  public struct Meaning: Sendable, Hashable {
    public var role: RegionOfInterest.Role
    /// For lesions only.
    public var label: Label?

    public init(_ role: RegionOfInterest.Role, _ label: Label? = nil) { (self.role, self.label) = (role, label) }
  }

  /// By term, in lower case.
  public var terms: [String: Meaning]

  public init(terms: [String: Meaning]) {
    self.terms = Dictionary(terms.map { ($0.key.lowercased(), $0.value) }) { one, _ in one }
  }

  /// benign, malignant; lesion, tumor, tumour, nodule, mass; background, liver, parenchyma; calcification, calc; their
  /// plurals, and 良性, 恶性, 结节, 肿块, 病灶, 背景, 钙化.
  public static let standard = RegionVocabulary(terms: [
    "benign": Meaning(.lesion, .benign), "malignant": Meaning(.lesion, .malignant),
    "lesion": Meaning(.lesion), "lesions": Meaning(.lesion), "tumor": Meaning(.lesion), "tumors": Meaning(.lesion),
    "tumour": Meaning(.lesion), "tumours": Meaning(.lesion), "nodule": Meaning(.lesion), "nodules": Meaning(.lesion),
    "mass": Meaning(.lesion), "masses": Meaning(.lesion),
    "background": Meaning(.background), "liver": Meaning(.background), "parenchyma": Meaning(.background),
    "calcification": Meaning(.calcification), "calcifications": Meaning(.calcification),
    "calc": Meaning(.calcification),
    "良性": Meaning(.lesion, .benign), "恶性": Meaning(.lesion, .malignant), "结节": Meaning(.lesion), "肿块": Meaning(.lesion),
    "病灶": Meaning(.lesion), "背景": Meaning(.background), "钙化": Meaning(.calcification),
  ])

  /// - Returns: nil where no term is met.
  public func meaning(of name: String) -> Meaning? {
    let name = name.lowercased()
    if let whole = terms[name.filter { !$0.isWhitespace }] ?? terms[name] { return whole }
    var (role, labels): (RegionOfInterest.Role?, Set<Label>) = (nil, [])
    for (meaning, isDenied) in met(in: name) {
      if !isDenied, let label = meaning.label { labels.insert(label) }
      if isDenied, meaning.label == nil { continue }
      if role == nil || Self.rank(meaning.role) > role.map(Self.rank) ?? 0 { role = meaning.role }
    }
    guard let role else { return nil }
    return Meaning(role, role == .lesion && labels.count == 1 ? labels.first : nil)
  }

  private static func rank(_ role: RegionOfInterest.Role) -> Int {
    switch role {
    case .background: 0
    case .lesion: 1
    case .calcification: 2
    }
  }

  private static let denials: Set<Substring> = ["not", "non", "no", "without"]
  private static let chineseDenials = ["非", "无", "未见", "不"]

  private func met(in name: String) -> [(Meaning, isDenied: Bool)] {
    var met: [(Meaning, isDenied: Bool)] = []
    let words = name.split { !$0.isLetter }
    for (index, word) in words.enumerated() {
      guard let meaning = terms[String(word)] else { continue }
      met.append((meaning, index > 0 && Self.denials.contains(words[index - 1])))
    }
    for (term, meaning) in terms where term.unicodeScalars.contains(where: { $0.value >= 0x2e80 }) {
      guard let place = name.range(of: term) else { continue }
      met.append((meaning, Self.chineseDenials.contains { name[..<place.lowerBound].hasSuffix($0) }))
    }
    return met
  }
}
