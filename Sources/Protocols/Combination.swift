/// A logistic regression of the network's score of a lesion and clinical and ultrasonic factors, made after training
/// (S2-13 to S2-16: Model LBC). Off where no factor is named. Trains no network: two runs that differ in nothing else
/// have one hash.
public struct Combination: Codable, Sendable, Equatable {
  public enum Missing: String, Codable, Sendable {
    /// A level of its own (S2-06): one more column, 1 where the value is missing; a number then takes the mean.
    case level
    /// Lesions with a missing value are left out of a model that uses it, and get no combined score.
    case drop
  }

  public enum Screening: String, Codable, Sendable {
    /// Factors with p below `alpha` alone go into one model without the score; those with p below `alpha` there are
    /// kept (S2-15).
    case multivariable
    /// Factors with p below `alpha` alone are kept.
    case univariate
    /// Every factor is kept.
    case all
  }

  public enum Score: String, Codable, Sendable {
    /// log(s / (1 - s)) of the lesion's score, held within 1e-6 of 0 and 1: its odds ratio does not depend on where on
    /// the probability scale a lesion lies.
    case logit
    /// The lesion's score itself.
    case probability
  }

  public enum Penalty: String, Codable, Sendable {
    /// Maximum likelihood only. A factor that separates the classes is set aside; several that do it together are an
    /// error.
    case none
    /// Firth's penalty where the classes are separated, maximum likelihood elsewhere.
    case firth
  }

  public enum FittedOn: String, Codable, Sendable {
    /// The lesions of the fold's train and validation parts, each with the score of the network that had it in its test
    /// part: no score is of a lesion its network was trained on. Those networks were trained on this fold's test
    /// lesions.
    case outOfFold = "out-of-fold"
    /// The fold's validation part, scored by the fold's network: nothing of the test part reaches the fit, but there
    /// are few lesions, and the epoch was chosen on them.
    case validation
    /// The fold's train part, scored by the network trained on it, as S2 did: its scores there are better than on any
    /// other lesion, so that they weigh too much and the factors too little.
    case train
  }

  public var factors: [CombinationFactor] = []
  public var missing = Missing.level
  public var screening = Screening.multivariable
  /// Bound of the p values of the screening, above 0 and at most 1.
  public var alpha = 0.05
  public var score = Score.logit
  public var penalty = Penalty.none
  public var fittedOn = FittedOn.outOfFold

  public init() {}

  /// Whether a combined model is asked for.
  public var isOn: Bool { !factors.isEmpty }
}

/// One clinical or ultrasonic factor: a column of the cohort table and how it is to be read.
public struct CombinationFactor: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// A number; its odds ratio is per unit.
    case number
    /// 0 or 1, no or yes, false or true, absent or present.
    case flag
    /// One odds ratio a level, against the reference level.
    case category
    /// Levels in order, one odds ratio a step (S2-16 draws hepatitis so).
    case ordinal
  }

  /// A clinical column, or `size_mm`, `background`, `site`, `device`, `modality`.
  public var column: String
  public var kind: Kind
  /// All that may stand in the column. Ordinal: in order, the lowest first, and required. Category: empty takes those
  /// of the cohort.
  public var levels: [String]
  /// The level others are compared with (category); empty takes the first of `levels`.
  public var reference: String
  /// Makes a flag of a number: 1 where it lies above this (S2-05: alpha-fetoprotein above 200).
  public var above: Double?

  public init(
    _ column: String, _ kind: Kind, levels: [String] = [], reference: String = "", above: Double? = nil
  ) {
    (self.column, self.kind, self.levels) = (column, kind, levels)
    (self.reference, self.above) = (reference, above)
  }

  /// What tables call it: `age`, `afp > 200`.
  public var name: String {
    guard let above else { return column }
    return "\(column) > " + (above == above.rounded() && abs(above) < 1e15 ? String(Int64(above)) : String(above))
  }

  private enum CodingKeys: String, CodingKey, CaseIterable { case column, kind, levels, reference, above }

  /// Reads a list's element, which names only what differs from the defaults; a key it does not know is an error.
  public init(from decoder: any Decoder) throws {
    try decoder.requireKnownKeys(CodingKeys.self)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    column = try values.decode(String.self, forKey: .column)
    kind = try values.decode(Kind.self, forKey: .kind)
    levels = try values.decodeIfPresent([String].self, forKey: .levels) ?? []
    reference = try values.decodeIfPresent(String.self, forKey: .reference) ?? ""
    above = try values.decodeIfPresent(Double.self, forKey: .above)
  }
}

extension Combination {
  /// Columns that hold the answer or the order of the cohort; as factors they would make any model look good.
  static let forbidden = ["label", "histology", "patient", "lesion", "exam", "date", "split", "file", "pair"]

  /// What the network's term is called in the model.
  public static let scoreName = "network score"
  private static let taken = [scoreName, "(Intercept)"]

  /// Throws for a value outside its range, naming the key.
  func validate(source: String) throws(ProtocolError) {
    func wrong(_ key: String, _ reason: String) -> ProtocolError {
      .wrongValue(source: source, key: "combination." + key, reason: reason)
    }
    if !(alpha > 0 && alpha <= 1) { throw wrong("alpha", "expected above 0 and at most 1, found \(alpha)") }
    var names: Set<String> = []
    for (place, factor) in factors.enumerated() {
      let key = "factors, number \(place + 1)"
      if factor.column.isEmpty { throw wrong(key, "column: expected a column's name, found nothing") }
      if Self.forbidden.contains(factor.column) {
        throw wrong(key, "column \(factor.column) tells the answer or names the case; it cannot be a factor")
      }
      if factor.column.contains("=") || factor.column.hasSuffix(" (missing)") || Self.taken.contains(factor.column) {
        throw wrong(key, "column \"\(factor.column)\" is named like a row of the model's table; rename it")
      }
      if !names.insert(factor.name).inserted { throw wrong(key, "\(factor.name) is listed twice") }
      if let reason = factor.fault { throw wrong(key, "\(factor.name): \(reason)") }
    }
  }
}

extension CombinationFactor {
  /// What is wrong with it, in words.
  fileprivate var fault: String? {
    if Set(levels).count < levels.count { return "levels: one is listed twice" }
    switch kind {
    case .ordinal where levels.count < 2: return "levels: expected two or more in order, found \(levels.count)"
    case .category where levels.count == 1: return "levels: expected none or two or more, found 1"
    case .number, .flag:
      if !levels.isEmpty { return "levels: a \(kind.rawValue) has none" }
    default: break
    }
    if !reference.isEmpty, kind != .category { return "reference: only a category has one" }
    if !reference.isEmpty, !levels.isEmpty, !levels.contains(reference) {
      return "reference: expected one of \(levels.joined(separator: ", ")), found \(reference)"
    }
    if let above, kind != .number || !above.isFinite { return "above: only a number has one" }
    return nil
  }
}
