public import Ultrasound

/// The box around what a mask marks.
public enum MaskBox {
  /// The smallest and largest column and row of the pixels above `threshold`: x = smallest column, width = largest - smallest,
  /// and so for rows. The largest is exclusive when the box is cropped, as in the published breast pipelines; a mark of one
  /// column has width 0.
  /// - Returns: nil where no pixel is above the threshold.
  public static func boundingBox(ofMask mask: GreyImage, threshold: UInt8 = 127) -> PixelBox? {
    boundingBox(ofMasks: [mask], threshold: threshold)
  }

  /// The box around the marks of several masks of one image (a lesion drawn in parts).
  public static func boundingBox(ofMasks masks: [GreyImage], threshold: UInt8 = 127) -> PixelBox? {
    var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
    for mask in masks {
      mask.pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<mask.height {
          let row = y * mask.width
          guard let first = (0..<mask.width).first(where: { pixels[row + $0] > threshold }),
            let last = (first..<mask.width).last(where: { pixels[row + $0] > threshold })
          else { continue }
          left = min(left, first)
          right = max(right, last)
          top = min(top, y)
          bottom = max(bottom, y)
        }
      }
    }
    guard right >= 0 else { return nil }
    return PixelBox(x: Double(left), y: Double(top), width: Double(right - left), height: Double(bottom - top))
  }
}
