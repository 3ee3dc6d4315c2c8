import Ultrasound

/// Sets the distance of two panels by what both show, however little: the near field, a grey bar, a depth scale. A contrast panel is
/// dark in part, so that its lit part alone does not tell where it begins.
struct PanelPlacement {
  /// Texture of the whole screen (``GreyImage/flattened()``).
  private let texture: GreyImage

  /// The correlation at the place found stands out from that at all others by at least this many standard deviations: on screens
  /// made of simulated kidneys right places stood out by 8 to 15, and unrelated pictures by less than 5.
  static let certain = 6.0
  /// How far the second panel is looked for from where it was found, as a part of its width.
  private static let reach = 0.2

  init(_ screen: RGBImage) { texture = screen.grey().flattened() }

  /// The second panel moved to where it agrees with the first, and how far its picture is still off in rows.
  /// - Returns: nil where no place stands out.
  func placed(_ split: PanelSplit) -> (split: PanelSplit, alignment: Translation)? {
    let (left, right) = (split.left, split.right)
    let width = Int(left.width)
    let far = Int(Self.reach * left.width)
    let first = max(Int(left.maxX) - 2, Int(right.x) - far)
    let last = min(texture.width - width, Int(right.x) + far)
    guard first + 20 <= last else { return nil }
    let scores = (first...last).map { (x: $0, score: correlation(of: left, at: $0, below: 0)) }
    guard let best = scores.max(by: { $0.score < $1.score }) else { return nil }
    let others = scores.filter { abs($0.x - best.x) > 3 }.map(\.score)
    let mean = others.reduce(0, +) / Double(max(1, others.count))
    let spread = (others.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, others.count))).squareRoot()
    guard others.count >= 12, best.score > 0.05, best.score - mean >= Self.certain * max(spread, 1e-6) else {
      return nil
    }
    let rows = (-3...3).map { (dy: $0, score: correlation(of: left, at: best.x, below: $0)) }
    let row = rows.max { $0.score < $1.score } ?? (0, best.score)
    let moved = PixelBox(x: Double(best.x), y: right.y, width: right.width, height: right.height)
    return (
      PanelSplit(left: left, right: moved, confidence: split.confidence),
      Translation(dx: 0, dy: Double(row.dy), confidence: row.score)
    )
  }

  /// Of the first panel with the part of its size at column `x`, `dy` rows below.
  private func correlation(of panel: PixelBox, at x: Int, below dy: Int) -> Double {
    let (width, across, down) = (texture.width, Int(panel.width), Int(panel.height))
    let (from, top) = (Int(panel.x), Int(panel.y))
    var (product, first, second) = (0, 0, 0)
    texture.pixels.withUnsafeBufferPointer { pixels in
      for row in stride(from: 0, to: down, by: 2) {
        let (one, other) = (top + row, top + row + dy)
        guard other >= 0, other < texture.height else { continue }
        for column in 0..<across {
          let a = Int(pixels[one * width + from + column]) - 128
          let b = Int(pixels[other * width + x + column]) - 128
          product += a * b
          first += a * a
          second += b * b
        }
      }
    }
    guard first > 0, second > 0 else { return 0 }
    return Double(product) / (Double(first) * Double(second)).squareRoot()
  }
}
