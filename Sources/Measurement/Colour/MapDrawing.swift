public import Imaging

extension ValueMap {
  /// The values as grey from their lowest (32) to their highest (255), black where there is none, blue at the bar's first and red at
  /// its last colours.
  public func drawn() -> RGBImage {
    let known = values.filter { !$0.isNaN }
    let (low, high) = (known.min() ?? 0, known.max() ?? 0)
    var pixels = [UInt8](repeating: 0, count: values.count * 3)
    for (index, value) in values.enumerated() where !value.isNaN {
      let share = high > low ? (value - low) / (high - low) : 0
      let level = UInt8(32 + 223 * min(max(share, 0), 1))
      let colour: (UInt8, UInt8, UInt8) =
        switch saturation[index] {
        case .none: (level, level, level)
        case .first: (40, 80, 255)
        case .last: (255, 60, 40)
        }
      (pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2]) = colour
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
