import Ultrasound

/// What a panel shows, told from its colours and brightness.
struct PanelContents {
  let first: PairedPanels.Content
  let second: PairedPanels.Content

  /// What the file says of each panel goes before what its pixels look like.
  init(
    _ first: RGBImage, _ second: RGBImage, firstRegions: Set<CalibratedRegion.Content> = [],
    secondRegions: Set<CalibratedRegion.Content> = []
  ) {
    let (one, other) = (Looks(first), Looks(second))
    var contents = (Self.said(firstRegions) ?? one.content, Self.said(secondRegions) ?? other.content)
    // Contrast shown in grey: before it arrives, and where tissue is suppressed, its panel is the darker.
    if contents == (.bMode, .bMode) {
      if one.brightness < 0.6 * other.brightness { contents.0 = .contrast }
      if other.brightness < 0.6 * one.brightness { contents.1 = .contrast }
    }
    (self.first, self.second) = contents
  }

  private static func said(_ regions: Set<CalibratedRegion.Content>) -> PairedPanels.Content? {
    if regions.contains(.elastography) { return .shearWave }
    return regions.contains(.colorFlow) ? .colorDoppler : nil
  }

  /// Shares of a panel's lit pixels.
  struct Looks {
    private(set) var brightness = 0.0
    private var lit = 0
    private var coloured = 0
    private var tinted = 0
    private var hues = [Int](repeating: 0, count: 6)
    /// Coloured pixels of each.
    private var columns: [Int]
    private var rows: [Int]

    init(_ image: RGBImage) {
      var sum = 0
      (columns, rows) = ([Int](repeating: 0, count: image.width), [Int](repeating: 0, count: image.height))
      image.pixels.withUnsafeBufferPointer { pixels in
        for index in 0..<image.width * image.height {
          let (red, green, blue) = (Int(pixels[3 * index]), Int(pixels[3 * index + 1]), Int(pixels[3 * index + 2]))
          let (high, low) = (max(red, green, blue), min(red, green, blue))
          sum += (red + green + blue) / 3
          guard high > 30 else { continue }
          lit += 1
          // Amber, gold or copper: red above green above blue, by a good part of the brightness.
          if red >= green, green >= blue, 100 * (high - low) >= 25 * high { tinted += 1 }
          if high - low > 70 {
            coloured += 1
            columns[index % image.width] += 1
            rows[index / image.width] += 1
            hues[Self.hue(red, green, blue, high, low)] += 1
          }
        }
      }
      brightness = Double(sum) / Double(max(1, image.width * image.height))
    }

    /// A sixth of the circle of hues: red, yellow, green, cyan, blue, magenta at their middles.
    private static func hue(_ red: Int, _ green: Int, _ blue: Int, _ high: Int, _ low: Int) -> Int {
      let span = Double(high - low)
      let place: Double
      if high == red {
        place = Double(green - blue) / span
      } else if high == green {
        place = 2 + Double(blue - red) / span
      } else {
        place = 4 + Double(red - green) / span
      }
      return (Int((place + 6).rounded()) % 6 + 6) % 6
    }

    /// The coloured part of the box that holds all but the outermost fiftieths of what is coloured.
    private var fill: Double {
      func extent(_ counts: [Int]) -> Int {
        var (sum, inside) = (0, 0)
        for count in counts {
          sum += count
          if 50 * sum >= coloured, 50 * (sum - count) <= 49 * coloured { inside += 1 }
        }
        return inside
      }
      return Double(coloured) / Double(max(1, extent(columns) * extent(rows)))
    }

    /// Whether the whole panel is in one warm tint.
    var isTinted: Bool { lit > 0 && 10 * tinted >= 7 * lit }

    var content: PairedPanels.Content {
      if isTinted { return .contrast }
      // Stiffness fills its box with many hues; flow is red, orange and yellow, or blue and cyan, in places. Marks in other colours
      // are neither.
      if lit > 0, 20 * coloured >= lit, hues.filter({ 25 * $0 >= coloured }).count >= 3, fill >= 0.6 {
        return .shearWave
      }
      let flow = hues[0] + hues[1] + hues[3] + hues[4]
      return lit > 0 && 100 * flow >= lit ? .colorDoppler : .bMode
    }
  }
}
