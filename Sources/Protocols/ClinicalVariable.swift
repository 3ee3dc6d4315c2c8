/// One column of the cohort table as a network is given it (S0-03, S2-05). A missing cell is told apart from every value:
/// each variable has a place of its own for it.
public struct ClinicalVariable: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// A number, standardised by mean and standard deviation of the training part: 2 values (standardised, missing).
    case number
    /// Yes or no: 2 values (0 or 1, missing).
    case flag
    /// One of several words: a value a level, and one for missing (S2-06).
    case category
    /// One of several words in an order: 2 values (0 for the first to 1 for the last, missing).
    case ordinal
  }
  /// Its name in the cohort table, `size_mm` and `background` among them.
  public var column: String
  public var kind: Kind
  /// The words of a category or an ordinal, the latter from least to most; of a flag the word for no and the word for yes,
  /// by default 0 and 1, no and yes, or false and true.
  public var levels: [String]
  /// A number x enters as log(1 + x): for what is skewed, such as a laboratory value.
  public var log: Bool

  public init(_ column: String, _ kind: Kind, levels: [String] = [], log: Bool = false) {
    (self.column, self.kind, self.levels, self.log) = (column, kind, levels, log)
  }

  /// Values it is encoded in.
  public var width: Int { kind == .category ? levels.count + 1 : 2 }

  private enum CodingKeys: String, CodingKey, CaseIterable { case column, kind, levels, log }

  public init(from decoder: any Decoder) throws {
    try decoder.requireKnownKeys(CodingKeys.self)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    column = try container.decode(String.self, forKey: .column)
    kind = try container.decode(Kind.self, forKey: .kind)
    levels = try container.decodeIfPresent([String].self, forKey: .levels) ?? []
    log = try container.decodeIfPresent(Bool.self, forKey: .log) ?? false
  }

  /// The first variable that cannot be, and why.
  static func fault(in variables: [ClinicalVariable]) -> (place: Int, reason: String)? {
    var seen = Set<String>()
    for (place, variable) in variables.enumerated() {
      if variable.column.isEmpty { return (place, "column: expected a name, found nothing") }
      if !seen.insert(variable.column).inserted { return (place, "column \(variable.column) is named twice") }
      if let reason = variable.fault { return (place, "\(variable.column): \(reason)") }
    }
    return nil
  }

  private var fault: String? {
    if Set(levels).count < levels.count { return "levels: a word is named twice" }
    if log, kind != .number { return "log: only a number has one" }
    switch kind {
    case .number: return levels.isEmpty ? nil : "levels: a number has none"
    case .flag: return [0, 2].contains(levels.count) ? nil : "levels: expected the words for no and yes"
    case .category, .ordinal: return levels.count >= 2 ? nil : "levels: expected at least 2 words"
    }
  }
}
