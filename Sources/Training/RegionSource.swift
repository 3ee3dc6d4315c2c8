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
  private let cache = Mutex<Cache>(Cache())

  private struct Cache {
    var pixels: [Picture: [UInt8]] = [:]
    var bytes = 0
  }

  /// Throws if the protocol asks for lesions and an image has no region.
  public init(_ images: [ImageRecord], _ input: InputChoice) throws(TrainingError) {
    (self.images, self.input) = (images, input)
    guard input.region == .lesion else { return }
    let without = images.filter { $0.region == nil && $0.frameRegions.isEmpty }.map(\.name)
    guard without.isEmpty else {
      throw .cohort(
        "\(without.count) of \(images.count) images have no lesion region (first: \(without[0])); give roi_x, roi_y, "
          + "roi_width, roi_height or a mask, or set input.region=image")
    }
    for image in images where !(0..<image.extent.frames).allSatisfy({ Self.hasPixels(box(of: image, frame: $0)) }) {
      throw .cohort(
        "\(image.name): its lesion region holds no pixel; correct its mask or roi_width and roi_height, or set "
          + "input.region=image")
    }
  }

  private static func hasPixels(_ box: PixelBox) -> Bool {
    func whole(_ value: Double) -> Double { value.rounded(.toNearestOrEven) }
    return whole(box.maxX) > whole(box.x) && whole(box.maxY) > whole(box.y)
  }

  /// What is cut out of a frame of an image, counted from 0: around the lesion as it lies there, where the clip's frames say it.
  public func box(of image: ImageRecord, frame: Int = 0) -> PixelBox {
    let whole = PixelBox(x: 0, y: 0, width: Double(image.width), height: Double(image.height))
    let region = input.region == .lesion ? image.lesionRegion(inFrame: frame) ?? whole : whole
    return region.expanded(by: input.margin, inWidth: image.width, height: image.height)
  }

  /// The lesion's region as the protocol wants it, or the background's as it is.
  private func box(of record: ImageRecord, _ picture: Picture) -> PixelBox {
    switch picture.part {
    case .lesion, .calcification: box(of: record, frame: picture.frame)
    case .background: record.backgroundRegion ?? box(of: record, frame: picture.frame)
    }
  }

  /// Whether the calcifications in a picture's image are known.
  func hasMarks(_ picture: Picture) -> Bool { !images[picture.image].calcificationMasks.isEmpty }

  /// The image a picture is of and what is cut out of it.
  func part(_ picture: Picture) -> (image: ImageRecord, box: PixelBox) {
    (images[picture.image], box(of: images[picture.image], picture))
  }

  /// The pictures of an image: one, or one a frame of a clip.
  func frames(of image: Int, _ part: Picture.Part = .lesion) -> Frames {
    (0..<images[image].extent.frames).map { Picture(image, part, frame: $0) }
  }

  /// Whether the cohort gives an image a region beside the lesion that holds pixels.
  func hasBackground(_ index: Int) -> Bool { images[index].backgroundRegion.map(Self.hasPixels) ?? false }

  /// Rows x columns x RGB (marks: one channel) of a picture, 0...255, `size` rows and columns.
  func pixels(_ picture: Picture) throws(TrainingError) -> [UInt8] { try pixels(picture, PictureReader()) }

  private func pixels(_ picture: Picture, _ reader: PictureReader) throws(TrainingError) -> [UInt8] {
    if let kept = cache.withLock({ $0.pixels[picture] }) { return kept }
    let pixels = try asTrainingError { try decoded(picture, reader) }
    let limit = input.cacheMegabytes << 20
    cache.withLock { cache in
      guard cache.bytes + pixels.count <= limit, cache.pixels[picture] == nil else { return }
      cache.pixels[picture] = pixels
      cache.bytes += pixels.count
    }
    return pixels
  }

  private func decoded(_ picture: Picture, _ reader: PictureReader) throws -> [UInt8] {
    let record = images[picture.image]
    if picture.part == .calcification { return try marks(record) }
    let image = try reader.frame(picture.frame, of: record)
    guard image.width == record.width, image.height == record.height else {
      throw TrainingError.cohort(
        "\(record.file.path): has \(image.width) x \(image.height) pixels, the catalogue says \(record.width) x \(record.height)"
      )
    }
    return image.cropped(box(of: record, picture)).resized(width: input.size, height: input.size).pixels
  }

  /// The brightest of an image's marks at each place.
  private func marks(_ record: ImageRecord) throws -> [UInt8] {
    var marks = [UInt8](repeating: 0, count: input.size * input.size)
    for file in record.calcificationMasks {
      let mask = try Stills.decode(file).grey()
      guard mask.width == record.width, mask.height == record.height else {
        throw TrainingError.cohort(
          "\(file.path): has \(mask.width) x \(mask.height) pixels, its image \(record.width) x \(record.height)")
      }
      let pixels = mask.cropped(box(of: record)).resized(width: input.size, height: input.size).pixels
      for place in marks.indices { marks[place] = max(marks[place], pixels[place]) }
    }
    return marks
  }

  /// The pixels of several pictures, in order; those not in memory are decoded over the cores, the frames of a clip in one pass.
  func pixels(_ pictures: [Picture]) throws(TrainingError) -> [[UInt8]] {
    typealias Outcome = Result<[UInt8], TrainingError>
    let passes = Dictionary(grouping: pictures.indices) { pictures[$0].image }.values
      .map { $0.sorted { pictures[$0].frame < pictures[$1].frame } }
    let results = Mutex<[Int: Outcome]>([:])
    DispatchQueue.concurrentPerform(iterations: passes.count) { pass in
      let reader = PictureReader()
      for place in passes[pass] {
        let result = Outcome { () throws(TrainingError) in try self.pixels(pictures[place], reader) }
        results.withLock { $0[place] = result }
      }
    }
    let done = results.withLock { $0 }
    var pixels: [[UInt8]] = []
    for place in pictures.indices { if let result = done[place] { pixels.append(try result.get()) } }
    return pixels
  }
}
