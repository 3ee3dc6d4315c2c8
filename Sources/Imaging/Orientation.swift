/// EXIF's orientation (tag 0x0112): how the stored rows and columns lie in the upright picture.
enum Orientation: Int32, Sendable {
  case upright = 1
  case mirrored, turnedHalf, flipped, transposed, turnedRight, transversed, turnedLeft

  /// Values outside 1...8 mean upright, as in Pillow.
  init(exif value: Int32) { self = Orientation(rawValue: value) ?? .upright }

  var swapsSides: Bool { rawValue >= 5 }

  /// The upright size of a picture stored as width x height.
  func size(width: Int, height: Int) -> (width: Int, height: Int) {
    swapsSides ? (height, width) : (width, height)
  }

  /// The stored pixels, height x width x channels, set upright.
  func applied<Sample>(to stored: [Sample], width: Int, height: Int, channels: Int) -> [Sample] {
    guard self != .upright, !stored.isEmpty else { return stored }
    // Where the upright picture's first pixel stands in the stored one, and the steps to its right and lower neighbours.
    let (right, down) = (channels, width * channels)
    let (lastColumn, lastRow) = ((width - 1) * channels, (height - 1) * width * channels)
    let (start, stepX, stepY) =
      switch self {
      case .upright: (0, right, down)
      case .mirrored: (lastColumn, -right, down)
      case .turnedHalf: (lastRow + lastColumn, -right, -down)
      case .flipped: (lastRow, right, -down)
      case .transposed: (0, down, right)
      case .turnedRight: (lastRow, -down, right)
      case .transversed: (lastRow + lastColumn, -down, -right)
      case .turnedLeft: (lastColumn, down, -right)
      }
    let upright = size(width: width, height: height)
    return [Sample](unsafeUninitializedCapacity: stored.count) { to, filled in
      stored.withUnsafeBufferPointer { from in
        for y in 0..<upright.height {
          for x in 0..<upright.width {
            let source = start + y * stepY + x * stepX
            for channel in 0..<channels {
              to.initializeElement(at: filled, to: from[source + channel])
              filled += 1
            }
          }
        }
      }
    }
  }
}
