public import Ultrasound

/// How drawn regions came through the clips of a cohort.
public struct TrackingReport: Codable, Sendable, Hashable {
  /// Where a region was not followed to the next drawn frame or the clip's end.
  public struct Loss: Codable, Sendable, Hashable {
    public var role: RegionOfInterest.Role
    public var name: String?
    /// The frame in which it was drawn, counted from 0.
    public var drawnFrame: Int
    /// The last frame, on the way, in which it was found.
    public var lastFrame: Int
    /// Whether the way went to later frames.
    public var isForwards: Bool
    public var reason: String
  }

  public struct Clip: Codable, Sendable, Hashable {
    public var image: String
    public var frames: Int
    /// Frames in which something is drawn.
    public var drawnFrames: Int
    /// Frames into which something was carried.
    public var trackedFrames: Int
    /// Frames with a drawn or carried lesion.
    public var lesionFrames: Int
    /// Whether text or marks that stay were found and left out of the comparison.
    public var hasOverlay: Bool
    public var losses: [Loss]
  }

  /// By image.
  public var clips: [Clip]
  /// Clips that could not be read; their regions are as they were.
  public var failures: [ImportFailure]
}
