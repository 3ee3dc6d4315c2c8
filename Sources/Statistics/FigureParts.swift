/// One figure of merit split into what each cluster of cases adds to it, so that covariances with other figures follow.
struct FigureParts {
  let value: Double
  /// What each cluster's placement values exceed their expectation by, divided by the class's count; for `delong`.
  private var positive: ClusterShare?
  private var negative: ClusterShare?
  private var either: [Bool] = []
  /// Deviations of the figures with one cluster left out from their mean; for the jackknife.
  private var deviations: [Double] = []
  private var factor = 1.0

  private struct ClusterShare {
    var sums: [Double]
    var holds: [Bool]
  }

  /// - Parameters:
  ///   - clusters: 0..<count for each of the reader's own cases.
  ///   - count: clusters in the whole study.
  init(
    _ figure: FigureOfMerit, scores: [Double], positives: [Bool], clusters: [Int], of count: Int,
    _ method: MultiReaderAnalysis.CovarianceMethod
  ) throws(StatisticsError) {
    if figure != .auc {
      let rows = positives.indices.filter { figure == .accuracy || positives[$0] == (figure == .sensitivity) }
      if rows.isEmpty { throw .oneClassOnly(positives: positives.count { $0 }, negatives: positives.count { !$0 }) }
      var right: [Bool] = []
      for row in rows {
        guard scores[row] == 0 || scores[row] == 1 else {
          throw .outOfRange(what: "call", row: row, expected: "0 or 1", found: "\(scores[row])")
        }
        right.append((scores[row] == 1) == positives[row])
      }
      value = Double(right.count { $0 }) / Double(rows.count)
      try leaveOutOfShare(right, rows.map { clusters[$0] }, count)
      return
    }
    let counts = try ClassCounts(scores: scores, positives: positives)
    let placed = Placements(ranked: try RankedScores(scores), labels: positives, counts: counts)
    value = placed.auc
    switch method {
    case .delong: try sumPlacements(placed, positives, clusters, counts, count)
    case .jackknife: try leaveOutOfArea(placed, scores, positives, clusters, counts, count)
    }
  }

  private mutating func sumPlacements(
    _ placed: Placements, _ labels: [Bool], _ clusters: [Int], _ counts: ClassCounts, _ count: Int
  ) throws(StatisticsError) {
    let none = ClusterShare(
      sums: [Double](repeating: 0, count: count), holds: [Bool](repeating: false, count: count))
    var (positive, negative) = (none, none)
    either = none.holds
    for row in labels.indices {
      let cluster = clusters[row]
      either[cluster] = true
      if labels[row] {
        positive.sums[cluster] += (placed.values[row] - placed.auc) / Double(counts.positives)
        positive.holds[cluster] = true
      } else {
        negative.sums[cluster] += (placed.values[row] - placed.auc) / Double(counts.negatives)
        negative.holds[cluster] = true
      }
    }
    for (what, share) in [("positive", positive), ("negative", negative)] {
      let found = share.holds.count { $0 }
      if found < 2 { throw .tooFew(what: "clusters of cases with a \(what)", needed: 2, found: found) }
    }
    (self.positive, self.negative) = (positive, negative)
  }

  private mutating func leaveOutOfArea(
    _ placed: Placements, _ scores: [Double], _ labels: [Bool], _ clusters: [Int], _ counts: ClassCounts, _ count: Int
  ) throws(StatisticsError) {
    var members = [[Int]](repeating: [], count: count)
    for (row, cluster) in clusters.enumerated() { members[cluster].append(row) }
    let (m, n) = (Double(counts.positives), Double(counts.negatives))
    var left = [Double?](repeating: nil, count: count)
    for (cluster, rows) in members.enumerated() where !rows.isEmpty {
      // A left-out case takes its wins with it; wins within the cluster would be taken twice.
      let (own, others) = (rows.filter { labels[$0] }, rows.filter { !labels[$0] })
      if own.count == counts.positives || others.count == counts.negatives {
        throw .tooFew(
          what: "clusters of cases with a \(own.count == counts.positives ? "positive" : "negative")", needed: 2,
          found: 1)
      }
      var wins = m * n * placed.auc
      for row in own { wins -= n * placed.values[row] }
      for row in others { wins -= m * placed.values[row] }
      for a in own {
        for b in others { wins += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0 }
      }
      left[cluster] = wins / ((m - Double(own.count)) * (n - Double(others.count)))
    }
    setDeviations(left)
  }

  private mutating func leaveOutOfShare(_ right: [Bool], _ clusters: [Int], _ count: Int) throws(StatisticsError) {
    var (hits, sizes) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
    for (row, cluster) in clusters.enumerated() {
      hits[cluster] += right[row] ? 1 : 0
      sizes[cluster] += 1
    }
    let all = right.count { $0 }
    var left = [Double?](repeating: nil, count: count)
    for cluster in sizes.indices where sizes[cluster] > 0 {
      if sizes[cluster] == right.count { throw .tooFew(what: "cases (or clusters) of the class", needed: 2, found: 1) }
      left[cluster] = Double(all - hits[cluster]) / Double(right.count - sizes[cluster])
    }
    setDeviations(left)
  }

  private mutating func setDeviations(_ left: [Double?]) {
    let given = left.compactMap { $0 }
    let number = Double(given.count)
    let mean = given.reduce(0, +) / number
    deviations = left.map { $0.map { $0 - mean } ?? 0 }
    factor = ((number - 1) / number).squareRoot()
  }

  func covariance(with other: FigureParts) -> Double {
    guard let positive, let negative, let otherPositive = other.positive, let otherNegative = other.negative else {
      var sum = 0.0
      for cluster in deviations.indices { sum += deviations[cluster] * other.deviations[cluster] }
      return factor * other.factor * sum
    }
    var (s10, s01, s11) = (0.0, 0.0, 0.0)
    for cluster in positive.sums.indices {
      s10 += positive.sums[cluster] * otherPositive.sums[cluster]
      s01 += negative.sums[cluster] * otherNegative.sums[cluster]
      s11 += positive.sums[cluster] * otherNegative.sums[cluster] + negative.sums[cluster] * otherPositive.sums[cluster]
    }
    return Self.inflation(positive.holds, otherPositive.holds) * s10 + Self.inflation(
      negative.holds, otherNegative.holds) * s01
      + (s11 == 0 ? 0 : Self.inflation(either, other.either) * s11)
  }

  /// Of products of deviations of two sums, each from its own mean, over the clusters both hold.
  private static func inflation(_ own: [Bool], _ others: [Bool]) -> Double {
    var (first, second, shared) = (0.0, 0.0, 0.0)
    for (a, b) in zip(own, others) {
      first += a ? 1 : 0
      second += b ? 1 : 0
      shared += a && b ? 1 : 0
    }
    return 1 / (1 - 1 / first - 1 / second + shared / (first * second))
  }
}
