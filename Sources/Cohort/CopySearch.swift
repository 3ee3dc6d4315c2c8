import Imaging

/// Finds pictures that were made from one: saved again, cropped, turned over, drawn upon, of other contrast.
///
/// Candidates are found by signatures of 64 bits: that of the middle of each picture against those of 253 windows of every other, each
/// turned over in four ways (`TextureWindows`). They are looked up in tables by samples of the bits (Gionis, Indyk and Motwani
/// 1999), so that the cost grows nearly with the number of pictures. Candidates are confirmed by laying the one picture over the other
/// (`TextureAlignment`).
///
/// The result depends on the pictures alone: not on their order, names or the number of threads.
struct CopySearch {
  /// Raised when a change can change what is found.
  static let version = 1
  /// Bits of 64 in which a window may differ from the middle of a picture that shows the same. Measured on BUSI with planted
  /// copies of 20 kinds: 12 or less in 4,999 of 5,000; of pairs of different pictures, 0.1 %.
  static let distance = 12
  /// Up to so many pictures every pair is compared, beyond that those that meet in a table.
  static let exactLimit = 256
  private static let tables = 12
  /// Of the windows in which one picture may lie in another, so many nearest are looked at closely.
  private static let looks = 3
  /// Pictures searched for at a time; what is joined by then is not looked at again.
  private static let chunk = 256

  /// What a search did.
  struct Tally: Equatable {
    /// Pairs of pictures that were laid over each other.
    var examined = 0
    /// Those of them that show the same and brought together what was apart.
    var confirmed = 0
  }

  private let pictures: [[UInt8]]
  private let index: [Table]

  /// - pictures: 48 x 48 bytes each (`LocalContrast.shrunk`), in an order that the caller keeps the same for the same pictures.
  init(_ pictures: [[UInt8]], exactUpTo exactLimit: Int = exactLimit) {
    self.pictures = pictures
    let middles = parallelMap(inBlocks: pictures) { TextureWindows.middle(of: LocalContrast(shrunk: $0)).bits }
    var random = SplitMix64(seed: 64)
    if pictures.count <= exactLimit {
      index = [Table(middles, bits: 0, &random)]
    } else {
      // Buckets of some 8 to 16 pictures.
      let bits = max(1, Int.bitWidth - pictures.count.leadingZeroBitCount - 4)
      index = (0..<Self.tables).map { _ in Table(middles, bits: bits, &random) }
    }
  }

  /// Joins the pictures that show the same in `sets`, whose element `members[k]` is picture k. Pairs joined already are passed over.
  ///
  /// - owners: of each element, the patient where one is known. Two pictures of a patient are on one side of every split and are not
  ///   looked at; none where no element has one.
  func join(_ members: [Int], in sets: inout DisjointSets, owners: [Int64?] = []) -> Tally {
    var tally = Tally()
    // What is on one side already.
    var together = sets
    together.join(by: owners)
    for start in stride(from: 0, to: pictures.count, by: Self.chunk) {
      let roots = members.map { together.root(of: $0) }
      let chunk = Array(start..<min(start + Self.chunk, pictures.count))
      let found = parallelMap(inBlocks: chunk, of: 8) { candidates(of: $0, roots) }
      var pairs = zip(chunk, found).flatMap { picture, candidates in
        candidates.map { Pair(picture: picture, candidate: $0) }
      }
      pairs.sort { ($0.distance, $0.picture, $0.candidate.picture) < ($1.distance, $1.picture, $1.candidate.picture) }
      let textures = textures(of: pairs)
      while !pairs.isEmpty { pairs = joinWave(of: pairs, textures, members, &sets, &together, &tally) }
    }
    return tally
  }

  /// Looks closely at pairs of which no two concern the same set, so that what one of them joins spares others; gives the pairs
  /// that are left. Forty frames of a clip take 39 looks, and not 780.
  private func joinWave(
    of pairs: [Pair], _ textures: [Int: LocalContrast], _ members: [Int], _ sets: inout DisjointSets,
    _ together: inout DisjointSets, _ tally: inout Tally
  ) -> [Pair] {
    var (wave, left, busy): ([Pair], [Pair], Set<Int>) = ([], [], [])
    for pair in pairs {
      let (one, other) = (
        together.root(of: members[pair.picture]), together.root(of: members[pair.candidate.picture])
      )
      if one == other { continue }
      if busy.contains(one) || busy.contains(other) {
        left.append(pair)
      } else {
        busy.formUnion([one, other])
        wave.append(pair)
      }
    }
    tally.examined += wave.count
    for (pair, isAlike) in zip(wave, parallelMap(inBlocks: wave, of: 4) { showTheSame($0, textures) }) where isAlike {
      tally.confirmed += 1
      sets.join(members[pair.picture], members[pair.candidate.picture])
      together.join(members[pair.picture], members[pair.candidate.picture])
    }
    return left
  }

  /// A picture whose middle lies in windows of another.
  private struct Candidate: Sendable {
    var picture: Int
    var views: [View]
  }

  private struct Pair: Sendable {
    var picture: Int
    var candidate: Candidate

    var distance: Int { candidate.views.first?.distance ?? 64 }
  }

