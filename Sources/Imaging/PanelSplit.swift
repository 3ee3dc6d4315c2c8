public import Ultrasound

/// Two panels side by side that show the same place, as contrast and B-mode do on one screen.
public struct PanelSplit: Sendable, Hashable, Codable {
  /// Boxes of one size in whole pixels; a point of the left panel lies in the right one at the same place from its corner.
  public let left: PixelBox
  public let right: PixelBox
  /// The dark columns between the two panels' contents.
  public let gutter: PixelBox
  /// How well the two agree in width, height and outline, 0...1.
  public let confidence: Double
}

public enum PanelFinding: Sendable, Equatable {
  case panels(PanelSplit)
  case undecided(reason: String)
}

/// Finds two panels in the pixels of frames: what is ever lit on both sides of a dark gutter near the middle must have the same
/// outline. A single picture, or one whose two halves are not alike, is refused. Overlay is to be left out, since text and
/// rulers stand beside one panel only.
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
    let splits = gutters.compactMap { outline.split(at: $0, content: content) }
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
private struct Outline {
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

  /// Runs of dark columns (at most 0.5 % lit) whose middle lies in the middle fifth of the content.
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
      abs(Double($0.lowerBound + $0.upperBound) / 2 - middle) <= 0.1 * Double(content.columns.count)
    }
  }

  func split(at gutter: Range<Int>, content: Extent) -> PanelSplit? {
    guard let left = box(columns: content.columns.lowerBound..<gutter.lowerBound),
      let right = box(columns: gutter.upperBound..<content.columns.upperBound)
    else { return nil }
    func share(_ one: Int, _ other: Int) -> Double { Double(min(one, other)) / Double(max(one, other, 1)) }
    let overlap = left.rows.clamped(to: right.rows).count
    let union = max(left.rows.upperBound, right.rows.upperBound) - min(left.rows.lowerBound, right.rows.lowerBound)
    let widths = share(left.columns.count, right.columns.count)
    let (same, mirrored) = (agreement(left, right, mirrored: false), agreement(left, right, mirrored: true))
    // The two halves of one picture on each side of a shadow are mirror images, not copies.
    guard left.columns.count >= 16, overlap >= 16, same >= mirrored - 0.02 else { return nil }
    let rows = min(left.rows.lowerBound, right.rows.lowerBound)..<max(left.rows.upperBound, right.rows.upperBound)
    let side = min(
      max(left.columns.count, right.columns.count), right.columns.lowerBound - left.columns.lowerBound,
      width - right.columns.lowerBound)
    func panel(_ x: Int) -> PixelBox {
      PixelBox(x: Double(x), y: Double(rows.lowerBound), width: Double(side), height: Double(rows.count))
    }
    return PanelSplit(
      left: panel(left.columns.lowerBound), right: panel(right.columns.lowerBound),
      gutter: PixelBox(
        x: Double(gutter.lowerBound), y: Double(rows.lowerBound), width: Double(gutter.count),
        height: Double(rows.count)),
      confidence: widths * Double(overlap) / Double(max(union, 1)) * same)
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
