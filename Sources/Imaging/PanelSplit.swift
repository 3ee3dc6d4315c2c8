public import Ultrasound

/// Two panels side by side that show the same place, as contrast and B-mode do on one screen.
public struct PanelSplit: Sendable, Hashable, Codable {
  /// Boxes of one size in whole pixels; a point of the left panel lies in the right one at the same place from its corner.
  public let left: PixelBox
  public let right: PixelBox
  /// The columns between the two panels.
  public let gutter: PixelBox
  /// How well the two agree in width, height and outline, or in what they show, 0...1.
  public let confidence: Double

  init(left: PixelBox, right: PixelBox, confidence: Double) {
    (self.left, self.right, self.confidence) = (left, right, confidence)
    gutter = PixelBox(x: left.maxX, y: left.y, width: max(0, right.x - left.maxX), height: left.height)
  }

  func confident(as confidence: Double) -> PanelSplit { PanelSplit(left: left, right: right, confidence: confidence) }
}

public enum PanelFinding: Sendable, Equatable {
  case panels(PanelSplit)
  case undecided(reason: String)
}

/// Finds two panels in the pixels of frames: what is ever lit on both sides of a dark gutter near the middle must have the same
/// outline, or, since a contrast panel is dark in part, the fuller panel must be found again in the other by phase correlation,
/// which also sets the distance to the pixel. A single picture, or one whose two sides have nothing in common, is refused.
/// Overlay is to be left out, since text and rulers stand beside one panel only.
public struct PanelFinder: Sendable {
  /// Pixels above this grey are lit.
  public var darkest: UInt8 = 20
  /// Below this confidence there are no panels.
  public var minimumConfidence = 0.75

  public let width: Int
  public let height: Int
  private var brightest: [UInt8]

  /// - Precondition: width and height are at least 1.
  public init(width: Int, height: Int) {
    precondition(width >= 1 && height >= 1, "PanelFinder: a frame has pixels")
    (self.width, self.height) = (width, height)
    brightest = [UInt8](repeating: 0, count: width * height)
  }

  /// A contrast panel is dark until contrast arrives, so frames of the whole clip are to be added.
  /// - Returns: false where the frame is of another size, and so was not used.
  @discardableResult
  public mutating func add(_ frame: GreyImage) -> Bool {
    guard frame.width == width, frame.height == height else { return false }
    for at in brightest.indices where frame.pixels[at] > brightest[at] { brightest[at] = frame.pixels[at] }
    return true
  }

  /// - Parameter overlay: pixels above 127 are not looked at; of the frames' size, else it is not used.
  public func find(overlay: GreyImage? = nil) -> PanelFinding {
    let cover = overlay.flatMap { $0.width == width && $0.height == height ? $0.pixels : nil }
    let lit = brightest.indices.map { brightest[$0] > darkest && (cover?[$0] ?? 0) <= 127 }
    let outline = Outline(lit: lit, width: width, height: height)
    guard let content = outline.box(columns: 0..<width), content.columns.count >= 32, content.rows.count >= 16 else {
      return .undecided(reason: "the frames are dark")
    }
    let gutters = outline.gutters(in: content)
    guard !gutters.isEmpty else { return .undecided(reason: "no dark gutter near the middle") }
    let peak = GreyImage(
      width: width, height: height, pixels: brightest.indices.map { (cover?[$0] ?? 0) > 127 ? 0 : brightest[$0] })
    let splits = gutters.compactMap { gutter -> PanelSplit? in
      guard let sides = outline.sides(of: gutter, in: content) else { return nil }
      let byShape = outline.split(sides)
      let byContent = PanelMatch(outline: outline, peak: peak).split(sides)
      guard let byContent else { return byShape }
      return byContent.confident(as: max(byContent.confidence, byShape?.confidence ?? 0))
    }
    guard let best = splits.max(by: { $0.confidence < $1.confidence }) else {
      return .undecided(reason: "the two sides of the gutter are not alike")
    }
    guard best.confidence >= minimumConfidence else {
      let percent = Int((100 * best.confidence).rounded())
      return .undecided(reason: "the two sides of the gutter agree to \(percent) % only")
    }
    return .panels(best)
  }
}

/// What is lit, and its extents.
struct Outline {
  let lit: [Bool]
  let width: Int
  let height: Int

