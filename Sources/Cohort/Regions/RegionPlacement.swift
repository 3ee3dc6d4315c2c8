import Annotations
import Foundation
import Imaging
import Ultrasound

/// Lays the regions of an annotated picture into the images of its file: each into the one whose frame and part it is of, in that
/// image's pixels.
struct RegionPlacement {
  /// Of one file.
  let images: [ImageRecord]
  let picture: AnnotatedPicture
  /// Width and height of a file's frames; asked for only where an image is a part of them.
  let fileSize: (ImageRecord) throws(AnnotationRefusal) -> (width: Int, height: Int)

  struct Placed {
    var image: ImageRecord
    var region: RegionOfInterest
  }

  func placed() throws(AnnotationRefusal) -> (regions: [Placed], notes: [String]) {
    let isOfFile = try coordinatesAreTheFiles()
    var (placed, notes): ([Placed], [String]) = ([], [])
    for (number, region) in picture.regions.enumerated() {
      let what = "region \(number + 1) of \(named)"
      let inFrame = images.filter { Self.has($0, region.frame) }
      guard !inFrame.isEmpty else { throw AnnotationRefusal(frameIsMissing(region, what)) }
      let inside = inFrame.compactMap { image in
        Self.shape(region.shape, in: image, isOfFile: isOfFile).map { (image, $0) }
      }
      guard let (image, shape) = try choice(inside, region, isOfFile: isOfFile, what) else {
        let sides = inFrame.map { "\($0.width) x \($0.height)" }.first ?? ""
        throw AnnotationRefusal("\(what) lies outside the image of \(sides) pixels")
      }
      var own = region
      own.shape = shape
      if case .clip = image.extent {} else { own.frame = nil }
      if picture.width == nil, shape != region.shape, image.crop == nil {
        notes.append("\(what) reached beyond the image and was cut at its edge")
      }
      placed.append(Placed(image: image, region: own))
    }
    return (placed, notes)
  }

  private var named: String { "\"\(picture.pictureName)\"" }

  private static func has(_ image: ImageRecord, _ frame: Int?) -> Bool {
    guard let frame else { return true }
    return switch image.extent {
    case .still: frame == 0
    case .frame(let own): frame == own
    case .clip(let frames): frame < frames
    }
  }

  private func frameIsMissing(_ region: RegionOfInterest, _ what: String) -> String {
    let frame = region.frame ?? 0
    guard let image = images.first else { return what }
    let has =
      switch image.extent {
      case .still: "is a still"
      case .frame(let own): "is frame \(own)"
      case .clip(let frames): "has \(frames) frames"
      }
    return "\(what) is in frame \(frame), counted from 0; image \"\(image.name)\" \(has)"
  }

  /// Whether the shapes are in pixels of the file's frames, which an image may be a part of.
  private func coordinatesAreTheFiles() throws(AnnotationRefusal) -> Bool {
    guard let width = picture.width, let height = picture.height else { return true }
    guard let image = images.first else { return true }
    if images.allSatisfy({ $0.crop == nil }) {
      guard image.width == width, image.height == height else {
        throw AnnotationRefusal(
          "\(named) is \(width) x \(height) pixels there, image \"\(image.name)\" \(image.width) x \(image.height)")
      }
      return true
    }
    let file = try fileSize(image)
    if file == (width, height) { return true }
    guard images.count == 1, image.width == width, image.height == height else {
      throw AnnotationRefusal(
        "\(named) is \(width) x \(height) pixels there, image \"\(image.name)\" \(image.width) x \(image.height), its file "
          + "\(file.width) x \(file.height)")
    }
    return false
  }

  /// Of several images the one whose part the region's middle lies in.
  private func choice(
    _ found: [(ImageRecord, RegionOfInterest.Shape)], _ region: RegionOfInterest, isOfFile: Bool, _ what: String
  ) throws(AnnotationRefusal) -> (ImageRecord, RegionOfInterest.Shape)? {
    guard found.count > 1 else { return found.first }
    let middle = RegionRaster.boundingBox(of: region.shape).map {
      PixelPoint(x: $0.x + $0.width / 2, y: $0.y + $0.height / 2)
    }
    let around = found.filter { image, _ in
      guard let crop = image.crop, let middle else { return true }
      return middle.x >= crop.x && middle.x < crop.maxX && middle.y >= crop.y && middle.y < crop.maxY
    }
    guard around.count == 1 else {
      let names = found.prefix(3).map { "\"\($0.0.name)\"" }.joined(separator: ", ")
      throw AnnotationRefusal("\(what) may be of any of \(found.count) images of one file: \(names)")
    }
    return around.first
  }

  /// The part of a shape inside an image; nil where there is none.
  private static func shape(
    _ shape: RegionOfInterest.Shape, in image: ImageRecord, isOfFile: Bool
  ) -> RegionOfInterest.Shape? {
    guard isOfFile, let crop = image.crop else {
      return RegionClip.clipped(shape, width: image.width, height: image.height)
    }
    // As a crop's pixels are taken.
    let (left, top) = (crop.x.rounded(.toNearestOrEven), crop.y.rounded(.toNearestOrEven))
    switch shape {
    case .box(let box):
      let moved = PixelBox(x: box.x - left, y: box.y - top, width: box.width, height: box.height)
      return RegionClip.clipped(.box(moved), width: image.width, height: image.height)
    case .polygon(let rings):
      let moved = rings.map { $0.map { PixelPoint(x: $0.x - left, y: $0.y - top) } }
      return RegionClip.clipped(.polygon(moved), width: image.width, height: image.height)
    case .mask(let mask):
      let part = RunLengthMask(GreyImage(mask).cropped(crop))
      guard let part, part.markedPixels > 0, part.width == image.width, part.height == image.height else { return nil }
      return .mask(part)
    }
  }
}
