public import Ultrasound

/// The size of what a mask marks, in millimetres.
public struct MaskMeasures: Sendable, Hashable, Codable {
  /// Marked pixels times the area of one, in mm2.
  public let area: Double
  /// The greatest distance between two points of the marked pixels (Feret's diameter), measured to their outer corners,
  /// in mm. A mask of parts is measured across them.
  public let greatestDiameter: Double

  /// - Returns: nil where nothing is marked.
  public init?(of mask: GreyImage, spacing: PixelSpacing, threshold: UInt8 = 127) {
    var corners: [PixelPoint] = []
    var count = 0
    for y in 0..<mask.height {
      let row = mask.pixels[y * mask.width..<(y + 1) * mask.width]
      guard let first = row.firstIndex(where: { $0 > threshold }), let last = row.lastIndex(where: { $0 > threshold })
      else { continue }
      count += row.count { $0 > threshold }
      let (left, right) = (first - row.startIndex, last - row.startIndex + 1)
      for (x, y) in [(left, y), (right, y), (left, y + 1), (right, y + 1)] {
        corners.append(PixelPoint(x: Double(x) * spacing.x, y: Double(y) * spacing.y))
      }
    }
    guard count > 0 else { return nil }
    area = Double(count) * spacing.x * spacing.y
    greatestDiameter = Self.greatestDistance(in: Self.hull(of: corners))
  }

  private static func greatestDistance(in points: [PixelPoint]) -> Double {
    var greatest = 0.0
    for (index, one) in points.enumerated() {
      for other in points[index...] {
        let (x, y) = (one.x - other.x, one.y - other.y)
        greatest = max(greatest, x * x + y * y)
      }
    }
    return greatest.squareRoot()
  }

  /// The corners of the convex hull, by Andrew's monotone chains.
  private static func hull(of points: [PixelPoint]) -> [PixelPoint] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: some Sequence<PixelPoint>) -> [PixelPoint] {
      var chain: [PixelPoint] = []
      for point in points {
        while chain.count >= 2 {
          let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
          guard (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) <= 0 else { break }
          chain.removeLast()
        }
        chain.append(point)
      }
      return chain
    }
    return chain(sorted) + chain(sorted.reversed())
  }
}
