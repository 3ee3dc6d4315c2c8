/// What of its file an image of a cohort is.
public enum PictureExtent: Codable, Sendable, Hashable {
  /// The only picture of its file.
  case still
  /// One frame of a clip, counted from 0.
  case frame(Int)
  /// All frames of a clip, 1 or more.
  case clip(frames: Int)

  /// How many frames there are to be read.
  public var frames: Int {
    switch self {
    case .still, .frame: 1
    case .clip(let frames): frames
    }
  }
}
