/// AUC of images (or lesions) clustered in patients, whose scores are not independent: the variance of Obuchowski
/// (Biometrics 1997;53:567). A patient may hold both classes. With one row a cluster it equals DeLong's variance.
public struct ClusteredAUC: AreaEstimate {
  public let auc: Double
  public let variance: Double
  /// Number of clusters, and of those that hold a positive or a negative.
  public let clusters: Int
  public let clustersWithPositive: Int
  public let clustersWithNegative: Int
  let sums: ClusterSums

  /// - Parameter clusters: the patient of each row.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`; `tooFew` with fewer than two clusters of a class.
  public init<Cluster: Hashable>(
    scores: [Double], positives labels: [Bool], clusters: [Cluster]
  ) throws(StatisticsError) {
    try Require.sameLength("clusters", clusters.count, as: scores.count)
    let counts = try ClassCounts(scores: scores, positives: labels)
    let placed = Placements(ranked: try RankedScores(scores), labels: labels, counts: counts)
    let sums = ClusterSums(placed, labels: labels, clusters: clusters, counts: counts)
    if sums.withPositive < 2 { throw .tooFew(what: "patients with a positive", needed: 2, found: sums.withPositive) }
    if sums.withNegative < 2 { throw .tooFew(what: "patients with a negative", needed: 2, found: sums.withNegative) }
    self.sums = sums
    auc = placed.auc
    variance = max(0, sums.covariance(with: sums))
    self.clusters = sums.positive.count
    clustersWithPositive = sums.withPositive
    clustersWithNegative = sums.withNegative
  }

  /// The Wald interval, not clipped.
  public func interval(level: Double = 0.95) -> Interval { wald(level: level) }
}

/// For each cluster the sum of its placement values less what its size leads to expect.
struct ClusterSums: Sendable {
  private(set) var positive: [Double] = []
  private(set) var negative: [Double] = []
  private(set) var withPositive = 0
  private(set) var withNegative = 0
  let positives: Int
  let negatives: Int

  init<Cluster: Hashable>(_ placed: Placements, labels: [Bool], clusters: [Cluster], counts: ClassCounts) {
    positives = counts.positives
    negatives = counts.negatives
    var index: [Cluster: Int] = [:]
    var sizes: [(positives: Int, negatives: Int)] = []
    for row in labels.indices {
      let cluster = index[clusters[row], default: sizes.count]
      if cluster == sizes.count {
        index[clusters[row]] = cluster
        sizes.append((0, 0))
        positive.append(0)
        negative.append(0)
      }
      if labels[row] {
        positive[cluster] += placed.values[row] - placed.auc
        sizes[cluster].positives += 1
      } else {
        negative[cluster] += placed.values[row] - placed.auc
        sizes[cluster].negatives += 1
      }
    }
    for size in sizes {
      withPositive += size.positives > 0 ? 1 : 0
      withNegative += size.negatives > 0 ? 1 : 0
    }
  }

  /// S10/m + S01/n + (S11 + S11')/(m n), Obuchowski 1997, equations 4 and 5.
  func covariance(with other: ClusterSums) -> Double {
    var (s10, s01, s11) = (0.0, 0.0, 0.0)
    for cluster in positive.indices {
      s10 += positive[cluster] * other.positive[cluster]
      s01 += negative[cluster] * other.negative[cluster]
      s11 += positive[cluster] * other.negative[cluster] + negative[cluster] * other.positive[cluster]
    }
    let (m, n) = (Double(positives), Double(negatives))
    func inflation(_ clusters: Int) -> Double { Double(clusters) / Double(clusters - 1) }
    return inflation(withPositive) * s10 / (m * m) + inflation(withNegative) * s01 / (n * n)
      + inflation(positive.count) * s11 / (m * n)
  }
}
