import ArgumentParser
import Foundation
import Imaging
import Tables
import Ultrasound

struct PanelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "panels", abstract: "Makes pairs of pictures of screens with two panels.",
    discussion: """
      Takes stills, DICOM files and clips. Writes NAME-FRAME-1.png and -2.png of one size for each pair: left or upper panel first. \
      A screen with one picture is left whole and said so. Of a clip the panels are found in all frames at once.
      """)

  @Argument(help: "Stills, DICOM files or clips.") var files: [String]
  @Option(help: "The folder to write into, made where there is none.") var out: String
  @Option(help: "Writes the first of every N frames of a clip.") var every = 1
  @Option(help: "A drawing of all pairs for a person to sign, as SVG.") var proof: String?
  @OptionGroup var output: OutputOptions

  private struct Found: Encodable {
    let file: String, panels: PairedPanels?, reason: String?
    /// Whether the reason is that it could not be read.
    var isFailure = false
    var pairs: [[String]] = []
  }

  func validate() throws {
    guard every >= 1 else { throw ValidationError("every: expected 1 or more, found \(every)") }
  }

  func run() throws {
    let folder = URL(fileURLWithPath: out)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError.cannotCreate(path: out, reason: error.localizedDescription)
    }
    var sheet = PanelProof()
    var taken: Set<String> = []
    let found = try files.map { file in
      do {
        return try pair(file, into: folder, on: &sheet, taken: &taken)
      } catch let error as OutputError {
        throw error
      } catch {
        sheet.addRefused(name: file, reason: "could not be read: \(error)")
        return Found(file: file, panels: nil, reason: "\(error)", isFailure: true)
      }
    }
    AtomicFile.flushAll()
    if let proof { try AtomicFile.write(Array(sheet.svg().utf8), to: URL(fileURLWithPath: proof)) }
    try output.print(["files": found], lines: found.filter { !$0.isFailure }.map(line))
    let failed = found.filter(\.isFailure)
    guard failed.isEmpty else {
      throw BadInput(failed.map { $0.reason ?? $0.file }.joined(separator: "\n"))
    }
    if found.allSatisfy({ $0.panels == nil }) { throw BadInput("no pair of panels was found") }
  }

  private func pair(
    _ file: String, into folder: URL, on sheet: inout PanelProof, taken: inout Set<String>
  ) throws -> Found {
    let input = try PictureInput(file)
    var pairing: PanelPairing?
    try input.forEachFrame { _, frame in
      if pairing == nil { pairing = PanelPairing(width: frame.width, height: frame.height) }
      pairing?.add(frame)
    }
    switch pairing?.find(regions: input.regions) ?? .none(reason: "it has no frames") {
    case .none(let reason):
      sheet.addRefused(name: file, reason: reason)
      return Found(file: file, panels: nil, reason: reason)
    case .pair(let panels):
      var found = Found(file: file, panels: panels, reason: nil)
      let name = Self.unused(URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent, &taken)
      try input.forEachFrame { index, frame in
        guard index % every == 0 else { return }
        if index == 0 { try sheet.add(PanelProof.Entry(name: "\(file), frame 0", frame: frame, panels: panels)) }
        let crops = panels.crops(of: frame)
        let names = ["1", "2"].map { "\(name)-\(Self.padded(index))-\($0).png" }
        try AtomicFile.write(PNG.encode(crops.first), to: folder.appending(path: names[0]), flush: false)
        try AtomicFile.write(PNG.encode(crops.second), to: folder.appending(path: names[1]), flush: false)
        found.pairs.append(names)
      }
      return found
    }
  }

  /// Files of one name in several folders do not overwrite each other.
  private static func unused(_ name: String, _ taken: inout Set<String>) -> String {
    var (free, number) = (name, 2)
    while !taken.insert(free).inserted {
      free = "\(name)-\(number)"
      number += 1
    }
    return free
  }

  private static func padded(_ index: Int) -> String {
    let digits = String(index)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private func line(_ found: Found) -> String {
    guard let panels = found.panels else { return "\(found.file): left whole: \(found.reason ?? "")" }
    return "\(found.file): \(panels.firstContent.rawValue) and \(panels.secondContent.rawValue), "
      + "\(panels.arrangement.rawValue), \(found.pairs.count) pairs (\(panels.evidence.rawValue), "
      + String(format: "confidence %.2f)", panels.confidence)
  }
}
