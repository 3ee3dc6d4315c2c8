/// The rows of one stratum.
public struct Stratum: Sendable {
  public var label: String
  public var scores: [Double]
  public var positives: [Bool]
  /// Patient of each row; rows of one patient in two strata bear the same name.
  public var patients: [String]
  /// Not a level of the factor (its value is missing): shown, never tested.
  public var isMissing: Bool

  public init(_ label: String, scores: [Double], positives: [Bool], patients: [String], isMissing: Bool = false) {
    (self.label, self.scores, self.positives) = (label, scores, positives)
    (self.patients, self.isMissing) = (patients, isMissing)
  }
}

/// How few cases are too few.
public struct FewestCases: Sendable, Equatable {
  /// Of a class, for an estimate of it to be given.
  public var estimate: Int
  /// Patients of a class, for the stratum to be tested against others. Below, the stratum is flagged.
  public var test: Int

  public init(estimate: Int = 5, test: Int = 10) { (self.estimate, self.test) = (estimate, test) }
}

/// How well the score does in one stratum. What cannot be had is nil, and `flags` says why.
public struct StratumAccuracy: Sendable {
  public enum Flag: Sendable, Equatable, CustomStringConvertible {
    case noRows
    case oneClass(positives: Int, negatives: Int)
    /// Fewer than an estimate needs.
    case noEstimate(positives: Int, negatives: Int)
    /// Patients with a positive and with a negative: fewer than a test needs.
    case tooFew(positives: Int, negatives: Int)
    /// An AUC of 0 or 1, or rows that are all tied, has no variance and no interval.
    case noVariance

    public var description: String {
      switch self {
      case .noRows: "no rows"
      case .oneClass(let positives, let negatives): "one class only (\(positives) positive, \(negatives) negative)"
      case .noEstimate(let positives, let negatives): "too few (\(positives) positive, \(negatives) negative)"
      case .tooFew(let positives, let negatives):
        "too few to compare AUCs (\(positives) positive, \(negatives) negative)"
      case .noVariance: "AUC without variance"
      }
    }
  }

  public let label: String
  public let isMissing: Bool
  public let n: Int
  public let events: Int
  public let patients: Int
  /// Interval on the logit scale: DeLong's variance, or Obuchowski's where patients repeat within the stratum.
  public let auc: Estimate?
  /// At the cut-off; Wilson's interval, at the effective number of rows where patients repeat.
  public let sensitivity: Estimate?
  public let specificity: Estimate?
  /// Events over the sum of the scores; nil unless every score is a probability.
  public let observedToExpected: Double?
  public let flags: [Flag]
  /// Whether its AUC enters the tests between strata.
  public let isTested: Bool

  let delong: DeLong?
  let area: (any AreaEstimate)?

  /// - Parameter cutOff: a row is called positive at or above it.
  /// - Throws: `lengthsDiffer`, `notFinite`.
  public init(
    _ stratum: Stratum, cutOff: Double?, fewest: FewestCases = FewestCases(), level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    let rows = stratum.scores.count
    try Require.sameLength("labels", stratum.positives.count, as: rows)
    try Require.sameLength("patients", stratum.patients.count, as: rows)
    try Require.finite(stratum.scores, "score")
    (label, isMissing, n) = (stratum.label, stratum.isMissing, rows)
    events = stratum.positives.count { $0 }
    let counts = (positives: events, negatives: rows - events)
    patients = Set(stratum.patients).count
    let repeats = patients < rows
    let withPositive = Set(stratum.positives.indices.filter { stratum.positives[$0] }.map { stratum.patients[$0] })
      .count
    let withNegative = Set(stratum.positives.indices.filter { !stratum.positives[$0] }.map { stratum.patients[$0] })
      .count

    var flags: [Flag] = []
    let isEstimated = min(counts.positives, counts.negatives) >= fewest.estimate
    if rows == 0 {
      flags.append(.noRows)
    } else if min(counts.positives, counts.negatives) == 0 {
      flags.append(.oneClass(positives: counts.positives, negatives: counts.negatives))
    } else if !isEstimated {
      flags.append(.noEstimate(positives: counts.positives, negatives: counts.negatives))
    } else if min(withPositive, withNegative) < fewest.test {
      flags.append(.tooFew(positives: withPositive, negatives: withNegative))
    }
    delong = isEstimated ? try? DeLong(scores: stratum.scores, positives: stratum.positives) : nil
    let area: (any AreaEstimate)? =
      repeats && isEstimated
      ? try? ClusteredAUC(scores: stratum.scores, positives: stratum.positives, clusters: stratum.patients) : delong
    self.area = area
    let hasVariance = area.map { $0.variance > 0 && $0.auc > 0 && $0.auc < 1 } ?? false
    if let delong {
      auc = Estimate(value: delong.auc, interval: hasVariance ? area?.logit(level: level) : nil)
      if !hasVariance { flags.append(.noVariance) }
    } else {
      auc = nil
    }
    isTested = hasVariance && min(withPositive, withNegative) >= fewest.test && !stratum.isMissing

    func share(ofPositives wanted: Bool) -> Estimate? {
      guard let cutOff else { return nil }
      let own = stratum.positives.indices.filter { stratum.positives[$0] == wanted }
      guard own.count >= fewest.estimate else { return nil }
      let right = own.map { (stratum.scores[$0] >= cutOff) == wanted }
      let names = own.map { stratum.patients[$0] }
      if Set(names).count < names.count {
        return (try? ClusteredProportion(right, clusters: names, level: level))?.estimate
      }
      return Proportion.wilson(successes: right.count { $0 }, of: right.count, level: level)
    }
    (sensitivity, specificity) = (share(ofPositives: true), share(ofPositives: false))
    let expected = stratum.scores.reduce(0, +)
    observedToExpected =
      rows >= fewest.estimate && expected > 0 && stratum.scores.allSatisfy { (0...1).contains($0) }
      ? Double(events) / expected : nil
    self.flags = flags
  }
}
