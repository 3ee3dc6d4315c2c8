public import Ultrasound

/// Regions drawn on their picture, to be looked at.
public enum RegionDrawing {
  /// The picture with the outline of the shape, two pixels wide, from red (confidence 0) to green (1). What lies
  /// outside the picture is left out.
  public static func outlined(
    _ shape: RegionOfInterest.Shape, on image: RGBImage, confidence: Double
  ) -> RGBImage {
    guard let mask = RegionRaster.mask(of: shape, width: image.width, height: image.height) else { return image }
    var pixels = image.pixels
    let share = min(max(confidence, 0), 1)
    let color = [UInt8(255 * (1 - share)), UInt8(255 * share), 0]
    func isMarked(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && y >= 0 && x < image.width && y < image.height && mask.pixels[y * image.width + x] > 127
    }
    for y in 0..<image.height {
      for x in 0..<image.width {
        // Both sides of the border.
        let own = isMarked(x, y)
        guard
          own != isMarked(x - 1, y) || own != isMarked(x + 1, y) || own != isMarked(x, y - 1)
            || own != isMarked(x, y + 1)
        else { continue }
        for channel in 0..<3 { pixels[3 * (y * image.width + x) + channel] = color[channel] }
      }
    }
    return RGBImage(width: image.width, height: image.height, pixels: pixels)
  }
}
