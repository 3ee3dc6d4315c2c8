import Foundation
import Imaging
import Ultrasound

/// What a region shows in one frame.
public struct RegionLevel: Sendable, Hashable, Codable {
  /// Mean echo power, white = 1.
  public let power: Double
  /// The part of the region that is white: more power than could be shown.
  public let saturated: Double
  /// The part of the region that lies in the frame (in its panel) and is not covered by overlay.
  public let seen: Double
}

/// A region as rectangles, so that it can be moved by parts of a pixel: a pixel at the edge counts as far as it is inside, and no
/// picture is resampled.
struct RegionSpans: Sendable {
  private(set) var rectangles: [PixelBox] = []

  init(_ shape: RegionOfInterest.Shape) {
    switch shape {
    case .box(let box): rectangles = [box]
    case .polygon(let rings): rectangles = Self.spans(of: rings)
    case .mask(let mask):
      var at = 0
      for (place, run) in mask.runs.enumerated() {
        if place % 2 == 1 { add(run: at..<at + run, width: mask.width) }
        at += run
      }
    }
  }

  var area: Double { rectangles.reduce(0) { $0 + $1.width * $1.height } }

  var isFinite: Bool {
    rectangles.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.maxX.isFinite && $0.maxY.isFinite }
  }

  var bounds: PixelBox {
    let left = rectangles.map(\.x).min() ?? 0
    let top = rectangles.map(\.y).min() ?? 0
    let right = rectangles.map(\.maxX).max() ?? 0
    let bottom = rectangles.map(\.maxY).max() ?? 0
    return PixelBox(x: left, y: top, width: right - left, height: bottom - top)
  }

  func moved(dx: Double, dy: Double) -> RegionSpans {
    var moved = self
    for at in moved.rectangles.indices {
      moved.rectangles[at].x += dx
      moved.rectangles[at].y += dy
    }
    return moved
  }

  /// - Parameters:
  ///   - panel: whole pixels; what lies outside is not looked at.
  ///   - cover: pixels above 127 are left out; of the frame's size.
  /// - Returns: nil where less than half of the region is seen.
  func level(in frame: GreyImage, panel: PixelBox, compression: LogCompression, cover: GreyImage?) -> RegionLevel? {
    var (sum, white, seen) = (0.0, 0.0, 0.0)
    for box in rectangles {
      let (left, right) = (max(box.x, panel.x), min(box.maxX, panel.maxX))
      let (top, bottom) = (max(box.y, panel.y), min(box.maxY, panel.maxY))
      guard left < right, top < bottom else { continue }
      let columns = Int(left.rounded(.down))..<Int(right.rounded(.up))
      for y in Int(top.rounded(.down))..<Int(bottom.rounded(.up)) {
        let down = min(bottom, Double(y + 1)) - max(top, Double(y))
        let row = y * frame.width
        for x in columns {
          if let cover, cover.pixels[row + x] > 127 { continue }
          let weight = down * (min(right, Double(x + 1)) - max(left, Double(x)))
          let luma = Int(frame.pixels[row + x])
          sum += weight * compression.powers[luma]
          white += luma >= compression.white ? weight : 0
          seen += weight
        }
      }
    }
    guard seen > 0, seen >= 0.5 * area else { return nil }
    return RegionLevel(power: sum / seen, saturated: white / seen, seen: min(1, seen / area))
  }

  private mutating func add(run: Range<Int>, width: Int) {
    var start = run.lowerBound
    while start < run.upperBound {
      let end = min(run.upperBound, (start / width + 1) * width)
      rectangles.append(
        PixelBox(x: Double(start % width), y: Double(start / width), width: Double(end - start), height: 1))
      start = end
    }
  }

  /// A row's spans lie where a line through the middles of its pixels is inside an odd number of rings.
  private static func spans(of rings: [[PixelPoint]]) -> [PixelBox] {
    let points = rings.flatMap(\.self)
    guard points.allSatisfy({ abs($0.x) < 1e6 && abs($0.y) < 1e6 }), let top = points.map(\.y).min(),
      let bottom = points.map(\.y).max()
    else { return [] }
    var spans: [PixelBox] = []
    for row in Int(top.rounded(.down))..<max(Int(top.rounded(.down)), Int(bottom.rounded(.up))) {
      let y = Double(row) + 0.5
      var crossings: [Double] = []
      for ring in rings {
        for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1)) where (a.y <= y) != (b.y <= y) {
          crossings.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
        }
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) where crossings[pair + 1] > crossings[pair] {
        spans.append(
          PixelBox(x: crossings[pair], y: Double(row), width: crossings[pair + 1] - crossings[pair], height: 1))
      }
    }
    return spans
  }
}
