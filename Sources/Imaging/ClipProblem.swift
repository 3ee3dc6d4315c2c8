/// Why a clip could not be read, or not to its end.
public enum ClipProblem: Error, CustomStringConvertible, Sendable, Equatable {
  case notAFile
  case empty
  /// The content is no clip of a container that is read, whatever the name says.
  case unknownFormat
  /// A container of sound or pictures only; `found` says of what.
  case noVideo(found: String)
  /// The file ends before its clip does.
  case truncated(detail: String)
  case corrupt(detail: String)
  /// Well formed, but of a kind that is not read.
  case unsupported(detail: String)
  /// `size` is "WIDTH x HEIGHT" as the clip declares it.
  case frameTooLarge(size: String, limits: ClipLimits)
  case tooManyFrames(limit: Int)
  /// A frame stands later than the limit allows, in seconds after the first.
  case tooLong(limit: Double)
  /// Opening, or one frame, took longer than the limit allows, in seconds of wall time.
  case tooSlow(detail: String, limit: Double)
  case outOfMemory
  /// It cannot be made or written on.
  case notWritable(detail: String)

  public var description: String {
    switch self {
    case .notAFile: "expected a clip, found a folder or device"
    case .empty: "expected a clip, found an empty file"
    case .unknownFormat:
      "expected a clip (MP4, MOV, AVI, MPEG, WebM or GIF), found other content"
    case .noVideo(let found): "expected a clip with moving pictures, found \(found)"
    case .truncated(let detail): "the clip is cut short: \(detail)"
    case .corrupt(let detail): "the clip is damaged: \(detail)"
    case .unsupported(let detail): "this kind of clip is not read: \(detail)"
    case .frameTooLarge(let size, let limits):
      "the clip declares frames of \(size) pixels, more than the limit of \(limits.maximumWidth) x "
        + "\(limits.maximumHeight) and \(limits.maximumPixels) in all"
    case .tooManyFrames(let limit): "the clip has more frames than the limit of \(limit)"
    case .tooLong(let limit): "the clip lasts longer than the limit of \(limit) s"
    case .tooSlow(let detail, let limit): "\(detail): more than the limit of \(limit) s"
    case .outOfMemory: "not enough memory for the clip"
    case .notWritable(let detail): "the clip cannot be written: \(detail)"
    }
  }
}
