import Imaging

/// Finds images that look alike, and joins them with copies (``CopySearch``): perceptual hashes a few of 256 bits apart, confirmed by
/// the correlation of the pictures shrunk to 32 x 32 (one fan-shaped sector gives all images of a probe like hashes).
///
/// Up to ``exactLimit`` images all pairs of hashes are compared, and images that were searched before are not compared among
/// themselves again (``EarlierSearch``). Beyond that, hashes are compared where they agree in all bits of one of 128 samples of bits
/// (Gionis, Indyk and Motwani 1999): n x 128 x 24 comparisons or so, and never more than n x 128 x 128 however alike the images
/// are, so that the cost grows with n and not with its square. Of the pairs 40 bits apart all are then found, of those 66 bits
/// apart 96 % (measured at n = 100,000, bits independent); likeness is passed on from neighbour to neighbour, which finds most
/// of the rest.
enum NearDuplicates {
  /// How near is alike.
  struct Rule: Sendable {
    /// Bits of the hash, at most.
    var distance: Int
    /// Correlation of the small pictures, at least.
    var similarity: Double

    /// Where no patients are known. Measured on the part of BUSI used in development: pairs of one scene (saved again, cropped,
    /// neighbouring frames) are 4 to 65 bits apart and correlate by 0.934 or more, all others 84 bits or more: a missed pair leaks
    /// from training to test, a false one only keeps two images on one side.
    static let withoutPatients = Rule(distance: 72, similarity: 0.93)
    /// Where both patients are known, likeness is a second guard, for copies under two names.
    static let betweenPatients = Rule(
      distance: PerceptualHash.nearDuplicateDistance, similarity: GreyImage.nearDuplicateSimilarity)
  }

  static let exactLimit = 131_072
  private static let samples = 128
  private static let window = 128

  /// What an image is compared by.
  struct Look: Sendable {
    var hash: Hash
    var thumbnail: Thumbnail
    /// SHA-256 of the file: the same bytes are alike without looking.
    var content: String
    var isPatientKnown: Bool
    /// Row of the patient, where one is known.
    var patient: Int64?
    /// 48 x 48 grey pixels (`LocalContrast.shrunk`); none where they are not kept.
    var picture: [UInt8] = []
    /// SHA-256 of the file where the look is one of several of it: they are together without looking. `content` then names the
    /// frame, too.
    var file: String?
    /// What the last search made of it; nil where it is new.
    var earlier: Earlier?

    @inline(__always) func isLike(_ other: Look) -> Bool {
      let rule = isPatientKnown && other.isPatientKnown ? Rule.betweenPatients : .withoutPatients
      return hash.distance(to: other.hash) <= rule.distance
        && thumbnail.similarity(to: other.thumbnail) >= rule.similarity
    }
  }

  /// An image that was searched before.
  struct Earlier: Sendable {
    /// The group it was found in; nil where it is like no other.
    var group: String?
    /// Its patient at the time, where one was known.
    var patient: Int64?
  }

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

  /// Sets of two or more look-alikes, as ascending places in `looks`, how closely they were looked for, and whether only the new were
  /// searched for. The sets are the same either way.
  static func groups(
    of looks: [Look], exactUpTo exactLimit: Int = exactLimit
  ) -> (groups: [[Int]], copies: CopySearch.Tally, isContinued: Bool) {
    var sets = DisjointSets(count: looks.count)
    sets.join(by: looks.lazy.map { Optional($0.file ?? $0.content) })
    var seen: Set<String> = []
    let members = looks.indices.filter { seen.insert(looks[$0].content).inserted }
    let copyLimit = min(exactLimit, CopySearch.exactLimit)
    let standing = EarlierSearch(looks, members, exactUpTo: exactLimit, copyLimit: copyLimit)
    let isFresh = looks.indices.map { !(standing?.holds(looks[$0].content) ?? false) }
    if standing != nil { sets.join(by: looks.lazy.map { $0.earlier?.group }) }
    if members.count <= exactLimit {
      joinPairs(looks, members, isFresh, &sets)
    } else {
      // Buckets of some 16 to 32 images.
      let length = max(4, Int.bitWidth - members.count.leadingZeroBitCount - 5)
      var random = SplitMix64(seed: 256)
      for _ in 0..<samples {
        var places = Array(0..<256)
        random.shuffle(&places)
        joinBuckets(by: Array(places.prefix(length)), looks, members, &sets)
      }
    }
    // By content: an order that is not that of names, so that the frames of a clip are spread over the chunks of the search.
    let byContent = members.filter { !looks[$0].picture.isEmpty }.sorted { looks[$0].content < looks[$1].content }
    let search = CopySearch(
      byContent.map { looks[$0].picture }, fresh: byContent.map { isFresh[$0] }, exactUpTo: copyLimit)
    let copies = search.join(byContent, in: &sets, owners: looks.map(\.patient))
    return (sets.sets().filter { $0.count > 1 }, copies, standing != nil)
  }

  /// Compares every pair of which one at least is new.
  private static func joinPairs(_ looks: [Look], _ members: [Int], _ isFresh: [Bool], _ sets: inout DisjointSets) {
    let order = members.filter { !isFresh[$0] } + members.filter { isFresh[$0] }
    let (hashes, known) = (order.map { looks[$0].hash }, order.map { looks[$0].isPatientKnown })
    let first = order.firstIndex { isFresh[$0] } ?? order.count
    // What a block of rows joins is not compared by those after it.
    for start in stride(from: first, to: order.count, by: 256) {
      let roots = order.map { sets.root(of: $0) }
      let rows = Array(start..<min(start + 256, order.count))
      let found = parallelMap(inBlocks: rows, of: 8) { one in
        var (joined, alike): (Set<Int>, [Int]) = ([roots[one]], [])
        for other in 0..<one {
          let rule = known[one] && known[other] ? Rule.betweenPatients : .withoutPatients
          guard hashes[one].distance(to: hashes[other]) <= rule.distance, !joined.contains(roots[other]),
            looks[order[one]].isLike(looks[order[other]])
          else { continue }
          joined.insert(roots[other])
          alike.append(other)
        }
        return alike
      }
      for (one, alike) in zip(rows, found) { for other in alike { sets.join(order[one], order[other]) } }
    }
  }

  /// Compares images whose hashes agree in the bits at `places`; in a crowded bucket each with the ``window`` before it only.
  private static func joinBuckets(by places: [Int], _ looks: [Look], _ members: [Int], _ sets: inout DisjointSets) {
    let keys = members.map { member in places.reduce(0) { $0 << 1 | looks[member].hash.bit($1) } }
    // Counting sort: bucket k holds order[start[k]..<start[k + 1]].
    var start = [Int](repeating: 0, count: (1 << places.count) + 1)
    for key in keys { start[key + 1] += 1 }
    for key in 1..<start.count { start[key] += start[key - 1] }
    var next = start
    var order = [Int](repeating: 0, count: members.count)
    for (place, key) in keys.enumerated() {
      order[next[key]] = place
      next[key] += 1
    }
    let sorted = order.map { looks[members[$0]] }
    for one in sorted.indices {
      let first = max(start[keys[order[one]]], one - window)
      for other in first..<one where sorted[one].isLike(sorted[other]) {
        sets.join(members[order[one]], members[order[other]])
      }
    }
  }
}
