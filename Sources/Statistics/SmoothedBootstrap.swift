import Foundation

/// The AUC's smoothed bootstrap: within each class a score is drawn and moved by Gaussian noise, then all are drawn in to keep
/// the class's variance: mean + (drawn + h ε - mean) / sqrt(1 + h²/s²) (Silverman & Young, Biometrika 1987;74:469). It mends
/// the graininess of small classes; it takes scores as values of a smooth scale, so that ties are broken and the interval
/// depends on the scale (scores and their logits differ).
public struct SmoothedBootstrapAUC: Sendable {
  /// The empirical AUC.
  public let auc: Double
  /// Percentile interval.
  public let interval: Interval
  public let sample: BootstrapSample
  /// h of either class by Silverman's rule, 0.9 min(s, IQR / 1.34) n^(-1/5) (R's bw.nrd0); 0 for a class of equal scores,
  /// which is then not smoothed.
  public let bandwidths: (positives: Double, negatives: Double)

  /// The same seed gives the same numbers on any number of threads.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `tooFew` under 100 resamples or with fewer than two of a class.
  public init(
    scores: [Double], positives labels: [Bool], resamples: Int = 2000, seed: UInt64 = 1, level: Double = 0.95,
    threads: Int? = nil
  ) throws(StatisticsError) {
    try Require.level(level)
    try Resamples.check(resamples)
    auc = try ROCCurve(scores: scores, positives: labels).auc
    let rows = zip(scores, labels)
    let positives = try SmoothedClass(rows.filter(\.1).map(\.0), "positives")
    let negatives = try SmoothedClass(rows.filter { !$0.1 }.map(\.0), "negatives")
    bandwidths = (positives.bandwidth, negatives.bandwidth)
    let results = Resamples.run(resamples, seed: seed, threads: threads) {
      ([Double](), [Double]())
    } body: { memory, random in
      positives.draw(into: &memory.0, &random)
      negatives.draw(into: &memory.1, &random)
      return Self.area(memory.0, memory.1)
    }
    sample = BootstrapSample(estimate: auc, resampled: results)
    interval = sample.percentile(level: level)
  }

  /// AUC of two ascending lists.
  private static func area(_ positives: [Double], _ negatives: [Double]) -> Double {
    var (twiceWins, below, upTo) = (0, 0, 0)
    for score in positives {
      while below < negatives.count, negatives[below] < score { below += 1 }
      upTo = max(upTo, below)
      while upTo < negatives.count, negatives[upTo] <= score { upTo += 1 }
      twiceWins += below + upTo
    }
    return Double(twiceWins) / (2 * Double(positives.count) * Double(negatives.count))
  }
}

/// Scores of one class with the kernel that smooths them.
private struct SmoothedClass: Sendable {
  let scores: [Double]
  let mean: Double
  let bandwidth: Double
  /// 1 / sqrt(1 + h²/s²).
  let shrinkage: Double

  init(_ scores: [Double], _ name: String) throws(StatisticsError) {
    let (mean, deviation) = Moments.meanAndDeviation(scores)
    guard let deviation else { throw .tooFew(what: "\(name) for a smoothed bootstrap", needed: 2, found: scores.count) }
    let sorted = scores.sorted()
    let quartiles = Quantile.type7(sorted: sorted, 0.75) - Quantile.type7(sorted: sorted, 0.25)
    // Where half the scores are equal the quartiles coincide, and the deviation alone says the scale.
    let scale = quartiles > 0 ? min(deviation, quartiles / 1.34) : deviation
    bandwidth = 0.9 * scale * pow(Double(scores.count), -0.2)
    shrinkage = deviation > 0 ? 1 / (1 + bandwidth * bandwidth / (deviation * deviation)).squareRoot() : 1
    (self.scores, self.mean) = (scores, mean)
  }

  /// As many scores as there are, ascending.
  func draw(into drawn: inout [Double], _ random: inout SplitMix64) {
    drawn.removeAll(keepingCapacity: true)
    for _ in scores.indices {
      let moved = scores[random.below(scores.count)] + bandwidth * random.gaussian()
      drawn.append(mean + (moved - mean) * shrinkage)
    }
    drawn.sort()
  }
}

extension SplitMix64 {
  /// Standard normal, by Box and Muller's transformation; the second of the pair is left unused, so that a stream's numbers
  /// do not depend on what was drawn before.
  fileprivate mutating func gaussian() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
