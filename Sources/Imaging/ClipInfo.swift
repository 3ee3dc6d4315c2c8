/// A whole number over another, as clips give their rates and times.
public struct ClipRatio: Codable, Sendable, Hashable {
  public let numerator: Int
  /// Above 0.
  public let denominator: Int

  /// - Precondition: `denominator` > 0.
  public init(numerator: Int, denominator: Int) {
    precondition(denominator > 0, "ClipRatio: the denominator must be above 0")
    (self.numerator, self.denominator) = (numerator, denominator)
  }

  public var value: Double { Double(numerator) / Double(denominator) }
}

/// What a clip says of itself at its start. Absent is what the file does not say.
public struct ClipInfo: Codable, Sendable, Hashable {
  /// The range of the stored luma: `full` 0...255, `limited` 16...235 (scaled as bits are more).
  public enum ColorRange: String, Codable, Sendable { case full, limited }

  /// FFmpeg's names of the container (mov for MP4 too, matroska for WebM, mpeg for program streams), the codec, and the kind of
  /// the stored pixels.
  public let container: String
  public let codec: String
  public let pixelFormat: String
  /// Columns and rows of the upright frame.
  public let width: Int
  public let height: Int
  /// EXIF's number (1...8) of how the stored frames lie in the upright ones; 1: as they are, 6: turned right, 3: half, 8: left.
  /// It is applied to the frames already.
  public let orientation: Int
  /// Width to height of a pixel of the upright frame.
  public let pixelAspect: ClipRatio?
  public let colorRange: ColorRange?
  /// FFmpeg's name of the matrix from luma and chroma to RGB (bt709, bt470bg, ...). Where absent, BT.601 was applied.
  public let colorMatrix: String?
  /// Whether the first frame is marked as two fields. Fields are not taken apart.
  public let isInterlaced: Bool
  /// Frames a second: the lowest rate of whose grid all times are, and the mean one.
  public let nominalFrameRate: ClipRatio?
  public let averageFrameRate: ClipRatio?
  /// Seconds of one tick of the clip's clock.
  public let timeBase: ClipRatio
  /// Seconds on the clip's clock at which the first frame is shown.
  public let startTime: Double
  /// Seconds, as the container declares them.
  public let duration: Double?
  /// As the container declares them; what can be decoded may be fewer. See ``ClipSurvey``.
  public let declaredFrames: Int?
  /// False for a bare MPEG, H.264 or HEVC stream: its times are counted at the nominal rate.
  public let hasTimes: Bool
}
