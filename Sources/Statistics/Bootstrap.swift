import Foundation

/// Random numbers by counting (SplitMix64: Steele, Lea & Flood, OOPSLA 2014): the state is a counter, so that streams for
/// different tasks can be made without order and results do not depend on who ran first.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// An independent stream of a seed: for the resample, fold or thread of that number.
  public init(seed: UInt64, stream: UInt64) {
    var root = SplitMix64(seed: seed ^ 0x5851_F42D_4C95_7F2D)
    var mixer = SplitMix64(seed: root.next() &+ stream &* 0xD134_2543_DE82_EF95)
    state = mixer.next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in 0..<bound by one multiplication; its bias is below bound / 2^64.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Uniform in 0..<1, 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// The AUC's bootstrap interval: positives and negatives resampled apart, percentiles of type 7.
public struct BootstrapAUC: Sendable {
  public let auc: Double
  /// Percentile interval.
  public let interval: Interval
  /// The AUC of each resample, in the order of their numbers.
  public let resampled: [Double]

  /// The same seed gives the same numbers on any number of threads: resample i draws from stream i.
  /// - Throws: `lengthsDiffer`, `oneClassOnly`, `notFinite`, `tooFew` under 100 resamples.
  public init(
    scores: [Double], positives labels: [Bool], resamples: Int = 2000, seed: UInt64 = 1, level: Double = 0.95,
    threads: Int? = nil
  ) throws(StatisticsError) {
    try Require.level(level)
    if resamples < 100 { throw .tooFew(what: "resamples", needed: 100, found: resamples) }
    let counts = try ClassCounts(scores: scores, positives: labels)
    let groups = TieGroups(try RankedScores(scores), labels)
    auc = ROCCurve(ranked: groups.ranked, labels: labels, counts: counts).auc

    let chunks = max(1, min(threads ?? 64, resamples))
    let results = [Double](unsafeUninitializedCapacity: resamples) { buffer, count in
      let target = SharedBuffer(base: buffer.baseAddress)
      if chunks == 1 {
        groups.resample(0..<resamples, seed: seed, into: target)
      } else {
        DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
          let range = chunk * resamples / chunks..<(chunk + 1) * resamples / chunks
          groups.resample(range, seed: seed, into: target)
        }
      }
      count = resamples
    }
    resampled = results
    let sorted = results.sorted()
    interval = Interval(
      lower: Quantile.type7(sorted: sorted, (1 - level) / 2), upper: Quantile.type7(sorted: sorted, (1 + level) / 2),
      level: level)
  }
}

/// Memory that chunks write to at places of their own.
private struct SharedBuffer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>?
}

/// For each row of either class the number of its group of equal scores, ascending.
private struct TieGroups: Sendable {
  let ranked: RankedScores
  private(set) var ofPositive: [Int32] = []
  private(set) var ofNegative: [Int32] = []
  private(set) var count = 0

  init(_ ranked: RankedScores, _ labels: [Bool]) {
    self.ranked = ranked
    var previous: UInt64?
    for entry in ranked.entries {
      if entry.key != previous { count += 1 }
      previous = entry.key
      if labels[entry.row] { ofPositive.append(Int32(count - 1)) } else { ofNegative.append(Int32(count - 1)) }
    }
  }

  func resample(_ range: Range<Int>, seed: UInt64, into target: SharedBuffer) {
    var drawn = [(positives: Int32, negatives: Int32)](repeating: (0, 0), count: count)
    let scale = 1 / (2 * Double(ofPositive.count) * Double(ofNegative.count))
    for index in range {
      var random = SplitMix64(seed: seed, stream: UInt64(index))
      for place in drawn.indices { drawn[place] = (0, 0) }
      for _ in ofPositive.indices { drawn[Int(ofPositive[random.below(ofPositive.count)])].positives += 1 }
      for _ in ofNegative.indices { drawn[Int(ofNegative[random.below(ofNegative.count)])].negatives += 1 }
      var (twiceWins, below) = (0, 0)
      for group in drawn {
        let negatives = Int(group.negatives)
        twiceWins += Int(group.positives) * (2 * below + negatives)
        below += negatives
      }
      target.base?[index] = Double(twiceWins) * scale
    }
  }
}
