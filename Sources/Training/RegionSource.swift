public import Cohort
import Foundation
import Imaging
public import Protocols
import Synchronization
public import Ultrasound

/// Decoded network inputs: each image's region, cropped and resized to size x size RGB, kept in memory up to a limit.
public final class RegionSource: Sendable {
  public let images: [ImageRecord]
  private let input: InputChoice
  var size: Int { input.size }
  private let cache = Mutex<Cache>(Cache())

  private struct Cache {
    var pixels: [Int: [UInt8]] = [:]
    var bytes = 0
  }

  /// Throws if the protocol asks for lesions and an image has no region.
  public init(_ images: [ImageRecord], _ input: InputChoice) throws(TrainingError) {
    (self.images, self.input) = (images, input)
    guard input.region == .lesion else { return }
    let without = images.filter { $0.region == nil }.map(\.name)
    guard without.isEmpty else {
      throw .cohort(
        "\(without.count) of \(images.count) images have no lesion region (first: \(without[0])); give roi_x, roi_y, "
          + "roi_width, roi_height or a mask, or set input.region=image")
    }
  }

  /// Rows x columns x RGB of image `index`, 0...255, `size` rows and columns.
  func pixels(_ index: Int) throws(TrainingError) -> [UInt8] {
    if let kept = cache.withLock({ $0.pixels[index] }) { return kept }
    let pixels = try asTrainingError { try decoded(images[index]) }
    let limit = input.cacheMegabytes << 20
    cache.withLock { cache in
      guard cache.bytes + pixels.count <= limit, cache.pixels[index] == nil else { return }
      cache.pixels[index] = pixels
      cache.bytes += pixels.count
    }
    return pixels
  }

  private func decoded(_ record: ImageRecord) throws -> [UInt8] {
    let image = try Stills.decode(record.file).rgb()
    let box = box(of: record, inWidth: image.width, height: image.height)
    return image.cropped(box).resized(width: input.size, height: input.size).pixels
  }

  /// The part of an image that the networks see, in the image's pixels.
  public func box(of record: ImageRecord) -> PixelBox {
    box(of: record, inWidth: record.width, height: record.height)
  }

  private func box(of record: ImageRecord, inWidth width: Int, height: Int) -> PixelBox {
    let whole = PixelBox(x: 0, y: 0, width: Double(width), height: Double(height))
    let region = input.region == .lesion ? record.region ?? whole : whole
    return region.expanded(by: input.margin, inWidth: width, height: height)
  }

  /// Decodes `indices` over the cores ahead of their use.
  func prefetch(_ indices: [Int]) {
    guard indices.count * input.size * input.size * 3 <= input.cacheMegabytes << 20 else { return }
    DispatchQueue.concurrentPerform(iterations: indices.count) { position in
      // An image that cannot be read is reported when its turn comes.
      _ = try? self.pixels(indices[position])
    }
  }
}
