/// How the middle of one picture lies in another: a point (x, y) of the one, in units of its width and height, is the point
/// (x0 + x * xScale, y0 + y * yScale) of the other; a mirrored one has a negative scale.
public struct Pose: Sendable, Hashable {
  public var x0: Float
  public var xScale: Float
  public var y0: Float
  public var yScale: Float

  /// That ``Stretch/middle`` of the one, turned over by `reflection`, lies in `window` of the other.
  public init(_ window: TextureWindows.Window, _ reflection: Reflection) {
    (x0, xScale) = Self.axis(window.across, isReflected: reflection.across)
    (y0, yScale) = Self.axis(window.down, isReflected: reflection.down)
  }

  private static func axis(_ window: Stretch, isReflected: Bool) -> (start: Float, scale: Float) {
    let scale = window.length / Stretch.middle.length
    let start = window.start - Stretch.middle.start * scale
    return isReflected ? (start + scale, -scale) : (start, scale)
  }

  /// The scales stay between a third and three.
  var isPlausible: Bool { [xScale, yScale].allSatisfy { (0.33...3).contains(abs($0)) } }

  /// With both ends of an axis moved.
  fileprivate func moved(across: (start: Float, end: Float), down: (start: Float, end: Float)) -> Pose {
    var pose = self
    pose.x0 += across.start
    pose.xScale += across.end - across.start
    pose.y0 += down.start
    pose.yScale += down.end - down.start
    return pose
  }

  /// A shift along an axis, and a scaling about its middle.
  fileprivate static let moves: [(across: (start: Float, end: Float), down: (start: Float, end: Float))] = [
    ((1, 1), (0, 0)), ((-1, -1), (0, 0)), ((0, 0), (1, 1)), ((0, 0), (-1, -1)),
    ((1, -1), (0, 0)), ((-1, 1), (0, 0)), ((0, 0), (1, -1)), ((0, 0), (-1, 1)),
  ]
}

/// Confirms that two pictures show the same, by laying the one's texture over the other's.
public enum TextureAlignment {
  /// Pictures whose agreement reaches this show the same.
  public static let agreement: Float = 0.7
  /// The steps by which the pose is moved, in widths; the spacing of the pixels compared; and the correlation below which nothing
  /// more is tried (copies that lie in place reach 0.9).
  private static let levels: [(size: Float, step: Int, hope: Float)] = [
    (0.02, 2, 0.25), (0.01, 2, 0.4), (0.005, 1, 0.6),
  ]
  /// Blocks of so many pixels a side are compared one by one.
  private static let block = 8
  /// Blocks with texture on both sides that a judgement needs.
  private static let blocksNeeded = 8
  /// A block's standard deviation below which it shows nothing.
  private static let flat: Float = 0.35

  /// Agreement of `picture` with `other` at the best pose near `pose`: the median over blocks of Pearson's correlation of the two
  /// textures, -1...1. A graphic that both pictures share, or that one has and the other has not, changes few blocks and so the
  /// median little. 0 where too little of the pictures overlaps or has texture.
  public static func agreement(of picture: LocalContrast, with other: LocalContrast, near pose: Pose) -> Float {
    let overlay = Overlay(picture, other)
    var pose = pose
    for (size, step, hope) in levels {
      var best = overlay.correlation(pose, step: step)
      guard best >= hope else { return 0 }
      for _ in 0..<4 {
        let before = best
        for move in Pose.moves {
          let moved = pose.moved(
            across: (move.across.start * size, move.across.end * size),
            down: (move.down.start * size, move.down.end * size))
          guard moved.isPlausible else { continue }
          let found = overlay.correlation(moved, step: step)
          if found > best { (best, pose) = (found, moved) }
        }
        if best == before { break }
      }
    }
    return overlay.medianOfBlocks(pose)
  }

  /// Sums of a correlation.
  private struct Moments {
    var (n, x, y, xx, yy, xy): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)

