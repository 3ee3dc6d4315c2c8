internal import CFFmpeg

/// Calls one entry of CFFmpeg and turns its status and message into an `ImagingError`.
enum ClipCall {
  /// - Returns: false where the entry says that no frame is left.
  @discardableResult
  static func run(
    on name: String, limits: ClipLimits, _ entry: (UnsafeMutablePointer<CChar>) -> cff_status
  ) throws(ImagingError) -> Bool {
    var status = CFF_OK
    let text = message { status = entry($0) }
    switch status {
    case CFF_OK: return true
    case CFF_END: return false
    case CFF_UNREADABLE, CFF_NOT_LOADED: throw .unreadable(file: name, reason: text)
    case CFF_FILE_TOO_LARGE:
      throw .fileTooLarge(file: name, bytes: Int(text) ?? .max, limit: limits.maximumFileBytes)
    default: throw .clip(file: name, problem: problem(status, text, limits))
    }
  }

  /// What `entry` writes as its message.
  static func message(_ entry: (UnsafeMutablePointer<CChar>) -> Void) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CFF_MESSAGE)) { buffer in
      buffer.initialize(repeating: 0)
      guard let start = buffer.baseAddress else { return "" }
      entry(start)
      return String(cString: start)
    }
  }

  private static func problem(_ status: cff_status, _ text: String, _ limits: ClipLimits) -> ClipProblem {
    switch status {
    case CFF_NOT_A_FILE: .notAFile
    case CFF_EMPTY: .empty
    case CFF_UNKNOWN: .unknownFormat
    case CFF_NO_VIDEO: .noVideo(found: text)
    case CFF_TRUNCATED: .truncated(detail: text)
    case CFF_UNSUPPORTED: .unsupported(detail: text)
    case CFF_TOO_LARGE: .frameTooLarge(size: text, limits: limits)
    case CFF_TOO_SLOW: .tooSlow(detail: text, limit: limits.maximumStepSeconds)
    case CFF_NO_MEMORY: .outOfMemory
    default: .corrupt(detail: text)
    }
  }
}

extension cff_limits {
  init(_ limits: ClipLimits) {
    self.init(
      width: Int32(clamping: limits.maximumWidth), height: Int32(clamping: limits.maximumHeight),
      pixels: Int64(limits.maximumPixels), file_bytes: Int64(limits.maximumFileBytes),
      errors: Int64(limits.maximumErrors), step_seconds: limits.maximumStepSeconds)
  }
}

extension ClipRatio {
  init?(_ ratio: cff_ratio) {
    guard ratio.numerator > 0, ratio.denominator > 0 else { return nil }
    self.init(numerator: Int(ratio.numerator), denominator: Int(ratio.denominator))
  }

  var inverse: ClipRatio? { numerator > 0 ? ClipRatio(numerator: denominator, denominator: numerator) : nil }
}

extension cff_info {
  /// One frame's time at the mean rate (else the nominal one, else 25 a second), in ticks, at least 1.
  func tickInterval(_ base: ClipRatio) -> Int64 {
    let rate = ClipRatio(average_rate) ?? ClipRatio(self.rate) ?? ClipRatio(numerator: 25, denominator: 1)
    let ticks = (1 / rate.value / base.value).rounded()
    return ticks >= 1 && ticks < 1e15 ? Int64(ticks) : 1
  }

  fileprivate static func text<Tuple>(_ characters: Tuple) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension ClipInfo {
  init(_ facts: cff_info, startTime: Double, isInterlaced: Bool) {
    let orientation = Orientation(exif: facts.orientation)
    let size = orientation.size(width: Int(facts.width), height: Int(facts.height))
    let aspect = ClipRatio(facts.pixel_aspect)
    let base = ClipRatio(facts.time_base) ?? ClipRatio(numerator: 1, denominator: 1)
    let matrix = cff_info.text(facts.matrix)
    self.init(
      container: cff_info.text(facts.container), codec: cff_info.text(facts.codec),
      pixelFormat: cff_info.text(facts.pixel_format), width: size.width, height: size.height,
      orientation: Int(facts.orientation), pixelAspect: orientation.swapsSides ? aspect?.inverse : aspect,
      colorRange: facts.full_range < 0 ? nil : facts.full_range == 1 ? .full : .limited,
      colorMatrix: matrix.isEmpty ? nil : matrix, isInterlaced: isInterlaced,
      nominalFrameRate: ClipRatio(facts.rate), averageFrameRate: ClipRatio(facts.average_rate), timeBase: base,
      startTime: startTime,
      duration: facts.duration_ticks < 0 ? nil : ClipClock(base: base).seconds(facts.duration_ticks),
      declaredFrames: facts.frames > 0 ? Int(facts.frames) : nil, hasTimes: facts.has_times != 0)
  }
}

extension ClipFrameFacts {
  init(_ frame: cff_frame, index: Int, after last: ClipFrameFacts?, interval: Int64, hasTimes: Bool) {
    let stated = frame.has_time != 0 && hasTimes
    let expected = last.map { $0.ticks.addingReportingOverflow(interval).partialValue } ?? 0
    let isLater = last.map { frame.ticks > $0.ticks } ?? true
    self.init(
      index: index, ticks: stated ? frame.ticks : expected,
      timing: !stated ? .estimated : isLater ? .stated : .disordered, isKey: frame.key != 0,
      isInterlaced: frame.interlaced != 0, isDamaged: frame.damaged != 0)
  }
}
