import Foundation
import Imaging

/// How a picture was made and cut, as far as its pixels say, tissue apart.
public struct AcquisitionTraits: Codable, Sendable, Hashable {
  public var width: Int
  public var height: Int
  /// Part of the picture that is dark ground reaching in from its rim, 0...1.
  public var groundShare: Double
  /// Part of the top, right, bottom and left rim that is ground.
  public var groundOfRim: [Double]
  /// Columns a row by which the field widens on its left and right; nil where no edge shows.
  public var leftSlope: Double?
  public var rightSlope: Double?
  /// Rows above the first at which the field's edges would meet, in heights; nil unless both lean outwards.
  public var apex: Double?
  /// Mean grey of the ground, and of the darkest percent of the picture.
  public var groundLevel: Double
  public var blackLevel: Double
  /// Part of the pixels with the three colours apart by 16 or more: a tinted grey map.
  public var tintShare: Double
  /// How much larger the steps over the borders of blocks of 8 are than those between them, less 1; 0 where never compressed.
  public var blockiness: Double

  init(_ planes: PicturePlanes, field: FieldOfView) {
    (width, height) = (planes.width, planes.height)
    (groundShare, groundOfRim) = (field.share, field.rim)
    (leftSlope, rightSlope, apex) = (field.leftSlope, field.rightSlope, field.apex)
    var (sum, count, tinted) = (0, 0, 0)
    var histogram = [Int](repeating: 0, count: 256)
    for index in planes.value.indices {
      histogram[Int(planes.value[index])] += 1
      if planes.chroma[index] >= 16 { tinted += 1 }
      if field.ground[index] {
        sum += Int(planes.value[index])
        count += 1
      }
    }
    groundLevel = count > 0 ? Double(sum) / Double(count) : 0
    tintShare = Double(tinted) / Double(max(1, planes.value.count))
    var left = max(1, planes.value.count / 100)
    var darkest = 0.0
    for (level, pixels) in histogram.enumerated() where left > 0 {
      darkest += Double(level * min(left, pixels))
      left -= min(left, pixels)
    }
    blackLevel = darkest / Double(max(1, planes.value.count / 100))
    blockiness = Self.blockiness(planes)
  }

  /// The largest over the eight offsets (a cut moves the grid) of the second difference over block borders against the others,
  /// less what the eight offsets show in the middle.
  private static func blockiness(_ planes: PicturePlanes) -> Double {
    guard planes.width >= 32, planes.height >= 32 else { return 0 }
    var (across, down) = ([Double](repeating: 0, count: 8), [Double](repeating: 0, count: 8))
    planes.value.withUnsafeBufferPointer { value in
      func bend(_ index: Int, _ step: Int) -> Double {
        let (a, b) = (Int(value[index - step]), Int(value[index]))
        let (c, d) = (Int(value[index + step]), Int(value[index + 2 * step]))
        return Double(min(24, abs((c - b) * 2 - (b - a) - (d - c))))
      }
      for y in 8..<planes.height - 8 {
        for x in 8..<planes.width - 8 {
          let index = y * planes.width + x
          across[x & 7] += bend(index, 1)
          down[y & 7] += bend(index, planes.width)
        }
      }
    }
    func peak(_ sums: [Double]) -> Double {
      let sorted = sums.sorted()
      return sorted[3] > 0 ? max(0, sorted[7] / sorted[3] - 1) : 0
    }
    return (peak(across) + peak(down)) / 2
  }
}
