public import Ultrasound

/// Carries a region through a whole clip, from one of its frames to both ends.
public enum ClipTracking {
  /// How a region came through a clip.
  public struct Track: Sendable {
    /// In the order of the frames: the region as it was given, in its own frame, and as it was found in others.
    public let regions: [RegionOfInterest]
    /// Why it ends before the clip's last frame; nil where it does not.
    public let endsBecause: RegionTracker.Loss?
    /// Why it begins after the first.
    public let beginsBecause: RegionTracker.Loss?
    /// Frames of the clip.
    public let frames: Int
    /// Whether an overlay was found and left out of the comparison.
    public let hasOverlay: Bool
  }

  /// - Parameters:
  ///   - frame: the one in which `region` was drawn, counted from 0.
  ///   - memory: bytes of grey frames kept at once for the way backwards, which decodes the clip anew for each such
  ///     part of it.
  ///   - open: opens the clip at its first frame; called three times or more.
  /// - Throws: `ImagingError` of the clip, `RegionTrackerProblem` where the region cannot be followed.
  public static func track(
    _ region: RegionOfInterest, inFrame frame: Int, memory: Int = 256 << 20, open: () throws -> ClipReader
  ) throws -> Track {
    let reader = try open()
    let (width, height) = (reader.info.width, reader.info.height)
    var finder = StaticOverlayFinder(width: width, height: height)
    while let frame = try reader.next() { finder.add(frame.image) }
    let frames = reader.position
    guard (0..<frames).contains(frame) else { throw RegionTrackerProblem.noSuchFrame(frame, frames: frames) }
    var overlay: GreyImage?
    if case .found(let found) = finder.find(), !found.isEmpty { overlay = found.mask }

    let forwards = try open()
    try forwards.skip(frame)
    guard let first = try forwards.next()?.image.grey() else {
      throw RegionTrackerProblem.noSuchFrame(frame, frames: forwards.position)
    }
    var given = region
    given.frame = frame
    var tracker = try RegionTracker(frame: first, region: given, overlay: overlay)
    var after: [RegionOfInterest] = []
    while let next = try forwards.next(), let found = tracker.follow(next.image.grey(), index: next.index) {
      after.append(found)
    }
    var back = try RegionTracker(frame: first, region: given, overlay: overlay)
    let before = try regions(before: frame, &back, held: max(2, memory / max(1, width * height)), open: open)
    return Track(
      regions: before.reversed() + [given] + after, endsBecause: tracker.loss, beginsBecause: back.loss, frames: frames,
      hasOverlay: overlay != nil)
  }

  /// From the frame before `frame` to the first, so many frames at a time.
  private static func regions(
    before frame: Int, _ tracker: inout RegionTracker, held: Int, open: () throws -> ClipReader
  ) throws -> [RegionOfInterest] {
    var found: [RegionOfInterest] = []
    var end = frame
    while end > 0, tracker.loss == nil {
      let start = max(0, end - held)
      let reader = try open()
      try reader.skip(start)
      var part: [ClipFrameGrey] = []
      while part.count < end - start, let next = try reader.next() {
        part.append(ClipFrameGrey(index: next.index, image: next.image.grey()))
      }
      for frame in part.reversed() {
        guard let region = tracker.follow(frame.image, index: frame.index) else { return found }
        found.append(region)
      }
      end = start
    }
    return found
  }

  private struct ClipFrameGrey {
    let index: Int
    let image: GreyImage
  }
}
