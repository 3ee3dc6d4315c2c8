import ArgumentParser
import Cohort
import Foundation
import Imaging
import Tables
import Ultrasound

struct CohortPanels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "panels", abstract: "Makes pairs of images of a cohort's screens with two panels.",
    discussion: """
      B-mode beside contrast, or beside a colour picture, becomes two images of one pair, each a part of the same file with its own \
      modality, millimetres and marks. A screen with one picture stays as it is. Look at --proof with --dry-run first: what is \
      divided is not put together again. Exit code 65 where an image could not be read or divided.
      """)

  @Argument var cohort: String
  @Option(help: "An image, by its name in the cohort; several times for several.") var image: [String] = []
  @Flag(help: "All images that belong to no pair yet.") var every = false
  @Option(help: "Leaves an image of --every as it is; several times for several.") var except: [String] = []
  @Option(help: "A drawing of all pairs for a person to sign, as SVG.") var proof: String?
  @Flag(help: "Changes nothing.") var dryRun = false
  @Option(help: "Images at a time (default: one a processor core).") var jobs: Int?
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard every != !image.isEmpty else { throw ValidationError("expected either --image or --every") }
    guard every || except.isEmpty else { throw ValidationError("--except goes with --every") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs: expected 1 or more, found \(jobs)") }
  }

  func run() throws {
    let catalogue = try Catalogue.open(URL(fileURLWithPath: cohort))
    let progress = ItemProgress(what: "looked at")
    var findings = try catalogue.findPanels(images: every ? nil : image, jobs: jobs) { progress($0, $1) }
    try leaveOut(&findings)
    if let proof {
      try AtomicFile.write(Array(try sheet(findings).svg().utf8), to: URL(fileURLWithPath: proof))
    }
    let report = dryRun ? PanelReport(findings) : try catalogue.divide(findings)
    try output.print(report, lines: lines(report))
    if !report.failures.isEmpty { throw ExitCode(65) }
  }

  private func leaveOut(_ findings: inout [ScreenFinding]) throws {
    let names = Set(findings.map(\.image.name))
    for name in except where !names.contains(name) {
      throw BadInput("--except \(name): no image of that name is looked at")
    }
    let excepted = Set(except)
    findings.removeAll { excepted.contains($0.image.name) }
  }

  private func sheet(_ findings: [ScreenFinding]) throws -> PanelProof {
    var sheet = PanelProof()
    let reader = PictureReader()
    for finding in findings {
      switch finding.outcome {
      case .pair(let panels):
        // Of a clip its middle, when contrast has come.
        let index = finding.image.extent.frames / 2
        let frame = try reader.frame(index, of: finding.image)
        let name = finding.image.extent.frames > 1 ? "\(finding.image.name), frame \(index)" : finding.image.name
        try sheet.add(PanelProof.Entry(name: name, frame: frame, panels: panels))
      case .whole(let reason): sheet.addRefused(name: finding.image.name, reason: reason)
      case .failed(let reason): sheet.addRefused(name: finding.image.name, reason: "cannot be read: \(reason)")
      }
    }
    return sheet
  }

  private func lines(_ report: PanelReport) -> [String] {
    let counted =
      "\(report.pairs.count) screens \(dryRun ? "would become" : "became") pairs; \(report.whole.count) images stay whole"
    return [counted]
      + report.pairs.map { pair in
        "\(pair.image): \(pair.first), \(pair.second) (\(pair.panels.evidence.rawValue), confidence "
          + String(format: "%.2f)", pair.panels.confidence)
      }
      + report.failures.map { "failed: \($0)" }
  }
}
