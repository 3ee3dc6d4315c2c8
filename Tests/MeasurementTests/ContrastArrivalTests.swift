import Foundation
import Testing

@testable import Measurement

struct ContrastArrivalTests {
  private let finder = ArrivalFinder()

  /// Over noise of the level, drift of the probe and a short blip, the arrival lies between the onset and 1 % of the peak.
  @Test(arguments: [0.1, 0.3, 0.8], [UInt64(1), 2, 3])
  func arrivalIsFound(noise: Double, seed: UInt64) throws {
    let bolus = ContrastNumbers.bolus
    let peak = bolus(12 + exp(2.35))
    let passed = try #require((0..<9000).first { bolus(Double($0) / 100) >= 0.01 * peak }.map { Double($0) / 100 })
    for disturbed in [false, true] {
      let curve = try ContrastNumbers.curve(noise: noise, seed: seed) { time in
        let drift = disturbed ? 3e-6 * (pow(10, 0.05 * sin(time)) - 1) : 0
        let blip = disturbed && (5.0..<5.4).contains(time) ? 1e-4 : 0
        return bolus(time) + drift + blip
      }
      let found = try #require(finder.arrival(in: curve).time)
      #expect(found >= 12 && found <= passed, "\(found) for \(passed), disturbed \(disturbed)")
    }
  }

  @Test func whatBeganBeforeTheClipIsSaid() throws {
    for begin in [15.0, 24, 40] {
      let curve = try ContrastNumbers.curve(begin: begin, ContrastNumbers.bolus)
      guard case .alreadyEnhanced(let reason) = finder.arrival(in: curve) else {
        Issue.record("\(begin): \(finder.arrival(in: curve))")
        continue
      }
      #expect(reason.contains("dB"))
    }
  }

  @Test func noArrivalIsSaid() throws {
    for seed in 1...20 {
      let curve = try ContrastNumbers.curve(noise: 0.5, seed: UInt64(seed)) { _ in 0 }
      guard case .none(let reason) = finder.arrival(in: curve) else {
        Issue.record("\(seed): \(finder.arrival(in: curve))")
        continue
      }
      #expect(reason.contains("no lasting rise"))
    }
    let constant = try TimeIntensityCurve(times: (0..<100).map(Double.init), powers: Array(repeating: 0.01, count: 100))
    let black = try TimeIntensityCurve(times: (0..<100).map(Double.init), powers: Array(repeating: 0, count: 100))
    let single = try TimeIntensityCurve(times: [0], powers: [0.1])
    for curve in [constant, black, single] {
      guard case .none = finder.arrival(in: curve) else {
        Issue.record("\(finder.arrival(in: curve))")
        continue
      }
    }
  }

  @Test func theTimelineSaysWhatIsMissing() throws {
    let recording = try ContrastNumbers.recording(lesion: { _ in 0 }, reference: { _ in 0 })
    var maker = TimelineMaker()
    let timeline = try maker.timeline(of: recording, screening: FrameScreening(recording))
    #expect(timeline.zero == .none && timeline.phases.isEmpty && timeline.contrasts.isEmpty)
    #expect(timeline.curves.allSatisfy { $0.model == nil && $0.notes.contains { $0.contains("no arrival") } })
    // Phases counted from an injection need no arrival.
    (maker.phases, maker.injection) = (.renal, 1)
    let placed = try maker.timeline(of: recording, screening: FrameScreening(recording))
    #expect(placed.phases.map(\.start) == [11, 31] && placed.zeroTime == 1)
  }
}
