import DICOM
import Foundation
import Imaging
import Ultrasound

/// A still, DICOM file or clip, as commands open it: its frames, and what it says of parts of its screen.
struct PictureInput {
  let file: String
  let dicom: DICOMFile?
  /// Calibrated parts; empty for anything but DICOM.
  let regions: [CalibratedRegion]
  private let still: RGBImage?
  private let reader: FrameReader?

  init(_ file: String) throws {
    self.file = file
    let url = URL(fileURLWithPath: file)
    // First, since the preamble of a DICOM file may be the head of a TIFF.
    guard Self.isDICOM(url) else {
      do throws(ImagingError) {
        still = try Stills.decode(url).rgb()
      } catch {
        guard case .unknownFormat = error else { throw error }
        still = nil
      }
      (dicom, reader, regions) = (nil, nil, [])
      return
    }
    still = nil
    let opened = try DICOMFile(url)
    let frames = try FrameReader(opened)
    (dicom, reader) = (opened, frames)
    regions = try opened.ultrasoundRegions().compactMap {
      CalibratedRegion($0, width: frames.layout.columns, height: frames.layout.rows)
    }
  }

  /// Told by the mark behind the preamble; old files without one by their first bytes.
  static func isDICOM(_ file: URL) -> Bool {
    var facts = stat()
    // Reading a pipe would wait for its writer.
    guard stat(file.path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return false }
    guard let handle = try? FileHandle(forReadingFrom: file), let head = try? handle.read(upToCount: 132) else {
      return false
    }
    let bytes = [UInt8](head)
    if bytes.count == 132, bytes[128...].elementsEqual("DICM".utf8) { return true }
    return bytes.count >= 4 && [2, 8].contains(bytes[0]) && bytes[1] == 0 && bytes[3] == 0
  }

  /// A frame, counted from 0.
  func frame(_ index: Int) throws -> RGBImage {
    if let still {
      guard index == 0 else { throw BadInput("\(file): frame \(index) was asked for; it is a still") }
      return still
    }
    if let reader { return try reader.rgb(index) }
    let clip = try ClipReader(URL(fileURLWithPath: file))
    try clip.skip(index)
    guard let frame = try clip.next() else {
      throw BadInput("\(file): frame \(index), counted from 0, was asked for; the clip has \(clip.position)")
    }
    return frame.image
  }

  /// Frames one after another, with their index.
  func forEachFrame(_ body: (Int, RGBImage) throws -> Void) throws {
    if let still { return try body(0, still) }
    if let reader {
      for index in 0..<reader.frameCount { try body(index, reader.rgb(index)) }
      return
    }
    let clip = try ClipReader(URL(fileURLWithPath: file))
    while let frame = try clip.next() { try body(frame.index, frame.image) }
  }
}
