import Foundation

/// A statistic bootstrapped by drawing whole clusters (patients with all their images and lesions, or sites with all their
/// patients) with replacement, as many as there are: rows of a cluster stay together, so that their dependence stays too
/// (Davison & Hinkley 1997, section 3.8; Field & Welsh, J R Stat Soc B 2007;69:369).
///
/// A resample in which the statistic has no value (one class only, nobody called positive) is drawn again and counted. The
/// distribution is then that given a value; where many were drawn again, the data hold too few clusters of a class.
public struct ClusterBootstrap: Sendable {
  public let sample: BootstrapSample
  public let clusters: Int
  /// Draws without a value that were drawn again, over all resamples.
  public let redrawn: Int
  /// Efron's acceleration over clusters; nil where it was not asked for or has no value.
  public let acceleration: Double?

  public func percentile(level: Double = 0.95) -> Interval { sample.percentile(level: level) }

  /// The BCa interval; nil where it is not defined.
  public func biasCorrected(level: Double = 0.95) -> Interval? {
    acceleration.flatMap { sample.biasCorrected(acceleration: $0, level: level) }
  }

  /// Any statistic of rows.
  /// - Parameters:
  ///   - clusters: the cluster of each row.
  ///   - jackknife: computes the acceleration by leaving each cluster out once.
  ///   - statistic: pure; gets row numbers, a row as often as it was drawn; nil where it has no value.
  /// - Throws: `tooFew` with fewer than two clusters, under 100 resamples, or where 1,000 draws gave no value; `empty` where
  ///   the statistic has no value for the data themselves.
  public init<Cluster: Hashable>(
    clusters: [Cluster], resamples: Int = 2000, seed: UInt64 = 1, threads: Int? = nil, jackknife: Bool = false,
    statistic: @escaping @Sendable (_ rows: [Int]) -> Double?
  ) throws(StatisticsError) {
    let design = try ClusterDesign(clusters)
    let acceleration = jackknife ? Self.jackknife(design) { statistic(design.rows($0)) } : nil
    try self.init(
      design, resamples: resamples, seed: seed, threads: threads, acceleration: acceleration
    ) {
      ()
    } statistic: { _, times in
      statistic(design.rows(times))
    }
  }

  /// The engine: a statistic of how often each cluster was drawn.
  init<Workspace>(
    _ design: ClusterDesign, resamples: Int, seed: UInt64, threads: Int?, acceleration: Double?,
    workspace: @escaping @Sendable () -> Workspace,
    statistic: @escaping @Sendable (inout Workspace, [Int32]) -> Double?
  ) throws(StatisticsError) {
    try Resamples.check(resamples)
    var own = workspace()
    guard let estimate = statistic(&own, design.once) else { throw .empty(what: "rows the statistic needs") }
    let draws = Resamples.run(resamples, seed: seed, threads: threads) {
      (workspace(), design.once)
    } body: { memory, random -> (value: Double, redrawn: Int) in
      for redrawn in 0..<Resamples.drawLimit {
        design.draw(into: &memory.1, &random)
        if let value = statistic(&memory.0, memory.1) { return (value, redrawn) }
      }
      return (.nan, Resamples.drawLimit)
    }
    if draws.contains(where: { $0.value.isNaN }) {
      throw .tooFew(what: "clusters that give the statistic a value, in 1000 draws", needed: 1, found: 0)
    }
    sample = BootstrapSample(estimate: estimate, resampled: draws.map(\.value))
    redrawn = draws.reduce(0) { $0 + $1.redrawn }
    clusters = design.members.count
    self.acceleration = acceleration
  }

  /// Acceleration from the values with each cluster left out; nil where one of them has none.
  private static func jackknife(
    _ design: ClusterDesign, statistic: ([Int32]) -> Double?
  ) -> Double? {
    let values = design.members.indices.map { out in
      var times = design.once
      times[out] = 0
      return statistic(times) ?? .nan
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return mean.isNaN ? nil : BootstrapSample.acceleration(ofInfluences: values.map { mean - $0 })
  }
}

/// Which rows belong to which cluster; clusters in the order of their first rows.
struct ClusterDesign: Sendable {
  let members: [[Int]]
  /// Each cluster drawn once: the data themselves.
  var once: [Int32] { [Int32](repeating: 1, count: members.count) }

  init<Cluster: Hashable>(_ clusters: [Cluster]) throws(StatisticsError) {
    var place: [Cluster: Int] = [:]
    var members: [[Int]] = []
    for (row, cluster) in clusters.enumerated() {
      let index = place[cluster, default: members.count]
      if index == members.count {
        place[cluster] = index
        members.append([])
      }
      members[index].append(row)
    }
    if members.count < 2 { throw .tooFew(what: "clusters", needed: 2, found: members.count) }
    self.members = members
  }

  func draw(into times: inout [Int32], _ random: inout SplitMix64) {
    for cluster in times.indices { times[cluster] = 0 }
    for _ in times.indices { times[random.below(times.count)] += 1 }
  }

  /// Row numbers, each as often as its cluster was drawn.
  func rows(_ times: [Int32]) -> [Int] {
    var rows: [Int] = []
    for (cluster, count) in times.enumerated() {
      for _ in 0..<count { rows += members[cluster] }
    }
    return rows
  }
}
