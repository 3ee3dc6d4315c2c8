import Foundation
import Imaging
import Measurement
import Statistics
import Ultrasound

/// A contrast clip whose kinetics, motion and faults are known: B-mode on the left, contrast on the right, speckle (Rayleigh in
/// amplitude) under log compression of 60 dB.
struct ContrastPhantom {
  /// Echo power over the floor at a time of the clip, white = 1.
  var lesion: @Sendable (Double) -> Double = ContrastPhantom.lognormal(area: 1.2, onset: 10, mu: 2.6, sigma: 0.5)
  var parenchyma: @Sendable (Double) -> Double = ContrastPhantom.lognormal(area: 1.6, onset: 10, mu: 3.2, sigma: 0.7)
  var side = 64
  var rate = 5.0
  var seconds = 60.0
  /// Seconds of the first frame.
  var begin = 0.0
  /// Echo power without contrast.
  var floor = 3e-6
  /// Pixels to the right and down at a time.
  var motion: @Sendable (Double) -> (Double, Double) = { _ in (0, 0) }
  /// dB added to the contrast panel.
  var gain: @Sendable (Double) -> Double = { _ in 0 }
  /// Where the plane is left.
  var away: @Sendable (Double) -> Bool = { _ in false }
  var hasOverlay = true
  var hasBMode = true

  private let tissue: SpeckleField
  private let other: SpeckleField
  private let bubbles: SpeckleField

  init(side: Int = 64, seed: UInt64 = 7) {
    self.side = side
    tissue = SpeckleField(side: 2 * side, seed: seed)
    other = SpeckleField(side: 2 * side, seed: seed + 1)
    bubbles = SpeckleField(side: 4 * side, seed: seed + 2)
  }

  var count: Int { Int(seconds * rate) }
  func time(_ index: Int) -> Double { begin + Double(index) / rate }

  var bModePanel: PixelBox? { hasBMode ? PixelBox(x: 0, y: 0, width: Double(side), height: Double(side)) : nil }
  var contrastPanel: PixelBox {
    PixelBox(x: hasBMode ? Double(side) : 0, y: 0, width: Double(side), height: Double(side))
  }
  /// Inside the lesion, which is a disc of 0.2 of the side around the middle of the panel's left half.
  var lesionBox: PixelBox { box(0.35, 0.5, 0.24) }
  var referenceBox: PixelBox { box(0.75, 0.5, 0.2) }
  var regions: ContrastRegions {
    ContrastRegions(
      contrastPanel: contrastPanel, bModePanel: bModePanel, lesion: .box(lesionBox), reference: .box(referenceBox))
  }

  private func box(_ x: Double, _ y: Double, _ width: Double) -> PixelBox {
    let side = Double(side)
    return PixelBox(
      x: contrastPanel.x + (x - width / 2) * side, y: (y - width / 2) * side, width: width * side, height: width * side)
  }

  func frame(_ index: Int) -> RGBImage {
    let time = time(index)
    let (dx, dy) = motion(time)
    let texture = away(time) ? other : tissue
    let factor = pow(10, gain(time) / 10)
    let (inside, around) = (lesion(time), parenchyma(time))
    var generator = SplitMix64(seed: 99, stream: UInt64(index))
    let corner = (Int(generator.next() >> 40) % (3 * side), Int(generator.next() >> 40) % (3 * side))
    let width = hasBMode ? 2 * side : side
    var pixels = [UInt8](repeating: 0, count: width * side)
    for y in 0..<side {
      for x in 0..<side {
        // Where in the tissue this pixel looks.
        let (u, v) = (Double(x) - dx, Double(y) - dy)
        let power = texture.value(u + 0.5 * Double(side), v + 0.5 * Double(side))
        let fromMiddle = (u - 0.35 * Double(side), v - 0.5 * Double(side))
        let isLesion = fromMiddle.0 * fromMiddle.0 + fromMiddle.1 * fromMiddle.1 < 0.04 * Double(side * side)
        if hasBMode { pixels[y * width + x] = Self.grey(power * (isLesion ? 0.02 : 0.05)) }
        let bubble = bubbles.at(corner.0 + x, corner.1 + y) * (isLesion ? inside : around)
        pixels[y * width + x + (hasBMode ? side : 0)] = Self.grey(factor * (bubble + floor * power))
      }
    }
    if hasOverlay {
      for x in stride(from: 0, to: width, by: side) {
        for y in 2..<8 {
          for column in 3..<20 where column % 3 != 0 || y % 3 == 0 { pixels[y * width + x + column] = 240 }
        }
      }
    }
    return GreyImage(width: width, height: side, pixels: pixels).rgb()
  }

  /// 60 dB from white to black.
  static func grey(_ power: Double) -> UInt8 {
    UInt8(min(max((1 + log10(max(power, 1e-12)) / 6) * 255, 0), 255).rounded())
  }

  static func lognormal(area: Double, onset: Double, mu: Double, sigma: Double) -> @Sendable (Double) -> Double {
    { time in
      guard time > onset else { return 0 }
      let z = (log(time - onset) - mu) / sigma
      return area * exp(-0.5 * z * z) / ((2 * Double.pi).squareRoot() * sigma * (time - onset))
    }
  }
}

/// Echo power of speckle: exponentially distributed with mean 1, correlated over about two pixels.
struct SpeckleField {
  let side: Int
  private let values: [Double]

  init(side: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    func field() -> [Double] {
      var values = (0..<side * side).map { _ -> Double in
        let radius = (-2 * log(max(generator.uniform(), 1e-300))).squareRoot()
        return radius * cos(2 * .pi * generator.uniform())
      }
      for step in [1, side] {
        let old = values
        for at in values.indices {
          values[at] = old[(at + old.count - step) % old.count] + 2 * old[at] + old[(at + step) % old.count]
        }
      }
      return values
    }
    let (real, imaginary) = (field(), field())
    // Each direction's weights 1, 2, 1 have squares that add up to 6.
    values = zip(real, imaginary).map { ($0 * $0 + $1 * $1) / 72 }
    self.side = side
  }

  func at(_ x: Int, _ y: Int) -> Double { values[(y % side) * side + x % side] }

  func value(_ x: Double, _ y: Double) -> Double {
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (fx, fy) = (x - Double(left), y - Double(top))
    func wrapped(_ x: Int, _ y: Int) -> Double { at((x + 8 * side) % side, (y + 8 * side) % side) }
    return (wrapped(left, top) * (1 - fx) + wrapped(left + 1, top) * fx) * (1 - fy)
      + (wrapped(left, top + 1) * (1 - fx) + wrapped(left + 1, top + 1) * fx) * fy
  }
}
