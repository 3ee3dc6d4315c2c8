import Imaging

/// Finds pictures that were made from one: saved again, cropped, turned over, drawn upon, of other contrast.
///
/// Candidates are found by signatures of 64 bits: that of the middle of each picture against those of 253 windows of every other, each
/// turned over in four ways (`TextureWindows`), in tables (``CopyIndex``), so that the cost grows nearly with the number of pictures. Those
/// whose coefficients agree, too, are confirmed by laying the one picture over the other (`TextureAlignment`).
///
/// Whether two pictures are found to show the same depends on the two and on ``bits`` alone, and what is joined does not depend on the
/// order of the pictures or the number of threads: so pictures that were searched before need not be searched among themselves again.
struct CopySearch {
  /// Raised when a change can change what is found.
  static let version = 2
  /// Bits of 64 in which a window may differ from the middle of a picture that shows the same. Measured on BUSI with planted
  /// copies of 20 kinds: 12 or less in 4,999 of 5,000; of pairs of different pictures, 0.1 %.
  static let distance = 12
  /// Cosine of the angle between the coefficients of a window and those of the middle of a picture that shows the same, at least.
  /// Measured on BUSI with 3,500 planted copies: 0.76 or more in all that are confirmed. Of 1,215 pairs of different pictures whose
  /// signatures are near by chance, 8 reach it.
  static let likeness: Float = 0.7
  /// Up to so many pictures every pair is compared, beyond that those that meet in a table.
  static let exactLimit = 256
  /// Of the windows in which one picture may lie in another, so many most like it are looked at closely.
  private static let looks = 3
  /// Pictures searched for at a time; what is joined by then is not looked at again.
  private static let chunk = 1024
  /// Of them, so many by a thread: their signatures are looked up together.
  private static let block = 32

  /// What a search did.
  struct Tally: Equatable, Sendable {
    /// Pairs of pictures that were laid over each other.
    var examined = 0
    /// Those of them that show the same and brought together what was apart.
    var confirmed = 0
  }

  private let pictures: [[UInt8]]
  /// Places of the pictures that are searched for among all.
  private let fresh: [Int]
  private let bits: Int

  /// - pictures: 48 x 48 bytes each (`LocalContrast.shrunk`).
  /// - fresh: whether a picture is new; the others are not searched for among themselves. All are where none is told of.
  init(_ pictures: [[UInt8]], fresh: [Bool] = [], exactUpTo exactLimit: Int = exactLimit) {
    self.pictures = pictures
    self.fresh = pictures.indices.filter { $0 < fresh.count ? fresh[$0] : true }
    bits = CopyIndex.bits(for: pictures.count, exactUpTo: exactLimit)
  }

  /// Joins the pictures that show the same in `sets`, whose element `members[k]` is picture k. Pairs joined already are passed over.
  ///
  /// - owners: of each element, the patient where one is known. Two pictures of a patient are on one side of every split and are not
  ///   looked at; none where no element has one.
  func join(_ members: [Int], in sets: inout DisjointSets, owners: [Int64?] = []) -> Tally {
    var tally = Tally()
    guard !fresh.isEmpty else { return tally }
    let owners = members.map { $0 < owners.count ? owners[$0] : nil }
    let news = parallelMap(inBlocks: fresh) { middle(of: $0) }
    var middles = [TextureSpectrum](repeating: TextureSpectrum(), count: pictures.count)
    for (picture, middle) in zip(fresh, news) { middles[picture] = middle }
    let isFresh = Set(fresh)
    let earlier = pictures.indices.filter { !isFresh.contains($0) }
    search(earlier, among: fresh, &middles, members, &sets, owners, &tally)
    search(fresh, among: Array(pictures.indices), &middles, members, &sets, owners, &tally)
    return tally
  }

  /// Looks in the windows of `wholes` for the middles of `parts`; keeps the middles of the wholes.
  private func search(
    _ wholes: [Int], among parts: [Int], _ middles: inout [TextureSpectrum], _ members: [Int],
    _ sets: inout DisjointSets,
    _ owners: [Int64?], _ tally: inout Tally
  ) {
    guard !wholes.isEmpty else { return }
    let known = middles
    let index = CopyIndex(parts.map { known[$0].signature.bits }, bits: bits)
    for start in stride(from: 0, to: wholes.count, by: Self.chunk) {
      let roots = members.map { sets.root(of: $0) }
      let chunk = Array(wholes[start..<min(start + Self.chunk, wholes.count)])
      let blocks = stride(from: 0, to: chunk.count, by: Self.block).map { Array(chunk[$0...].prefix(Self.block)) }
      let found = parallelMap(blocks) { block in
        candidates(of: block, among: parts, index, known) { whole, part in
          part != whole && roots[part] != roots[whole] && (owners[part] == nil || owners[part] != owners[whole])
        }
      }.flatMap { $0 }
      for (whole, found) in zip(chunk, found) { middles[whole] = found.middle }
      var pairs = found.flatMap(\.pairs).sorted(by: Pair.isBefore)
      let textures = textures(of: pairs)
      while !pairs.isEmpty { pairs = joinWave(of: pairs, textures, members, &sets, &tally) }
    }
  }

