import ArgumentParser
import BurnedIn
import Foundation
import Tables

struct ClipDeidentifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deidentify",
    abstract:
      "Blanks names, dates and other text in the pixels of stills and clips, and drops all else their files say.",
    discussion: """
      Each still becomes NUMBER.png, each clip NUMBER.mov, both without loss, so that no pixel outside what is blanked changes. \
      File names may hold names of patients, so the outputs are numbered in the order given; --proof DIR keeps which is \
      which, with pictures before and after for a person to sign, and belongs beside the key file. Text is searched by strokes and by \
      Tesseract in English and Chinese.
      """)

  @Argument(help: "Stills (PNG, JPEG, BMP, TIFF) and clips.") var files: [String]
  @Option(help: "The folder to write into, made where there is none.") var out: String
  @Option(
    help: "everything: all text goes. identity: words known to name nobody stay.",
    transform: { name in
      guard let policy = BlankingPolicy(rawValue: name) else {
        throw ValidationError("policy: expected everything or identity, found \(name)")
      }
      return policy
    }) var policy = BlankingPolicy.everything
  @Flag(help: "Numbers of depth scales and colour bars, TI and MI stay.") var keepScales = false
  @Option(help: "A name, id or date that must not be left. May be given more than once.") var identity: [String] = []
  @Option(help: "A folder for the proof sheet; it holds names.") var proof: String?
  @Flag(help: "Write of each clip a folder NUMBER with a PNG a frame and times.json.") var frames = false
  @OptionGroup var output: OutputOptions

  private struct Item: Encodable {
    let output: String, frames: Int, blanked: Int, kept: Int, tissueShare: Double, needsReview: Bool
    let reasons: [String]
  }
  private struct Failed: Encodable { let file: String, reason: String }
  private struct Summary: Encodable { let folder: String, files: [Item], failed: [Failed], proof: String? }

  func run() throws {
    let folder = URL(fileURLWithPath: out)
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw OutputError.cannotCreate(path: out, reason: error.localizedDescription)
    }
    let finder = try BurnedInTextFinder(BlankingOptions(policy: policy, keepsScales: keepScales))
    let (progress, digits) = (ItemProgress(what: "blanked"), max(4, String(files.count).count))
    var (items, failed, sheet): ([Item], [Failed], ProofSheet) = ([], [], ProofSheet())
    for (index, path) in files.enumerated() {
      let number = String(index + 1)
      let name = String(repeating: "0", count: digits - number.count) + number
      do {
        items.append(try blank(path, as: name, into: folder, finder, &sheet))
      } catch let error as BurnedInError {
        failed.append(Failed(file: path, reason: "\(error)"))
      }
      progress(index + 1, files.count)
    }
    AtomicFile.flushAll()
    if let proof { try sheet.write(to: URL(fileURLWithPath: proof)) }
    let summary = Summary(folder: folder.path, files: items, failed: failed, proof: proof)
    try output.print(summary, lines: Self.lines(summary))
    guard failed.isEmpty else { throw BadInput("\(failed.count) of \(files.count) files were not read") }
  }

  private func blank(
    _ path: String, as name: String, into folder: URL, _ finder: BurnedInTextFinder, _ sheet: inout ProofSheet
  ) throws -> Item {
    let file = try PictureFile(URL(fileURLWithPath: path))
    let text = try finder.find(in: file.frames, identity: identity)
    let outputs = try file.write(text, as: name, into: folder, clips: frames ? .frames : .clip)
    if proof != nil {
      sheet.entries.append(
        try ProofSheet.Entry(
          name: "\(name): \(path)", frames: file.frames, text: text, outputs: outputs))
    }
    return Item(
      output: name, frames: file.frames.frameCount, blanked: text.findings.count { !$0.isKept },
      kept: text.findings.count(where: \.isKept),
      tissueShare: Double(text.blankedTissuePixels) / Double(max(1, text.tissuePixels)), needsReview: text.needsReview,
      reasons: text.reasons)
  }

  private static func lines(_ summary: Summary) -> [String] {
    summary.files.map { file in
      "\(file.output): \(file.blanked) texts blanked, \(file.kept) kept, "
        + String(format: "%.2f %% of the tissue", 100 * file.tissueShare)
        + (file.needsReview ? "; look: " + file.reasons.joined(separator: "; ") : "")
    } + summary.failed.map { "not read: \($0.reason)" }
  }
}
