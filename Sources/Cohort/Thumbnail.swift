import Imaging

/// A picture shrunk to 32 x 32 grey pixels, as it is kept in the catalogue.
struct Thumbnail: Sendable {
  static let side = 32
  /// 1024 bytes, rows from the top.
  let pixels: [UInt8]
  private let mean: Double
  private let deviation: Double

  init(_ image: GreyImage) {
    self.init(pixels: image.resized(width: Self.side, height: Self.side).pixels)
  }

  /// Other than 1024 bytes count as black.
  init(pixels: [UInt8]) {
    let count = Self.side * Self.side
    self.pixels = pixels.count == count ? pixels : [UInt8](repeating: 0, count: count)
    let sum = self.pixels.reduce(0) { $0 + Int($1) }
    let squares = self.pixels.reduce(0) { $0 + Int($1) * Int($1) }
    mean = Double(sum) / Double(count)
    deviation = (Double(squares) - mean * Double(sum)).squareRoot()
  }

  /// Pearson's correlation, -1...1: blind to brightness and contrast. 0 where one of them is of one grey.
  func similarity(to other: Thumbnail) -> Double {
    guard deviation > 0, other.deviation > 0 else { return 0 }
    var product: UInt32 = 0
    pixels.withUnsafeBufferPointer { mine in
      other.pixels.withUnsafeBufferPointer { theirs in
        // 1024 products of two bytes stay below 2^26.
        for place in 0..<mine.count { product &+= UInt32(mine[place]) &* UInt32(theirs[place]) }
      }
    }
    return (Double(product) - mean * other.mean * Double(pixels.count)) / (deviation * other.deviation)
  }
}
