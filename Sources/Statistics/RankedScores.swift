/// Scores in ascending order with their rows: what every rank statistic starts from.
///
/// Doubles sort as the unsigned integers of their bit patterns (sign bit flipped for positive numbers, all bits for negative
/// ones), so a radix sort orders a million in a few hundredths of a second. -0 counts as 0.
struct RankedScores {
  struct Entry {
    var key: UInt64
    var row: Int
  }

  /// Ascending by key; equal keys are equal scores.
  let entries: [Entry]

  /// - Throws: `notFinite` for NaN or an infinity.
  init(_ scores: [Double]) throws(StatisticsError) {
    try Require.finite(scores, "score")
    let keyed = [Entry](unsafeUninitializedCapacity: scores.count) { buffer, count in
      for (row, score) in scores.enumerated() {
        buffer.initializeElement(at: row, to: Entry(key: Self.key(of: score), row: row))
      }
      count = scores.count
    }
    entries = keyed.count < 512 ? keyed.sorted { $0.key < $1.key } : Self.radixSorted(keyed)
  }

  static func key(of score: Double) -> UInt64 {
    let bits = (score + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  static func score(of key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }

  /// Least significant digit first, 11 bits a pass; a digit all keys share is skipped.
  private static func radixSorted(_ input: [Entry]) -> [Entry] {
    let (width, size) = (11, 2048)
    let passes = 6
    var histograms = [Int](repeating: 0, count: passes * size)
    for entry in input {
      var key = entry.key
      for pass in 0..<passes {
        histograms[pass * size + Int(key & 2047)] += 1
        key >>= 11
      }
    }
    var source = input
    var target = input
    for pass in 0..<passes {
      let histogram = pass * size
      if histograms[histogram..<histogram + size].contains(input.count) { continue }
      var position = 0
      for digit in histogram..<histogram + size {
        let count = histograms[digit]
        histograms[digit] = position
        position += count
      }
      let shift = UInt64(pass * width)
      target.withUnsafeMutableBufferPointer { target in
        source.withUnsafeBufferPointer { source in
          histograms.withUnsafeMutableBufferPointer { offsets in
            for entry in source {
              let digit = histogram + Int(entry.key >> shift & 2047)
              target[offsets[digit]] = entry
              offsets[digit] += 1
            }
          }
        }
      }
      swap(&source, &target)
    }
    return source
  }
}

/// How many of each class, checked against the scores.
struct ClassCounts {
  let positives: Int
  let negatives: Int

  init(scores: [Double], positives labels: [Bool]) throws(StatisticsError) {
    try Require.sameLength("labels", labels.count, as: scores.count)
    var count = 0
    for label in labels { count += label ? 1 : 0 }
    positives = count
    negatives = labels.count - count
    if positives == 0 || negatives == 0 { throw .oneClassOnly(positives: positives, negatives: negatives) }
  }
}
