import Foundation
public import Imaging

/// Whether a filled place looks like what is around it: its mean, its spread from pixel to pixel (speckle), its entropy, each
/// against those of the same shape moved to places around that were not filled.
public struct FillQuality: Codable, Sendable, Equatable {
  /// Tiles of 24 pixels a side with 30 filled pixels or more that had at least four places to compare with.
  public var places: Int
  /// Parts of them, 0...1, whose figure lies within the range of those around; nil where there was none to compare.
  public var meanWithin: Double?
  public var speckleWithin: Double?
  public var entropyWithin: Double?
  /// Median over the places of the filled place's speckle over the mean of those around; 1 where it is as rough.
  public var speckleRatio: Double?

  private static let tile = 24

  /// - Precondition: picture and mask have one size.
  public init(_ picture: RGBImage, mask: GreyImage) {
    precondition(picture.width == mask.width && picture.height == mask.height, "FillQuality: sizes differ")
    let grey = picture.grey()
    let filled = mask.pixels.map { $0 > 127 }
    var (count, within, ratios) = (0, [0, 0, 0], [Double]())
    let columns = (grey.width + Self.tile - 1) / Self.tile
    let tiles = Dictionary(grouping: filled.indices.filter { filled[$0] }) { index in
      index / grey.width / Self.tile * columns + index % grey.width / Self.tile
    }
    for (_, pixels) in tiles.sorted(by: { $0.key < $1.key }) where pixels.count >= 30 {
      let own = Self.figures(pixels, grey, filled: nil, across: 0, down: 0)
      var around: [[Double]] = []
      for reach in [12, 20, 28] {
        for (across, down) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)] {
          if let other = Self.figures(pixels, grey, filled: filled, across: across * reach, down: down * reach) {
            around.append(other)
          }
        }
      }
      guard let own, around.count >= 4 else { continue }
      count += 1
      let rough = around.reduce(0) { $0 + $1[1] } / Double(around.count)
      if rough > 0 { ratios.append(own[1] / rough) }
      for place in 0..<3 {
        let values = around.map { $0[place] }
        if let low = values.min(), let high = values.max(), own[place] >= low - 1e-9, own[place] <= high + 1e-9 {
          within[place] += 1
        }
      }
    }
    places = count
    let parts = within.map { count > 0 ? Double($0) / Double(count) : nil }
    (meanWithin, speckleWithin, entropyWithin) = (parts[0], parts[1], parts[2])
    speckleRatio = ratios.isEmpty ? nil : ratios.sorted()[ratios.count / 2]
  }

  /// Mean, root mean square of the second difference along rows, entropy in bits of 32 levels; nil where less than four fifths
  /// of the moved shape lie on unfilled pixels.
  private static func figures(
    _ pixels: [Int], _ grey: GreyImage, filled: [Bool]?, across: Int, down: Int
  ) -> [Double]? {
    var (sum, bend, count) = (0.0, 0.0, 0.0)
    var histogram = [Double](repeating: 0, count: 32)
    for pixel in pixels {
      let (x, y) = (pixel % grey.width + across, pixel / grey.width + down)
      guard x >= 1, y >= 0, x + 1 < grey.width, y < grey.height else { continue }
      let index = y * grey.width + x
      if let filled, filled[index] { continue }
      let value = Double(grey.pixels[index])
      let second = 2 * value - Double(grey.pixels[index - 1]) - Double(grey.pixels[index + 1])
      sum += value
      bend += second * second
      count += 1
      histogram[Int(grey.pixels[index]) / 8] += 1
    }
    guard count >= 0.8 * Double(pixels.count), count > 0 else { return nil }
    let entropy = histogram.reduce(0.0) { $1 > 0 ? $0 - $1 / count * log2($1 / count) : $0 }
    return [sum / count, (bend / count).squareRoot(), entropy]
  }
}
