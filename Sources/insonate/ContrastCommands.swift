public import ArgumentParser
import Figures
import Foundation
import Imaging
public import Measurement
import Tables
import Ultrasound
import Wording

struct ContrastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ceus",
    abstract: "Measures contrast over time in a clip: arrival, phases, time-intensity curves, frames drawn by phase.",
    discussion: """
      Boxes are x,y,width,height in pixels of the whole frame. Lesion and reference may be drawn in the contrast panel or, at the \
      same place, in the B-mode panel. Motion is followed in the B-mode panel; without one only where --follow-contrast says so, \
      since bubbles twinkle and mislead.
      """)

  @Argument(help: "A clip, or a DICOM file with several frames.") var clip: String
  @Option(help: "The lesion.", transform: Self.box) var lesion: PixelBox?
  @Option(help: "Parenchyma at the lesion's depth, without large vessels.", transform: Self.box)
  var reference: PixelBox?
  @Option(help: "The contrast panel (default: the whole frame).", transform: Self.box) var panel: PixelBox?
  @Option(help: "The B-mode panel beside it.", transform: Self.box) var bmodePanel: PixelBox?
  @Option(help: "The frame in which the boxes were drawn, counted from 0.") var regionFrame = 0
  @Option(
    help: """
      renal, liver, generic, or a file: JSON with name, origin (injection or arrival) and phases of name, start, end; or CSV \
      with phase, start, end (default: generic).
      """)
  var phases: String?
  @Option(help: "A phase as name=start-end in seconds; several make a model in place of --phases.") var phase:
    [String] = []
  @Option(help: "What the times of --phase, or of a CSV file, count from: injection or arrival.")
  var phasesFrom: PhaseModel.Origin?
  @Option(help: "Seconds on the clip's clock at which contrast was injected; below its first time if before the clip.")
  var injection: Double?
  @Option(help: "dB from black to white, as the scanner shows it.") var dynamicRange = 60.0
  @Option(help: "Luma of the brightest colour of a tinted map.") var white = 255
  @Option(help: "Frames a second, where the file holds no times.") var frameRate: Double?
  @Option(help: "Draws so many frames of each phase.") var sample: Int?
  @Option(help: "Which frame of each stretch of time is drawn: random, sharpest or stillest.")
  var choice = PhaseSampler.Choice.random
  @Option(help: "Same seed, same frames and intervals, on every machine.") var seed: UInt64 = 1
  @Option(help: "Models are fitted up to so many seconds after the arrival (default: the whole clip).")
  var fitSeconds: Double?
  @Option(help: "Resamples for the intervals of the parameters; 0 for none.") var resamples = 200
  @Option(help: "dB by which the lesion must differ from the parenchyma to be hyper- or hypoenhanced.") var iso = 2.0
  @Flag(help: "Leaves the boxes where they were drawn.") var still = false
  @Flag(help: "Follows motion in the contrast panel where there is no B-mode panel; look at frames.csv.")
  var followContrast = false
  @Option(help: "The folder for curve.csv, frames.csv, timeline.json and timeline.svg, made where there is none.")
  var out: String?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard regionFrame >= 0 else {
      throw ValidationError("region-frame: expected 0 or more, found \(regionFrame)")
    }
    if let frameRate, !(frameRate > 0 && frameRate.isFinite) {
      throw ValidationError("frame-rate: expected more than 0, found \(frameRate)")
    }
    if let fitSeconds, !(fitSeconds > 0 && fitSeconds.isFinite) {
      throw ValidationError("fit-seconds: expected more than 0, found \(fitSeconds)")
    }
    guard (0...10_000).contains(resamples) else {
      throw ValidationError("resamples: expected 0 to 10000, found \(resamples)")
    }
    guard phases == nil || phase.isEmpty else { throw ValidationError("expected --phases or --phase, found both") }
  }

  private static func box(_ text: String) throws -> PixelBox {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 4,
      case (let x?, let y?, let width?, let height?) = (numbers[0], numbers[1], numbers[2], numbers[3]),
      width > 0, height > 0
    else { throw ValidationError("expected x,y,width,height in pixels, found \(text)") }
    return PixelBox(x: x, y: y, width: width, height: height)
  }

  private struct Summary: Encodable {
    let file: String, dynamicRange: Double, white: Int, regionFrame: Int
    let contrast: ContrastFacts?
    let timeline: ContrastTimeline
    let folder: String?
  }

  func run() throws {
    var maker = TimelineMaker()
    maker.phases = try phaseModel()
    if let sample { maker.sampler = try PhaseSampler(count: sample, seed: seed, choice: choice) }
    maker.isoDecibels = iso
    (maker.analyser.seed, maker.analyser.resamples) = (seed, resamples)
    maker.analyser.fittedSeconds = fitSeconds
    let compression = try LogCompression(dynamicRange: dynamicRange, white: white)
    let folder = try out.map(Self.folder)
    let clip = try ContrastClip(path: self.clip, frameRate: frameRate)
    maker.injection = injection ?? clip.facts?.injection
    let recording = try measure(clip, compression)
    let screening = FrameScreening(recording)
    let timeline = try maker.timeline(of: recording, screening: screening)
    let summary = Summary(
      file: self.clip, dynamicRange: dynamicRange, white: white, regionFrame: regionFrame, contrast: clip.facts,
      timeline: timeline, folder: folder?.path)
    if let folder {
      let files = try ContrastFiles(recording: recording, screening: screening, timeline: timeline)
      try files.write(to: folder)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write([UInt8](encoder.encode(summary)) + [10], to: folder.appending(path: "timeline.json"))
    }
    try output.print(summary, lines: Self.lines(timeline))
  }

  /// Two passes: some frames for overlay and the frame of the boxes, then all.
  private func measure(_ clip: ContrastClip, _ compression: LogCompression) throws -> ContrastRecording {
    var survey: ContrastSurvey?
    var drawn: RGBImage?
    let step = max(1, (clip.expectedFrames ?? 500) / 50)
    let looked = { (index: Int) in index % step == 0 || index == regionFrame }
    try clip.read(where: looked) { frame in
      if survey == nil { survey = ContrastSurvey(width: frame.image.width, height: frame.image.height) }
      survey?.add(frame.image)
      if frame.index == regionFrame { drawn = frame.image }
    }
    guard let drawn, let survey else {
      throw BadInput("\(self.clip): region-frame: the clip has no frame \(regionFrame), counted from 0")
    }
    var scanner = try ContrastScanner(
      regions: ContrastRegions(
        contrastPanel: panel, bModePanel: bmodePanel, lesion: lesion.map { .box($0) },
        reference: reference.map { .box($0) }), reference: drawn, compression: compression, overlay: survey.overlay,
      unlit: survey.unlit, followsMotion: !still && (bmodePanel != nil || followContrast))
    try clip.read { frame in try scanner.add(frame.image, index: frame.index, time: frame.time) }
    return try scanner.recording()
  }

  private func phaseModel() throws -> PhaseModel {
    let origin = phasesFrom ?? (injection == nil ? .arrival : .injection)
    if !phase.isEmpty {
      var given: [PhaseModel.Phase] = []
      for argument in phase { given.append(try PhaseModel.Phase(argument: argument)) }
      return try PhaseModel(name: "given", origin: origin, phases: given)
    }
    guard let phases else { return .generic }
    if let known = PhaseModel.builtIn.first(where: { $0.name == phases }) { return known }
    let file = URL(fileURLWithPath: phases)
    guard FileManager.default.fileExists(atPath: file.path) else {
      let names = PhaseModel.builtIn.map(\.name).joined(separator: ", ")
      throw BadInput("phases: expected \(names) or a file, found \(phases)")
    }
    let name = file.deletingPathExtension().lastPathComponent
    guard file.pathExtension.lowercased() != "csv" else {
      return try Self.phases(Table(contentsOf: file), name, origin)
    }
    guard let json = try? Data(contentsOf: file) else { throw BadInput("\(phases): cannot be read") }
    return try PhaseModel(json: json, name: name)
  }

  private static func phases(_ table: Table, _ name: String, _ origin: PhaseModel.Origin) throws -> PhaseModel {
    let (names, starts, ends) = (try table.column("phase"), try table.numbers("start"), try table.column("end"))
    var phases: [PhaseModel.Phase] = []
    for row in names.indices {
      let end = ends[row].trimmingCharacters(in: .whitespaces)
      guard end.isEmpty || Double(end) != nil else {
        throw TableError.notANumber(source: table.source, line: table.line(ofRow: row), column: "end", found: end)
      }
      phases.append(PhaseModel.Phase(name: names[row], start: starts[row], end: Double(end)))
    }
    return try PhaseModel(name: name, origin: origin, phases: phases)
  }

  private static func folder(_ path: String) throws -> URL {
    let folder = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError.cannotCreate(path: path, reason: error.localizedDescription)
    }
    return folder
  }

  private static func lines(_ timeline: ContrastTimeline) -> [String] {
    func seconds(_ value: Double) -> String { String(format: "%.1f s", value) }
    var lines = ["\(timeline.frames) frames from \(seconds(timeline.firstTime)) to \(seconds(timeline.lastTime))"]
    switch timeline.arrival {
    case .found(let onset):
      lines.append("arrival of contrast (\(timeline.arrivalSite.rawValue)): \(seconds(onset.time))")
    case .alreadyEnhanced(let reason): lines.append("already enhanced when the clip begins: \(reason)")
    case .none(let reason): lines.append("no arrival of contrast: \(reason)")
    }
    let marked = timeline.marked.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if !marked.isEmpty { lines.append("marked frames: " + marked.joined(separator: ", ")) }
    for phase in timeline.phases {
      let note = phase.note.map { " (\($0))" } ?? ""
      lines.append(
        "\(phase.name): \(seconds(phase.start)) to \(seconds(phase.end)), \(phase.usableFrames) usable frames\(note)")
    }
    for curve in timeline.curves where curve.model ?? curve.modelFree != nil {
      guard let numbers = curve.model ?? curve.modelFree else { continue }
      let how = curve.fit.map { String(format: "%@, R² %.3f", $0.model.rawValue, $0.rSquared) } ?? "no model"
      lines.append(
        "\(curve.site.rawValue) (\(how)): peak \(String(format: "%.3g", numbers.peakEnhancement)) of white, "
          + "time to peak \(seconds(numbers.timeToPeak))")
    }
    for contrast in timeline.contrasts {
      lines.append(
        "\(contrast.phase): lesion \(contrast.word.rawValue)enhanced against the reference, "
          + String(format: "%+.1f dB", contrast.decibels))
    }
    if !timeline.sample.isEmpty { lines.append("frames drawn: \(timeline.sample.count)") }
    lines += timeline.notes.map { "note: " + $0 }
    for curve in timeline.curves { lines += curve.notes.map { "note, \(curve.site.rawValue): " + $0 } }
    return lines
  }
}

extension PhaseModel.Origin: ExpressibleByArgument {}
extension PhaseSampler.Choice: ExpressibleByArgument {}
