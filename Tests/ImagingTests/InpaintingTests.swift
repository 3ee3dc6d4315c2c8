import Testing

@testable import Imaging

/// Filling of marked places.
@Suite struct InpaintingTests {
  private func speckle(_ width: Int, _ height: Int) -> RGBImage {
    var state: UInt64 = 0x1234_5678_9ABC_DEF1
    let values = (0..<width * height).map { _ -> UInt8 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(60 + state % 80)
    }
    return GreyImage(width: width, height: height, pixels: values).rgb()
  }

  private func mask(_ width: Int, _ height: Int, _ isMarked: (Int, Int) -> Bool) -> GreyImage {
    GreyImage(
      width: width, height: height,
      pixels: (0..<width * height).map { isMarked($0 % width, $0 / width) ? 255 : 0 })
  }

  @Test func outsideTheMaskNoByteChangesAndInsideItIsSpeckle() {
    let (width, height) = (120, 90)
    let picture = speckle(width, height)
    let mask = mask(width, height) { x, y in (40..<70).contains(x) && (30..<50).contains(y) || x == y }
    var marked = picture.pixels
    for index in mask.pixels.indices where mask.pixels[index] == 255 {
      for channel in 0..<3 { marked[3 * index + channel] = 255 }
    }
    let filled = Inpainting().filled(RGBImage(width: width, height: height, pixels: marked), mask: mask)
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for index in mask.pixels.indices {
      for channel in 0..<3 where mask.pixels[index] == 0 {
        #expect(filled.pixels[3 * index + channel] == marked[3 * index + channel])
      }
      guard mask.pixels[index] == 255 else { continue }
      let value = Double(filled.pixels[3 * index])
      (sum, squares, count) = (sum + value, squares + value * value, count + 1)
    }
    // Uniform between 60 and 139: mean 99.5, standard deviation 23.1.
    let mean = sum / count
    #expect(abs(mean - 99.5) < 12)
    let deviation = (squares / count - mean * mean).squareRoot()
    #expect(deviation > 15 && deviation < 40)
    #expect(Inpainting().filled(RGBImage(width: width, height: height, pixels: marked), mask: mask) == filled)
  }

  @Test func aRampIsContinued() {
    let (width, height) = (80, 60)
    let ramp = GreyImage(
      width: width, height: height, pixels: (0..<width * height).map { UInt8(40 + 2 * ($0 % width)) }
    ).rgb()
    let mask = mask(width, height) { x, y in (35..<43).contains(x) && (20..<40).contains(y) }
    let filled = Inpainting().filled(ramp, mask: mask)
    for index in mask.pixels.indices {
      #expect(abs(Int(filled.pixels[3 * index]) - Int(ramp.pixels[3 * index])) <= 2)
    }
  }

  @Test func allMarkedOrNothingMarkedIsLeft() {
    let picture = speckle(20, 20)
    #expect(Inpainting().filled(picture, mask: mask(20, 20) { _, _ in true }) == picture)
    #expect(Inpainting().filled(picture, mask: mask(20, 20) { _, _ in false }) == picture)
    // So little is left that no piece fits: the fill is smooth, and there.
    let nearly = Inpainting().filled(picture, mask: mask(20, 20) { x, _ in x > 1 })
    #expect(nearly.pixels[0] == picture.pixels[0])
  }

  @Test func marksAtTheRimAreFilled() {
    let picture = speckle(60, 40)
    let mask = mask(60, 40) { x, y in x < 9 && y < 7 || x > 52 && y > 30 }
    let filled = Inpainting().filled(picture, mask: mask)
    // Nothing of what was marked, nor black, is left in the corners.
    let black = RGBImage(
      width: 60, height: 40,
      pixels: picture.pixels.enumerated().map {
        mask.pixels[$0.offset / 3] == 255 ? 0 : $0.element
      })
    #expect(Inpainting().filled(black, mask: mask) == filled)
    #expect(mask.pixels.indices.filter { mask.pixels[$0] == 255 }.allSatisfy { filled.pixels[3 * $0] > 20 })
  }

  /// A corner wider than a tile: its inner tiles wait until their neighbours are there.
  @Test func aWideCornerIsFilledFromItsRim() {
    let picture = speckle(100, 80)
    let mask = mask(100, 80) { x, y in x < 40 && y < 34 }
    let filled = Inpainting().filled(picture, mask: mask)
    let inside = mask.pixels.indices.filter { mask.pixels[$0] == 255 }.map { Double(filled.pixels[3 * $0]) }
    let mean = inside.reduce(0, +) / Double(inside.count)
    #expect(abs(mean - 99.5) < 20)
    #expect(inside.filter { $0 < 20 }.count < inside.count / 50)
  }
}