  /// Looks closely at pairs of which no two concern the same set, so that what one of them joins spares others; gives the pairs
  /// that are left. Forty frames of a clip take 39 looks, and not 780.
  private func joinWave(
    of pairs: [Pair], _ textures: [Int: LocalContrast], _ members: [Int], _ sets: inout DisjointSets,
    _ tally: inout Tally
  ) -> [Pair] {
    var (wave, left, busy): ([Pair], [Pair], Set<Int>) = ([], [], [])
    for pair in pairs {
      let (one, other) = (sets.root(of: members[pair.whole]), sets.root(of: members[pair.part]))
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
      sets.join(members[pair.whole], members[pair.part])
    }
    return left
  }

  /// A picture whose middle lies in windows of another.
  private struct Pair: Sendable {
    var whole: Int
    var part: Int
    /// The likest first.
    var views: [View]

    static func isBefore(_ first: Pair, _ second: Pair) -> Bool {
      let (one, other) = (first.views.first?.likeness ?? 0, second.views.first?.likeness ?? 0)
      return (-one, first.whole, first.part) < (-other, second.whole, second.part)
    }
  }

  private struct View: Sendable {
    var likeness: Float
    var window: Int
    var reflection: Int

    static func isBefore(_ first: View, _ second: View) -> Bool {
      (-first.likeness, first.window, first.reflection) < (-second.likeness, second.window, second.reflection)
    }
  }

  private func middle(of picture: Int) -> TextureSpectrum {
    TextureWindows.middle(of: LocalContrast(shrunk: pictures[picture]))
  }

  /// Of each of `wholes` its pairs with `parts`, whose middles' signatures are in `index`, and its own middle.
  private func candidates(
    of wholes: [Int], among parts: [Int], _ index: CopyIndex, _ middles: [TextureSpectrum],
    where isOpen: (_ whole: Int, _ part: Int) -> Bool
  ) -> [(middle: TextureSpectrum, pairs: [Pair])] {
    let textures = wholes.map { LocalContrast(shrunk: pictures[$0]) }
    let scans = textures.map(TextureScan.init)
    // Of the wholes with texture, one after the other: those of each window, of each reflection of it.
    let textured = wholes.indices.filter { textures[$0].hasTexture }
    let (windows, reflections) = (TextureWindows.all.count, Reflection.all)
    var queries: [UInt64] = []
    queries.reserveCapacity(textured.count * windows * reflections.count)
    for place in textured {
      for window in 0..<windows {
        let signature = scans[place].spectrum(inWindow: window).signature
        for reflection in reflections { queries.append(signature.reflected(reflection).bits) }
      }
    }
    var views = wholes.map { _ in [Int: [View]]() }
    index.forEach(near: queries, within: Self.distance) { query, place in
      let (whole, part) = (textured[query / reflections.count / windows], parts[place])
      guard isOpen(wholes[whole], part) else { return }
      let (window, reflection) = (query / reflections.count % windows, query % reflections.count)
      let likeness = scans[whole].spectrum(inWindow: window)
        .likeness(to: middles[part], reflected: reflections[reflection])
      guard likeness >= Self.likeness else { return }
      let view = View(likeness: likeness, window: window, reflection: reflection)
      Self.insert(view, into: &views[whole][part, default: []])
    }
    return wholes.indices.map { place in
      let pairs = views[place].sorted { $0.key < $1.key }.map { Pair(whole: wholes[place], part: $0, views: $1) }
      return (scans[place].spectrum(inWindow: 0), pairs)
    }
  }

  /// Keeps the likest, each once.
  private static func insert(_ view: View, into views: inout [View]) {
    if views.contains(where: { $0.window == view.window && $0.reflection == view.reflection }) { return }
    let place = views.firstIndex { View.isBefore(view, $0) } ?? views.count
    guard place < looks else { return }
    views.insert(view, at: place)
    if views.count > looks { views.removeLast() }
  }

  /// Of each picture that a pair names.
  private func textures(of pairs: [Pair]) -> [Int: LocalContrast] {
    let named = Set(pairs.flatMap { [$0.whole, $0.part] }).sorted()
    let textures = parallelMap(inBlocks: named, of: 8) { LocalContrast(shrunk: pictures[$0]) }
    return Dictionary(uniqueKeysWithValues: zip(named, textures))
  }

  private func showTheSame(_ pair: Pair, _ textures: [Int: LocalContrast]) -> Bool {
    guard let whole = textures[pair.whole], let part = textures[pair.part] else { return false }
    return pair.views.contains { view in
      let pose = Pose(TextureWindows.all[view.window], Reflection.all[view.reflection])
      return TextureAlignment.agreement(of: part, with: whole, near: pose) >= TextureAlignment.agreement
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
