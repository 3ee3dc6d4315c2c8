/// A place in a picture in pixels; x to the right, y down, origin at the upper left corner of the upper left pixel.
public struct PixelPoint: Codable, Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    (self.x, self.y) = (x, y)
  }
}

/// The marked pixels of a picture, row by row, as lengths of runs: unmarked first, then marked, in turn; they add up to
/// `width` times `height`.
public struct RunLengthMask: Codable, Sendable, Hashable {
  public var width: Int
  public var height: Int
  public var runs: [Int]

  /// Nil where the runs do not fill the picture exactly, or one is negative.
  public init?(width: Int, height: Int, runs: [Int]) {
    guard width > 0, height > 0, !runs.contains(where: { $0 < 0 }) else { return nil }
    var total = 0
    for run in runs {
      let (sum, overflow) = total.addingReportingOverflow(run)
      guard !overflow else { return nil }
      total = sum
    }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, total == area else { return nil }
    (self.width, self.height, self.runs) = (width, height, runs)
  }
}

/// What somebody, or something, marked in a picture (S1-08, S2-10, S3-03).
public struct RegionOfInterest: Codable, Sendable, Hashable {
  public enum Role: String, Codable, Sendable, CaseIterable {
    case lesion, background, calcification
  }

  public enum Shape: Codable, Sendable, Hashable {
    case box(PixelBox)
    /// One or more closed rings; what lies in an odd number of them is marked.
    case polygon([[PixelPoint]])
    case mask(RunLengthMask)
  }

  public enum Origin: String, Codable, Sendable, CaseIterable {
    /// By a person, or taken as it was from a file of annotations.
    case drawn
    /// Carried from another frame of the clip.
    case tracked
  }

  public var role: Role
  public var shape: Shape
  /// Frame of a clip, counted from 0; nil for a still.
  public var frame: Int?
  public var origin: Origin
  /// 0...1 where it was tracked.
  public var confidence: Double?
  /// What the annotation says of the lesion, where it does.
  public var label: Label?
  /// The annotation's own word for it, as written.
  public var name: String?

  public init(
    role: Role, shape: Shape, frame: Int? = nil, origin: Origin = .drawn, confidence: Double? = nil,
    label: Label? = nil, name: String? = nil
  ) {
    (self.role, self.shape, self.frame, self.origin) = (role, shape, frame, origin)
    (self.confidence, self.label, self.name) = (confidence, label, name)
  }
}
