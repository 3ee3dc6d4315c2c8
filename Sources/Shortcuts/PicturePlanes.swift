import Imaging

/// A picture as the finders look at it.
struct PicturePlanes: Sendable {
  let width: Int
  let height: Int
  /// The largest of the three colours: white, yellow and green ink are as bright here.
  let value: [UInt8]
  /// Largest less smallest colour; 0 where grey.
  let chroma: [UInt8]

  init(_ picture: RGBImage) {
    (width, height) = (picture.width, picture.height)
    let count = width * height
    var (value, chroma) = ([UInt8](repeating: 0, count: count), [UInt8](repeating: 0, count: count))
    picture.pixels.withUnsafeBufferPointer { from in
      for index in 0..<count {
        let (r, g, b) = (from[3 * index], from[3 * index + 1], from[3 * index + 2])
        let high = max(r, max(g, b))
        value[index] = high
        chroma[index] = high - min(r, min(g, b))
      }
    }
    (self.value, self.chroma) = (value, chroma)
  }

  /// The brightness at a place, nil outside the picture.
  func at(_ x: Int, _ y: Int) -> Int? {
    guard x >= 0, y >= 0, x < width, y < height else { return nil }
    return Int(value[y * width + x])
  }
}
