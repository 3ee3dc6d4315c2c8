// insonate: the command line. ArgumentParser commands only: each reads its options, calls the layer that does the work, and
// prints what came of it. Errors become exit codes in one place (Failure.swift).

import ArgumentParser
import Foundation
import Protocols

@main
struct Insonate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insonate",
    abstract: "Makes, proves and uses AI that tells malignant from benign tumours on ultrasound.",
    discussion: Platform.notice,
    version: "insonate \(Platform.version)\n\(Platform.notice)",
    subcommands: [
      SimulateCommand.self, ImportCommand.self, CohortCommand.self, ClipCommand.self, RunCommand.self,
      TrainCommand.self,
      PredictCommand.self, ExplainCommand.self, EvaluateCommand.self, NetworksCommand.self,
      StatsCommand.self, DICOMCommand.self, ContrastCommand.self,
    ])

  static func main() {
    // A reader that goes away ends the output, not the work.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }
}
