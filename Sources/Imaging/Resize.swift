extension RGBImage {
  /// Pillow's `image.resize((width, height), BILINEAR)`, to the bit. From or to an image of no pixels: black.
  public func resized(width newWidth: Int, height newHeight: Int) -> RGBImage {
    RGBImage(
      width: max(0, newWidth), height: max(0, newHeight),
      pixels: TriangleResampler.resize(
        pixels, width: width, height: height, toWidth: max(0, newWidth), height: max(0, newHeight), channels: 3))
  }
}

extension GreyImage {
  /// Pillow's `image.resize((width, height), BILINEAR)` of an L image, to the bit.
  public func resized(width newWidth: Int, height newHeight: Int) -> GreyImage {
    GreyImage(
      width: max(0, newWidth), height: max(0, newHeight),
      pixels: TriangleResampler.resize(
        pixels, width: width, height: height, toWidth: max(0, newWidth), height: max(0, newHeight), channels: 1))
  }

  /// Pillow's `image.resize((width, height), NEAREST)`: no new values arise, so a mask stays a mask.
  public func resizedNearest(width newWidth: Int, height newHeight: Int) -> GreyImage {
    let (newWidth, newHeight) = (max(0, newWidth), max(0, newHeight))
    guard width > 0, height > 0, newWidth > 0, newHeight > 0 else {
      return GreyImage(
        width: newWidth, height: newHeight, pixels: [UInt8](repeating: 0, count: newWidth * newHeight))
    }
    let columns = GreyImage.nearest(from: width, to: newWidth)
    let rows = GreyImage.nearest(from: height, to: newHeight)
    let out = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight) { to, filled in
      pixels.withUnsafeBufferPointer { from in
        for row in rows {
          for column in columns {
            to[filled] = from[row * width + column]
            filled += 1
          }
        }
      }
    }
    return GreyImage(width: newWidth, height: newHeight, pixels: out)
  }

  /// The source index under the centre of each target pixel, stepping as Pillow's affine transform does.
  private static func nearest(from source: Int, to target: Int) -> [Int] {
    let scale = Double(source) / Double(target)
    var position = scale * 0.5
    return (0..<target).map { _ in
      defer { position += scale }
      return min(max(Int(position), 0), source - 1)
    }
  }
}

/// Pillow's convolution resampling with the triangle filter on 8-bit samples: weights in Double, rounded to 22-bit fixed point,
/// rows first, each pass rounded to 8 bits (Pillow's `Resample.c`, of which only the arithmetic is followed here).
private enum TriangleResampler {
  private static let fractionBits: Int32 = 22
  /// One half in that fixed point, so that the shift rounds.
  private static let half: Int32 = 1 << 21

  /// For each target index, the first source index and the fixed-point weights (`taps` of them, zero padded).
  private struct Weights {
    var taps: Int
    var spans: [(start: Int, count: Int)]
    var values: [Int32]

    init(from source: Int, to target: Int) {
      let scale = Double(source) / Double(target)
      let support = max(scale, 1)
      let inverse = 1 / support
      taps = Int(support.rounded(.up)) * 2 + 1
      spans = []
      values = [Int32](repeating: 0, count: taps * target)
      var row = [Double](repeating: 0, count: taps)
      for index in 0..<target {
        let center = (Double(index) + 0.5) * scale
        let start = max(0, Int(center - support + 0.5))
        let count = min(source, Int(center + support + 0.5)) - start
        var sum = 0.0
        for tap in 0..<count {
          let distance = abs((Double(tap + start) - center + 0.5) * inverse)
          row[tap] = distance < 1 ? 1 - distance : 0
          sum += row[tap]
        }
        for tap in 0..<count {
          let weight = sum == 0 ? row[tap] : row[tap] / sum
          values[index * taps + tap] = Int32(0.5 + weight * Double(1 << TriangleResampler.fractionBits))
        }
        spans.append((start, count))
      }
    }
  }

  static func resize(
    _ pixels: [UInt8], width: Int, height: Int, toWidth: Int, height toHeight: Int, channels: Int
  ) -> [UInt8] {
    guard width > 0, height > 0, toWidth > 0, toHeight > 0 else {
      return [UInt8](repeating: 0, count: toWidth * toHeight * channels)
    }
    var current = pixels
    if toWidth != width {
      let weights = Weights(from: width, to: toWidth)
      current =
        channels == 3
        ? across(current, width: width, height: height, toWidth, weights, channels: 3)
        : across(current, width: width, height: height, toWidth, weights, channels: 1)
    }
    if toHeight != height {
      current = down(current, row: toWidth * channels, toHeight, Weights(from: height, to: toHeight))
    }
    return current
  }

  @inline(__always)
  private static func clipped(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum >> fractionBits, 0), 255))
  }

  /// Along the rows. The sums of the channels stand in one vector, of which grey uses the first place.
  @inline(__always)
  private static func across(
    _ pixels: [UInt8], width: Int, height: Int, _ toWidth: Int, _ weights: Weights, channels: Int
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: toWidth * height * channels) { buffer, filled in
      pixels.withUnsafeBufferPointer { from in
        weights.values.withUnsafeBufferPointer { values in
          weights.spans.withUnsafeBufferPointer { spans in
            guard let from = from.baseAddress, let values = values.baseAddress, var to = buffer.baseAddress else {
              return
            }
            for y in 0..<height {
              let row = from + y * width * channels
              for x in 0..<toWidth {
                var source = row + spans[x].start &* channels
                let weight = values + x &* weights.taps
                var sum = SIMD4<Int32>(repeating: half)
                for tap in 0..<spans[x].count {
                  let pixel =
                    channels == 3
                    ? SIMD4(Int32(source[0]), Int32(source[1]), Int32(source[2]), 0) : SIMD4(Int32(source[0]), 0, 0, 0)
                  sum &+= pixel &* weight[tap]
                  source += channels
                }
                for channel in 0..<channels { to[channel] = clipped(sum[channel]) }
                to += channels
              }
            }
          }
        }
      }
      filled = toWidth * height * channels
    }
  }

  /// Down the columns, a whole row of sums at a time, so that memory is read in order.
  private static func down(_ pixels: [UInt8], row: Int, _ toHeight: Int, _ weights: Weights) -> [UInt8] {
    var sums = [Int32](repeating: 0, count: row)
    return [UInt8](unsafeUninitializedCapacity: row * toHeight) { to, filled in
      pixels.withUnsafeBufferPointer { from in
        sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<toHeight {
            for x in 0..<row { sums[x] = half }
            for tap in 0..<weights.spans[y].count {
              let weight = weights.values[y * weights.taps + tap]
              let source = (weights.spans[y].start + tap) * row
              for x in 0..<row { sums[x] &+= Int32(from[source &+ x]) &* weight }
            }
            let target = y * row
            for x in 0..<row { to[target &+ x] = clipped(sums[x]) }
          }
        }
      }
      filled = row * toHeight
    }
  }
}
