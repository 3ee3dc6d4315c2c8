import Imaging

/// A few frames on end, as the darkest and the brightest that each pixel was: what is drawn over the picture stays in both.
struct Scene {
  var lowest: RGBImage
  var highest: RGBImage
  var frames: Int
}

/// Takes a clip apart into scenes, and keeps what stays through all of it.
struct OverlayScenes {
  /// Frames of a scene at most. Text that comes and goes within one is looked for in its brightest values.
  static let length = 16

  private var low: [UInt8] = []
  private var high: [UInt8] = []
  private var count = 0
  private var changes = FrameChangeDetector()
  private let width: Int
  private let height: Int
  private(set) var overlay: StaticOverlayFinder

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    overlay = StaticOverlayFinder(width: width, height: height)
  }

  /// - Returns: the scene that ended before this frame, if one did.
  mutating func add(_ frame: RGBImage) -> Scene? {
    let change = changes.add(frame.grey())
    overlay.add(frame)
    guard change.kind != .repeated else { return nil }
    let ended = count == Self.length || change.kind == .cut ? finish() : nil
    if count == 0 {
      (low, high) = (frame.pixels, frame.pixels)
    } else {
      frame.pixels.withUnsafeBufferPointer { from in
        for at in from.indices {
          low[at] = min(low[at], from[at])
          high[at] = max(high[at], from[at])
        }
      }
    }
    count += 1
    return ended
  }

  /// The scene that has begun, if any.
  mutating func finish() -> Scene? {
    guard count > 0 else { return nil }
    defer { count = 0 }
    return Scene(
      lowest: RGBImage(width: width, height: height, pixels: low),
      highest: RGBImage(width: width, height: height, pixels: high), frames: count)
  }
}
