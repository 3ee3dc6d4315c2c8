import DICOM
import Imaging

/// Sets the samples under a mask to black, and no other.
struct PixelBlanking: Sendable {
  /// Places of the masked pixels, counted along the rows; of halved chroma the pairs' mates too.
  let pixels: [Int]
  let columns: Int
  let rows: Int
  /// How many pixels were added since they share their chroma with a masked one.
  let widened: Int

  /// nil where the mask is empty.
  init?(_ mask: GreyImage, halvedChroma: Bool) {
    (columns, rows) = (mask.width, mask.height)
    var pixels: [Int] = []
    var widened = 0
    for row in 0..<mask.height {
      for column in 0..<mask.width {
        let place = row * mask.width + column
        if mask.pixels[place] >= 128 {
          pixels.append(place)
        } else if halvedChroma {
          let mate = column ^ 1
          if mate < mask.width, mask.pixels[row * mask.width + mate] >= 128 {
            pixels.append(place)
            widened += 1
          }
        }
      }
    }
    guard !pixels.isEmpty else { return nil }
    (self.pixels, self.widened) = (pixels, widened)
  }

  /// - Parameters:
  ///   - bytes: one frame, decoded, words little endian.
  ///   - black: a black pixel's samples (`FrameReader.blackPixel`).
  func blank(
    _ bytes: inout [UInt8], arrangement: StoredFrame.Arrangement, bytesPerSample size: Int, black: [UInt32]
  ) {
    let count = rows * columns
    func put(_ value: UInt32, at start: Int) {
      guard start >= 0, start + size <= bytes.count else { return }
      for part in 0..<size {
        bytes[start + part] = part < 4 ? UInt8(truncatingIfNeeded: value >> UInt32(8 * part)) : 0
      }
    }
    for place in pixels {
      switch arrangement {
      case .interleaved:
        for (sample, value) in black.enumerated() { put(value, at: (place * black.count + sample) * size) }
      case .planar:
        for (sample, value) in black.enumerated() { put(value, at: (sample * count + place) * size) }
      case .halvedChroma:
        // Two lumas and their chroma, four bytes.
        let (row, column) = (place / columns, place % columns)
        let pair = row * ((columns + 1) / 2) * 4 + column / 2 * 4
        put(black[0], at: pair + column % 2)
        // A last odd column has a second luma that is not shown.
        if columns % 2 == 1, column == columns - 1 { put(black[0], at: pair + 1) }
        for (sample, value) in black.dropFirst().enumerated() { put(value, at: pair + 2 + sample) }
      }
    }
  }
}
