extension ClusterBootstrap {
  /// A measure of the ROC curve.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange`, `tooFew`.
  public static func curve<Cluster: Hashable>(
    _ measure: CurveMeasure = .area, scores: [Double], positives: [Bool], clusters: [Cluster], resamples: Int = 2000,
    seed: UInt64 = 1, threads: Int? = nil
  ) throws(StatisticsError) -> ClusterBootstrap {
    try measure.check()
    let curve = try ResampledCurve(scores, positives, clusters)
    let acceleration = measure == .area ? BootstrapSample.acceleration(ofInfluences: curve.influences) : nil
    return try ClusterBootstrap(
      curve.design, resamples: resamples, seed: seed, threads: threads, acceleration: acceleration
    ) {
      curve.groups.noRows
    } statistic: { counts, times in
      curve.count(times, into: &counts)
      return measure.value(of: counts)
    }
  }

  /// The difference (A minus B) of a measure of two scores of the same rows.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `outOfRange`, `tooFew`.
  public static func difference<Cluster: Hashable>(
    _ scoresA: [Double], _ scoresB: [Double], positives: [Bool], clusters: [Cluster], measure: CurveMeasure = .area,
    resamples: Int = 2000, seed: UInt64 = 1, threads: Int? = nil
  ) throws(StatisticsError) -> ClusterBootstrap {
    try measure.check()
    try Require.sameLength("second score", scoresB.count, as: scoresA.count)
    let (a, b) = (
      try ResampledCurve(scoresA, positives, clusters), try ResampledCurve(scoresB, positives, clusters)
    )
    let influences = zip(a.influences, b.influences).map { $0 - $1 }
    let acceleration = measure == .area ? BootstrapSample.acceleration(ofInfluences: influences) : nil
    return try ClusterBootstrap(
      a.design, resamples: resamples, seed: seed, threads: threads, acceleration: acceleration
    ) {
      (a.groups.noRows, b.groups.noRows)
    } statistic: { counts, times in
      a.count(times, into: &counts.0)
      b.count(times, into: &counts.1)
      guard let first = measure.value(of: counts.0), let second = measure.value(of: counts.1) else { return nil }
      return first - second
    }
  }

  /// A proportion: of the rows that count, those that succeed. Sensitivity is the share called positive among the positives.
  /// - Parameters:
  ///   - successes: one for each row; read where the row counts.
  ///   - among: true for the rows that count.
  /// - Throws: `lengthsDiffer`, `empty`, `tooFew`.
  public static func proportion<Cluster: Hashable>(
    _ successes: [Bool], among: [Bool], clusters: [Cluster], resamples: Int = 2000, seed: UInt64 = 1,
    threads: Int? = nil, jackknife: Bool = false
  ) throws(StatisticsError) -> ClusterBootstrap {
    try Require.sameLength("rows that count", among.count, as: successes.count)
    try Require.sameLength("clusters", clusters.count, as: successes.count)
    let design = try ClusterDesign(clusters)
    // What a cluster adds to the proportion, so that a resample costs a step a cluster and not a row.
    let shares = design.members.map { rows in
      rows.reduce(into: (hits: 0, total: 0)) { sum, row in
        guard among[row] else { return }
        sum.total += 1
        sum.hits += successes[row] ? 1 : 0
      }
    }
    let all = shares.reduce((hits: 0, total: 0)) { ($0.hits + $1.hits, $0.total + $1.total) }
    var acceleration: Double?
    if jackknife, !shares.contains(where: { $0.total == all.total }) {
      let left = shares.map { Double(all.hits - $0.hits) / Double(all.total - $0.total) }
      let mean = left.reduce(0, +) / Double(left.count)
      acceleration = BootstrapSample.acceleration(ofInfluences: left.map { mean - $0 })
    }
    return try ClusterBootstrap(
      design, resamples: resamples, seed: seed, threads: threads, acceleration: acceleration
    ) {
      ()
    } statistic: { _, times in
      var (hits, total) = (0, 0)
      for (share, drawn) in zip(shares, times) {
        hits += Int(drawn) * share.hits
        total += Int(drawn) * share.total
      }
      return total > 0 ? Double(hits) / Double(total) : nil
    }
  }
}

/// A curve whose rows come and go with their clusters.
private struct ResampledCurve: Sendable {
  let groups: TieGroups
  let design: ClusterDesign
  let labels: [Bool]
  /// How far each cluster moves the AUC (its empirical influence, over the number of rows of a class).
  let influences: [Double]

  init<Cluster: Hashable>(_ scores: [Double], _ labels: [Bool], _ clusters: [Cluster]) throws(StatisticsError) {
    try Require.sameLength("clusters", clusters.count, as: scores.count)
    let counts = try ClassCounts(scores: scores, positives: labels)
    let ranked = try RankedScores(scores)
    groups = TieGroups(ranked, labels)
    design = try ClusterDesign(clusters)
    self.labels = labels
    let placed = Placements(ranked: ranked, labels: labels, counts: counts)
    let sums = ClusterSums(placed, labels: labels, clusters: clusters, counts: counts)
    let (m, n) = (Double(counts.positives), Double(counts.negatives))
    influences = zip(sums.positive, sums.negative).map { $0 / m + $1 / n }
  }

  func count(_ times: [Int32], into counts: inout [TieGroups.Count]) {
    for group in counts.indices { counts[group] = TieGroups.Count() }
    for (cluster, drawn) in times.enumerated() where drawn > 0 {
      for row in design.members[cluster] {
        let group = Int(groups.ofRow[row])
        if labels[row] { counts[group].positives += drawn } else { counts[group].negatives += drawn }
      }
    }
  }
}