  struct Extent {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  /// The rows and columns in which at least 2 % (and two pixels) are lit, within `columns`.
  func box(columns: Range<Int>) -> Extent? {
    var (rowCounts, columnCounts) = ([Int](repeating: 0, count: height), [Int](repeating: 0, count: columns.count))
    for y in 0..<height {
      for x in columns where lit[y * width + x] {
        rowCounts[y] += 1
        columnCounts[x - columns.lowerBound] += 1
      }
    }
    func range(_ counts: [Int], of full: Int) -> Range<Int>? {
      let least = max(2, full / 50)
      guard let first = counts.firstIndex(where: { $0 >= least }), let last = counts.lastIndex(where: { $0 >= least })
      else { return nil }
      return first..<last + 1
    }
    guard let rows = range(rowCounts, of: columns.count), let across = range(columnCounts, of: rows.count) else {
      return nil
    }
    return Extent(
      columns: columns.lowerBound + across.lowerBound..<columns.lowerBound + across.upperBound, rows: rows)
  }

  /// What is lit on each side of a gutter.
  struct Sides {
    var left: Extent
    var right: Extent
  }

  /// Runs of dark columns (at most 0.5 % lit) whose middle lies in the middle two fifths of the content.
  func gutters(in content: Extent) -> [Range<Int>] {
    let most = content.rows.count / 200
    var runs: [Range<Int>] = []
    var start: Int?
    for x in content.columns {
      let isDark = content.rows.reduce(0) { $0 + (lit[$1 * width + x] ? 1 : 0) } <= most
      if isDark { start = start ?? x }
      if !isDark, let first = start {
        runs.append(first..<x)
        start = nil
      }
    }
    let middle = Double(content.columns.lowerBound + content.columns.upperBound) / 2
    return runs.filter {
      abs(Double($0.lowerBound + $0.upperBound) / 2 - middle) <= 0.2 * Double(content.columns.count)
    }
  }

  func sides(of gutter: Range<Int>, in content: Extent) -> Sides? {
    guard let left = box(columns: content.columns.lowerBound..<gutter.lowerBound),
      let right = box(columns: gutter.upperBound..<content.columns.upperBound),
      max(left.columns.count, right.columns.count) >= 16, max(left.rows.count, right.rows.count) >= 16
    else { return nil }
    return Sides(left: left, right: right)
  }

  /// Panels of one outline, laid on each other by their left edges.
  func split(_ sides: Sides) -> PanelSplit? {
    let (left, right) = (sides.left, sides.right)
    func share(_ one: Int, _ other: Int) -> Double { Double(min(one, other)) / Double(max(one, other, 1)) }
    let rows = min(left.rows.lowerBound, right.rows.lowerBound)..<max(left.rows.upperBound, right.rows.upperBound)
    let overlap = left.rows.clamped(to: right.rows).count
    let (same, mirrored) = (agreement(left, right, mirrored: false), agreement(left, right, mirrored: true))
    // The two halves of one picture on each side of a shadow are mirror images, not copies.
    guard left.columns.count >= 16, overlap >= 16, same >= mirrored - 0.02 else { return nil }
    let side = min(
      max(left.columns.count, right.columns.count), right.columns.lowerBound - left.columns.lowerBound,
      width - right.columns.lowerBound)
    func panel(_ x: Int) -> PixelBox {
      PixelBox(x: Double(x), y: Double(rows.lowerBound), width: Double(side), height: Double(rows.count))
    }
    return PanelSplit(
      left: panel(left.columns.lowerBound), right: panel(right.columns.lowerBound),
      confidence: share(left.columns.count, right.columns.count) * Double(overlap) / Double(rows.count) * same)
  }

  /// Intersection over union of the two outlines laid on each other by their left edges: each row filled from its first to its
  /// last lit pixel.
  private func agreement(_ left: Extent, _ right: Extent, mirrored: Bool) -> Double {
    let rows = min(left.rows.lowerBound, right.rows.lowerBound)..<max(left.rows.upperBound, right.rows.upperBound)
    var (shared, all) = (0, 0)
    for y in rows {
      let one = span(y, left)
      var other = span(y, right)
      if mirrored, let found = other {
        other = right.columns.count - found.upperBound..<right.columns.count - found.lowerBound
      }
      let both = one.flatMap { one in other.map { one.clamped(to: $0).count } } ?? 0
      shared += both
      all += (one?.count ?? 0) + (other?.count ?? 0) - both
    }
    return all > 0 ? Double(shared) / Double(all) : 0
  }

  /// From the first to the last lit pixel of a row, counted from the extent's left edge.
  private func span(_ y: Int, _ extent: Extent) -> Range<Int>? {
    guard let first = extent.columns.first(where: { lit[y * width + $0] }),
      let last = extent.columns.last(where: { lit[y * width + $0] })
    else { return nil }
    return first - extent.columns.lowerBound..<last + 1 - extent.columns.lowerBound
  }
}
