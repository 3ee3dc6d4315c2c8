import Foundation
import Testing

@testable import Measurement

struct ContrastSamplerTests {
  private let frames = (0..<600).map {
    FrameCandidate(index: $0, time: Double($0) / 10, sharpness: Double(($0 * 37) % 101), speed: Double(($0 * 53) % 97))
  }

  @Test func oneFrameOfEachStratum() throws {
    let drawn = try PhaseSampler(count: 28, seed: 1).sample(frames, phase: "cortical", in: 10..<30)
    #expect(drawn.count == 28 && Set(drawn.map(\.index)).count == 28)
    #expect(drawn.map(\.time) == drawn.map(\.time).sorted())
    for (at, frame) in drawn.enumerated() {
      #expect(frame.time >= 10 && frame.time < 30 && frame.phase == "cortical" && !frame.why.isEmpty)
      let length = 19.9 / 28
      #expect(min(27, Int((frame.time - 10) / length)) == at)
    }
  }

  /// A frozen answer: it must be the same on every machine.
  @Test func theSameSeedDrawsTheSameFrames() throws {
    let sampler = try PhaseSampler(count: 6, seed: 2026)
    let drawn = sampler.sample(frames, phase: "arterial", in: 10..<30)
    #expect(drawn.map(\.index) == Self.frozen)
    #expect(sampler.sample(frames.reversed(), phase: "arterial", in: 10..<30) == drawn)
    let others = (0..<5).map { seed in
      (try? PhaseSampler(count: 6, seed: UInt64(seed)))?.sample(frames, phase: "arterial", in: 10..<30).map(\.index)
    }
    #expect(Set(others).count == 5)
    #expect(sampler.sample(frames, phase: "portal", in: 10..<30).map(\.index) != Self.frozen)
  }
  private static let frozen = [107, 139, 173, 205, 244, 271]

  @Test func theSharpestAndTheStillestAreDrawn() throws {
    let sharp = try PhaseSampler(count: 4, seed: 1, choice: .sharpest).sample(frames, phase: "a", in: 0..<40)
    let still = try PhaseSampler(count: 4, seed: 1, choice: .stillest).sample(frames, phase: "a", in: 0..<40)
    for at in 0..<4 {
      let stratum = frames[..<400].filter { min(3, Int($0.time / (39.9 / 4))) == at }
      #expect(frames[sharp[at].index].sharpness == stratum.map(\.sharpness).max())
      #expect(frames[still[at].index].speed == stratum.map(\.speed).min())
    }
  }

  @Test func fewFramesAreAllDrawn() throws {
    let sampler = try PhaseSampler(count: 30, seed: 1)
    #expect(sampler.sample(frames, phase: "a", in: 0..<2).map(\.index) == Array(0..<20))
    #expect(sampler.sample(frames, phase: "a", in: 100..<200).isEmpty)
    #expect(sampler.sample([], phase: "a", in: 0..<200).isEmpty)
    #expect(throws: ContrastError.self) { try PhaseSampler(count: 0, seed: 1) }
    // A gap of excluded frames: what its strata lack is drawn elsewhere.
    let holed = frames.filter { !(10..<50).contains($0.time) }
    let drawn = sampler.sample(holed, phase: "a", in: 0..<60)
    #expect(drawn.count == 30 && Set(drawn.map(\.index)).count == 30)
    #expect(drawn.allSatisfy { !(10..<50).contains($0.time) })
  }

  @Test func spoiledFramesAreNeverDrawn() throws {
    let recording = try ContrastNumbers.recording(
      gain: { (30.0..<30.25).contains($0) ? 15 : 0 }, similarity: { (20.0..<22).contains($0) ? 0.3 : 0.9 },
      isRepeated: { $0 % 3 == 1 })
    let screening = FrameScreening(recording)
    var maker = TimelineMaker()
    maker.analyser.models = []
    maker.sampler = try PhaseSampler(count: 1000, seed: 1)
    let timeline = try maker.timeline(of: recording, screening: screening)
    #expect(timeline.sample.count > 100)
    for frame in timeline.sample {
      #expect(frame.index % 3 != 1 && !(20.0..<22).contains(frame.time) && !(30.0..<30.25).contains(frame.time))
    }
  }
}
