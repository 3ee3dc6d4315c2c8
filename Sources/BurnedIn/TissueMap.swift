import Imaging
import Ultrasound

/// Which pixels show tissue, flow or curves, and which the screen around them.
struct TissueMap {
  let width: Int
  let height: Int
  private let sums: [Int]

  /// From what the scanner says, or, where it says nothing, from the picture: what is lit over more than a letter's width.
  init(_ regions: [CalibratedRegion], picture: GreyImage) {
    (width, height) = (picture.width, picture.height)
    var inside = [UInt8](repeating: 0, count: width * height)
    let shown = regions.filter { $0.content != .other }
    if shown.isEmpty {
      inside = Self.lit(picture)
    } else {
      for region in shown {
        let box = PixelRectangle(region.box, inWidth: width, height: height)
        for row in box.top..<max(box.top, box.bottom) {
          for column in box.left..<max(box.left, box.right) { inside[row * width + column] = 1 }
        }
      }
    }
    sums = Self.sums(inside, width, height)
  }

  /// The part of a rectangle that is tissue, 0...1.
  func share(of box: PixelRectangle) -> Double {
    let box = box.common(PixelRectangle(left: 0, top: 0, right: width, bottom: height))
    guard box.area > 0 else { return 0 }
    return Double(Self.sum(sums, box, width)) / Double(box.area)
  }

  /// Pixels of tissue.
  var area: Int { Self.sum(sums, PixelRectangle(left: 0, top: 0, right: width, bottom: height), width) }

  /// Letters are thinner than 13 pixels; what is left of the picture without them is tissue where most of 41 x 41 pixels are lit.
  private static func lit(_ picture: GreyImage) -> [UInt8] {
    let (width, height) = (picture.width, picture.height)
    let opened = Filters.maximum(
      Filters.minimum(picture.pixels, width, height, reach: 2), width, height, reach: 2)
    let table = sums(opened.map { $0 >= 8 ? 1 : 0 }, width, height)
    var inside = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let box = PixelRectangle(
          left: max(0, x - 20), top: max(0, y - 20), right: min(width, x + 21), bottom: min(height, y + 21))
        if 2 * sum(table, box, width) > box.area { inside[y * width + x] = 1 }
      }
    }
    return inside
  }

  private static func sums(_ values: [UInt8], _ width: Int, _ height: Int) -> [Int] {
    var table = [Int](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0
      for x in 0..<width {
        row += Int(values[y * width + x])
        table[(y + 1) * (width + 1) + x + 1] = table[y * (width + 1) + x + 1] + row
      }
    }
    return table
  }

  private static func sum(_ table: [Int], _ box: PixelRectangle, _ width: Int) -> Int {
    let line = width + 1
    return table[box.bottom * line + box.right] - table[box.top * line + box.right]
      - table[box.bottom * line + box.left]
      + table[box.top * line + box.left]
  }
}
