public import Ultrasound

/// Whole pixels: columns and rows from `left`, `top` up to, and without, `right`, `bottom`.
public struct PixelRectangle: Sendable, Hashable, Codable {
  public var left: Int
  public var top: Int
  public var right: Int
  public var bottom: Int

  public init(left: Int, top: Int, right: Int, bottom: Int) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  public var width: Int { max(0, right - left) }
  public var height: Int { max(0, bottom - top) }
  public var area: Int { width * height }
  public var box: PixelBox { PixelBox(x: Double(left), y: Double(top), width: Double(width), height: Double(height)) }

  /// The pixels that a box touches, cut at the picture's edge.
  init(_ box: PixelBox, inWidth width: Int, height: Int) {
    func whole(_ value: Double, _ limit: Int) -> Int {
      value.isFinite ? Int(min(max(value, 0), Double(limit))) : 0
    }
    self.init(
      left: whole(box.x.rounded(.down), width), top: whole(box.y.rounded(.down), height),
      right: whole(box.maxX.rounded(.up), width), bottom: whole(box.maxY.rounded(.up), height))
  }

  func joined(_ other: PixelRectangle) -> PixelRectangle {
    PixelRectangle(
      left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
      bottom: max(bottom, other.bottom))
  }

  func common(_ other: PixelRectangle) -> PixelRectangle {
    PixelRectangle(
      left: max(left, other.left), top: max(top, other.top), right: min(right, other.right),
      bottom: min(bottom, other.bottom))
  }

  func grown(_ columns: Int, _ rows: Int, inWidth width: Int, height: Int) -> PixelRectangle {
    PixelRectangle(
      left: max(0, left - columns), top: max(0, top - rows), right: min(width, right + columns),
      bottom: min(height, bottom + rows))
  }
}
