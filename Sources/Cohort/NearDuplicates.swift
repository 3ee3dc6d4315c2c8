/// Finds images that look alike: perceptual hashes no more than ``distance`` of 256 bits apart.
///
/// Up to ``exactLimit`` different hashes all pairs are compared: 0.5 thousand million comparisons at most, 1.6 s.
/// Beyond that, hashes are compared where they agree in all bits of one of 128 samples of bits (Gionis, Indyk and Motwani
/// 1999): n x 128 x 24 comparisons or so, and never more than n x 128 x 128 however alike the images are, so that the cost
/// grows with n and not with its square. Of the pairs 40 bits apart all are then found, of those 66 bits apart 96 % (measured
/// at n = 100,000 in 1.1 s, bits independent); likeness is passed on from neighbour to neighbour, which finds most of the rest.
enum NearDuplicates {
  /// Measured on the part of BUSI used in development: pairs of one scene (saved again, cropped, neighbouring frames) differ in
  /// 4 to 65 bits, all others in 84 or more. Wider than `PerceptualHash.nearDuplicateDistance`, which would miss one such pair:
  /// a missed pair leaks from training to test, a false one only keeps two patients on one side.
  static let distance = 72
  static let exactLimit = 32_768
  private static let samples = 128
  private static let window = 128

  /// A perceptual hash where its bits lie side by side.
  struct Hash: Hashable, Sendable {
    var bits: SIMD4<UInt64>

    init(words: [UInt64]) {
      bits = .zero
      for (place, word) in words.prefix(4).enumerated() { bits[place] = word }
    }

    var words: [UInt64] { (0..<4).map { bits[$0] } }

    @inline(__always) func distance(to other: Hash) -> Int {
      let x = bits ^ other.bits
      return x[0].nonzeroBitCount + x[1].nonzeroBitCount + x[2].nonzeroBitCount + x[3].nonzeroBitCount
    }

    @inline(__always) func bit(_ place: Int) -> Int {
      Int(truncatingIfNeeded: bits[place >> 6] >> UInt64(place & 63)) & 1
    }
  }

  /// Sets of two or more look-alikes, as ascending places in `hashes`.
  static func groups(
    of hashes: [Hash], within limit: Int = distance, exactUpTo exactLimit: Int = exactLimit
  ) -> [[Int]] {
    var sets = DisjointSets(count: hashes.count)
    sets.join(by: hashes.lazy.map { Optional($0) })
    var seen: Set<Hash> = []
    let members = hashes.indices.filter { seen.insert(hashes[$0]).inserted }
    let distinct = members.map { hashes[$0] }
    if distinct.count <= exactLimit {
      joinAllPairs(distinct, members, limit, &sets)
    } else {
      // Buckets of some 16 to 32 hashes.
      let length = max(4, Int.bitWidth - distinct.count.leadingZeroBitCount - 5)
      var random = SplitMix64(seed: 256)
      for _ in 0..<samples {
        var places = Array(0..<256)
        random.shuffle(&places)
        joinBuckets(by: Array(places.prefix(length)), distinct, members, limit, &sets)
      }
    }
    return sets.sets().filter { $0.count > 1 }
  }

  private static func joinAllPairs(_ hashes: [Hash], _ members: [Int], _ limit: Int, _ sets: inout DisjointSets) {
    for one in hashes.indices {
      for other in 0..<one where hashes[one].distance(to: hashes[other]) <= limit {
        sets.join(members[one], members[other])
      }
    }
  }

  /// Compares hashes that agree in the bits at `places`; in a crowded bucket each with the ``window`` before it only.
  private static func joinBuckets(
    by places: [Int], _ hashes: [Hash], _ members: [Int], _ limit: Int, _ sets: inout DisjointSets
  ) {
    let keys = hashes.map { hash in places.reduce(0) { $0 << 1 | hash.bit($1) } }
    // Counting sort: bucket k holds order[start[k]..<start[k + 1]].
    var start = [Int](repeating: 0, count: (1 << places.count) + 1)
    for key in keys { start[key + 1] += 1 }
    for key in 1..<start.count { start[key] += start[key - 1] }
    var next = start
    var order = [Int](repeating: 0, count: hashes.count)
    for (place, key) in keys.enumerated() {
      order[next[key]] = place
      next[key] += 1
    }
    let sorted = order.map { hashes[$0] }
    for one in sorted.indices {
      let first = max(start[keys[order[one]]], one - window)
      for other in first..<one where sorted[one].distance(to: sorted[other]) <= limit {
        sets.join(members[order[one]], members[order[other]])
      }
    }
  }
}
