import Foundation
public import Imaging
import Ultrasound

/// Pictures side by side, to be looked at.
public enum MarkSheet {
  /// The colour each kind is outlined in.
  public static func color(of kind: MarkKind) -> [UInt8] {
    switch kind {
    case .caliper: [255, 64, 64]
    case .text: [64, 220, 64]
    case .bodyMark: [230, 90, 255]
    case .color: [0, 220, 220]
    case .banner: [255, 165, 0]
    case .scale: [90, 140, 255]
    }
  }

  /// A picture with a box around each mark, two pixels outside it.
  public static func outlined(_ picture: RGBImage, marks: [FoundMark]) -> RGBImage {
    var pixels = picture.pixels
    for mark in marks {
      let color = color(of: mark.kind)
      let box = PixelRect(
        Int(mark.box.x) - 3, Int(mark.box.y) - 3, Int(mark.box.maxX) + 3, Int(mark.box.maxY) + 3
      ).clipped(width: picture.width, height: picture.height)
      func set(_ x: Int, _ y: Int) {
        for channel in 0..<3 { pixels[3 * (y * picture.width + x) + channel] = color[channel] }
      }
      guard box.width > 0, box.height > 0 else { continue }
      for x in box.left..<box.right {
        set(x, box.top)
        set(x, box.bottom - 1)
      }
      for y in box.top..<box.bottom {
        set(box.left, y)
        set(box.right - 1, y)
      }
    }
    return RGBImage(width: picture.width, height: picture.height, pixels: pixels)
  }

  /// Rows of `columns` pictures, each shrunk to fit its cell; the ground is mid grey.
  public static func sheet(_ pictures: [RGBImage], columns: Int, cell: (width: Int, height: Int)) -> RGBImage {
    let columns = max(1, columns)
    let (width, height) = (columns * cell.width, (pictures.count + columns - 1) / columns * cell.height)
    var pixels = [UInt8](repeating: 96, count: width * height * 3)
    for (place, picture) in pictures.enumerated() where picture.width > 0 && picture.height > 0 {
      let scale = min(
        1, Double(cell.width - 4) / Double(picture.width), Double(cell.height - 4) / Double(picture.height))
      let small = picture.resized(
        width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)))
      let (left, top) = (place % columns * cell.width + 2, place / columns * cell.height + 2)
      for y in 0..<small.height {
        for index in 0..<small.width * 3 {
          pixels[((top + y) * width + left) * 3 + index] = small.pixels[y * small.width * 3 + index]
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
