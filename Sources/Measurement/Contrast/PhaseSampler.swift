import Foundation
import Statistics

/// A frame that may be drawn.
public struct FrameCandidate: Sendable, Hashable {
  /// As the caller counts.
  public var index: Int
  /// Seconds.
  public var time: Double
  public var sharpness: Double
  /// Pixels a second from the frame before.
  public var speed: Double

  public init(index: Int, time: Double, sharpness: Double = 0, speed: Double = 0) {
    (self.index, self.time, self.sharpness, self.speed) = (index, time, sharpness, speed)
  }
}

/// A frame that was drawn.
public struct SampledFrame: Sendable, Hashable, Codable {
  public let index: Int
  public let time: Double
  public let phase: String
  public let why: String
}

/// Draws frames of a phase, spread over its time (S1-08): as many strata of equal length as frames wanted, one frame of each. The
/// same seed draws the same frames on every machine, and a phase's frames do not depend on the other phases.
public struct PhaseSampler: Sendable {
  /// Which frame of a stratum is drawn.
  public enum Choice: String, Sendable, Codable, CaseIterable {
    case random, sharpest, stillest
  }

  /// Frames of each phase.
  public var count: Int
  public var seed: UInt64
  public var choice: Choice

  /// - Throws: `setting` for a count below 1.
  public init(count: Int, seed: UInt64, choice: Choice = .random) throws(ContrastError) {
    guard count >= 1 else { throw .setting(name: "frames of each phase", expected: "1 or more", found: "\(count)") }
    (self.count, self.seed, self.choice) = (count, seed, choice)
  }

  /// - Parameters:
  ///   - candidates: the usable frames of the whole clip, in any order.
  ///   - range: of the phase, in seconds on the candidates' clock.
  /// - Returns: in order of time; fewer than wanted where the phase has fewer.
  public func sample(_ candidates: [FrameCandidate], phase: String, in range: Range<Double>) -> [SampledFrame] {
    let inside = candidates.filter { range.contains($0.time) }.sorted { ($0.time, $0.index) < ($1.time, $1.index) }
    guard let first = inside.first, let last = inside.last else { return [] }
    if inside.count <= count {
      return inside.map { sampled($0, phase, "all \(inside.count) usable frames of the phase") }
    }
    // Strata of the time that has frames, so that a phase cut by the clip's end has none without any.
    let length = (last.time - first.time) / Double(count)
    var strata = [[FrameCandidate]](repeating: [], count: count)
    for frame in inside { strata[min(count - 1, Int((frame.time - first.time) / length))].append(frame) }
    var generator = SplitMix64(seed: seed, stream: Self.stream(phase))
    var drawn: [SampledFrame] = []
    for at in strata.indices where !strata[at].isEmpty {
      let frame = draw(&strata[at], &generator)
      let bounds = (first.time + Double(at) * length, first.time + Double(at + 1) * length)
      drawn.append(
        sampled(
          frame, phase,
          "\(choice.rawValue) of \(strata[at].count + 1) in stratum \(at + 1) of \(count), "
            + "\(Text.fixed(bounds.0, 2)) to \(Text.fixed(bounds.1, 2)) s"))
    }
    // Empty strata: one more each of those that have most left, the earlier first.
    while drawn.count < count, let fullest = strata.indices.max(by: { strata[$0].count < strata[$1].count }) {
      let at = strata.firstIndex { $0.count == strata[fullest].count } ?? fullest
      guard !strata[at].isEmpty else { break }
      let frame = draw(&strata[at], &generator)
      drawn.append(sampled(frame, phase, "\(choice.rawValue), a further one of stratum \(at + 1), for an empty one"))
    }
    return drawn.sorted { ($0.time, $0.index) < ($1.time, $1.index) }
  }

  private func sampled(_ frame: FrameCandidate, _ phase: String, _ why: String) -> SampledFrame {
    SampledFrame(index: frame.index, time: frame.time, phase: phase, why: why)
  }

  private func draw(_ frames: inout [FrameCandidate], _ generator: inout SplitMix64) -> FrameCandidate {
    let at: Int
    switch choice {
    case .random: at = Int(generator.next().multipliedFullWidth(by: UInt64(frames.count)).high)
    case .sharpest: at = frames.indices.max { frames[$0].sharpness < frames[$1].sharpness } ?? 0
    case .stillest: at = frames.indices.min { frames[$0].speed < frames[$1].speed } ?? 0
    }
    return frames.remove(at: at)
  }

  /// A number of the phase's name (FNV-1a).
  private static func stream(_ name: String) -> UInt64 {
    name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
