import Imaging
import Ultrasound

/// A picture as the search looks at it: bars stand upright; for lying ones the picture is turned, its left end down.
struct ScreenPlane {
  let width: Int
  let height: Int
  let orientation: ColourBar.Orientation
  /// height x width x 3.
  let pixels: [UInt8]

  init(_ image: RGBImage, _ orientation: ColourBar.Orientation) {
    self.orientation = orientation
    guard orientation == .horizontal else {
      (width, height, pixels) = (image.width, image.height, image.pixels)
      return
    }
    // Column x becomes row width - 1 - x.
    let (columns, rows) = (image.width, image.height)
    (width, height) = (rows, columns)
    pixels = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { to, filled in
      image.pixels.withUnsafeBufferPointer { from in
        for y in 0..<rows {
          for x in 0..<columns {
            let (source, target) = ((y * columns + x) * 3, ((columns - 1 - x) * rows + y) * 3)
            for channel in 0..<3 { to[target + channel] = from[source + channel] }
          }
        }
      }
      filled = image.pixels.count
    }
  }

  func colour(_ x: Int, _ y: Int) -> BarColour {
    let at = (y * width + x) * 3
    return BarColour(red: Float(pixels[at]), green: Float(pixels[at + 1]), blue: Float(pixels[at + 2]))
  }

  func colours(_ columns: Range<Int>, row: Int) -> [BarColour] {
    columns.clamped(to: 0..<width).map { colour($0, row) }
  }

  /// A box of the plane as one of the picture.
  func box(columns: Range<Int>, rows: Range<Int>) -> PixelBox {
    switch orientation {
    case .vertical:
      PixelBox(
        x: Double(columns.lowerBound), y: Double(rows.lowerBound), width: Double(columns.count),
        height: Double(rows.count))
    case .horizontal:
      PixelBox(
        x: Double(height - rows.upperBound), y: Double(columns.lowerBound), width: Double(rows.count),
        height: Double(columns.count))
    }
  }

  /// A box of the picture, in whole pixels inside it; nil where none lies inside.
  func extent(of box: PixelBox) -> (columns: Range<Int>, rows: Range<Int>)? {
    guard box.x.isFinite, box.y.isFinite, box.maxX.isFinite, box.maxY.isFinite else { return nil }
    let (pictureWidth, pictureHeight) = orientation == .vertical ? (width, height) : (height, width)
    func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int>? {
      let first = Int(min(max(low.rounded(), 0), Double(count)))
      let last = Int(min(max(high.rounded(), 0), Double(count)))
      return first < last ? first..<last : nil
    }
    guard let across = range(box.x, box.maxX, pictureWidth), let down = range(box.y, box.maxY, pictureHeight) else {
      return nil
    }
    return orientation == .vertical ? (across, down) : (down, height - across.upperBound..<height - across.lowerBound)
  }
}
