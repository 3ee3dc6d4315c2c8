import Imaging
import Measurement
import Testing
import Ultrasound

@Suite struct ColourTests {
  private static let names = Screens.maps.keys.sorted()

  @Test(arguments: names, [false, true]) func theBarIsFoundToThePixel(_ name: String, _ isLying: Bool) throws {
    let bar = try ColourBarFinder().find(in: Screens.screen(name, isLying: isLying)).scale()
    let truth = isLying ? Screens.lyingBar : Screens.bar
    #expect(bar.orientation == (isLying ? .horizontal : .vertical))
    // The black end of power Doppler is told from its fall.
    let slack = name == "power" ? 2.0 : 0.0
    #expect(abs(bar.box.x - truth.x) <= slack && abs(bar.box.y - truth.y) <= slack)
    #expect(abs(bar.box.maxX - truth.maxX) <= slack && abs(bar.box.maxY - truth.maxY) <= slack)
    #expect(bar.kind == (name.hasSuffix("flow") ? .twoSided : .oneSided))
    if bar.kind == .twoSided { #expect(abs((bar.baseline ?? 0) - 0.5) < 0.08) }
  }

  @Test(arguments: names, [Float(1), 0.6]) func valuesComeBack(_ name: String, _ opacity: Float) throws {
    let image = Screens.screen(name, opacity: opacity)
    let bar = try ColourBarFinder().find(in: image).scale()
    let scale = try ColourScale(from: 0, to: 100, unit: .kilopascals)
    let map = try ColourReadBack().read(image, bar: bar, scale: scale, region: Screens.map)
    #expect(abs((map.opacity ?? 0) - Double(opacity)) <= 0.1)
    var (sum, count, beyond) = (0.0, 0, 0)
    for index in map.values.indices where !map.values[index].isNaN {
      let truth = Double(100 * min(Screens.value(index % map.width), 1))
      sum += abs(Double(map.values[index]) - truth)
      count += 1
      if map.saturation[index] == .last { beyond += 1 }
    }
    #expect(sum / Double(max(1, count)) < 2, "\(name)")
    #expect(map.coverage > 0.8)
    #expect(abs(beyond - 700) <= 70, "\(beyond) of 700 pixels beyond the scale")
  }

  @Test func chromaMatchingDoesNotSeeBrightness() throws {
    let bright = Screens.screen("stiffness")
    // The map at six tenths of its brightness; the bar as it was.
    var pixels = bright.pixels
    for index in pixels.indices where (index / 3) % 180 >= 60 { pixels[index] = UInt8(Double(pixels[index]) * 0.6) }
    let image = RGBImage(width: 180, height: 140, pixels: pixels)
    let bar = try ColourBarFinder().find(in: image).scale()
    var reader = ColourReadBack()
    reader.matching = .chroma
    let scale = try ColourScale(from: 0, to: 1, unit: .kilopascals)
    let map = try reader.read(image, bar: bar, scale: scale, region: Screens.map)
    // Green to yellow, where the hue alone tells the place.
    for x in 40..<55 { #expect(abs(map.values[10 * 80 + x] - Screens.value(x)) < 0.03) }
  }

  @Test func aMissingBarIsSaid() {
    let finding = ColourBarFinder().find(in: Screens.screen("stiffness", hasBar: false))
    #expect(throws: ColourError.self) { try finding.scale() }
  }

  @Test func aGreyWedgeIsNoScale() throws {
    var pixels = [UInt8](repeating: 0, count: 120 * 160 * 3)
    for y in 20..<140 {
      for x in 8..<18 { for channel in 0..<3 { pixels[(y * 120 + x) * 3 + channel] = UInt8(255 - 2 * (y - 20)) } }
    }
    let finding = ColourBarFinder().find(in: RGBImage(width: 120, height: 160, pixels: pixels))
    #expect(finding.bars.map(\.kind) == [.grey])
    #expect(throws: ColourError.self) { try finding.scale() }
  }

  @Test func whatMovesIsNoBar() {
    let still = Screens.screen("stiffness")
    let without = Screens.screen("stiffness", hasBar: false)
    #expect(!ColourBarFinder().find(in: [still, still]).bars.isEmpty)
    let finding = ColourBarFinder().find(in: [still, without])
    #expect(finding.bars.isEmpty && finding.refused.contains { $0.reason.contains("frame") })
  }

  @Test func aMirroredBarGivesTheDistanceFromItsMiddle() throws {
    var pixels = Screens.screen("power", hasBar: false).pixels
    for y in 24..<114 {
      let share = abs(Float(y) - 68.5) / 44.5
      let colour = Screens.colour("power", share)
      for x in 16..<26 {
        for (channel, level) in [colour.red, colour.green, colour.blue].enumerated() {
          pixels[(y * 180 + x) * 3 + channel] = UInt8(level)
        }
      }
    }
    let image = RGBImage(width: 180, height: 140, pixels: pixels)
    let bar = try ColourBarFinder().find(in: image).scale()
    #expect(bar.kind == .mirrored)
    let scale = try ColourScale(from: 0, to: 1, unit: .decibels)
    let map = try ColourReadBack().read(image, bar: bar, scale: scale, region: Screens.map)
    for x in 20..<60 { #expect(abs(map.values[5 * 80 + x] - Screens.value(x)) < 0.05) }
  }

  @Test func tooLittleColourIsRefused() throws {
    let image = Screens.screen("stiffness", values: 0..<20)
    let bar = try ColourBarFinder().find(in: image).scale()
    let scale = try ColourScale(from: 0, to: 180, unit: .kilopascals)
    let map = try ColourReadBack().read(image, bar: bar, scale: scale, region: Screens.map)
    #expect(throws: ColourError.self) { try MapStatistics(map) }
    let part = try MapStatistics(
      map, in: PixelBox(x: 60, y: 20, width: 20, height: 70), spacing: PixelSpacing(x: 0.1, y: 0.2))
    #expect(part.coverage > 0.95 && part.pixels == Int((part.coverage * 1400).rounded()))
    #expect(abs((part.squareMillimetres ?? 0) - Double(part.pixels) * 0.02) < 1e-9)
    #expect(throws: ColourError.self) { try MapStatistics(map, in: PixelBox(x: 500, y: 0, width: 9, height: 9)) }
  }

  @Test func statisticsOfKnownNumbers() throws {
    let box = PixelBox(x: 0, y: 0, width: 5, height: 1)
    let map = try ValueMap.exact([1, 2, 3, 4, .nan], region: box, unit: .metresPerSecond)
    let statistics = try MapStatistics(map)
    #expect(statistics.mean == 2.5 && statistics.median == 2.5 && statistics.coverage == 0.8)
    #expect(abs((statistics.standardDeviation ?? 0) - 1.290_994_448_7) < 1e-9)
    #expect(statistics.percentiles[25] == 1.75 && abs((statistics.percentiles[95] ?? 0) - 3.85) < 1e-9)
    let stiffness = try #require(map.kilopascals())
    #expect(stiffness.values[1] == 12 && stiffness.unit == .kilopascals)
    let mask = try #require(RunLengthMask(width: 5, height: 1, runs: [1, 2, 2]))
    let marked = try MapStatistics(map, mask: mask)
    #expect(marked.pixels == 2 && marked.ratio(to: statistics) == 1)
    #expect(throws: ColourError.self) { try ValueMap.exact([1], region: box, unit: .percent) }
  }

  @Test func badParametersAreErrors() throws {
    let image = Screens.screen("stiffness")
    let bar = try ColourBarFinder().find(in: image).scale()
    let scale = try ColourScale(from: 0, to: 1, unit: .percent)
    var reader = ColourReadBack()
    reader.matching = .blended(opacity: 0)
    #expect(throws: ColourError.self) { try reader.read(image, bar: bar, scale: scale) }
    let outside = PixelBox(x: 900, y: 0, width: 10, height: 10)
    #expect(throws: ColourError.self) { try ColourReadBack().read(image, bar: bar, scale: scale, region: outside) }
    #expect(throws: ColourError.self) { try ColourBar(in: image, box: outside) }
    #expect(throws: ColourError.self) { try ColourScale(from: 1, to: 1, unit: .percent) }
    let black = RGBImage(width: 1, height: 1, pixels: [0, 0, 0])
    #expect(ColourBarFinder().find(in: black).bars.isEmpty)
  }
}
