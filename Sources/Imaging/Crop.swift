public import Ultrasound

extension RGBImage {
  /// Pillow's `image.crop(box)`: the box is rounded to whole pixels (half to even), and what lies outside the image is
  /// black. A box that is empty, inverted or not finite gives an image of no pixels. Of a box so large that it could not be
  /// held in memory (more than `DecodeLimits.standard` allows), the part inside the image is given.
  public func cropped(_ box: PixelBox) -> RGBImage {
    let area = PixelArea(box, inWidth: width, height: height)
    return RGBImage(
      width: area.width, height: area.height,
      pixels: area.copied(from: pixels, width: width, height: height, channels: 3))
  }
}

extension GreyImage {
  /// As `RGBImage.cropped`.
  public func cropped(_ box: PixelBox) -> GreyImage {
    let area = PixelArea(box, inWidth: width, height: height)
    return GreyImage(
      width: area.width, height: area.height,
      pixels: area.copied(from: pixels, width: width, height: height, channels: 1))
  }
}

/// A box in whole pixels.
private struct PixelArea {
  var left: Int
  var top: Int
  var width: Int
  var height: Int

  init(_ box: PixelBox, inWidth imageWidth: Int, height imageHeight: Int) {
    // Coordinates a thousand times beyond any image stay exact in Int and in Double.
    func whole(_ value: Double) -> Int { Int(min(max(value.rounded(.toNearestOrEven), -1e12), 1e12)) }
    guard box.x.isFinite, box.y.isFinite, box.maxX.isFinite, box.maxY.isFinite else {
      (left, top, width, height) = (0, 0, 0, 0)
      return
    }
    (left, top) = (whole(box.x), whole(box.y))
    (width, height) = (max(0, whole(box.maxX) - left), max(0, whole(box.maxY) - top))
    if width == 0 || height == 0 { (width, height) = (0, 0) }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    if overflow || pixels > DecodeLimits.standard.maximumPixels {
      let (right, bottom) = (min(left + width, imageWidth), min(top + height, imageHeight))
      (left, top) = (max(0, left), max(0, top))
      (width, height) = (max(0, right - left), max(0, bottom - top))
      if width == 0 || height == 0 { (width, height) = (0, 0) }
    }
  }

  func copied(from pixels: [UInt8], width imageWidth: Int, height imageHeight: Int, channels: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: width * height * channels)
    let columns = max(left, 0)..<max(max(left, 0), min(left + width, imageWidth))
    let rows = max(top, 0)..<max(max(top, 0), min(top + height, imageHeight))
    guard !columns.isEmpty, !rows.isEmpty else { return out }
    let run = columns.count * channels
    out.withUnsafeMutableBufferPointer { to in
      pixels.withUnsafeBufferPointer { from in
        for row in rows {
          let target = ((row - top) * width + columns.lowerBound - left) * channels
          let source = (row * imageWidth + columns.lowerBound) * channels
          for offset in 0..<run { to[target + offset] = from[source + offset] }
        }
      }
    }
    return out
  }
}
