import Imaging
import Synchronization

/// The frames of a video: MPEG-2, H.264 or HEVC, bare or in a container (PS3.5 8.2.5 to 8.2.8), through FFmpeg. The stream is
/// read from the file where it lies, and stays open from one frame to the next; a frame before the last few is decoded
/// from the start again. May be used from several threads, of which one decodes at a time.
final class VideoFrames: Sendable {
  private let file: String
  private let source: ByteSource
  private let parts: [ByteRange]
  private let layout: PixelLayout
  private let state = Mutex(State())

  private struct State {
    var reader: ClipReader?
    /// The last frames decoded, with their indices: several threads that share the work ask a little out of order.
    var recent: [(index: Int, pixels: [UInt8])] = []
    /// What the frames from an index on are refused for.
    var failure: (index: Int, error: DICOMError)?
    /// Whether the stream was seen to end where the data set says.
    var isWhole = false
  }

  private static let recentBytes = 32 << 20

  init(_ file: DICOMFile, _ layout: PixelLayout, _ parts: [ByteRange]) throws(DICOMError) {
    (self.file, source, self.parts, self.layout) = (file.name, file.dataSet.source, parts, layout)
    guard layout.samplesPerPixel == 3 else {
      throw .unsupported(
        file: file.name, detail: "\(file.transferSyntax.name) with \(layout.samplesPerPixel) sample a pixel")
    }
    guard !parts.isEmpty else { throw .truncated(file: file.name, detail: "the pixels hold no fragment") }
  }

  func frame(_ index: Int) throws(DICOMError) -> StoredFrame {
    let pixels = try state.withLock { (state) throws(DICOMError) in try self.pixels(index, &state) }
    return StoredFrame(layout, bytesPerSample: 1, arrangement: .interleaved, photometric: .rgb, bytes: pixels)
  }

  /// Milliseconds from the first frame; nil where the stream has no clock of its own.
  func times() throws(DICOMError) -> [Double]? {
    let reader = try opened()
    guard reader.info.hasTimes else { return nil }
    var times: [Double] = []
    try translating { () throws(ImagingError) in
      while let time = try reader.nextTime() { times.append((time - reader.info.startTime) * 1000) }
    }
    guard times.count == layout.frames else { throw counted(times.count) }
    return times
  }

  private func pixels(_ index: Int, _ state: inout State) throws(DICOMError) -> [UInt8] {
    if let failure = state.failure, index >= failure.index { throw failure.error }
    if let kept = state.recent.first(where: { $0.index == index }) { return kept.pixels }
    do throws(DICOMError) {
      return try decoded(index, &state)
    } catch {
      let reached = state.reader?.position ?? 0
      state.failure = (min(index, reached), error)
      state.reader = nil
      throw error
    }
  }

  private func decoded(_ index: Int, _ state: inout State) throws(DICOMError) -> [UInt8] {
    if (state.reader?.position ?? .max) > index {
      state.reader = try opened()
      state.recent = []
    }
    guard let reader = state.reader else { throw .outOfMemory(file: file) }
    let room = max(1, min(8, Self.recentBytes / (layout.rows * layout.columns * 3)))
    var found: Int?
    try translating { () throws(ImagingError) in
      try reader.skip(max(0, index + 1 - room - reader.position))
      while reader.position <= index {
        let place = reader.position
        guard let frame = try reader.next() else {
          found = place
          return
        }
        if state.recent.count >= room { state.recent.removeFirst() }
        state.recent.append((place, frame.image.pixels))
      }
      if index == layout.frames - 1, !state.isWhole {
        found = layout.frames + (try reader.skip(.max))
        state.isWhole = found == layout.frames
      }
    }
    if let found, found != layout.frames { throw counted(found) }
    guard let last = state.recent.last, last.index == index else { throw counted(reader.position) }
    return last.pixels
  }

  private func opened() throws(DICOMError) -> ClipReader {
    let (source, parts) = (self.source, self.parts)
    let count = parts.reduce(0) { $0 + $1.count }
    var reader: ClipReader?
    try translating { () throws(ImagingError) in
      reader = try ClipReader(name: file, count: count, limits: Self.limits) { position, buffer in
        Self.read(source, parts, at: position, into: buffer)
      }
    }
    guard let reader else { throw .outOfMemory(file: file) }
    guard reader.info.width == layout.columns, reader.info.height == layout.rows else {
      throw .corrupt(
        file: file,
        detail: "the video is \(reader.info.width) x \(reader.info.height), the data set says \(layout.columns) x "
          + "\(layout.rows)")
    }
    return reader
  }

  /// A frame may take as long as any other step with a damaged file.
  private static let limits = ClipLimits(maximumStepSeconds: 5)

  /// Bytes of the stream, wherever the fragments hold them.
  private static func read(
    _ source: ByteSource, _ parts: [ByteRange], at position: Int, into buffer: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var (start, done) = (0, 0)
    for part in parts where done < buffer.count {
      let skipped = max(0, position + done - start)
      start += part.count
      guard skipped < part.count else { continue }
      let count = min(part.count - skipped, buffer.count - done)
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + count])
      guard (try? source.read(at: part.start + skipped, into: piece)) != nil else { return false }
      done += count
    }
    return done == buffer.count
  }

  // MARK: Errors

  private func counted(_ found: Int) -> DICOMError {
    .corrupt(file: file, detail: "\(Tag.numberOfFrames) says \(layout.frames), the video holds \(found) frames")
  }

  private func translating(_ body: () throws(ImagingError) -> Void) throws(DICOMError) {
    do throws(ImagingError) {
      try body()
    } catch {
      throw translated(error)
    }
  }

  private func translated(_ error: ImagingError) -> DICOMError {
    guard case .clip(_, let problem) = error else { return .unreadable(file: file, reason: error.description) }
    let detail = "the video: \(problem)"
    return switch problem {
    case .truncated: .truncated(file: file, detail: detail)
    case .unsupported, .noVideo, .unknownFormat: .unsupported(file: file, detail: detail)
    case .frameTooLarge, .tooManyFrames, .tooLong, .tooSlow: .tooLarge(file: file, detail: detail)
    case .outOfMemory: .outOfMemory(file: file)
    case .notAFile, .empty, .corrupt, .notWritable: .corrupt(file: file, detail: detail)
    }
  }
}
