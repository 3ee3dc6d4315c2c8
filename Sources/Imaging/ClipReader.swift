internal import CFFmpeg
public import Foundation

/// Reads a clip (MP4, MOV, AVI, MPEG, WebM, animated GIF, bare MPEG, H.264 and HEVC streams) frame by frame through FFmpeg's
/// libraries: never more than the frames that the codec itself needs lie in memory. Colours are those of
/// `ffmpeg -pix_fmt rgb24`; a transparent pixel of a GIF has the colour FFmpeg gives it. The clip is closed when the reader goes,
/// wherever reading was left off.
///
/// Only named containers and codecs are read, and nothing but the one file is opened. One thread decodes, so the result depends
/// on no timing. Not for use by several threads at once.
public final class ClipReader {
  public let info: ClipInfo
  public let limits: ClipLimits
  /// What errors call the clip.
  public let name: String
  /// Frames given or skipped so far.
  public private(set) var position = 0

  private let handle: OpaquePointer
  /// What the handle reads from; it lives as long.
  private let source: Source
  private let stored: (width: Int, height: Int, orientation: Orientation)
  private let clock: ClipClock
  private let interval: Int64
  private let first: ClipFrameFacts
  private var last: ClipFrameFacts?

  /// - Throws: `ImagingError`, naming the file: what is no clip, holds no moving picture, is cut or damaged at its start, or
  ///   declares more than the limits allow.
  public convenience init(_ file: URL, limits: ClipLimits = .standard) throws(ImagingError) {
    let path = file.path
    try self.init(name: path, limits: limits, source: .file) { cff_open_file(path, $0, $1, $2, $3) }
  }

  /// - Parameter name: what errors call the data.
  public convenience init(
    data: [UInt8], name: String, limits: ClipLimits = .standard
  ) throws(ImagingError) {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: data.count)
    _ = copy.initialize(from: data)
    try self.init(name: name, limits: limits, source: .memory(copy)) {
      cff_open_bytes(copy.baseAddress, copy.count, $0, $1, $2, $3)
    }
  }

  /// A clip inside something larger, whose bytes are read when they are wanted.
  /// - Parameters:
  ///   - name: what errors call the clip.
  ///   - count: its bytes.
  ///   - read: fills the buffer with those from a position on; false where they cannot be read. All it is asked for lies
  ///     within `count`.
  public convenience init(
    name: String, count: Int, limits: ClipLimits = .standard,
    read: @escaping (Int, UnsafeMutableRawBufferPointer) -> Bool
  ) throws(ImagingError) {
    let bytes = ClipBytes(read)
    let context = Unmanaged.passUnretained(bytes).toOpaque()
    try self.init(name: name, limits: limits, source: .reader(bytes)) {
      cff_open_reader(ClipBytes.entry, context, Int64(count), $0, $1, $2, $3)
    }
  }

  private enum Source {
    case file
    case memory(UnsafeMutableBufferPointer<UInt8>)
    case reader(ClipBytes)

    func release() { if case .memory(let bytes) = self { bytes.deallocate() } }
  }

  private typealias Entry = (
    UnsafePointer<cff_limits>, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<cff_info>,
    UnsafeMutablePointer<CChar>
  ) -> cff_status

  private init(
    name: String, limits: ClipLimits, source: Source, open: Entry
  ) throws(ImagingError) {
    var bounds = cff_limits(limits)
    var opened: OpaquePointer?
    var facts = cff_info()
    var frame = cff_frame()
    do throws(ImagingError) {
      try ClipCall.run(on: name, limits: limits) { open(&bounds, &opened, &facts, $0) }
      // The frame was decoded on opening.
      try ClipCall.run(on: name, limits: limits) { cff_next(opened, &frame, $0) }
      guard let opened else { throw .clip(file: name, problem: .outOfMemory) }
      handle = opened
    } catch {
      cff_close(opened)
      source.release()
      throw error
    }
    let base = ClipRatio(facts.time_base) ?? ClipRatio(numerator: 1, denominator: 1)
    clock = ClipClock(base: base)
    interval = facts.tickInterval(base)
    first = ClipFrameFacts(frame, index: 0, after: nil, interval: interval, hasTimes: facts.has_times != 0)
    info = ClipInfo(facts, startTime: clock.seconds(first.ticks), isInterlaced: first.isInterlaced)
    stored = (Int(facts.width), Int(facts.height), Orientation(exif: facts.orientation))
    (self.name, self.limits, self.source) = (name, limits, source)
  }

  deinit {
    cff_close(handle)
    source.release()
  }

  /// The next frame, nil after the last.
  /// - Throws: `ImagingError` where the clip is damaged or cut here, or goes beyond the limits. After that there are no more
  ///   frames.
  public func next() throws(ImagingError) -> ClipFrame? {
    guard let facts = try advance() else { return nil }
    let count = stored.width * stored.height * 3
    let pixels: [UInt8] = try .filled(count: count) { (to) throws(ImagingError) in
      try ClipCall.run(on: name, limits: limits) { cff_rgb(handle, to.baseAddress, to.count, $0) }
    }
    return ClipFrame(
      index: facts.index, time: clock.seconds(facts.ticks), nanoseconds: clock.nanoseconds(facts.ticks),
      ticks: facts.ticks, timing: facts.timing, isKey: facts.isKey, isInterlaced: facts.isInterlaced,
      isDamaged: facts.isDamaged,
      image: RGBImage(
        width: info.width, height: info.height,
        pixels: stored.orientation.applied(to: pixels, width: stored.width, height: stored.height, channels: 3)))
  }

  /// Passes over `count` frames without making their colours.
  /// - Returns: how many there were.
  @discardableResult
  public func skip(_ count: Int) throws(ImagingError) -> Int {
    var done = 0
    while done < count, try advance() != nil { done += 1 }
    return done
  }

  /// Passes over the next frame.
  /// - Returns: its time, as ``ClipFrame/time``; nil after the last.
  package func nextTime() throws(ImagingError) -> Double? {
    guard let facts = try advance() else { return nil }
    return clock.seconds(facts.ticks)
  }

  /// Damage passed over so far, and what the first was; nil where there was none.
  public var damage: (count: Int, first: String)? {
    var count: Int64 = 0
    let message = ClipCall.message { count = cff_errors(handle, $0) }
    return count > 0 ? (Int(count), message) : nil
  }

  private var ended = false

  func advance() throws(ImagingError) -> ClipFrameFacts? {
    guard !ended else { return nil }
    let facts: ClipFrameFacts?
    do throws(ImagingError) {
      facts = try position == 0 ? first : decoded()
      try check(facts)
    } catch {
      ended = true
      throw error
    }
    guard let facts else {
      ended = true
      return nil
    }
    (last, position) = (facts, position + 1)
    return facts
  }

  private func decoded() throws(ImagingError) -> ClipFrameFacts? {
    var frame = cff_frame()
    guard try ClipCall.run(on: name, limits: limits, { cff_next(handle, &frame, $0) }) else { return nil }
    return ClipFrameFacts(frame, index: position, after: last, interval: interval, hasTimes: info.hasTimes)
  }

  private func check(_ facts: ClipFrameFacts?) throws(ImagingError) {
    guard let facts else { return }
    guard facts.index < limits.maximumFrames else {
      throw .clip(file: name, problem: .tooManyFrames(limit: limits.maximumFrames))
    }
    guard clock.seconds(facts.ticks) - info.startTime <= limits.maximumSeconds else {
      throw .clip(file: name, problem: .tooLong(limit: limits.maximumSeconds))
    }
  }

  func seconds(_ ticks: Int64) -> Double { clock.seconds(ticks) }
}
