import ArgumentParser
import Foundation
import Imaging
import Tables

struct ClipCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clip", abstract: "Looks into a clip (MP4, MOV, AVI, MPEG, WebM, animated GIF).",
    subcommands: [
      ClipInfoCommand.self, ClipFramesCommand.self, ClipTrackCommand.self, PanelsCommand.self,
      ClipDeidentifyCommand.self,
    ])
}

struct ClipOptions: ParsableArguments {
  @Argument(help: "The clip.") var file: String
  @Option(help: "Damaged parts that are passed over before the clip is refused.") var allowErrors = 0

  func validate() throws {
    guard allowErrors >= 0 else { throw ValidationError("allow-errors: expected 0 or more, found \(allowErrors)") }
  }

  func open() throws -> ClipReader {
    try ClipReader(URL(fileURLWithPath: file), limits: ClipLimits(maximumErrors: allowErrors))
  }
}

struct ClipInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Size, colours, rate, and the times of all frames, which are decoded for it.")

  @OptionGroup var clip: ClipOptions
  @OptionGroup var output: OutputOptions

  private struct Facts: Encodable {
    let file: String, clip: ClipInfo, frames: ClipSurvey?, damage: String?
  }

  func run() throws {
    let reader = try clip.open()
    let survey = try ClipSurvey(of: reader)
    let facts = Facts(file: clip.file, clip: reader.info, frames: survey, damage: reader.damage?.first)
    try output.print(facts, lines: Self.lines(facts))
  }

  private static func lines(_ facts: Facts) -> [String] {
    let clip = facts.clip
    var lines = ["\(facts.file): \(clip.width) x \(clip.height) pixels, \(clip.codec) in \(clip.container)"]
    if let frames = facts.frames {
      let rate = clip.averageFrameRate.map { String(format: "%.3f frames a second on average", $0.value) }
      lines.append(
        "\(frames.frames) frames from \(frames.firstTime) s to \(frames.lastTime) s, "
          + (rate ?? "no rate declared") + (frames.hasVariableRate ? ", at uneven times" : ""))
      if frames.estimatedTimes > 0 { lines.append("frames without a time in the file: \(frames.estimatedTimes)") }
      if frames.disorderedTimes > 0 { lines.append("frames not after the one before: \(frames.disorderedTimes)") }
      if frames.interlacedFrames > 0 { lines.append("frames of two fields: \(frames.interlacedFrames)") }
    }
    if let damage = facts.damage { lines.append("damaged: \(damage)") }
    return lines
  }
}

struct ClipFramesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frames",
    abstract: "Writes the frames as RGB PNG files, named by their place in the order of presentation.")

  @OptionGroup var clip: ClipOptions
  @Option(help: "The folder to write into, made where there is none.") var out: String
  @Option(help: "Writes the first of every N frames.") var every = 1
  @OptionGroup var output: OutputOptions

  private struct Frame: Encodable {
    let file: String, index: Int, time: Double, nanoseconds: Int64, timing: ClipFrame.Timing
  }
  private struct Summary: Encodable { let file: String, folder: String, frames: [Frame], damage: String? }

  func validate() throws {
    guard every >= 1 else { throw ValidationError("every: expected 1 or more, found \(every)") }
  }

  func run() throws {
    let reader = try clip.open()
    let folder = URL(fileURLWithPath: out)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError.cannotCreate(path: out, reason: error.localizedDescription)
    }
    // Names of one width, so that they sort in the order of the frames; wider only where the clip has more.
    let digits = max(6, String(reader.info.declaredFrames ?? 0).count)
    var frames: [Frame] = []
    while let frame = try reader.next() {
      let number = String(frame.index)
      let name = String(repeating: "0", count: max(0, digits - number.count)) + number + ".png"
      try AtomicFile.write(PNG.encode(frame.image), to: folder.appending(path: name), flush: false)
      frames.append(
        Frame(
          file: name, index: frame.index, time: frame.time, nanoseconds: frame.nanoseconds, timing: frame.timing))
      try reader.skip(every - 1)
    }
    AtomicFile.flushAll()
    let summary = Summary(file: clip.file, folder: folder.path, frames: frames, damage: reader.damage?.first)
    try output.print(summary, lines: ["\(frames.count) of \(reader.position) frames in \(folder.path)"])
  }
}
