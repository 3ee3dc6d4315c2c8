import Imaging

/// Which pixels show colour flow: coloured patches that are taller than a line of text.
struct FlowMap {
  /// Difference of the strongest and the weakest of red, green and blue from which a pixel counts as coloured.
  static let saturation: UInt8 = 40
  /// Pixels between coloured marks that are one patch.
  static let reach = 3
  /// Rows and pixels of a patch that is no text, at least.
  static let height = 36
  static let area = 800

  /// 1 where there is flow.
  private let pixels: [UInt8]
  private let width: Int
  private let height: Int
  let isEmpty: Bool

  init(_ image: RGBImage) {
    (width, height) = (image.width, image.height)
    let coloured = StrokeMap.channel(.coloured, of: image).map { $0 >= Self.saturation ? UInt8(1) : 0 }
    var flow = [UInt8](repeating: 0, count: coloured.count)
    guard coloured.count(where: { $0 > 0 }) >= Self.area else {
      (pixels, isEmpty) = (flow, true)
      return
    }
    let near = Filters.maximum(coloured, width, height, reach: Self.reach)
    var seen = [Bool](repeating: false, count: near.count)
    var found = false
    for start in near.indices where near[start] > 0 && !seen[start] {
      var members = [start]
      seen[start] = true
      var (next, top, bottom, left, right, own) = (0, height, 0, width, 0, 0)
      while next < members.count {
        let at = members[next]
        let (x, y) = (at % width, at / width)
        next += 1
        (top, bottom, left, right) = (min(top, y), max(bottom, y + 1), min(left, x), max(right, x + 1))
        own += Int(coloured[at])
        for (column, row) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
        where (0..<width).contains(column) && (0..<height).contains(row) {
          let neighbour = row * width + column
          guard near[neighbour] > 0, !seen[neighbour] else { continue }
          seen[neighbour] = true
          members.append(neighbour)
        }
      }
      // The frame of a colour box is tall and thin: it fills little of what it encloses.
      guard bottom - top - 2 * Self.reach >= Self.height, own >= Self.area,
        20 * own >= (bottom - top) * (right - left)
      else { continue }
      found = true
      for at in members { flow[at] = 1 }
    }
    (pixels, isEmpty) = (flow, !found)
  }

  /// The part of a rectangle that is flow, 0...1.
  func share(of box: PixelRectangle) -> Double {
    let box = box.common(PixelRectangle(left: 0, top: 0, right: width, bottom: height))
    guard !isEmpty, box.area > 0 else { return 0 }
    var count = 0
    for row in box.top..<box.bottom {
      for column in box.left..<box.right { count += Int(pixels[row * width + column]) }
    }
    return Double(count) / Double(box.area)
  }
}
