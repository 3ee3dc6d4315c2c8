import Imaging

/// A line of text found by the shape of its strokes.
struct Candidate {
  var rectangle: PixelRectangle
  /// Its words: what is blanked of it where the picture is tissue.
  var words: [PixelRectangle]
  var letterHeight: Int
  /// Glyphs, as far as they could be told apart.
  var letters: Int
  /// 0...1
  var likelihood: Double
  var channel: StrokeMap.Channel
  /// Share of its letters that have the line's colour, 0...1: writing has one, flow and echoes have many.
  var evenness: Double
}

/// Finds lines of text in a picture by their strokes, whatever the script: no model is asked.
struct LineFinder {
  /// Half of the width of the strokes looked for, in pixels: small text, and titles.
  static let reaches = [3, 7]
  /// Below this likelihood a line is forgotten.
  static let floor = 0.005
  /// The same of the strongest strokes alone, where many marks are fragments.
  static let strongFloor = 0.5

  private static func looks(_ channel: StrokeMap.Channel) -> [(reach: Int, share: Double)] {
    reaches.map { ($0, StrokeMap.share) } + (channel == .bright ? [(reaches[1], StrokeMap.strongShare)] : [])
  }

  let channels: [GreyImage]
  private let image: RGBImage

  init(_ image: RGBImage) {
    self.image = image
    channels = StrokeMap.Channel.allCases.map {
      GreyImage(width: image.width, height: image.height, pixels: StrokeMap.channel($0, of: image))
    }
  }

  func candidates() -> [Candidate] {
    var found: [Candidate] = []
    for channel in StrokeMap.Channel.allCases {
      // A grey picture has no colour to look for text in.
      if channel == .coloured, (channels[channel.rawValue].pixels.max() ?? 0) < StrokeMap.faintest { continue }
      for (reach, share) in Self.looks(channel) {
        let map = StrokeMap(
          channels[channel.rawValue].pixels, width: image.width, height: image.height, reach: reach, share: share)
        for line in TextLine.all(of: Glyph.all(in: map), channel: channel) {
          let likelihood = line.likelihood
          guard likelihood >= (share == StrokeMap.share ? Self.floor : Self.strongFloor) else { continue }
          let trimmed = line.trimmed()
          found.append(
            Candidate(
              rectangle: trimmed.rectangle, words: trimmed.words, letterHeight: trimmed.letterHeight,
              letters: trimmed.letters, likelihood: likelihood, channel: channel,
              evenness: evenness(of: trimmed, in: map)))
        }
      }
    }
    return found.sorted { ($0.rectangle.top, $0.rectangle.left) < ($1.rectangle.top, $1.rectangle.left) }
  }

  /// Colours of one line differ by this at most, in each of red, green and blue: see-through letters and JPEG let them.
  static let colourTolerance = 60

  private func evenness(of line: TextLine, in map: StrokeMap) -> Double {
    let colours = line.glyphs.filter(\.isLetter).map { glyph -> [Int] in
      var (best, place) = (-1, 0)
      for row in glyph.rectangle.top..<glyph.rectangle.bottom {
        for column in glyph.rectangle.left..<glyph.rectangle.right {
          let at = row * map.width + column
          if Int(map.values[at]) > best { (best, place) = (Int(map.values[at]), at) }
        }
      }
      return (0..<3).map { Int(image.pixels[3 * place + $0]) }
    }
    guard colours.count >= 2 else { return 1 }
    let middle = (0..<3).map { part in colours.map { $0[part] }.sorted()[colours.count / 2] }
    let even = colours.count { colour in zip(colour, middle).allSatisfy { abs($0 - $1) <= Self.colourTolerance } }
    return Double(even) / Double(colours.count)
  }
}

extension Candidate {
  /// Lines that lie over each other or follow each other at one height, as one: from other channels, and where a word broke off.
  static func merged(_ candidates: [Candidate]) -> [Candidate] {
    var lines = withoutLooseVersions(candidates)
    var changed = true
    while changed {
      changed = false
      var sets = DisjointSets(lines.count)
      for first in lines.indices {
        for second in lines.indices where second > first && lines[first].continues(lines[second]) {
          sets.join(first, second)
          changed = true
        }
      }
      guard changed else { break }
      var groups: [Int: [Candidate]] = [:]
      for index in lines.indices { groups[sets.root(of: index), default: []].append(lines[index]) }
      lines = groups.sorted { $0.key < $1.key }.compactMap { _, members in
        guard var line = members.max(by: { $0.likelihood < $1.likelihood }) else { return nil }
        line.words = members.flatMap(\.words)
        for member in members {
          line.rectangle = line.rectangle.joined(member.rectangle)
          line.letters = max(line.letters, member.letters)
        }
        return line
      }
    }
    return lines
  }

  /// Leaves out a line of which others, likelier and lower, cover most of the width: the same text with tissue that hangs on to it.
  private static func withoutLooseVersions(_ candidates: [Candidate]) -> [Candidate] {
    var kept: [Candidate] = []
    for line in candidates.sorted(by: { ($0.likelihood, $1.rectangle.area) > ($1.likelihood, $0.rectangle.area) }) {
      var columns = Set<Int>()
      for other in kept
      where other.rectangle.top >= line.rectangle.top - 1 && other.rectangle.bottom <= line.rectangle.bottom + 1 {
        let common = other.rectangle.common(line.rectangle)
        columns.formUnion(common.left..<max(common.left, common.right))
      }
      if 10 * columns.count < 7 * line.rectangle.width { kept.append(line) }
    }
    return kept.sorted { ($0.rectangle.top, $0.rectangle.left) < ($1.rectangle.top, $1.rectangle.left) }
  }

  /// Whether this is the end of `text` that broke off: of its height, at its height, and a wide space away at most.
  func isEnd(of text: Candidate) -> Bool {
    let overlap = min(rectangle.bottom, text.rectangle.bottom) - max(rectangle.top, text.rectangle.top)
    let gap = max(rectangle.left, text.rectangle.left) - min(rectangle.right, text.rectangle.right)
    return 2 * overlap >= rectangle.height && rectangle.height <= text.rectangle.height + 2
      && 2 * gap <= 3 * text.letterHeight
      && (rectangle.width <= 4 * text.letterHeight || (likelihood >= 0.15 && rectangle.width <= 12 * text.letterHeight))
  }

  private func continues(_ other: Candidate) -> Bool {
    let overlap = min(rectangle.bottom, other.rectangle.bottom) - max(rectangle.top, other.rectangle.top)
    let low = min(rectangle.height, other.rectangle.height)
    let tall = max(rectangle.height, other.rectangle.height)
    let gap = max(rectangle.left, other.rectangle.left) - min(rectangle.right, other.rectangle.right)
    guard 2 * overlap >= low, 3 * low >= tall else {
      // A part that lies inside the other.
      return overlap == low && low > 0 && -gap >= min(rectangle.width, other.rectangle.width)
    }
    return gap <= max(3, min(letterHeight, other.letterHeight) * 3 / 4)
  }
}
