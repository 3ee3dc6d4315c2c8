/// A decoded still, upright (its EXIF orientation applied).
public struct Still: Sendable {
  public let format: StillFormat
  /// Upright width and height in pixels.
  public let width: Int
  public let height: Int
  /// Bits of one sample as the file stores it: 1, 2, 4, 8 or 16 (5 for a 16-bit BMP).
  public let bitsPerSample: Int
  /// Whether the file stores colour: RGB or inks, or a palette in which some entry is not grey. A grey picture saved as
  /// RGB counts as colour.
  public let isColor: Bool
  let samples: Samples

  /// The pixels in the plainest form that loses nothing Pillow keeps. Alpha is dropped, never composited.
  enum Samples: Sendable {
    case grey([UInt8])
    case grey16([UInt16])
    case rgb([UInt8])
  }

  /// Pillow's `convert("RGB")`. 16-bit grey is clipped at 255, as Pillow does; see `samples16`.
  public func rgb() -> RGBImage {
    if case .rgb(let pixels) = samples { return RGBImage(width: width, height: height, pixels: pixels) }
    return grey().rgb()
  }

  /// Pillow's `convert("L")`. 16-bit grey is clipped at 255, as Pillow does; see `samples16`.
  public func grey() -> GreyImage {
    switch samples {
    case .grey(let pixels): GreyImage(width: width, height: height, pixels: pixels)
    case .rgb: rgb().grey()
    case .grey16(let values):
      GreyImage(width: width, height: height, pixels: values.map { UInt8(truncatingIfNeeded: min($0, 255)) })
    }
  }

  /// The samples of a 16-bit grey file, height x width; nil for every other file.
  public var samples16: [UInt16]? {
    if case .grey16(let values) = samples { values } else { nil }
  }
}

/// What a reader of one format hands over: pixels as stored, and how to turn them upright.
struct StoredStill {
  var width: Int
  var height: Int
  var bitsPerSample: Int
  var isColor: Bool
  var orientation: Orientation
  var samples: Still.Samples

  func upright(_ format: StillFormat) -> Still {
    let samples: Still.Samples =
      switch self.samples {
      case .grey(let pixels): .grey(orientation.applied(to: pixels, width: width, height: height, channels: 1))
      case .grey16(let values): .grey16(orientation.applied(to: values, width: width, height: height, channels: 1))
      case .rgb(let pixels): .rgb(orientation.applied(to: pixels, width: width, height: height, channels: 3))
      }
    let size = orientation.size(width: width, height: height)
    return Still(
      format: format, width: size.width, height: size.height, bitsPerSample: bitsPerSample, isColor: isColor,
      samples: samples)
  }
}
