/// What going through a whole clip tells, without making its colours.
public struct ClipSurvey: Codable, Sendable, Hashable {
  /// Frames that were decoded.
  public let frames: Int
  /// Seconds on the clip's clock of the first and last frame.
  public let firstTime: Double
  public let lastTime: Double
  /// Shortest and longest time between neighbouring frames in seconds; absent for one frame.
  public let shortestInterval: Double?
  public let longestInterval: Double?
  /// Whether intervals differ by more than one tick of the clock, which rounding to ticks alone does not make.
  public let hasVariableRate: Bool
  public let interlacedFrames: Int
  public let keyFrames: Int
  /// Frames whose time the file does not give, or gives not after the one before.
  public let estimatedTimes: Int
  public let disorderedTimes: Int
  /// Frames of which parts were lost.
  public let damagedFrames: Int

  /// Reads the clip from where the reader stands to its end.
  /// - Returns: nil where no frame was left.
  public init?(of reader: ClipReader) throws(ImagingError) {
    var (frames, interlaced, keys, estimated, disordered, damaged) = (0, 0, 0, 0, 0, 0)
    var span: (first: Int64, last: Int64)?
    var intervals: (shortest: Int64, longest: Int64)?
    while let facts = try reader.advance() {
      frames += 1
      interlaced += facts.isInterlaced ? 1 : 0
      keys += facts.isKey ? 1 : 0
      estimated += facts.timing == .estimated ? 1 : 0
      disordered += facts.timing == .disordered ? 1 : 0
      damaged += facts.isDamaged ? 1 : 0
      if let before = span {
        let step = facts.ticks.subtractingReportingOverflow(before.last).partialValue
        intervals = intervals.map { (min($0.shortest, step), max($0.longest, step)) } ?? (step, step)
        span = (before.first, facts.ticks)
      } else {
        span = (facts.ticks, facts.ticks)
      }
    }
    guard let span else { return nil }
    self.frames = frames
    (firstTime, lastTime) = (reader.seconds(span.first), reader.seconds(span.last))
    (shortestInterval, longestInterval) = (
      intervals.map { reader.seconds($0.shortest) }, intervals.map { reader.seconds($0.longest) }
    )
    hasVariableRate = intervals.map { $0.longest.subtractingReportingOverflow($0.shortest).partialValue > 1 } ?? false
    (interlacedFrames, keyFrames) = (interlaced, keys)
    (estimatedTimes, disorderedTimes, damagedFrames) = (estimated, disordered, damaged)
  }
}
