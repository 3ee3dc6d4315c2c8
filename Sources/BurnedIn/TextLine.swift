import Foundation

/// Glyphs that stand in a row, and how much like text they look.
struct TextLine {
  var glyphs: [Glyph]
  var rectangle: PixelRectangle
  var channel: StrokeMap.Channel

  /// Height of its letters: the upper quartile of its glyphs'.
  var letterHeight: Int { Self.quantile(glyphs.map { Double($0.height) }, 0.75).map { Int($0) } ?? 0 }

  /// What ``likelihood`` weighs.
  var features: [Double] {
    let letters = glyphs.filter(\.isLetter)
    let count = Double(letters.count)
    func median(_ value: (Glyph) -> Double) -> Double { Self.quantile(letters.map(value), 0.5) ?? 0 }
    let peaks = letters.map(\.peak)
    let middle = max(1, Self.quantile(peaks, 0.5) ?? 1)
    let spread = ((Self.quantile(peaks, 0.8) ?? 0) - (Self.quantile(peaks, 0.2) ?? 0)) / middle
    let height = max(1, median { Double($0.height) })
    let bottoms = letters.map { Double($0.rectangle.bottom) }
    let base = Self.quantile(bottoms, 0.5) ?? 0
    let aligned = Double(bottoms.filter { abs($0 - base) <= max(1, 0.12 * height) }.count) / max(1, count)
    let fill = median { Double($0.area) / Double(max(1, $0.rectangle.area)) }
    return [
      log(max(1, count)), log(max(0.5, median(\.contrast))), median(\.edge), spread, aligned,
      median(\.strength) / 255, fill, middle / 255,
      log(height), log(max(0.3, median { Double($0.rectangle.width) / Double(max(1, $0.height)) })),
    ]
  }

  /// The line's words as rectangles of one height, which reaches as far above and below the letters as accents and tails do. A streak of
  /// tissue that touches a letter is cut off there. A mask that followed the letters would keep their shape.
  var words: [PixelRectangle] {
    let letters = glyphs.filter(\.isLetter)
    let height = Double(max(1, letterHeight))
    guard let top = Self.quantile(letters.map { Double($0.rectangle.top) }, 0.25),
      let bottom = Self.quantile(letters.map { Double($0.rectangle.bottom) }, 0.75)
    else { return [rectangle] }
    let rows = (
      max(rectangle.top, Int(top - 0.35 * height)), min(rectangle.bottom, Int((bottom + 0.35 * height).rounded(.up)))
    )
    var words: [PixelRectangle] = []
    for glyph in glyphs {
      let box = PixelRectangle(
        left: glyph.rectangle.left, top: rows.0, right: glyph.rectangle.right, bottom: rows.1)
      if let last = words.indices.last, Double(box.left - words[last].right) <= max(3, 0.6 * height) {
        words[last].right = max(words[last].right, box.right)
      } else {
        words.append(box)
      }
    }
    return words
  }

  static func quantile(_ values: [Double], _ share: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int((Double(sorted.count - 1) * share).rounded()))]
  }

  /// Joins glyphs that stand beside each other at nearly one height, are nearly as strong, and no farther apart than letters and words are.
  static func all(of glyphs: [Glyph], channel: StrokeMap.Channel) -> [TextLine] {
    let order = glyphs.indices.sorted { glyphs[$0].rectangle.left < glyphs[$1].rectangle.left }
    var sets = DisjointSets(glyphs.count)
    for (place, first) in order.enumerated() {
      let one = glyphs[first]
      let reach = Int(1.3 * Double(max(one.height, 8)))
      for second in order[(place + 1)...] {
        if glyphs[second].rectangle.left > one.rectangle.right + max(reach, 2 * Glyph.heights.upperBound) { break }
        if areNeighbours(one, glyphs[second]) { sets.join(first, second) }
      }
    }
    var lines: [Int: [Glyph]] = [:]
    for index in glyphs.indices { lines[sets.root(of: index), default: []].append(glyphs[index]) }
    return lines.sorted { $0.key < $1.key }.compactMap { _, members in
      guard members.contains(where: \.isLetter), let first = members.first
      else { return nil }
      let box = members.dropFirst().reduce(first.rectangle) { $0.joined($1.rectangle) }
      return TextLine(
        glyphs: members.sorted { $0.rectangle.left < $1.rectangle.left }, rectangle: box, channel: channel)
    }
  }

  private static func areNeighbours(_ one: Glyph, _ other: Glyph) -> Bool {
    let (tall, low) = one.height >= other.height ? (one, other) : (other, one)
    let gap = max(one.rectangle.left, other.rectangle.left) - min(one.rectangle.right, other.rectangle.right)
    let overlap =
      min(one.rectangle.bottom, other.rectangle.bottom) - max(one.rectangle.top, other.rectangle.top)
    guard min(one.strength, other.strength) >= 0.5 * max(one.strength, other.strength) else { return false }
    let height = Double(tall.height)
    // Parts of one character above each other: dots of letters, roots of Chinese characters.
    if overlap <= 0 { return gap < 0 && -overlap <= 1 + tall.height / 8 && min(one.contrast, other.contrast) > 5 }
    guard Double(overlap) >= 0.5 * Double(low.height), Double(gap) <= max(3, 0.8 * height) else { return false }
    return low.height * 5 >= tall.height * 2 || (low.height * 8 >= tall.height && Double(gap) <= 0.4 * height)
  }
}

/// Which elements hang together.
struct DisjointSets {
  private var parents: [Int]

  init(_ count: Int) { parents = Array(0..<count) }

  mutating func root(of element: Int) -> Int {
    var at = element
    while parents[at] != at {
      parents[at] = parents[parents[at]]
      at = parents[at]
    }
    return at
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (first, second) = (root(of: one), root(of: other))
    if first != second { parents[max(first, second)] = min(first, second) }
  }
}
