import ArgumentParser
import Foundation
import Imaging
import Tables
import Ultrasound

struct ClipTrackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "track",
    abstract: "Carries a box from one frame through the clip, forwards and backwards, as far as it can be found again.")

  @OptionGroup var clip: ClipOptions
  @Option(help: "The frame in which the box is drawn, counted from 0.") var frame: Int
  @Option(help: "The box in pixels: x,y,width,height.") var box: String
  @Option(help: "A folder for PNG files of the frames with the box on them; green is sure, red is not.") var out:
    String?
  @OptionGroup var output: OutputOptions

  private struct Found: Encodable { let frame: Int, box: PixelBox, confidence: Double? }
  private struct Summary: Encodable {
    let file: String, frames: Int, found: [Found], hasOverlay: Bool
    let beginsBecause: RegionTracker.Loss?, endsBecause: RegionTracker.Loss?
  }

  func validate() throws {
    guard frame >= 0 else { throw ValidationError("frame: expected 0 or more, found \(frame)") }
    _ = try region()
  }

  private func region() throws -> PixelBox {
    let numbers = box.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2], let height = numbers[3],
      [x, y, width, height].allSatisfy({ abs($0) < 1e6 }), width > 0, height > 0
    else { throw ValidationError("box: expected x,y,width,height in pixels, found \(box.debugDescription)") }
    return PixelBox(x: x, y: y, width: width, height: height)
  }

  func run() throws {
    let lesion = RegionOfInterest(role: .lesion, shape: .box(try region()))
    let track: ClipTracking.Track
    do {
      track = try ClipTracking.track(lesion, inFrame: frame) { try clip.open() }
    } catch let problem as RegionTrackerProblem {
      throw BadInput("\(clip.file): \(problem)")
    }
    let found = track.regions.compactMap { region in
      region.frame.flatMap { frame in
        RegionRaster.boundingBox(of: region.shape).map { Found(frame: frame, box: $0, confidence: region.confidence) }
      }
    }
    if let out { try draw(found, into: URL(fileURLWithPath: out)) }
    let summary = Summary(
      file: clip.file, frames: track.frames, found: found, hasOverlay: track.hasOverlay,
      beginsBecause: track.beginsBecause, endsBecause: track.endsBecause)
    try output.print(summary, lines: Self.lines(summary))
  }

  private static func lines(_ summary: Summary) -> [String] {
    func words(_ loss: RegionTracker.Loss) -> String {
      switch loss {
      case .cut: "another scene"
      case .unlike: "the region is not found again"
      case .left: "the region leaves the picture"
      }
    }
    var lines = ["\(summary.file): found in \(summary.found.count) of \(summary.frames) frames"]
    if let first = summary.found.first?.frame, let loss = summary.beginsBecause {
      lines.append("before frame \(first): \(words(loss))")
    }
    if let last = summary.found.last?.frame, let loss = summary.endsBecause {
      lines.append("after frame \(last): \(words(loss))")
    }
    return lines
      + summary.found.map {
        String(format: "frame %d: %.1f, %.1f, %.1f x %.1f", $0.frame, $0.box.x, $0.box.y, $0.box.width, $0.box.height)
          + ($0.confidence.map { String(format: ", confidence %.2f", $0) } ?? ", as drawn")
      }
  }

  private func draw(_ found: [Found], into folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError.cannotCreate(path: folder.path, reason: error.localizedDescription)
    }
    let byFrame = Dictionary(found.map { ($0.frame, $0) }) { one, _ in one }
    let reader = try clip.open()
    while let frame = try reader.next() {
      guard let region = byFrame[frame.index] else { continue }
      let number = String(frame.index)
      let name = String(repeating: "0", count: max(0, 6 - number.count)) + number + ".png"
      let drawn = RegionDrawing.outlined(
        .box(region.box), on: frame.image, confidence: region.confidence ?? 1)
      try AtomicFile.write(PNG.encode(drawn), to: folder.appending(path: name), flush: false)
    }
    AtomicFile.flushAll()
  }
}
