import Statistics
import Tables

/// Sensitivity and the rest of rows at a cut-off, each as if rows were independent and, where patients repeat, as they are.
struct OperatingPoint {
  struct Share {
    let name: String
    let successes: Int
    let total: Int
    /// Of each row, whether it counts, and whether it then succeeds.
    let counts: [Bool]
    let succeeds: [Bool]
    let wilson: Estimate
    /// Nil where rows are patients, or fewer than two patients count.
    let clustered: ClusteredProportion?
  }

  let cutOff: Double
  let matrix: ConfusionMatrix
  let shares: [Share]

  /// Errors: a cut-off that is NaN.
  init(_ rows: ScoredRows, cutOff: Double, level: Double) throws(StatisticsError) {
    matrix = try ConfusionMatrix(scores: rows.scores, positives: rows.positives, cutOff: cutOff)
    self.cutOff = cutOff
    let calls = rows.scores.map { $0 >= cutOff }
    let isClustered = rows.patientsRepeat
    let truth = rows.positives
    func share(_ name: String, _ success: (Int) -> Bool, among counts: (Int) -> Bool) -> Share {
      let own = calls.indices.filter(counts)
      let successes = own.map(success)
      let hits = successes.count { $0 }
      let clustered =
        isClustered ? try? ClusteredProportion(successes, clusters: own.map { rows.patients[$0] }, level: level) : nil
      return Share(
        name: name, successes: hits, total: own.count, counts: calls.indices.map(counts),
        succeeds: calls.indices.map(success),
        wilson: Proportion.wilson(successes: hits, of: own.count, level: level), clustered: clustered)
    }
    shares = [
      share("sensitivity") {
        calls[$0]
      } among: {
        truth[$0]
      },
      share("specificity") {
        !calls[$0]
      } among: {
        !truth[$0]
      },
      share("ppv") {
        truth[$0]
      } among: {
        calls[$0]
      },
      share("npv") {
        !truth[$0]
      } among: {
        !calls[$0]
      },
      share("accuracy") {
        calls[$0] == truth[$0]
      } among: { _ in
        true
      },
    ]
  }

  /// A bootstrap of a share that has a value, with its acceleration where BCa asks for it.
  static func bootstrap(
    _ share: Share, of rows: ScoredRows, _ resampling: Resampling, level: Double, source: String
  ) throws -> BootstrapOutcome {
    let bootstrap = try ClusterBootstrap.proportion(
      share.succeeds, among: share.counts, clusters: resampling.clusters(of: rows, source: source),
      resamples: resampling.resamples, seed: resampling.seed, jackknife: resampling.method == .bca)
    return BootstrapOutcome(bootstrap, resampling.method, resampling.draws(of: rows), level: level)
  }

  /// Says where a cut-off calls everybody or nobody.
  func note(_ rows: ScoredRows) -> String? {
    guard let low = rows.scores.min(), let high = rows.scores.max(), cutOff > high || cutOff <= low else { return nil }
    return
      "the cut-off \(Printed.plain(cutOff)) calls \(cutOff > high ? "nobody" : "everybody") positive: the scores run "
      + "from \(Printed.plain(low)) to \(Printed.plain(high))"
  }
}

extension OperatingPoint.Share {
  /// `{value, lower, upper, successes, total}` with `clustered` and `designEffect` where rows are clustered.
  var json: JSONValue {
    guard case .object(var values) = wilson.json else { return wilson.json }
    values["successes"] = .number(Double(successes))
    values["total"] = .number(Double(total))
    if let clustered, let interval = clustered.estimate.interval {
      values["clustered"] = interval.json
      values["designEffect"] = .number(clustered.designEffect)
    }
    return .object(values)
  }
}
