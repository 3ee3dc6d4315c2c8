public import Ultrasound

/// Shapes cut at the edges of their picture.
public enum RegionClip {
  /// The part of the shape inside the picture (polygons by Sutherland and Hodgman: what of a ring leaves and returns is
  /// joined along the edge, which encloses no area).
  /// - Returns: nil where nothing of it lies inside, or a mask is of another size.
  public static func clipped(_ shape: RegionOfInterest.Shape, width: Int, height: Int) -> RegionOfInterest.Shape? {
    switch shape {
    case .box(let box):
      let cut = box.expanded(by: 0, inWidth: width, height: height)
      return cut.width > 0 && cut.height > 0 ? .box(cut) : nil
    case .polygon(let rings):
      let cut = rings.map { clipped($0, Double(width), Double(height)) }.filter { $0.count >= 3 }
      return cut.isEmpty ? nil : .polygon(cut)
    case .mask(let mask):
      return mask.width == width && mask.height == height ? shape : nil
    }
  }

  private static func clipped(_ ring: [PixelPoint], _ width: Double, _ height: Double) -> [PixelPoint] {
    var points = ring
    points = cut(points, inside: { $0.x >= 0 }, meet: { meet($0, $1, x: 0) })
    points = cut(points, inside: { $0.x <= width }, meet: { meet($0, $1, x: width) })
    points = cut(points, inside: { $0.y >= 0 }, meet: { meet($0, $1, y: 0) })
    points = cut(points, inside: { $0.y <= height }, meet: { meet($0, $1, y: height) })
    // A ring that lies on the edge only has no inside.
    guard points.contains(where: { $0.x > 0 && $0.x < width && $0.y > 0 && $0.y < height }) || encloses(points) else {
      return []
    }
    return points
  }

  private static func encloses(_ ring: [PixelPoint]) -> Bool {
    var doubled = 0.0
    for (index, one) in ring.enumerated() {
      let other = ring[(index + 1) % ring.count]
      doubled += one.x * other.y - other.x * one.y
    }
    return abs(doubled) > 1e-9
  }

  private static func cut(
    _ ring: [PixelPoint], inside: (PixelPoint) -> Bool, meet: (PixelPoint, PixelPoint) -> PixelPoint
  ) -> [PixelPoint] {
    guard var last = ring.last else { return [] }
    var cut: [PixelPoint] = []
    for point in ring {
      if inside(point) != inside(last) { cut.append(meet(last, point)) }
      if inside(point) { cut.append(point) }
      last = point
    }
    return cut
  }

  private static func meet(_ one: PixelPoint, _ other: PixelPoint, x: Double) -> PixelPoint {
    PixelPoint(x: x, y: one.y + (x - one.x) / (other.x - one.x) * (other.y - one.y))
  }

  private static func meet(_ one: PixelPoint, _ other: PixelPoint, y: Double) -> PixelPoint {
    PixelPoint(x: one.x + (y - one.y) / (other.y - one.y) * (other.x - one.x), y: y)
  }
}
