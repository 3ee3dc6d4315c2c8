/// Which classes a case may belong to: none (unlike anything calibrated on), one, or both.
public struct PredictionSet: Sendable, Equatable {
  public var benign: Bool
  public var malignant: Bool

  public init(benign: Bool, malignant: Bool) { (self.benign, self.malignant) = (benign, malignant) }

  public var size: Int { (benign ? 1 : 0) + (malignant ? 1 : 0) }
  public func holds(positive: Bool) -> Bool { positive ? malignant : benign }
}

/// Among which calibration cases a case is ranked, hence for whom the coverage holds.
public enum ConformalTaxonomy: String, Sendable, CaseIterable {
  /// Over all cases together.
  case marginal
  /// For malignant and benign cases each (label-conditional or Mondrian: Vovk, Gammerman & Shafer 2005, section 4.5).
  case byClass = "class"
  /// For the cases of each site.
  case bySite = "site"
  /// For each class at each site.
  case byClassAndSite = "class-and-site"

  public var splitsClasses: Bool { self == .byClass || self == .byClassAndSite }
  public var splitsSites: Bool { self == .bySite || self == .byClassAndSite }
}

/// Split conformal sets of a binary score, from calibration cases that the score was not fitted on.
///
/// Nonconformity is the probability of the other class: 1 - p for malignant, p for benign. Exchangeable are the patients, not
/// their lesions: hierarchical conformal prediction (Lee, Barber & Willett 2023, arXiv:2306.06342, after Dunn, Wasserman & Ramdas,
/// JASA 2023;118:2491) gives each of K patients the weight 1 / (K + 1), shared by its rows, and the rest to infinity; a row of a
/// new patient is then covered with a chance of at least 1 - alpha. With one row a patient it is the usual split conformal
/// quantile, the ceil((n + 1)(1 - alpha))-th smallest of n.
public struct ConformalPredictor: Sendable {
  /// One group of calibration cases.
  public struct Group: Sendable, Equatable {
    /// Nil where classes or sites are not told apart.
    public let positive: Bool?
    public let site: String?
    public let rows: Int
    public let patients: Int
    /// Largest nonconformity that is let in; infinite with fewer than 1 / alpha - 1 patients, and the class is then in every set.
    public let quantile: Double
    /// Too few patients for a quantile of its own: a site then uses that of all sites, without the promise for itself.
    public let isTooSmall: Bool
  }

  public let taxonomy: ConformalTaxonomy
  public let alpha: Double
  /// In order: sites by name, benign before malignant; the pooled ones, without a site, last.
  public let groups: [Group]

  private let pooled: [Ranking]
  private let ofSite: [String: [Ranking]]

  /// - Parameters:
  ///   - scores: probabilities of malignancy.
  ///   - sites: of each row; read where the taxonomy splits sites.
  ///   - alpha: share that may be missed, between 0 and 1.
  /// - Throws: `lengthsDiffer`, `empty`, `outOfRange`, `notFinite`; `oneClassOnly` where classes are split and one has no case.
  public init(
    scores: [Double], positives: [Bool], patients: [String], sites: [String], taxonomy: ConformalTaxonomy, alpha: Double
  ) throws(StatisticsError) {
    try Require.sameLength("labels", positives.count, as: scores.count)
    try Require.sameLength("patients", patients.count, as: scores.count)
    try Require.sameLength("sites", sites.count, as: scores.count)
    try Require.probabilities(scores, "score")
    if scores.isEmpty { throw .empty(what: "calibration cases") }
    guard alpha > 0, alpha < 1 else {
      throw .outOfRange(what: "alpha", row: nil, expected: "a number between 0 and 1", found: "\(alpha)")
    }
    let events = positives.count { $0 }
    if taxonomy.splitsClasses, events == 0 || events == scores.count {
      throw .oneClassOnly(positives: events, negatives: scores.count - events)
    }
    (self.taxonomy, self.alpha) = (taxonomy, alpha)

    func ranking(_ keeps: (Int) -> Bool) -> Ranking {
      let rows = scores.indices.filter(keeps)
      return Ranking(
        rows.map { positives[$0] ? 1 - scores[$0] : scores[$0] }, patients: rows.map { patients[$0] }, alpha: alpha)
    }
    /// One ranking, or benign and malignant.
    func rankings(_ keeps: (Int) -> Bool) -> [Ranking] {
      taxonomy.splitsClasses
        ? [false, true].map { positive in ranking { positives[$0] == positive && keeps($0) } } : [ranking(keeps)]
    }
    func described(_ rankings: [Ranking], site: String?) -> [Group] {
      rankings.enumerated().map { index, ranking in
        Group(
          positive: taxonomy.splitsClasses ? index == 1 : nil, site: site, rows: ranking.values.count,
          patients: ranking.patients, quantile: ranking.quantile, isTooSmall: ranking.quantile == .infinity)
      }
    }
    let pooled = rankings { _ in true }
    var ofSite: [String: [Ranking]] = [:]
    var groups: [Group] = []
    if taxonomy.splitsSites {
      for site in Set(sites).sorted() {
        let own = rankings { sites[$0] == site }
        ofSite[site] = own
        groups += described(own, site: site)
      }
    }
    groups += described(pooled, site: nil)
    (self.pooled, self.ofSite, self.groups) = (pooled, ofSite, groups)
  }

