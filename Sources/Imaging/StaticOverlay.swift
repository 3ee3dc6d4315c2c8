/// Finds what stays while the picture moves: text, logos, rulers, body marks, the frame of a scanner's screen. Frames are added
/// one by one; what is kept is each pixel's smallest and largest value in each colour.
public struct StaticOverlayFinder: Sendable {
  /// A pixel whose values lie this close together through time is taken as constant (lossy codecs let them breathe).
  public var tolerance: UInt8 = 10
  /// A constant pixel whose largest colour is below this is background, not overlay.
  public var darkest: UInt8 = 32
  /// Connected marks (8 neighbours) of fewer pixels are left out.
  public var smallestMark = 4
  /// The marks are grown by this many pixels, since the edges of letters blend with what moves behind them.
  public var margin = 1
  /// Frames unlike the one before that are needed.
  public var minimumFrames = 8

  public let width: Int
  public let height: Int
  /// Frames added that were not the same as the one before.
  public private(set) var distinctFrames = 0
  private var lowest: [UInt8]
  private var highest: [UInt8]
  private var last: RGBImage?

  /// - Precondition: width and height are at least 1.
  public init(width: Int, height: Int) {
    precondition(width >= 1 && height >= 1, "StaticOverlayFinder: a frame has pixels")
    (self.width, self.height) = (width, height)
    lowest = [UInt8](repeating: 255, count: width * height * 3)
    highest = [UInt8](repeating: 0, count: width * height * 3)
  }

  /// - Returns: false where the frame is of another size, and so was not used.
  @discardableResult
  public mutating func add(_ frame: RGBImage) -> Bool {
    guard frame.width == width, frame.height == height else { return false }
    guard frame != last else { return true }
    (last, distinctFrames) = (frame, distinctFrames + 1)
    frame.pixels.withUnsafeBufferPointer { values in
      lowest.withUnsafeMutableBufferPointer { low in
        for index in values.indices where values[index] < low[index] { low[index] = values[index] }
      }
      highest.withUnsafeMutableBufferPointer { high in
        for index in values.indices where values[index] > high[index] { high[index] = values[index] }
      }
    }
    return true
  }

  /// What the frames so far show.
  public func find() -> StaticOverlayFinding {
    guard distinctFrames >= minimumFrames else {
      return .undecided(reason: "expected at least \(minimumFrames) different frames, found \(distinctFrames)")
    }
    var marks = [Bool](repeating: false, count: width * height)
    var (lit, moving) = (0, 0)
    for pixel in marks.indices {
      let colors = 3 * pixel..<3 * pixel + 3
      let brightest = colors.reduce(0) { max($0, highest[$1]) }
      guard brightest >= darkest else { continue }
      lit += 1
      if colors.allSatisfy({ highest[$0] - lowest[$0] <= tolerance }) { marks[pixel] = true } else { moving += 1 }
    }
    guard lit > 0, Double(moving) >= 0.02 * Double(lit) else {
      return .undecided(reason: "nothing moves, so what stays cannot be told from the picture")
    }
    Marks.removeSmall(&marks, width: width, height: height, below: smallestMark)
    Marks.grow(&marks, width: width, height: height, by: margin)
    let mask = GreyImage(width: width, height: height, pixels: marks.map { $0 ? 255 : 0 })
    return .found(StaticOverlay(mask: mask, movingShare: Double(moving) / Double(lit)))
  }
}

/// What a clip's overlay is, or why that cannot be told.
public enum StaticOverlayFinding: Sendable, Equatable {
  case found(StaticOverlay)
  case undecided(reason: String)
}

public struct StaticOverlay: Sendable, Equatable {
  /// 255 where overlay stands, else 0; all 0 where there is none.
  public let mask: GreyImage
  /// The part of the pixels that are ever lit which changes through time, 0...1.
  public let movingShare: Double

  public var isEmpty: Bool { !mask.pixels.contains(255) }
}

/// Sets of pixels, row by row.
enum Marks {
  /// Takes out connected sets (8 neighbours) of fewer than `limit` pixels.
  static func removeSmall(_ marks: inout [Bool], width: Int, height: Int, below limit: Int) {
    var seen = [Bool](repeating: false, count: marks.count)
    var members: [Int] = []
    for start in marks.indices where marks[start] && !seen[start] {
      members = [start]
      seen[start] = true
      var next = 0
      while next < members.count {
        let (x, y) = (members[next] % width, members[next] / width)
        next += 1
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) {
            let neighbour = row * width + column
            guard marks[neighbour], !seen[neighbour] else { continue }
            seen[neighbour] = true
            members.append(neighbour)
          }
        }
      }
      if members.count < limit { for member in members { marks[member] = false } }
    }
  }

  /// Adds the pixels within `margin` columns and rows.
  static func grow(_ marks: inout [Bool], width: Int, height: Int, by margin: Int) {
    guard margin > 0 else { return }
    let marked = marks
    for at in marked.indices where marked[at] {
      let (x, y) = (at % width, at / width)
      for row in max(0, y - margin)...min(height - 1, y + margin) {
        for column in max(0, x - margin)...min(width - 1, x + margin) { marks[row * width + column] = true }
      }
    }
  }
}
