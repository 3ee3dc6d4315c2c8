/// An axis-parallel region in pixels of the upright decoded image; x to the right, y down, origin at the upper left corner
/// of the upper left pixel.
public struct PixelBox: Codable, Sendable, Hashable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  public var maxX: Double { x + width }
  public var maxY: Double { y + height }

  /// The box grown on every side by `fraction` of its own width and height, cut at the image's edge.
  public func expanded(by fraction: Double, inWidth imageWidth: Int, height imageHeight: Int) -> PixelBox {
    let left = max(0, x - fraction * width)
    let top = max(0, y - fraction * height)
    let right = min(Double(imageWidth), maxX + fraction * width)
    let bottom = min(Double(imageHeight), maxY + fraction * height)
    return PixelBox(x: left, y: top, width: right - left, height: bottom - top)
  }
}
