import Imaging

/// Finds images that look alike: pairs of perceptual hashes at most ``PerceptualHash/nearDuplicateDistance`` bits apart.
///
/// Multi-index hashing (Norouzi, Punjani and Fleet 2014): the 256 bits are cut into 16 bands; two hashes no more than 40 bits
/// apart differ by at most 2 bits in one of the first 9 bands or by at most 1 in one of the other 7, so that only hashes from
/// a few buckets are compared. Some 1350 look-ups of n / 65536 hashes each for every hash: 100,000 spread hashes take seconds.
/// Equal hashes are compared once; many that are nearly equal still cost the square of their number.
enum NearDuplicates {
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

    @inline(__always) func band(_ band: Int) -> Int {
      Int(truncatingIfNeeded: bits[band >> 2] >> UInt64((band & 3) * 16)) & 0xFFFF
    }
  }

  private static let bands = 16

  /// Sets of two or more look-alikes, as ascending places in `hashes`; likeness is passed on from neighbour to neighbour.
  static func groups(of hashes: [Hash], within distance: Int = PerceptualHash.nearDuplicateDistance) -> [[Int]] {
    var sets = DisjointSets(count: hashes.count)
    sets.join(by: hashes.lazy.map { Optional($0) })
    var first: [Hash: Int] = [:]
    var members: [Int] = []
    for (place, hash) in hashes.enumerated() where first.updateValue(place, forKey: hash) == nil {
      members.append(place)
    }
    let distinct = members.map { hashes[$0] }
    // Below some thousands of hashes all pairs cost less than the probes.
    if distinct.count < 4096 {
      joinAllPairs(distinct, members, distance, &sets)
    } else {
      for band in 0..<bands { joinNeighbours(in: band, distinct, members, distance, &sets) }
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

  /// Joins the pairs whose `band` differs by no more than this band's share of the distance.
  private static func joinNeighbours(
    in band: Int, _ hashes: [Hash], _ members: [Int], _ limit: Int, _ sets: inout DisjointSets
  ) {
    let radius = band <= limit % bands ? limit / bands : limit / bands - 1
    guard radius >= 0 else { return }
    let masks = flips(radius)
    // Counting sort by the band's value: bucket v holds order[start[v]..<start[v + 1]].
    var start = [Int](repeating: 0, count: 0x1_0001)
    for hash in hashes { start[hash.band(band) + 1] += 1 }
    for value in 0..<0x1_0000 { start[value + 1] += start[value] }
    var next = start
    var order = [Int](repeating: 0, count: hashes.count)
    for (place, hash) in hashes.enumerated() {
      order[next[hash.band(band)]] = place
      next[hash.band(band)] += 1
    }
    let sorted = order.map { hashes[$0] }
    for one in sorted.indices {
      let value = sorted[one].band(band)
      for mask in masks {
        let bucket = value ^ mask
        // Each pair is seen from both of its ends: once is enough.
        for other in start[bucket]..<start[bucket + 1] where other < one {
          if sorted[one].distance(to: sorted[other]) <= limit {
            sets.join(members[order[one]], members[order[other]])
          }
        }
      }
    }
  }

  /// All 16-bit words of at most `radius` bits.
  private static func flips(_ radius: Int) -> [Int] {
    (0..<0x1_0000).filter { $0.nonzeroBitCount <= radius }
  }
}
