public import Imaging
public import Ultrasound

/// The bars found in a picture, and why other strips of colour were not taken for one.
public struct ColourBarFinding: Sendable, Hashable, Codable {
  /// Scales of colour first, those of one colour across before variance maps; then bars that measure nothing. Longer ones first.
  public let bars: [ColourBar]
  public let refused: [Refusal]

  public struct Refusal: Sendable, Hashable, Codable {
    public let box: PixelBox
    public let reason: String
  }

  /// The bar to read colours by.
  /// - Throws: `ColourError.noBar` with everything that speaks against what was seen.
  public func scale() throws(ColourError) -> ColourBar {
    if let bar = bars.first(where: \.isScale) { return bar }
    var reasons = bars.map { bar in
      bar.kind == .grey
        ? "\(ColourError.text(bar.box)) is the grey map of the B-mode picture"
        : "\(ColourError.text(bar.box)) has the same colours at several places"
    }
    reasons += refused.map { "\(ColourError.text($0.box)): \($0.reason)" }
    if reasons.isEmpty { reasons = ["no coloured strip with straight edges"] }
    throw .noBar(reasons: reasons)
  }
}

/// Finds the colour bars of a picture : upright or lying strips with straight edges whose colour changes steadily along them.
public struct ColourBarFinder: Sendable {
  /// How wide a bar may be, in pixels.
  public var thickness = 6...60
  /// In a clip a bar stays as it is: the most by which its pixels may differ between frames, on average.
  public var stillness = 10.0

  public init() {}

  /// - Parameter declared: boxes that the file itself calls colour bars (ultrasound regions of data type 14); they are believed.
  public func find(in image: RGBImage, declared: [PixelBox] = []) -> ColourBarFinding {
    var (bars, refused): ([ColourBar], [ColourBarFinding.Refusal]) = ([], [])
    for box in declared {
      do throws(ColourError) {
        bars.append(try ColourBar(in: image, box: box))
      } catch {
        refused.append(ColourBarFinding.Refusal(box: box, reason: error.description))
      }
    }
    for orientation in [ColourBar.Orientation.vertical, .horizontal] {
      let plane = ScreenPlane(image, orientation)
      var search = StripSearch()
      search.thickness = thickness
      for strip in search.strips(plane) {
        switch Self.read(strip, plane) {
        case .success(let bar): bars.append(bar)
        case .failure(let refusal): refused.append(refusal.value)
        case nil: break
        }
      }
      for wedge in GreyBarSearch().wedges(plane)
      where StripReading(plane, columns: wedge.columns, rows: wedge.rows).isGreyWedge {
        bars.append(ColourBar(plane, columns: wedge.columns, rows: wedge.rows, as: .grey, confidence: 1))
      }
    }
    bars = Self.distinct(bars)
    return ColourBarFinding(
      bars: bars, refused: refused.filter { one in !bars.contains { Self.overlap($0.box, one.box) > 0.3 } })
  }

  /// The bars of the first frame that are the same in all; frames of another size are not looked at.
  public func find(in frames: [RGBImage], declared: [PixelBox] = []) -> ColourBarFinding {
    guard let first = frames.first else { return ColourBarFinding(bars: [], refused: []) }
    let found = find(in: first, declared: declared)
    var (bars, refused) = (found.bars, found.refused)
    bars.removeAll { bar in
      let moves = frames.dropFirst().contains {
        $0.width == first.width && $0.height == first.height && Self.change(bar.box, first, $0) > stillness
      }
      if moves { refused.append(ColourBarFinding.Refusal(box: bar.box, reason: "it changes from frame to frame")) }
      return moves
    }
    return ColourBarFinding(bars: bars, refused: refused)
  }

  private struct Refused: Error { let value: ColourBarFinding.Refusal }