  private struct View: Sendable {
    var distance: Int
    var window: Int
    var reflection: Int

    static func < (first: View, second: View) -> Bool {
      (first.distance, first.window, first.reflection) < (second.distance, second.window, second.reflection)
    }
  }

  private func candidates(of picture: Int, _ roots: [Int]) -> [Candidate] {
    let texture = LocalContrast(shrunk: pictures[picture])
    guard texture.hasTexture else { return [] }
    var views: [Int: [View]] = [:]
    let own = roots[picture]
    for (window, signature) in TextureWindows.signatures(of: texture).enumerated() {
      for (place, reflection) in Reflection.all.enumerated() {
        let bits = signature.reflected(reflection).bits
        for table in index {
          table.forEach(near: bits) { other, distance in
            guard roots[other] != own else { return }
            Self.insert(View(distance: distance, window: window, reflection: place), into: &views[other, default: []])
          }
        }
      }
    }
    return views.keys.sorted().map { Candidate(picture: $0, views: views[$0] ?? []) }
  }

  /// Keeps the nearest, each once.
  private static func insert(_ view: View, into views: inout [View]) {
    if views.contains(where: { $0.window == view.window && $0.reflection == view.reflection }) { return }
    let place = views.firstIndex { view < $0 } ?? views.count
    guard place < looks else { return }
    views.insert(view, at: place)
    if views.count > looks { views.removeLast() }
  }

  /// Of each picture that a pair names.
  private func textures(of pairs: [Pair]) -> [Int: LocalContrast] {
    let named = Set(pairs.flatMap { [$0.picture, $0.candidate.picture] }).sorted()
    let textures = parallelMap(inBlocks: named, of: 8) { LocalContrast(shrunk: pictures[$0]) }
    return Dictionary(uniqueKeysWithValues: zip(named, textures))
  }

  private func showTheSame(_ pair: Pair, _ textures: [Int: LocalContrast]) -> Bool {
    guard let whole = textures[pair.picture], let part = textures[pair.candidate.picture] else { return false }
    return pair.candidate.views.contains { view in
      let pose = Pose(TextureWindows.all[view.window], Reflection.all[view.reflection])
      return TextureAlignment.agreement(of: part, with: whole, near: pose) >= TextureAlignment.agreement
    }
  }

  /// Pictures by a sample of the bits of their signatures.
  private struct Table: Sendable {
    private let mask: UInt64
    private let factor: UInt64
    private let shift: UInt64
    /// Bucket k holds order[start[k]..<start[k + 1]].
    private let start: [Int32]
    private let order: [Int32]
    /// The signature of each of `order`.
    private let signatures: [UInt64]

    /// - bits: 0 puts all in one bucket.
    init(_ signatures: [UInt64], bits: Int, _ random: inout SplitMix64) {
      var places = Array(0..<64)
      random.shuffle(&places)
      let mask = places.prefix(bits).reduce(0) { $0 | 1 << UInt64($1) } as UInt64
      (self.mask, factor, shift) = (mask, random.next() | 1, UInt64(64 - bits))
      let (factor, shift) = (self.factor, self.shift)
      let keys = signatures.map { Self.key($0, mask, factor, shift) }
      var start = [Int32](repeating: 0, count: (1 << bits) + 1)
      for key in keys { start[key + 1] += 1 }
      for key in 1..<start.count { start[key] += start[key - 1] }
      var next = start
      var order = [Int32](repeating: 0, count: keys.count)
      for (place, key) in keys.enumerated() {
        order[Int(next[key])] = Int32(truncatingIfNeeded: place)
        next[key] += 1
      }
      (self.start, self.order) = (start, order)
      self.signatures = order.map { signatures[Int($0)] }
    }

    /// The sampled bits, scattered over the buckets.
    @inline(__always)
    private static func key(_ bits: UInt64, _ mask: UInt64, _ factor: UInt64, _ shift: UInt64) -> Int {
      shift == 64 ? 0 : Int(truncatingIfNeeded: ((bits & mask) &* factor) >> shift)
    }

    /// Calls `body` with the pictures of the bucket of `bits` that are near, and how near.
    @inline(__always)
    func forEach(near bits: UInt64, _ body: (Int, Int) -> Void) {
      let key = Self.key(bits, mask, factor, shift)
      signatures.withUnsafeBufferPointer { signatures in
        // Counted by hand: this is the innermost loop.
        var place = Int(start[key])
        let end = Int(start[key + 1])
        while place < end {
          let distance = (signatures[place] ^ bits).nonzeroBitCount
          if distance <= CopySearch.distance { body(Int(order[place]), distance) }
          place &+= 1
        }
      }
    }
  }
}

/// As `parallelMap`, with blocks of elements as the tasks, for transforms too short to be tasks of their own.
func parallelMap<Element: Sendable, Value: Sendable>(
  inBlocks elements: [Element], of size: Int = 64, _ transform: @Sendable (Element) -> Value
) -> [Value] {
  let starts = Array(stride(from: 0, to: elements.count, by: size))
  return parallelMap(starts) { start in elements[start..<min(start + size, elements.count)].map(transform) }
    .flatMap { $0 }
}
