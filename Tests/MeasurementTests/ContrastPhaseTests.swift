import Foundation
import Testing

@testable import Measurement

struct ContrastPhaseTests {
  @Test func builtInPhasesAreTheGuidelines() throws {
    #expect(PhaseModel.renal.phases.map(\.name) == ["cortical", "medullary"])
    #expect(PhaseModel.renal.phases.map(\.start) == [10, 30] && PhaseModel.renal.phases[1].end == nil)
    #expect(PhaseModel.liver.phases.map(\.start) == [10, 30, 120] && PhaseModel.liver.origin == .injection)
    for model in PhaseModel.builtIn {
      // What is built in passes its own check, and survives a file.
      #expect(try PhaseModel(name: model.name, origin: model.origin, phases: model.phases) == model)
      #expect(try PhaseModel(json: JSONEncoder().encode(model), name: "file") == model)
    }
  }

  private typealias Phase = PhaseModel.Phase

  @Test func whatCannotBePhasesIsAnError() {
    let wrong: [[PhaseModel.Phase]] = [
      [], [Phase(name: " ", start: 0, end: 1)], [Phase(name: "a", start: 2, end: 2)],
      [Phase(name: "a", start: 0, end: 5), Phase(name: "b", start: 4, end: 6)],
      [Phase(name: "a", start: 0), Phase(name: "b", start: 4, end: 6)],
      [Phase(name: "a", start: 0, end: 1), Phase(name: "a", start: 1, end: 2)], [Phase(name: "a", start: .nan, end: 2)],
      [Phase(name: "a", start: 0, end: .infinity)],
      [Phase(name: "b", start: 5, end: 6), Phase(name: "a", start: 0, end: 1)],
    ]
    for phases in wrong {
      #expect(throws: ContrastError.self) { try PhaseModel(name: "test", origin: .arrival, phases: phases) }
    }
    for json in ["", "[]", #"{"origin":"noon","phases":[]}"#, #"{"origin":"arrival","phases":[]}"#, "{\"phases\":1}"] {
      #expect(throws: ContrastError.self) { try PhaseModel(json: Data(json.utf8), name: "test") }
    }
    for argument in ["", "a", "a=", "a=1", "a=b-c", "a=1-c", "=-"] {
      #expect(throws: ContrastError.self) { try PhaseModel.Phase(argument: argument) }
    }
  }

  @Test func phasesAreReadFromArguments() throws {
    #expect(try Phase(argument: "cortical=10-30.5") == Phase(name: "cortical", start: 10, end: 30.5))
    #expect(try Phase(argument: "late=120-") == Phase(name: "late", start: 120))
    let json = #"{"origin": "injection", "phases": [{"name": "a", "start": 1, "end": 2}, {"name": "b", "start": 2}]}"#
    let model = try PhaseModel(json: Data(json.utf8), name: "mine")
    #expect(model.name == "mine" && model.phases.count == 2 && model.phases[1].end == nil)
  }

  @Test func phasesLieWhereTheirZeroIs() throws {
    let recording = try ContrastNumbers.recording(seconds: 80)
    let screening = FrameScreening(recording)
    var maker = TimelineMaker()
    maker.analyser.models = []
    maker.phases = .renal
    maker.injection = 0.5
    let timeline = try maker.timeline(of: recording, screening: screening)
    #expect(timeline.zero == .injection && timeline.phases.map(\.start) == [10.5, 30.5])
    #expect(timeline.phases[0].firstFrame == 105 && timeline.phases[0].lastFrame == 304)
    #expect(timeline.phases[0].usableFrames == 200)
    // Lesion and parenchyma cross: brighter first, washed out later.
    #expect(timeline.contrasts.map(\.word) == [.iso, .hypo] || timeline.contrasts.map(\.word) == [.hyper, .hypo])
    maker.injection = nil
    let relative = try maker.timeline(of: recording, screening: screening)
    let arrival = try #require(relative.arrival.time)
    #expect(relative.zero == .arrival && relative.phases[0].start == arrival + 10)
    #expect(relative.notes.contains { $0.contains("whose time was not given") })
    maker.injection = 40
    #expect(throws: ContrastError.self) { try maker.timeline(of: recording, screening: screening) }
    maker.injection = .nan
    #expect(throws: ContrastError.self) { try maker.timeline(of: recording, screening: screening) }
    // Before the clip: its first phase has begun.
    maker.injection = -15
    let before = try maker.timeline(of: recording, screening: screening)
    #expect(before.phases[0].start == 0 && before.phases[0].note?.contains("before the clip") == true)
    maker.phases = .liver
    maker.injection = 0
    let cut = try maker.timeline(of: recording, screening: screening)
    #expect(cut.phases[2].firstFrame == nil && cut.phases[2].note == "begins after the clip's end")
  }
}
