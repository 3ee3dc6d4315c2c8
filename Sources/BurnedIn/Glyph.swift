/// A connected set of stroke pixels (8 neighbours) of a letter's size, and what tells it from speckle.
struct Glyph {
  var rectangle: PixelRectangle
  /// Pixels.
  var area: Int
  /// Mean relief of its pixels.
  var strength: Double
  /// Its strongest value in the channel.
  var peak: Double
  /// Relief of the pixels around it that belong to no stroke.
  var noise: Double
  /// Mean step from the pixels on its left and right borders to those two columns outside, as a share of its strength: letters are cut
  /// sharp, speckle is smooth across the beam.
  var edge: Double

  var height: Int { rectangle.height }
  var isLetter: Bool { Self.heights.contains(height) && area >= Self.smallestArea }
  var contrast: Double { strength / (noise + 3) }

  static let heights = 5...80
  static let smallestArea = 5

  /// All of a map, small marks (dots, strokes of a hyphen) too; nothing larger than a letter or a run of touching letters.
  static func all(in map: StrokeMap) -> [Glyph] {
    let noise = NoiseSums(map)
    var seen = [Bool](repeating: false, count: map.strokes.count)
    var members: [Int] = []
    var glyphs: [Glyph] = []
    let (width, height) = (map.width, map.height)
    for start in map.strokes.indices where map.strokes[start] && !seen[start] {
      members.removeAll(keepingCapacity: true)
      members.append(start)
      seen[start] = true
      var next = 0
      var box = PixelRectangle(left: width, top: height, right: 0, bottom: 0)
      while next < members.count {
        let (x, y) = (members[next] % width, members[next] / width)
        next += 1
        box.left = min(box.left, x)
        box.right = max(box.right, x + 1)
        box.top = min(box.top, y)
        box.bottom = max(box.bottom, y + 1)
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) {
            let at = row * width + column
            guard map.strokes[at], !seen[at] else { continue }
            seen[at] = true
            members.append(at)
          }
        }
      }
      guard box.height <= heights.upperBound, box.width <= 14 * max(box.height, 6), members.count >= 2 else { continue }
      glyphs.append(Glyph(members, box, map, noise))
    }
    return glyphs
  }

  private init(_ members: [Int], _ box: PixelRectangle, _ map: StrokeMap, _ sums: NoiseSums) {
    (rectangle, area) = (box, members.count)
    var (total, peak, steps, borders) = (0, 0, 0, 0)
    for at in members {
      total += Int(map.relief[at])
      peak = max(peak, Int(map.values[at]))
      let x = at % map.width
      for side in [-1, 1] where (0..<map.width).contains(x + side) && !map.strokes[at + side] {
        let outside = (0..<map.width).contains(x + 2 * side) ? at + 2 * side : at + side
        steps += max(0, Int(map.values[at]) - Int(map.values[outside]))
        borders += 1
      }
    }
    strength = Double(total) / Double(members.count)
    self.peak = Double(peak)
    edge = borders > 0 ? Double(steps) / Double(borders) / max(1, strength) : 0
    let reach = max(4, box.height / 2)
    noise = sums.mean(in: box.grown(reach, reach, inWidth: map.width, height: map.height))
  }
}

/// Mean relief of pixels that are no stroke and no neighbour of one, in any rectangle.
struct NoiseSums {
  private let width: Int
  private var sums: [Int]
  private var counts: [Int]

  init(_ map: StrokeMap) {
    width = map.width + 1
    sums = [Int](repeating: 0, count: width * (map.height + 1))
    counts = sums
    let near = Filters.maximum(map.strokes.map { $0 ? 1 : 0 }, map.width, map.height, reach: 1)
    for y in 0..<map.height {
      var (sum, count) = (0, 0)
      for x in 0..<map.width {
        let at = y * map.width + x
        if near[at] == 0 {
          sum += Int(map.relief[at])
          count += 1
        }
        let here = (y + 1) * width + x + 1
        sums[here] = sums[here - width] + sum
        counts[here] = counts[here - width] + count
      }
    }
  }

  func mean(in box: PixelRectangle) -> Double {
    func over(_ table: [Int]) -> Int {
      table[box.bottom * width + box.right] - table[box.top * width + box.right] - table[box.bottom * width + box.left]
        + table[box.top * width + box.left]
    }
    let count = over(counts)
    return count > 0 ? Double(over(sums)) / Double(count) : 0
  }
}