    @inline(__always) mutating func add(_ first: Float, _ second: Float) {
      n += 1
      x += first
      y += second
      xx += first * first
      yy += second * second
      xy += first * second
    }

    var variances: (Float, Float) { (max(0, xx / n - x / n * x / n), max(0, yy / n - y / n * y / n)) }

    var correlation: Float {
      let (first, second) = variances
      return first > 0 && second > 0 ? (xy / n - x / n * y / n) / (first * second).squareRoot() : 0
    }
  }

  /// One picture sampled over the other.
  private struct Overlay {
    private let picture: LocalContrast
    private let other: LocalContrast
    private static let side = LocalContrast.side

    init(_ picture: LocalContrast, _ other: LocalContrast) { (self.picture, self.other) = (picture, other) }

    /// Where pixel `index` lies in the other, between two of its pixels; nil outside.
    private static func sample(_ index: Int, _ start: Float, _ scale: Float) -> (place: Int, weight: Float)? {
      let side = Float(Self.side)
      let position = (start + (Float(index) + 0.5) / side * scale) * side - 0.5
      guard position >= 0, position < side - 1 else { return nil }
      let place = Int(position)
      return (place, position - Float(place))
    }

    private typealias Samples = [(index: Int, place: Int, weight: Float)]

    private static func samples(_ start: Float, _ scale: Float, step: Int) -> Samples {
      var samples: Samples = []
      samples.reserveCapacity(side)
      for index in stride(from: 0, to: side, by: step) {
        if let (place, weight) = sample(index, start, scale) { samples.append((index, place, weight)) }
      }
      return samples
    }

    /// Pearson's correlation over all of the overlap; 0 where that shows less than a seventh of the picture.
    func correlation(_ pose: Pose, step: Int) -> Float {
      let columns = Self.samples(pose.x0, pose.xScale, step: step)
      let rows = Self.samples(pose.y0, pose.yScale, step: step)
      var moments = Moments()
      walk(picture.inner, other.inner, columns, rows) { _, first, second in moments.add(first, second) }
      guard moments.n * Float(step * step * 7) >= Float(Self.side * Self.side) else { return 0 }
      return moments.correlation
    }

    func medianOfBlocks(_ pose: Pose) -> Float {
      let columns = Self.samples(pose.x0, pose.xScale, step: 1)
      let rows = Self.samples(pose.y0, pose.yScale, step: 1)
      let count = Self.side / block
      var blocks = [Moments](repeating: Moments(), count: count * count)
      walk(picture.fine, other.fine, columns, rows) { place, first, second in
        blocks[place / Self.side / block * count + place % Self.side / block].add(first, second)
      }
      let found = blocks.compactMap { block -> Float? in
        guard block.n * 2 >= Float(TextureAlignment.block * TextureAlignment.block) else { return nil }
        let (first, second) = block.variances
        return min(first, second) >= flat * flat ? block.correlation : nil
      }.sorted()
      return found.count >= blocksNeeded ? found[found.count / 2] : 0
    }

    @inline(__always)
    private func walk(
      _ mine: [Float], _ theirs: [Float], _ columns: Samples, _ rows: Samples, _ body: (Int, Float, Float) -> Void
    ) {
      let side = Self.side
      mine.withUnsafeBufferPointer { own in
        picture.shown.withUnsafeBufferPointer { isShown in
          theirs.withUnsafeBufferPointer { foreign in
            other.shown.withUnsafeBufferPointer { isForeignShown in
              for (y, row, down) in rows {
                for (x, column, across) in columns {
                  let (at, place) = (y &* side &+ x, row &* side &+ column)
                  let below = place &+ side
                  guard isShown[at], isForeignShown[place], isForeignShown[below &+ 1] else { continue }
                  let upper = foreign[place] + across * (foreign[place &+ 1] - foreign[place])
                  let lower = foreign[below] + across * (foreign[below &+ 1] - foreign[below])
                  body(at, own[at], upper + down * (lower - upper))
                }
              }
            }
          }
        }
      }
    }
  }
}
