public import Imaging
public import Ultrasound

/// Turns the colours of an elastography or Doppler picture back into the numbers they stand for.
///
/// Doppler is not unwrapped: what flows faster than the scale has the colours of the other direction, and is read so. Values at an end
/// of the bar are marked as saturated.
public struct ColourReadBack: Sendable {
  /// How colours are compared; where nil, whether and how strongly they are blended with the grey picture is estimated.
  public var matching: ColourMatching?
  /// Levels of 0...255 by which colours stray; estimated from the bar and the map where nil.
  public var noise: Double?
  /// Colours nearer to grey than this are the grey picture's, in levels.
  public var leastChroma: Float = 16
  /// Colours farther from all of the bar's than this are lines, text and marks.
  public var mostDistance: Float = 30

  public init() {}

  /// - Parameters:
  ///   - region: the part of the picture to read, cut at its edges; all of it where nil. The bar itself is left out.
  ///   - leavingOut: boxes of other bars.
  /// - Throws: `ColourError`: a bar that is no scale, an opacity not above 0 and at most 1, a region outside the picture, or one
  ///   without any colour of the bar.
  public func read(
    _ image: RGBImage, bar: ColourBar, scale: ColourScale, region: PixelBox? = nil, leavingOut others: [PixelBox] = []
  ) throws(ColourError) -> ValueMap {
    guard bar.isScale else { throw .notABar(box: bar.box, reason: "a \(bar.kind.rawValue) bar is no scale of values") }
    if case .blended(let opacity) = matching, !(opacity > 0 && opacity <= 1) {
      throw .parameter(name: "opacity", expected: "above 0 and at most 1", found: "\(opacity)")
    }
    let whole = PixelBox(x: 0, y: 0, width: Double(image.width), height: Double(image.height))
    guard let area = ScreenPlane(image, .vertical).extent(of: region ?? whole) else {
      throw .parameter(
        name: "region", expected: "a box inside the picture of \(image.width) x \(image.height) pixels",
        found: ColourError.text(region ?? whole))
    }
    let box = PixelBox(
      x: Double(area.columns.lowerBound), y: Double(area.rows.lowerBound), width: Double(area.columns.count),
      height: Double(area.rows.count))
    let coloured = colours(image, area.columns, area.rows, leavingOut: others + [bar.box])
    let present = coloured.compactMap(\.self)
    let fit = Self.fit(matching, noise, bar, Self.sample(present))
    let scale = scale.checked(against: bar)
    var reader = PixelReader(bar: bar, scale: scale, fit: fit, mostDistance: mostDistance)
    for colour in coloured { reader.add(colour) }
    guard reader.values.contains(where: { !$0.isNaN }) else { throw .noColour(region: box) }
    let readable = bar.colours.filter { chroma($0) * Float(fit.opacity ?? 1) > leastChroma }
    return ValueMap(
      region: box, width: area.columns.count, height: area.rows.count, values: reader.values,
      saturation: reader.saturation, uncertainty: reader.uncertainty, unit: scale.unit, opacity: fit.opacity,
      opacityRange: fit.opacityRange, noise: fit.noise,
      unreadableShare: 1 - Double(readable.count) / Double(max(1, bar.colours.count)), notes: scale.notes + fit.notes)
  }

  /// The colours of the region; nil where it is grey, or belongs to a bar.
  private func colours(
    _ image: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>, leavingOut boxes: [PixelBox]
  ) -> [BarColour?] {
    let covered = boxes.map { PixelBox(x: $0.x - 2, y: $0.y - 2, width: $0.width + 4, height: $0.height + 4) }
    var colours: [BarColour?] = []
    colours.reserveCapacity(columns.count * rows.count)
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in rows {
        for x in columns {
          let at = (y * image.width + x) * 3
          let colour = BarColour(
            red: Float(pixels[at]), green: Float(pixels[at + 1]), blue: Float(pixels[at + 2]))
          let isCovered = covered.contains {
            Double(x) >= $0.x && Double(x) < $0.maxX && Double(y) >= $0.y && Double(y) < $0.maxY
          }
          colours.append(isCovered || chroma(colour) <= leastChroma ? nil : colour)
        }
      }
    }
    return colours
  }

  /// The distance from grey.
  private func chroma(_ colour: BarColour) -> Float {
    let axes = colour.axes
    return (axes.first * axes.first + axes.second * axes.second).squareRoot()
  }

  /// Up to 1,500 of them, evenly.
  private static func sample(_ colours: [BarColour]) -> [BarColour] {
    let count = min(1500, colours.count)
    return (0..<count).map { colours[$0 * colours.count / count] }
  }

  /// What a map's colours say of how it was drawn.
  struct Fit {
    var matcher: BarMatcher
    var opacity: Double?
    var opacityRange: ClosedRange<Double>?
    var noise: Double
    var notes: [String] = []
  }

  private static func fit(
    _ matching: ColourMatching?, _ noise: Double?, _ bar: ColourBar, _ samples: [BarColour]
  ) -> Fit {
    let floor = max(1.5, bar.lanes.isEmpty ? bar.noise : 1.5)
    var (used, opacity, range): (ColourMatching, Double?, ClosedRange<Double>?) = (.opaque, 1, nil)
    switch matching {
    case .opaque: break
    case .chroma: (used, opacity) = (.chroma, nil)
    case .blended(let given): (used, opacity) = (.blended(opacity: given), given)
    case nil:
      let estimate = OpacityEstimate(samples, bar: bar, noise: floor)
      if estimate.opacity < 1 { used = .blended(opacity: estimate.opacity) }
      (opacity, range) = (estimate.opacity, estimate.range)
    }
    let matcher = BarMatcher(bar, used)
    let distances = samples.map { Double(matcher.match($0, reach: 0).distance) }.sorted()
    // The median distance from the bar's colours, without text, outlines and the fringes of coloured spots.
    let near = distances.prefix { $0 <= 40 }
    let strayed = near.isEmpty ? 0 : near[near.count / 2]
    var notes: [String] = []
    if let range, range.upperBound - range.lowerBound > 0.2 {
      notes.append("the opacity of the colours is not well known: \(range.lowerBound) to \(range.upperBound)")
    }
    return Fit(
      matcher: matcher, opacity: opacity, opacityRange: range, noise: noise ?? max(floor, strayed), notes: notes)
  }
}
