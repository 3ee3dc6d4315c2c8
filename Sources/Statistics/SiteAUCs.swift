import Foundation

/// The AUC "per site": each site's own, and two ways to say one number for all of them. A site is a unit of its own kind: its
/// value is an AUC over its rows, so that the summary answers how the score does in a hospital, not in the pooled rows, where
/// a positive of one site is also compared with the negatives of another.
public struct SiteAUCs: Sendable {
  public struct Site: Sendable {
    public let name: String
    public let rows: Int
    public let positives: Int
    public let auc: Double
    /// On the logit scale, by DeLong's variance or, where clusters repeat, Obuchowski's; nil where there is none: fewer than
    /// two of a class, or an AUC of 0 or 1.
    public let interval: Interval?
    let variance: Double?
  }

  /// In the order of their names. A site with one class only is in `withoutAUC`.
  public let sites: [Site]
  /// Sites with one class only, which have no AUC.
  public let withoutAUC: [String]
  /// Sites with an AUC but no variance on the logit scale, which the random-effects mean leaves out.
  public let withoutVariance: [String]
  /// The plain mean of the sites' AUCs, each counting the same, with Student's interval over sites; no interval with fewer
  /// than two.
  public let mean: Estimate
  /// The random-effects mean on the logit scale; nil with fewer than two sites that have a variance.
  public let logit: RandomEffects?

  /// The random-effects mean as an AUC, with its interval.
  public var pooled: Estimate? { logit.map { Estimate(value: expit($0.mean), interval: Self.asAUC($0.interval)) } }
  /// Where the true AUC of a further site would lie; nil with fewer than three sites.
  public var prediction: Interval? { logit?.prediction.map(Self.asAUC) }

  /// - Parameters:
  ///   - sites: of each row.
  ///   - clusters: the patient of each row.
  /// - Throws: `lengthsDiffer`, `notFinite`, `empty` where no site has both classes.
  public init(
    scores: [Double], positives: [Bool], sites names: [String], clusters: [String], level: Double = 0.95
  ) throws(StatisticsError) {
    try Require.level(level)
    try Require.sameLength("labels", positives.count, as: scores.count)
    try Require.sameLength("sites", names.count, as: scores.count)
    try Require.sameLength("clusters", clusters.count, as: scores.count)
    try Require.finite(scores, "score")
    var rows: [String: [Int]] = [:]
    for (row, name) in names.enumerated() { rows[name, default: []].append(row) }
    var (found, none): ([Site], [String]) = ([], [])
    for (name, own) in rows.sorted(by: { $0.key < $1.key }) {
      let site = Site(
        name, own.map { scores[$0] }, own.map { positives[$0] }, own.map { clusters[$0] }, level: level)
      if let site { found.append(site) } else { none.append(name) }
    }
    if found.isEmpty { throw .empty(what: "sites with both classes") }
    (sites, withoutAUC) = (found, none)
    withoutVariance = found.filter { $0.variance == nil }.map(\.name)
    mean = Self.mean(found.map(\.auc), level)
    let usable = found.compactMap { site in site.variance.map { (site.auc, $0) } }
    logit = try? RandomEffects(
      usable.map { log($0.0 / (1 - $0.0)) },
      variances: usable.map { $0.1 / ($0.0 * (1 - $0.0) * $0.0 * (1 - $0.0)) }, level: level)
  }

  private static func mean(_ values: [Double], _ level: Double) -> Estimate {
    let (mean, deviation) = Moments.meanAndDeviation(values)
    guard let deviation else { return Estimate(value: mean) }
    let n = Double(values.count)
    let reach = StudentDistribution.critical(level: level, degrees: n - 1) * deviation / n.squareRoot()
    return Estimate(value: mean, interval: Interval(lower: mean - reach, upper: mean + reach, level: level))
  }

  private static func asAUC(_ interval: Interval) -> Interval {
    Interval(lower: expit(interval.lower), upper: expit(interval.upper), level: interval.level)
  }
}

extension SiteAUCs.Site {
  fileprivate init?(_ name: String, _ scores: [Double], _ labels: [Bool], _ clusters: [String], level: Double) {
    guard let curve = try? ROCCurve(scores: scores, positives: labels) else { return nil }
    (self.name, rows, positives, auc) = (name, scores.count, curve.positives, curve.auc)
    let estimate: (any AreaEstimate)? =
      Set(clusters).count < clusters.count
      ? try? ClusteredAUC(scores: scores, positives: labels, clusters: clusters)
      : try? DeLong(scores: scores, positives: labels)
    if let estimate, estimate.variance > 0, let interval = estimate.logit(level: level) {
      (self.interval, variance) = (interval, estimate.variance)
    } else {
      (interval, variance) = (nil, nil)
    }
  }
}
