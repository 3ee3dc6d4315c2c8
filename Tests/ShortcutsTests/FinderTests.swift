import Foundation
import Imaging
import Testing

@testable import Shortcuts

/// The finders on pictures whose marks are known to the pixel.
@Suite struct FinderTests {
  @Test(arguments: 1...8) func cleanSpeckleHasNoMarks(seed: UInt64) {
    let reading = StillReading(of: Drawn(seed: seed).picture)
    #expect(reading.marks.isEmpty, "\(reading.marks)")
    #expect(!reading.mask().pixels.contains(255))
  }

  @Test(arguments: 1...6) func calipersAreFoundWithTheirDots(seed: UInt64) {
    var drawn = Drawn(seed: seed)
    drawn.calipers()
    let reading = StillReading(of: drawn.picture)
    #expect(reading.marks.filter { $0.kind == .caliper }.count >= 4)
    #expect(!reading.has(.text))
    // The mask takes the lines between the dots too.
    let mask = reading.mask(of: [.caliper], margin: 1)
    let covered = drawn.truth.filter { mask.pixels[$0] == 255 }.count
    #expect(Double(covered) >= 0.97 * Double(drawn.truth.count))
  }

  @Test func turnedAndColoredCrossesAreFound() {
    var drawn = Drawn(seed: 3)
    drawn.cross(60, 60)
    drawn.cross(150, 140)
    let turned = StillReading(of: drawn.picture)
    #expect(turned.has(.caliper))
    var yellow = Drawn(seed: 4)
    yellow.plus(70, 60, arm: 6, [235, 225, 40])
    yellow.plus(150, 60, arm: 6, [235, 225, 40])
    let marks = StillReading(of: yellow.picture).marks.filter { $0.kind == .caliper }
    #expect(marks.count >= 2)
    #expect(marks.contains { $0.color[0] > 200 && $0.color[2] < 80 })
  }

  @Test func aTraceOfDotsIsACaliper() {
    var drawn = Drawn(seed: 5)
    drawn.trace(55, 40)
    let reading = StillReading(of: drawn.picture)
    #expect(reading.has(.caliper))
    #expect(drawn.overlap(reading.mask(of: [.caliper])) >= 0.7)
  }

  @Test(arguments: ["LT3", "RTUOU", "LT LOU", "RT"]) func wordsAreFound(word: String) {
    var drawn = Drawn(seed: 7)
    drawn.write(word, 90, 160)
    let reading = StillReading(of: drawn.picture)
    #expect(reading.has(.text))
    #expect(!reading.has(.caliper))
    #expect(drawn.overlap(reading.mask(of: [.text])) >= 0.8)
  }

  @Test func colorInABoxIsFound() {
    var drawn = Drawn(seed: 9)
    for x in 60...180 {
      drawn.set(x, 50, [230, 230, 80])
      drawn.set(x, 150, [230, 230, 80])
    }
    for y in 50...150 {
      drawn.set(60, y, [230, 230, 80])
      drawn.set(180, y, [230, 230, 80])
    }
    for y in 90..<110 { for x in 100..<130 { drawn.set(x, y, [220, 60, 20]) } }
    let reading = StillReading(of: drawn.picture)
    #expect(reading.marks.filter { $0.kind == .color }.count >= 2)
    #expect(drawn.overlap(reading.mask(of: [.color])) >= 0.9)
  }

  @Test func aPictogramAtTheRimIsABodyMark() {
    var drawn = Drawn(width: 320, height: 260, seed: 11)
    for place in 0..<400 {
      let angle = Double(place) / 400 * 2 * Double.pi
      drawn.set(Int(280 + 20 * cos(angle)), Int(225 + 20 * sin(angle)))
    }
    for x in 270...290 { drawn.set(x, 225) }
    let reading = StillReading(of: drawn.picture)
    #expect(reading.has(.bodyMark))
  }

  @Test func ticksAndGreyBarsAreScales() {
    var drawn = Drawn(seed: 13)
    for tick in 0..<8 { for x in 230..<236 { drawn.set(x, 20 + 20 * tick) } }
    let ticks = StillReading(of: drawn.picture)
    #expect(ticks.has(.scale))
    var bar = Drawn(seed: 14)
    for y in 30..<160 { for x in 4..<14 { bar.set(x, y, [UInt8](repeating: UInt8(230 - (y - 30) * 3 / 2), count: 3)) } }
    #expect(StillReading(of: bar.picture).has(.scale))
  }

  @Test func theFieldsShapeIsMeasured() {
    var drawn = Drawn(width: 300, height: 240, seed: 15)
    // A field that widens by 0.4 columns a row on both sides, from 60 columns in.
    for y in 0..<240 {
      for x in 0..<300 where Double(x) < 60 - 0.25 * Double(y) || Double(x) >= 240 + 0.25 * Double(y) {
        drawn.set(x, y, [0, 0, 0])
      }
    }
    let traits = StillReading(of: drawn.picture).traits
    #expect(abs((traits.leftSlope ?? 0) - 0.25) < 0.03)
    #expect(abs((traits.rightSlope ?? 0) - 0.25) < 0.03)
    #expect(abs((traits.apex ?? 0) - 180 / 0.5 / 240) < 0.15)
    #expect(traits.groundShare > 0.15 && traits.groundShare < 0.25)
  }

  @Test func compressionShowsAsBlocks() throws {
    let picture = Drawn(seed: 17).picture
    let saved = try Stills.decode(data: try JPEG.encode(picture, quality: 20), name: "drawn").rgb()
    let (before, after) = (StillReading(of: picture).traits.blockiness, StillReading(of: saved).traits.blockiness)
    #expect(after > before + 0.1)
  }

  @Test func tinyAndEmptyPicturesAreRead() {
    for side in [0, 1, 3, 15, 17] {
      let reading = StillReading(
        of: RGBImage(width: side, height: side, pixels: [UInt8](repeating: 200, count: side * side * 3)))
      #expect(reading.marks.isEmpty)
      #expect(ShortcutFeatures(of: reading).values.allSatisfy { $0.isFinite })
    }
  }
}
