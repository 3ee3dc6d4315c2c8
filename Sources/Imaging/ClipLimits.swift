/// What a clip may ask for before it is refused, so that a few bytes cannot claim the machine's memory or time.
public struct ClipLimits: Sendable, Hashable {
  /// Columns, rows and pixels of the stored frame.
  public var maximumWidth: Int
  public var maximumHeight: Int
  public var maximumPixels: Int
  public var maximumFrames: Int
  /// From the first frame to any later one, in seconds of the clip's own time.
  public var maximumSeconds: Double
  public var maximumFileBytes: Int
  /// Damaged packets or frames that are passed over before the clip is refused. 0 refuses a clip with any damage, as a
  /// damaged still is refused; more lets the whole part of a cut clip be read.
  public var maximumErrors: Int
  /// Wall time that opening, and each frame, may take, in seconds.
  public var maximumStepSeconds: Double

  public init(
    maximumWidth: Int = 8192, maximumHeight: Int = 8192, maximumPixels: Int = 33_177_600,
    maximumFrames: Int = 200_000, maximumSeconds: Double = 14_400, maximumFileBytes: Int = 1 << 36,
    maximumErrors: Int = 0, maximumStepSeconds: Double = 30
  ) {
    (self.maximumWidth, self.maximumHeight, self.maximumPixels) = (maximumWidth, maximumHeight, maximumPixels)
    (self.maximumFrames, self.maximumSeconds) = (maximumFrames, maximumSeconds)
    (self.maximumFileBytes, self.maximumErrors) = (maximumFileBytes, maximumErrors)
    self.maximumStepSeconds = maximumStepSeconds
  }

  /// 8192 columns and rows, 33,177,600 pixels (7680 x 4320), 200,000 frames, four hours, 64 GiB, no damage, 30 s a step.
  public static let standard = ClipLimits()
}
