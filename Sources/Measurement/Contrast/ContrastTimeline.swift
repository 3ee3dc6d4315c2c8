import Foundation

/// How the lesion stands to the parenchyma in a phase.
public struct PhaseContrast: Sendable, Codable, Hashable {
  public enum Word: String, Sendable, Codable { case hyper, iso, hypo }

  public let phase: String
  /// Median echo power of each over the phase.
  public let lesion: Double
  public let reference: Double
  /// 10 log10(lesion / reference): how much brighter the lesion is shown.
  public let decibels: Double
  public let word: Word
}

/// A phase at its place in a clip.
public struct PlacedPhase: Sendable, Codable, Hashable {
  public let name: String
  /// Seconds on the clip's clock, cut at the clip's ends.
  public let start: Double
  public let end: Double
  /// As the caller counts; absent where the clip has no frame there.
  public let firstFrame: Int?
  public let lastFrame: Int?
  /// Neither flash, out of plane nor repeated.
  public let usableFrames: Int
  public let note: String?
}

/// What a contrast clip shows over time: arrival, phases, curves, the lesion against the parenchyma, and frames drawn.
public struct ContrastTimeline: Sendable, Codable {
  public enum Zero: String, Sendable, Codable { case injection, arrival, none }

  public let frames: Int
  /// Seconds on the clip's clock.
  public let firstTime: Double
  public let lastTime: Double
  /// Of the panel; of the reference or the lesion where the panel shows none.
  public let arrival: ContrastArrival
  public let arrivalSite: ContrastSite
  /// What times count from, and where that lies on the clip's clock.
  public let zero: Zero
  public let zeroTime: Double?
  public let phaseModel: PhaseModel
  public let phases: [PlacedPhase]
  public let curves: [Enhancement]
  /// Where there are lesion and reference: by phase.
  public let contrasts: [PhaseContrast]
  public let steps: [LevelStep]
  /// Frames with each mark.
  public let marked: [String: Int]
  /// The longest way of the picture from the reference frame, pixels; absent where motion was not followed.
  public let longestDisplacement: Double?
  public let sample: [SampledFrame]
  public let notes: [String]
}
