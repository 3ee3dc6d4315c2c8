public import Ultrasound

/// The outline of a mask along the edges of its pixels.
public enum MaskOutline {
  /// Closed rings with corners at whole coordinates, the marked pixels on the right hand of who walks along them; drawn
  /// again with ``RegionRaster`` they give the same mask. Pixels that touch in a corner only lie in rings of their own.
  /// None where nothing is marked.
  public static func rings(of mask: GreyImage, threshold: UInt8 = 127) -> [[PixelPoint]] {
    let grid = Grid(mask, threshold)
    var walked = [Bool](repeating: false, count: mask.width * mask.height)
    var rings: [[PixelPoint]] = []
    for y in 0..<mask.height {
      for x in 0..<mask.width where !walked[y * mask.width + x] && grid.leaves(x, y, .right) {
        rings.append(ring(from: x, y, grid, &walked))
      }
    }
    return rings
  }

  /// The shape of a mask as a polygon; nil where nothing is marked.
  public static func polygon(of mask: GreyImage, threshold: UInt8 = 127) -> RegionOfInterest.Shape? {
    let rings = rings(of: mask, threshold: threshold)
    return rings.isEmpty ? nil : .polygon(rings)
  }

  private enum Direction: Int {
    case right, down, left, up

    var step: (x: Int, y: Int) {
      switch self {
      case .right: (1, 0)
      case .down: (0, 1)
      case .left: (-1, 0)
      case .up: (0, -1)
      }
    }

    /// To the right, straight on, to the left.
    var following: [Direction] { [1, 0, 3].compactMap { Direction(rawValue: (rawValue + $0) % 4) } }
  }

  private struct Grid {
    let mask: GreyImage
    let threshold: UInt8

    init(_ mask: GreyImage, _ threshold: UInt8) { (self.mask, self.threshold) = (mask, threshold) }

    private func isMarked(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && y >= 0 && x < mask.width && y < mask.height && mask.pixels[y * mask.width + x] > threshold
    }

    /// Whether an edge of the outline leaves the corner (x, y) in that direction.
    func leaves(_ x: Int, _ y: Int, _ direction: Direction) -> Bool {
      switch direction {
      case .right: isMarked(x, y) && !isMarked(x, y - 1)
      case .down: isMarked(x - 1, y) && !isMarked(x, y)
      case .left: isMarked(x - 1, y - 1) && !isMarked(x - 1, y)
      case .up: isMarked(x, y - 1) && !isMarked(x - 1, y - 1)
      }
    }
  }

  private static func ring(from startX: Int, _ startY: Int, _ grid: Grid, _ walked: inout [Bool]) -> [PixelPoint] {
    var ring: [PixelPoint] = []
    var (x, y, direction) = (startX, startY, Direction.right)
    repeat {
      if direction == .right { walked[y * grid.mask.width + x] = true }
      (x, y) = (x + direction.step.x, y + direction.step.y)
      // Every corner that an edge enters is left by one; straight on where a defect of ours said otherwise, which ends
      // the walk.
      guard let next = direction.following.first(where: { grid.leaves(x, y, $0) }) else { break }
      if next != direction { ring.append(PixelPoint(x: Double(x), y: Double(y))) }
      direction = next
    } while !(x == startX && y == startY && direction == .right)
    return ring
  }
}
