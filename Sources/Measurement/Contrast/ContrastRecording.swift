/// One frame of a contrast clip in numbers.
public struct ContrastSample: Sendable, Hashable, Codable {
  /// As the caller counts.
  public let index: Int
  /// Seconds on the clip's clock.
  public let time: Double
  public let panel: RegionLevel?
  /// Absent where there is no such region, or less than half of it is seen.
  public let lesion: RegionLevel?
  public let reference: RegionLevel?
  /// Absent where motion is not followed.
  public let displacement: Displacement?
  /// Mean step between neighbouring pixels over the mean grey.
  public let sharpness: Double
  /// The same picture as in the frame before.
  public let isRepeated: Bool
}

/// The places of a contrast clip that are measured.
public enum ContrastSite: String, Sendable, Codable, CaseIterable {
  case panel, lesion, reference

  func level(in sample: ContrastSample) -> RegionLevel? {
    switch self {
    case .panel: sample.panel
    case .lesion: sample.lesion
    case .reference: sample.reference
    }
  }
}

/// A contrast clip in numbers, times ascending; at least two frames.
public struct ContrastRecording: Sendable {
  public let samples: [ContrastSample]
  public let hasLesion: Bool
  public let hasReference: Bool
  /// Whether each frame was laid on one reference frame, by a B-mode panel.
  public let registersToOneFrame: Bool
  public let compression: LogCompression
  public let notes: [String]

  /// The sites that were measured.
  public var sites: [ContrastSite] {
    [.panel] + (hasLesion ? [.lesion] : []) + (hasReference ? [.reference] : [])
  }

  /// Median seconds from one frame to the next.
  public var frameInterval: Double {
    Running.median(zip(samples.dropFirst(), samples).map { $0.time - $1.time })
  }
}
