/// An upright colour image of 8 bits a sample.
public struct RGBImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// height x width x 3, interleaved red, green, blue, rows from the top.
  public let pixels: [UInt8]

  /// - Precondition: `pixels` holds width x height x 3 bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && pixels.count == width * height * 3, "RGBImage: pixels do not fill the size")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// The luma of each pixel, as Pillow's `convert("L")`: ITU-R 601-2, in 16-bit fixed point.
  public func grey() -> GreyImage {
    let count = width * height
    let luma = [UInt8](unsafeUninitializedCapacity: count) { to, filled in
      pixels.withUnsafeBufferPointer { from in
        for index in 0..<count {
          to[index] = RGBImage.luma(from[3 * index], from[3 * index + 1], from[3 * index + 2])
        }
      }
      filled = count
    }
    return GreyImage(width: width, height: height, pixels: luma)
  }

  @inline(__always)
  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let sum = UInt32(red) &* 19_595 &+ UInt32(green) &* 38_470 &+ UInt32(blue) &* 7_471 &+ 0x8000
    return UInt8(truncatingIfNeeded: sum >> 16)
  }
}

/// An upright grey image of 8 bits a pixel: a B-mode picture or a mask.
public struct GreyImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// height x width, rows from the top.
  public let pixels: [UInt8]

  /// - Precondition: `pixels` holds width x height bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width >= 0 && height >= 0 && pixels.count == width * height, "GreyImage: pixels do not fill the size")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// The same grey in all three channels.
  public func rgb() -> RGBImage {
    let count = width * height
    let triples = [UInt8](unsafeUninitializedCapacity: count * 3) { to, filled in
      pixels.withUnsafeBufferPointer { from in
        for index in 0..<count {
          let value = from[index]
          to[3 * index] = value
          to[3 * index + 1] = value
          to[3 * index + 2] = value
        }
      }
      filled = count * 3
    }
    return RGBImage(width: width, height: height, pixels: triples)
  }
}
