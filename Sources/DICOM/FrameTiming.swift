/// When the frames of a cine were taken, counted from its first frame.
public struct FrameTiming: Sendable, Hashable {
  /// Milliseconds, one a frame, the first 0. nil where the file says nothing of time: a frame's time is then not known.
  public let milliseconds: [Double]?
  public let source: Source
  /// Values that were passed over, and why.
  public let notes: [String]

  public enum Source: String, Sendable, Hashable, Codable {
    /// (0018,1065): the increments as they were.
    case frameTimeVector = "Frame Time Vector"
    /// (0018,1063): a constant increment.
    case frameTime = "Frame Time"
    /// (0018,0040): frames a second.
    case cineRate = "Cine Rate"
    /// (0018,9074), else (0018,9151), of each frame of an enhanced object.
    case frameContent = "Frame Content"
    /// (0008,2144): frames a second to show, which need not be those of the acquisition.
    case recommendedDisplayFrameRate = "Recommended Display Frame Rate"
    /// The clock of a video's own stream.
    case stream = "video stream"
    case single = "single frame"
    case none
  }

  /// Takes the attribute that Frame Increment Pointer names, else the first that holds, in the order above (PS3.3 C.7.6.5,
  /// C.7.6.6).
  public init(_ file: DICOMFile, frames: Int) {
    guard frames > 1 else {
      (milliseconds, source, notes) = ([0], .single, [])
      return
    }
    var order: [Source] = [.frameTimeVector, .frameTime, .cineRate, .frameContent, .recommendedDisplayFrameRate]
    if Self.pointer(file) == .frameTime { order.swapAt(0, 1) }
    var notes: [String] = []
    for source in order {
      if let times = Self.times(source, file, frames, &notes) {
        (milliseconds, self.source, self.notes) = (times, source, notes)
        return
      }
    }
    (milliseconds, source, self.notes) = (nil, .none, notes)
  }

  init(stream milliseconds: [Double], notes: [String]) {
    (self.milliseconds, source, self.notes) = (milliseconds, .stream, notes)
  }

  /// Frames a second on average; nil where it is not known.
  public var meanRate: Double? {
    guard let milliseconds, let last = milliseconds.last, last > 0 else { return nil }
    return Double(milliseconds.count - 1) / last * 1000
  }

  private static func pointer(_ file: DICOMFile) -> Tag? {
    guard let words = try? file.dataSet.binary(.frameIncrementPointer, as: UInt16.self), words.count >= 2 else {
      return nil
    }
    return Tag(words[0], words[1])
  }

  private static func times(
    _ source: Source, _ file: DICOMFile, _ frames: Int, _ notes: inout [String]
  ) -> [Double]? {
    let set = file.dataSet
    do throws(DICOMError) {
      switch source {
      case .frameTimeVector: return cumulated(try set.numbers(.frameTimeVector), frames, &notes)
      case .frameTime:
        return try set.number(.frameTime).flatMap { even($0, frames, "\(Tag.frameTime)", &notes) }
      case .cineRate:
        return try set.number(.cineRate).flatMap { even(1000 / $0, frames, "\(Tag.cineRate)", &notes) }
      case .recommendedDisplayFrameRate:
        return try set.number(.recommendedDisplayFrameRate).flatMap {
          even(1000 / $0, frames, "\(Tag.recommendedDisplayFrameRate)", &notes)
        }
      case .frameContent: return try FrameContentTimes.milliseconds(file, frames: frames)
      case .stream, .single, .none: return nil
      }
    } catch {
      notes.append(error.reason)
      return nil
    }
  }

  private static func even(_ step: Double, _ frames: Int, _ name: String, _ notes: inout [String]) -> [Double]? {
    guard step.isFinite, step > 0 else {
      notes.append("\(name) gives no increment above 0")
      return nil
    }
    return (0..<frames).map { nanoseconds(Double($0) * step) }
  }

  /// The first increment belongs to the first frame and is 0; writers are met that leave it out.
  private static func cumulated(_ increments: [Double], _ frames: Int, _ notes: inout [String]) -> [Double]? {
    guard !increments.isEmpty else { return nil }
    guard increments.count == frames || increments.count == frames - 1 else {
      notes.append("\(Tag.frameTimeVector) has \(increments.count) values for \(frames) frames")
      return nil
    }
    guard increments.allSatisfy({ $0.isFinite && $0 >= 0 }), increments.contains(where: { $0 > 0 }) else {
      notes.append("\(Tag.frameTimeVector) holds increments below 0, or none above")
      return nil
    }
    var times = [0.0]
    var sum = 0.0
    for step in increments.suffix(frames - 1) {
      sum += step
      times.append(nanoseconds(sum))
    }
    return times
  }

  /// Milliseconds to a millionth: sums and products of decimals as a person would write them.
  private static func nanoseconds(_ milliseconds: Double) -> Double { (milliseconds * 1e6).rounded() / 1e6 }
}
