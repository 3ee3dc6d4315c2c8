/// Finds, among the signatures of the middles of pictures, those near a given one: in tables by samples of the bits (Gionis, Indyk and
/// Motwani 1999).
///
/// Whether a signature is found depends on it, on the one given and on ``bits`` alone, not on what else the index holds.
struct CopyIndex: Sendable {
  private static let tables = 12

  /// Bits sampled by each table, so many that `count` pictures leave some 4 to 8 in each of its buckets; 0, where all signatures are
  /// compared with all, up to `exactLimit` pictures.
  static func bits(for count: Int, exactUpTo exactLimit: Int) -> Int {
    count <= exactLimit ? 0 : max(1, Int.bitWidth - count.leadingZeroBitCount - 3)
  }

  private let count: Int
  /// Of each table: the sampled bits, and what scatters them over the buckets.
  private let samples: [(mask: UInt64, factor: UInt64)]
  private let shift: UInt64
  /// Table after table, each of buckets and one. Bucket k of a table holds its entries start[k]..<start[k + 1].
  private let start: [Int32]
  /// Table after table, each of ``count`` entries: a signature, and whose it is.
  private let signatures: [UInt64]
  private let order: [Int32]

  init(_ signatures: [UInt64], bits: Int) {
    count = signatures.count
    shift = UInt64(64 - bits)
    var random = SplitMix64(seed: 64)
    samples = (0..<(bits == 0 ? 1 : Self.tables)).map { _ in
      var places = Array(0..<64)
      random.shuffle(&places)
      return (places.prefix(bits).reduce(0) { $0 | 1 << UInt64($1) }, random.next() | 1)
    }
    let (samples, shift) = (self.samples, self.shift)
    let tables = parallelMap(Array(samples.indices)) { table in
      Self.sorted(signatures.map { Self.key($0, samples[table], shift) }, buckets: 1 << bits)
    }
    start = tables.flatMap(\.start)
    order = tables.flatMap(\.order)
    // Read by fours.
    self.signatures = order.map { signatures[Int($0)] } + [0, 0, 0]
  }

  /// Counting sort.
  private static func sorted(_ keys: [Int], buckets: Int) -> (start: [Int32], order: [Int32]) {
    var start = [Int32](repeating: 0, count: buckets + 1)
    for key in keys { start[key + 1] += 1 }
    for key in 1..<start.count { start[key] += start[key - 1] }
    var next = start
    var order = [Int32](repeating: 0, count: keys.count)
    for (place, key) in keys.enumerated() {
      order[Int(next[key])] = Int32(truncatingIfNeeded: place)
      next[key] += 1
    }
    return (start, order)
  }

  /// The sampled bits, scattered over the buckets.
  @inline(__always)
  private static func key(_ bits: UInt64, _ sample: (mask: UInt64, factor: UInt64), _ shift: UInt64) -> Int {
    shift == 64 ? 0 : Int(truncatingIfNeeded: ((bits & sample.mask) &* sample.factor) >> shift)
  }

  /// Calls `body` with each of `queries` and the place of a signature at most `distance` bits from it; where they meet in several tables,
  /// so many times. Many queries at once are answered faster: those of a bucket one after the other.
  func forEach(near queries: [UInt64], within distance: Int, _ body: (_ query: Int, _ place: Int) -> Void) {
    let buckets = start.count / samples.count
    for (table, sample) in samples.enumerated() {
      let keys = queries.map { Self.key($0, sample, shift) }
      let sorted = Self.sorted(keys, buckets: buckets - 1)
      let entries = table * count
      for query in sorted.order {
        let bucket = table * buckets + keys[Int(query)]
        scan(entries + Int(start[bucket])..<entries + Int(start[bucket + 1]), for: queries[Int(query)], distance) {
          body(Int(query), $0)
        }
      }
    }
  }

  /// Four entries at once: this is the innermost loop.
  @inline(__always)
  private func scan(_ entries: Range<Int>, for bits: UInt64, _ distance: Int, _ body: (Int) -> Void) {
    signatures.withUnsafeBytes { signatures in
      var entry = entries.lowerBound
      while entry < entries.upperBound {
        let four = signatures.loadUnaligned(fromByteOffset: entry &* 8, as: SIMD4<UInt64>.self)
        let isNear = Self.bitCounts(four ^ SIMD4(repeating: bits)) .<= SIMD4(repeating: UInt64(distance))
        if any(isNear) {
          for lane in 0..<min(4, entries.upperBound &- entry) where isNear[lane] { body(Int(order[entry &+ lane])) }
        }
        entry &+= 4
      }
    }
  }

  /// The number of ones in each word: pairs, nibbles and bytes of bits are summed side by side.
  @inline(__always)
  private static func bitCounts(_ words: SIMD4<UInt64>) -> SIMD4<UInt64> {
    var sums = words &- (words &>> 1 & SIMD4(repeating: 0x5555_5555_5555_5555))
    sums = (sums & SIMD4(repeating: 0x3333_3333_3333_3333)) &+ (sums &>> 2 & SIMD4(repeating: 0x3333_3333_3333_3333))
    sums = (sums &+ (sums &>> 4)) & SIMD4(repeating: 0x0F0F_0F0F_0F0F_0F0F)
    sums = sums &+ (sums &>> 8)
    sums = sums &+ (sums &>> 16)
    return (sums &+ (sums &>> 32)) & SIMD4(repeating: 0x7F)
  }
}
