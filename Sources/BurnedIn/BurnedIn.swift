// BurnedIn: names, ids, dates and other text drawn into pixels: found, blanked, and shown to be gone. It knows pictures and the parts of
// them that a scanner describes, not where they come from; a file's format, its header and the key file are others' matter. May import
// Imaging (pictures), Ultrasound (boxes and regions), Tables (files written whole), COCR (Tesseract) and Crypto (hashes of what was written).

public import Imaging

/// Why text could not be looked for, or what was found not be written.
public enum BurnedInError: Error, CustomStringConvertible, Sendable, Equatable {
  case imaging(ImagingError)
  /// Tesseract or one of its models is missing, or it gave up.
  case reading(String)
  /// A frame could not be had; `reason` is its source's.
  case frame(index: Int, reason: String)
  case argument(String)

  public var description: String {
    switch self {
    case .imaging(let error): "\(error)"
    case .reading(let reason): "text cannot be read: \(reason)"
    case .frame(let index, let reason): "frame \(index + 1): \(reason)"
    case .argument(let reason): reason
    }
  }
}

/// The frames of one picture or clip, all of one size.
public protocol FrameSource: Sendable {
  /// At least 1.
  var frameCount: Int { get }
  var width: Int { get }
  var height: Int { get }
  /// The frame at `index`, 0..<frameCount. The finder and the blanking ask in rising order, more than once.
  func frame(_ index: Int) throws(BurnedInError) -> RGBImage
}

/// Pictures in memory.
public struct StillFrames: FrameSource {
  private let images: [RGBImage]
  public let width: Int
  public let height: Int
  public var frameCount: Int { images.count }

  /// - Throws: `BurnedInError.argument` where there is no picture, one has no pixels, or the sizes differ.
  public init(_ images: [RGBImage]) throws(BurnedInError) {
    guard let first = images.first, first.width > 0, first.height > 0 else {
      throw .argument("expected at least one picture with pixels")
    }
    guard images.allSatisfy({ $0.width == first.width && $0.height == first.height }) else {
      throw .argument("expected pictures of one size, \(first.width) x \(first.height) pixels")
    }
    (self.images, width, height) = (images, first.width, first.height)
  }

  public func frame(_ index: Int) throws(BurnedInError) -> RGBImage {
    guard images.indices.contains(index) else {
      throw .frame(index: index, reason: "there are \(images.count) pictures")
    }
    return images[index]
  }
}

/// Frames from anywhere, such as a DICOM file's.
public struct SuppliedFrames: FrameSource {
  public let frameCount: Int
  public let width: Int
  public let height: Int
  private let supply: @Sendable (Int) throws -> RGBImage

  /// - supply: gives the frame at an index in 0..<frameCount, of `width` x `height` pixels.
  public init(frameCount: Int, width: Int, height: Int, supply: @escaping @Sendable (Int) throws -> RGBImage) {
    (self.frameCount, self.width, self.height, self.supply) = (frameCount, width, height, supply)
  }

  public func frame(_ index: Int) throws(BurnedInError) -> RGBImage {
    let image: RGBImage
    do { image = try supply(index) } catch { throw .frame(index: index, reason: "\(error)") }
    guard image.width == width, image.height == height else {
      throw .frame(
        index: index, reason: "expected \(width) x \(height) pixels, found \(image.width) x \(image.height)")
    }
    return image
  }
}
