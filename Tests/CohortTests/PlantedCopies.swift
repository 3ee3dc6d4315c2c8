import Foundation
import Imaging
import Ultrasound

@testable import Cohort

/// What people do to pictures, so that one picture stands twice in a collection.
enum PlantedCopy: String, CaseIterable, Sendable {
  case jpeg, cropCentre, cropLeftTop, cropRightBottom, cropEachSide, darker, brighter, mirror, upsideDown, calipers
  case mirroredCrop, calipersAndJPEG, brighterCrop, smaller

  /// - seed: says where calipers lie.
  func applied(to image: GreyImage, seed: UInt64) throws -> GreyImage {
    switch self {
    case .jpeg: try image.savedAsJPEG(quality: 60)
    case .cropCentre: image.kept(left: 0.05, top: 0.05, part: 0.9)
    case .cropLeftTop: image.kept(left: 0, top: 0, part: 0.9)
    case .cropRightBottom: image.kept(left: 0.1, top: 0.1, part: 0.9)
    case .cropEachSide: image.kept(left: 0.1, top: 0.1, part: 0.8)
    case .darker: image.withGamma(1.4)
    case .brighter: image.withGamma(0.7)
    case .mirror: image.mirrored()
    case .upsideDown: GreyImage(width: image.width, height: image.height, pixels: image.mirrored().pixels.reversed())
    case .calipers: image.withCalipers(seed: seed)
    case .mirroredCrop: image.kept(left: 0.03, top: 0.08, part: 0.9).mirrored()
    case .calipersAndJPEG: try image.withCalipers(seed: seed).savedAsJPEG(quality: 60)
    case .brighterCrop: image.kept(left: 0.07, top: 0.02, part: 0.9).withGamma(0.7)
    case .smaller: image.resized(width: image.width * 2 / 3, height: image.height / 2)
    }
  }
}

extension GreyImage {
  func savedAsJPEG(quality: Int) throws -> GreyImage {
    try Stills.decode(data: JPEG.encode(rgb(), quality: quality), name: "copy.jpg").grey()
  }

  /// A window of `part` of the width and height.
  func kept(left: Double, top: Double, part: Double) -> GreyImage {
    cropped(
      PixelBox(
        x: left * Double(width), y: top * Double(height), width: part * Double(width), height: part * Double(height)))
  }

  func withGamma(_ gamma: Double) -> GreyImage {
    let table = (0..<256).map { UInt8((255 * pow(Double($0) / 255, gamma)).rounded()) }
    return GreyImage(width: width, height: height, pixels: pixels.map { table[Int($0)] })
  }

  func mirrored() -> GreyImage {
    let rows = (0..<height).flatMap { pixels[$0 * width..<($0 + 1) * width].reversed() }
    return GreyImage(width: width, height: height, pixels: rows)
  }

  /// Two measures: white crosses at both ends, a dotted line between them.
  func withCalipers(seed: UInt64) -> GreyImage {
    var random = SplitMix64(seed: seed)
    var pixels = pixels
    func mark(_ x: Int, _ y: Int) {
      for row in y...y + width / 300 where (0..<height).contains(row) {
        for column in x...x + width / 300 where (0..<width).contains(column) { pixels[row * width + column] = 255 }
      }
    }
    func place(_ extent: Int) -> Int { extent / 5 + Int(random.next(below: UInt64(max(1, extent * 3 / 5)))) }
    for _ in 0..<2 {
      let (start, end) = ((x: place(width), y: place(height)), (x: place(width), y: place(height)))
      for point in [start, end] {
        for step in -width / 60...width / 60 {
          mark(point.x + step, point.y)
          mark(point.x, point.y + step)
        }
      }
      for dot in 0...40 {
        mark(start.x + (end.x - start.x) * dot / 40, start.y + (end.y - start.y) * dot / 40)
      }
    }
    return GreyImage(width: width, height: height, pixels: pixels)
  }
}

/// Speckle under a fan-shaped sector that gets darker with depth, with a dark lesion and a banner on top that all pictures share.
func specklePicture(seed: UInt64, width: Int = 160, height: Int = 120) -> GreyImage {
  var random = SplitMix64(seed: seed)
  func uniform() -> Double { Double(random.next() >> 11) / Double(1 << 53) }
  // Coarse echoes, each drawn as a small blot.
  var echoes = [Double](repeating: 0, count: width * height)
  for _ in 0..<width * height / 40 {
    let (x, y, strength) = (Int(uniform() * Double(width)), Int(uniform() * Double(height)), uniform() * 4 - 1.7)
    for row in max(0, y - 2)..<min(height, y + 3) {
      for column in max(0, x - 4)..<min(width, x + 5) { echoes[row * width + column] += strength }
    }
  }
  let lesion = (x: Double(width) * (0.4 + 0.2 * uniform()), y: Double(height) * (0.4 + 0.2 * uniform()))
  let shape = 0.5 + uniform()
  var pixels = [UInt8](repeating: 0, count: width * height)
  for y in 0..<height {
    for x in 0..<width {
      let depth = Double(y) / Double(height)
      guard abs(Double(x) / Double(width) - 0.5) < 0.3 + 0.2 * depth else { continue }
      let (across, down) = ((Double(x) - lesion.x) / Double(width), (Double(y) - lesion.y) / Double(height))
      let tissue = across * across * shape + down * down / shape < 0.02 ? 40.0 : 130
      let value = (tissue + 30 * echoes[y * width + x]) * (1 - 0.5 * depth)
      pixels[y * width + x] = UInt8(min(max(value, 0), 255))
    }
  }
  for y in 2..<8 { for x in 4..<40 where (x / 3 + y) % 2 == 0 { pixels[y * width + x] = 255 } }
  return GreyImage(width: width, height: height, pixels: pixels)
}
