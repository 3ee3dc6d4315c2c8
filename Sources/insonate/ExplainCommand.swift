import ArgumentParser
import Cohort
import Explanation
import Foundation
import Training
import Wording

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Makes a trained run's heat maps and their checks anew; evaluate brings them into the report.")

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run")) var runFolder: String
  @Option(help: "The cohort, if it has moved.") var cohort: String?
  @OptionGroup var output: OutputOptions

  private struct Result: Encodable { let explanations: String, summary: ExplanationSummary }

  func run() throws {
    let folder = RunFolder(URL(fileURLWithPath: runFolder))
    let cohort = try cohort ?? folder.provenance().cohort
    let progress = ItemProgress(what: "explained images")
    let summary = try Explainer.explain(run: folder, cohort: Catalogue.open(URL(fileURLWithPath: cohort))) {
      progress($0, $1)
    }
    let made = "\(summary.pictures) pictures, \(summary.images) images measured: \(folder.explanations.path)"
    try output.print(
      Result(explanations: folder.explanations.path, summary: summary),
      lines: summary.sentences.map(\.description) + [made])
  }
}
