public import Foundation
import Imaging
import Tables

/// A still or clip on the disk, blanked into files that hold pixels alone.
public struct PictureFile: Sendable {
  public enum Content: Sendable {
    case still(StillFrames)
    case clip(ClipFrames)
  }

  public let content: Content

  /// Reads a still, or counts a clip's frames, told from the file's first bytes.
  public init(_ file: URL) throws(BurnedInError) {
    var still: Still?
    do throws(ImagingError) { still = try Stills.decode(file) } catch {
      guard case .unknownFormat = error else { throw .imaging(error) }
    }
    content = if let still { .still(try StillFrames([still.rgb()])) } else { .clip(try ClipFrames(file)) }
  }

  public var frames: any FrameSource {
    switch content {
    case .still(let frames): frames
    case .clip(let frames): frames
    }
  }

  /// How a clip is written.
  public enum ClipForm: Sendable {
    /// NAME.mov, without loss: a lossy encoder would change every pixel outside the mask.
    case clip
    /// The folder NAME with a PNG a frame (000000.png, ...) and `times.json`.
    case frames
  }

  /// Writes NAME.png, or a clip in one of its forms. Both are made from pixels alone, so that nothing of the old file's EXIF, text or
  /// container goes along.
  /// - Returns: the files written, `times.json` not among them.
  public func write(
    _ text: BurnedInText, as name: String, into folder: URL, clips: ClipForm = .clip
  ) throws -> [URL] {
    switch content {
    case .still(let frames):
      let file = folder.appending(path: name + ".png")
      try AtomicFile.write(try PNG.encode(text.blank(try frames.frame(0))), to: file, flush: false)
      return [file]
    case .clip(let frames):
      switch clips {
      case .clip: return [try writeClip(frames, text, as: name, into: folder)]
      case .frames: return try writeFrames(frames, text, to: folder.appending(path: name))
      }
    }
  }

  private func writeClip(_ frames: ClipFrames, _ text: BurnedInText, as name: String, into folder: URL) throws -> URL {
    let file = folder.appending(path: name + ".mov")
    let beside = folder.appending(path: ".\(name).\(getpid()).partial")
    defer { unlink(beside.path) }
    do {
      let writer = try ClipWriter(beside, width: frames.width, height: frames.height)
      let start = frames.times.first?.nanoseconds ?? 0
      var last = Int64(-1)
      for (index, time) in frames.times.enumerated() {
        // Frames of one microsecond, as damaged clocks give them, follow each other.
        last = max(last + 1, (time.nanoseconds - start) / 1000)
        try writer.add(text.blank(try frames.frame(index)), microseconds: last)
      }
      try writer.finish()
    } catch ImagingError.clip(_, .notWritable(let detail)) {
      throw OutputError.writeFailed(path: file.path, reason: detail)
    }
    guard rename(beside.path, file.path) == 0 else { throw OutputError.creating(file.path, code: errno) }
    return file
  }

  /// The times of a clip's frames beside their files.
  private struct Times: Encodable {
    struct Frame: Encodable { let file: String, time: ClipFrames.Time }
    let width: Int, height: Int, frames: [Frame]
  }

  private func writeFrames(_ frames: ClipFrames, _ text: BurnedInText, to folder: URL) throws -> [URL] {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw OutputError.cannotCreate(path: folder.path, reason: error.localizedDescription)
    }
    let digits = max(6, String(frames.frameCount).count)
    var files: [URL] = []
    for index in 0..<frames.frameCount {
      let number = String(index)
      let file = folder.appending(path: String(repeating: "0", count: digits - number.count) + number + ".png")
      try AtomicFile.write(try PNG.encode(text.blank(try frames.frame(index))), to: file, flush: false)
      files.append(file)
    }
    let times = Times(
      width: frames.width, height: frames.height,
      frames: zip(files, frames.times).map { Times.Frame(file: $0.lastPathComponent, time: $1) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(
      String(decoding: try encoder.encode(times), as: UTF8.self) + "\n", to: folder.appending(path: "times.json"))
    return files
  }
}
