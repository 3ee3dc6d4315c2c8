import Foundation
import Testing

@testable import Measurement

struct ContrastScreeningTests {
  private func marked(_ screening: FrameScreening, _ mark: FrameMark) -> [Int] {
    screening.marks.indices.filter { screening.marks[$0].contains(mark) }
  }

  @Test func aCleanClipHasNoMarks() throws {
    let screening = FrameScreening(try ContrastNumbers.recording())
    #expect(screening.marks.allSatisfy { $0.isEmpty } && screening.steps.isEmpty)
  }

  @Test func flashesAreFoundExactly() throws {
    let screening = FrameScreening(
      try ContrastNumbers.recording(gain: { (15.0..<15.25).contains($0) || (40.0..<40.05).contains($0) ? 12 : 0 }))
    #expect(marked(screening, .flash) == [150, 151, 152, 400] && screening.steps.isEmpty)
  }

  @Test func leavingThePlaneIsFound() throws {
    let screening = FrameScreening(
      try ContrastNumbers.recording(similarity: { (20.0..<21.95).contains($0) ? 0.5 : 0.9 - 0.004 * $0 }))
    #expect(marked(screening, .outOfPlane) == Array(200..<220))
    #expect((195..<225).filter { screening.isExcluded($0) } == Array(200..<220))
  }

  @Test(arguments: [(4.0, 40.0), (-5.0, 15.0), (3.0, 5.0)])
  func stepsOfGainAreTakenBack(decibels: Double, time: Double) throws {
    let plain = try ContrastNumbers.recording()
    let turned = try ContrastNumbers.recording(gain: { $0 >= time ? decibels : 0 })
    let screening = FrameScreening(turned)
    try #require(screening.steps.count == 1)
    #expect(screening.steps[0].kind == .gain && screening.steps[0].time == time)
    #expect(abs(screening.steps[0].decibels - decibels) < 0.4)
    let curve = try TimeIntensityCurve(turned, .lesion, screening)
    let expected = try TimeIntensityCurve(plain, .lesion, FrameScreening(plain))
    #expect(curve.times == expected.times)
    #expect(zip(curve.powers, expected.powers).allSatisfy { abs(10 * log10($0 / $1)) < 0.4 })
  }

  @Test func destructionEndsTheCurve() throws {
    let recording = try ContrastNumbers.recording(gain: { (30.0..<30.35).contains($0) ? 14 : $0 >= 30.35 ? -12 : 0 })
    let screening = FrameScreening(recording)
    #expect(marked(screening, .flash) == [300, 301, 302, 303])
    #expect(screening.steps.map(\.kind) == [.destruction] && screening.steps.first?.time == 30.4)
    let curve = try TimeIntensityCurve(recording, .panel, screening)
    #expect(curve.times.last == 29.9)
    var maker = TimelineMaker()
    maker.analyser.models = []
    let timeline = try maker.timeline(of: recording, screening: screening)
    #expect(timeline.notes.contains { $0.contains("destroyed") })
  }
}