  /// The classes whose nonconformity is within its group's quantile.
  public func set(score: Double, site: String = "") -> PredictionSet {
    PredictionSet(
      benign: score <= ranking(positive: false, site).quantile,
      malignant: 1 - score <= ranking(positive: true, site).quantile)
  }

  /// Conformal p-value of either class: small where the case is unlike those of the class. A class is in the set where its
  /// p-value is above alpha.
  public func pValues(score: Double, site: String = "") -> (benign: Double, malignant: Double) {
    (ranking(positive: false, site).p(score), ranking(positive: true, site).p(1 - score))
  }

  /// Whether a case of this site is held to the pooled quantile of a class, its site having too few cases or none.
  public func isPooled(positive: Bool, site: String) -> Bool {
    taxonomy.splitsSites && own(positive: positive, site) == nil
  }

  private func ranking(positive: Bool, _ site: String) -> Ranking {
    own(positive: positive, site) ?? pooled[taxonomy.splitsClasses && positive ? 1 : 0]
  }

  private func own(positive: Bool, _ site: String) -> Ranking? {
    guard let rankings = ofSite[site] else { return nil }
    let ranking = rankings[taxonomy.splitsClasses && positive ? 1 : 0]
    return ranking.quantile == .infinity ? nil : ranking
  }
}

/// Nonconformities of a group in ascending order with the weight up to each.
private struct Ranking: Sendable {
  let values: [Double]
  /// Weight of the values up to and with each place.
  let cumulative: [Double]
  let patients: Int
  let quantile: Double

  init(_ nonconformities: [Double], patients names: [String], alpha: Double) {
    var rowsOf: [String: Int] = [:]
    for name in names { rowsOf[name, default: 0] += 1 }
    patients = rowsOf.count
    let share = 1 / Double(rowsOf.count + 1)
    let order = nonconformities.indices.sorted { (nonconformities[$0], $0) < (nonconformities[$1], $1) }
    let isSingle = rowsOf.count == names.count
    var (sum, cumulative): (Double, [Double]) = (0, [])
    for (place, row) in order.enumerated() {
      // A row a patient: counted, so that no rounding adds up.
      sum = isSingle ? Double(place + 1) * share : sum + share / Double(rowsOf[names[row], default: 1])
      cumulative.append(sum)
    }
    values = order.map { nonconformities[$0] }
    self.cumulative = cumulative
    // 0.9 · 20 / 20 may come out a rounding above 0.9.
    let place = cumulative.firstIndex { $0 >= 1 - alpha - 1e-12 }
    quantile = place.map { nonconformities[order[$0]] } ?? .infinity
  }

  /// 1 less the weight of smaller values.
  func p(_ nonconformity: Double) -> Double {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < nonconformity { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 1 : 1 - cumulative[low - 1]
  }
}
