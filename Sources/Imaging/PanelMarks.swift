/// Takes captions, scales and marks out of a screen, so that what is left are its panels.
enum PanelMarks {
  /// Lit parts, joined over gaps of six pixels, that are low like a line of text or narrow like a ruler, or hold little, are
  /// blackened.
  static func removed(from image: RGBImage, darkest: UInt8) -> RGBImage {
    let (width, height) = (image.width, image.height)
    let grey = image.grey()
    let lit = grey.pixels.map { $0 > darkest }
    var joined = lit
    Marks.grow(&joined, width: width, height: height, by: 3)
    var pixels = image.pixels
    var seen = [Bool](repeating: false, count: joined.count)
    var members: [Int] = []
    for start in joined.indices where joined[start] && !seen[start] {
      members = [start]
      seen[start] = true
      var (left, right, top, bottom, inked) = (width, 0, height, 0, 0)
      var next = 0
      while next < members.count {
        let at = members[next]
        next += 1
        let (x, y) = (at % width, at / width)
        (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
        inked += lit[at] ? 1 : 0
        for neighbour in [x > 0 ? at - 1 : at, x + 1 < width ? at + 1 : at, at - width, at + width]
        where neighbour >= 0 && neighbour < joined.count && joined[neighbour] && !seen[neighbour] {
          seen[neighbour] = true
          members.append(neighbour)
        }
      }
      let isMark = bottom - top < 30 || right - left < 30 || 200 * inked < width * height
      if isMark { for member in members { for channel in 0..<3 { pixels[3 * member + channel] = 0 } } }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
