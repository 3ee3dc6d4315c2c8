import DICOM
import Foundation
public import Imaging
import Synchronization
import Ultrasound

/// Reads the pixels of a cohort's images: stills, frames of clips, and clips, from DICOM and other files, with each image's crop.
///
/// It keeps the file it read last open, so that the frames of a clip in ascending order are decoded in one pass. Several threads may
/// use one reader, but only one of them finds the open file; one reader a thread is better.
public struct PictureReader: Sendable {
  private let last = LastFile()

  public init() {}

  /// Frame `index` of an image, counted from 0: of a still or a single frame the one there is.
  /// Errors: `picture`, naming the image, for a frame it does not have and for a copy that cannot be read.
  public func frame(_ index: Int, of image: ImageRecord) throws(CohortError) -> RGBImage {
    guard let frame = try frames([index], of: image).first else {
      throw .picture(image: image.name, reason: "frame \(index) could not be read")
    }
    return frame
  }

  /// Frames of an image in the order asked for; see ``frame(_:of:)``. Ascending is fast: each step back starts a clip again.
  public func frames(_ indices: [Int], of image: ImageRecord) throws(CohortError) -> [RGBImage] {
    for index in indices where !(0..<image.extent.frames).contains(index) {
      throw .picture(
        image: image.name, reason: "frame \(index), counted from 0, was asked for; it has \(image.extent.frames)")
    }
    let file: OpenPicture
    do {
      file = try last.take(image.file) ?? OpenPicture(image.file)
      var frames: [RGBImage] = []
      frames.reserveCapacity(indices.count)
      for index in indices {
        let frame = try file.frame(image.extent.frameIndex ?? index)
        frames.append(image.crop.map(frame.cropped) ?? frame)
      }
      last.keep(file)
      return frames
    } catch {
      throw .picture(image: image.name, reason: "\(error)")
    }
  }
}

/// A file whose frames can be asked for.
final class OpenPicture {
  let url: URL
  private let content: Content
  private var clip: ClipReader?
  /// The frame read last: asked for again it costs nothing.
  private var last: (index: Int, image: RGBImage)?

  private enum Content {
    case still
    case dicom(FrameReader)
    case clip
  }

  init(_ url: URL) throws {
    self.url = url
    let head = try FileHead(url)
    content =
      switch FileContent(head) {
      case .dicom: .dicom(try FrameReader(DICOMFile(url)))
      case .perhapsClip: .clip
      // What is no still says so itself.
      case .still, .text, .foreign, .empty: .still
      }
  }

  func frame(_ index: Int) throws -> RGBImage {
    if let last, last.index == index { return last.image }
    let image: RGBImage
    switch content {
    case .still: image = try Stills.decode(url).rgb()
    case .dicom(let reader): image = try reader.rgb(index)
    case .clip: image = try clipFrame(index)
    }
    last = (index, image)
    return image
  }

  private func clipFrame(_ index: Int) throws -> RGBImage {
    let reader: ClipReader
    if let clip, clip.position <= index { reader = clip } else { reader = try ClipReader(url) }
    clip = reader
    try reader.skip(index - reader.position)
    guard let frame = try reader.next() else {
      throw ImagingError.clip(
        file: url.path, problem: .truncated(detail: "frame \(index) was asked for, it has \(reader.position)"))
    }
    return frame.image
  }
}

/// The file that was read last. One thread at a time has it: it is taken out and put back.
private final class LastFile: @unchecked Sendable {
  private let lock = Mutex(())
  private var file: OpenPicture?

  func take(_ url: URL) -> OpenPicture? {
    lock.withLock { _ in
      guard let open = file, open.url == url else { return nil }
      file = nil
      return open
    }
  }

  func keep(_ open: OpenPicture) { lock.withLock { _ in file = open } }
}