  private static func read(_ strip: StripSearch.Strip, _ plane: ScreenPlane) -> Result<ColourBar, Refused>? {
    var reading = StripReading(plane, columns: strip.columns, rows: strip.rows)
    reading.fitEnds()
    let noise = reading.noise
    // Spots of colour and letters; not worth telling.
    guard reading.isLong else { return nil }
    let straight = Double(strip.straight) / Double(max(1, strip.rows.count))
    if let reason = reading.objection(
      lanes: noise > 12 ? reading.lanes() : [], noise: noise, straight: straight)
    {
      let box = plane.box(columns: strip.columns, rows: strip.rows)
      return .failure(Refused(value: ColourBarFinding.Refusal(box: box, reason: reason)))
    }
    return .success(
      ColourBar(plane, columns: strip.columns, rows: reading.rows, as: nil, confidence: straight))
  }

  private static func distinct(_ bars: [ColourBar]) -> [ColourBar] {
    func rank(_ bar: ColourBar, _ offset: Int) -> (Int, Double, Int) {
      (
        bar.isScale ? (bar.lanes.isEmpty ? 0 : 1) : bar.kind == .repeating ? 2 : 3, -max(bar.box.width, bar.box.height),
        offset
      )
    }
    var kept: [ColourBar] = []
    for bar in bars where !kept.contains(where: { overlap($0.box, bar.box) > 0.3 }) { kept.append(bar) }
    return kept.enumerated().sorted { rank($0.element, $0.offset) < rank($1.element, $1.offset) }.map(\.element)
  }

  /// Shared area over the smaller one's.
  private static func overlap(_ one: PixelBox, _ other: PixelBox) -> Double {
    let width = min(one.maxX, other.maxX) - max(one.x, other.x)
    let height = min(one.maxY, other.maxY) - max(one.y, other.y)
    guard width > 0, height > 0 else { return 0 }
    return width * height / max(1, min(one.width * one.height, other.width * other.height))
  }

  private static func change(_ box: PixelBox, _ one: RGBImage, _ other: RGBImage) -> Double {
    let (first, second) = (one.cropped(box).pixels, other.cropped(box).pixels)
    let sum = zip(first, second).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(max(1, first.count))
  }
}

extension ColourBar {
  /// A bar in a box that is known, from the file or a person. Its ends are taken as they are.
  /// - Parameter orientation: told from the colours where nil.
  /// - Throws: `ColourError.notABar` where the box lies outside, is smaller than 2 x 8 pixels, or holds one colour.
  public init(in image: RGBImage, box: PixelBox, orientation: Orientation? = nil) throws(ColourError) {
    let planes = (orientation.map { [$0] } ?? [.vertical, .horizontal]).map { ScreenPlane(image, $0) }
    let bars = planes.compactMap { plane -> ColourBar? in
      guard let (columns, rows) = plane.extent(of: box), columns.count >= 2, rows.count >= 8 else { return nil }
      return ColourBar(plane, columns: columns, rows: rows, as: nil, confidence: 1)
    }
    func path(_ bar: ColourBar) -> Float {
      zip(bar.colours, bar.colours.dropFirst()).reduce(0) { $0 + $1.0.difference(from: $1.1) } / Float(1 + bar.noise)
    }
    guard let bar = bars.max(by: { path($0) < path($1) }) else {
      throw .notABar(box: box, reason: "expected at least 2 x 8 pixels inside the picture")
    }
    let first = bar.colours[0]
    guard bar.colours.contains(where: { $0.difference(from: first) >= 24 }) else {
      throw .notABar(box: box, reason: "it is of one colour")
    }
    self = bar
  }

  init(_ plane: ScreenPlane, columns: Range<Int>, rows: Range<Int>, as kind: Kind?, confidence: Double) {
    let reading = StripReading(plane, columns: columns, rows: rows)
    box = plane.box(columns: columns, rows: rows)
    orientation = plane.orientation
    let colours = Array(reading.profile.reversed())
    self.colours = colours
    let noise = reading.noise
    // A lane is the mean of a few columns, so that only a change of colour across shows in it.
    lanes = noise > 12 && kind == nil ? reading.lanes().map { $0.reversed() } : []
    self.noise = noise
    let isGrey = colours.allSatisfy { $0.chroma <= 30 }
    let told = isGrey ? BarKind(kind: .grey, baseline: nil) : BarKind(colours)
    self.kind = kind ?? told.kind
    baseline = kind == nil ? told.baseline : nil
    self.confidence = min(1, confidence)
  }
}
