/// How a frame differs from the one before it.
public struct FrameChange: Sendable, Codable, Hashable {
  public enum Kind: String, Sendable, Codable {
    case first
    /// The same picture again: the scanner was frozen, or a frame was written twice.
    case repeated
    case moved
    /// Another scene: another view, or another size.
    case cut
  }

  public let index: Int
  public let kind: Kind
  /// Mean absolute difference of grey from the frame before, 0...255; absent for the first frame and another size.
  public let meanDifference: Double?
  /// Pearson's correlation of the two frames in 16 x 16 tiles, where both vary.
  public let tileCorrelation: Double?
}

/// Tells repeated frames and changes of scene, frame by frame. What is kept is one frame.
public struct FrameChangeDetector: Sendable {
  /// A frame is a repetition where no more than one pixel in a thousand differs by more than this.
  public var repeatTolerance: UInt8 = 3
  /// A frame begins a new scene where its tiles correlate less than this with those before. A change of gain or a burst of
  /// high power changes the brightness, not the pattern, and is no new scene.
  public var cutCorrelation = 0.6
  /// Pixels above 127 are left out: overlay, which stays when the scene changes. Used where its size is the frame's.
  public var overlay: GreyImage?

  private var last: GreyImage?
  private var count = 0

  public init(overlay: GreyImage? = nil) { self.overlay = overlay }

  public mutating func add(_ frame: GreyImage) -> FrameChange {
    defer { (last, count) = (frame, count + 1) }
    guard let last else { return FrameChange(index: count, kind: .first, meanDifference: nil, tileCorrelation: nil) }
    guard last.width == frame.width, last.height == frame.height else {
      return FrameChange(index: count, kind: .cut, meanDifference: nil, tileCorrelation: nil)
    }
    let cover = overlay.flatMap { $0.width == frame.width && $0.height == frame.height ? $0.pixels : nil }
    var (sum, used, different) = (0, 0, 0)
    for at in frame.pixels.indices where (cover?[at] ?? 0) <= 127 {
      let difference = abs(Int(frame.pixels[at]) - Int(last.pixels[at]))
      sum += difference
      used += 1
      different += difference > Int(repeatTolerance) ? 1 : 0
    }
    let correlation = Tiles.correlation(Tiles.means(last, cover), Tiles.means(frame, cover))
    let isRepeated = different * 1000 <= used
    let isCut = correlation.map { $0 < cutCorrelation } ?? false
    return FrameChange(
      index: count, kind: isRepeated ? .repeated : isCut ? .cut : .moved,
      meanDifference: used > 0 ? Double(sum) / Double(used) : nil, tileCorrelation: correlation)
  }

  /// Runs of at least `minimum` frames of one picture: the frame that is repeated and its repetitions.
  public static func freezes(in changes: [FrameChange], minimum: Int = 3) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for change in changes {
      if change.kind == .repeated {
        start = start ?? change.index - 1
      } else if let first = start {
        runs.append(first..<change.index)
        start = nil
      }
    }
    if let first = start, let last = changes.last { runs.append(first..<last.index + 1) }
    return runs.filter { $0.count >= minimum }
  }
}

/// A frame in 16 x 16 tiles.
private enum Tiles {
  static let side = 16

  /// The mean of each tile, over the pixels that are not covered; nil for a tile without any.
  static func means(_ frame: GreyImage, _ cover: [UInt8]?) -> [Double?] {
    var sums = [Int](repeating: 0, count: side * side)
    var counts = sums
    for y in 0..<frame.height {
      let row = y * side / frame.height * side
      for x in 0..<frame.width where (cover?[y * frame.width + x] ?? 0) <= 127 {
        let tile = row + x * side / frame.width
        sums[tile] += Int(frame.pixels[y * frame.width + x])
        counts[tile] += 1
      }
    }
    return zip(sums, counts).map { $1 > 0 ? Double($0) / Double($1) : nil }
  }

  /// nil where one of the two does not vary.
  static func correlation(_ first: [Double?], _ second: [Double?]) -> Double? {
    let pairs = zip(first, second).compactMap { one, other in one.flatMap { one in other.map { (one, $0) } } }
    guard pairs.count > 1 else { return nil }
    let count = Double(pairs.count)
    let means = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
    var (cross, one, other) = (0.0, 0.0, 0.0)
    for pair in pairs {
      cross += (pair.0 - means.0) * (pair.1 - means.1)
      one += (pair.0 - means.0) * (pair.0 - means.0)
      other += (pair.1 - means.1) * (pair.1 - means.1)
    }
    guard one > 0.25 * count, other > 0.25 * count else { return nil }
    return cross / (one * other).squareRoot()
  }
}
