// insonate-compute: the compute core as one executable that can be carried to another machine, such as one with a GPU. It
// links CTorchEngine itself and runs one network's training steps or forward passes when told to, a line at a time, so that
// several programs can be measured in turns. Touches Networks, NN and Torch only: no images, no cohorts.

import ArgumentParser
import Foundation
import Torch

@main
struct InsonateCompute: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "insonate-compute",
    abstract: "Runs a network's training step or forward pass on random images, in turns with other programs.",
    discussion: """
      Prints `ready` with what it runs as JSON, then reads lines: `go` does the work once and prints its milliseconds, \
      `quit` prints the peak resident memory as JSON and ends.
      """,
    subcommands: [StepCommand.self, InferCommand.self])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as TorchError {
      try? FileHandle.standardError.write(contentsOf: Data("insonate-compute: \(error)\n".utf8))
      if case .argument = error { Foundation.exit(65) }
      Foundation.exit(70)
    } catch {
      exit(withError: error)
    }
  }
}

struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "One training step a turn: forward, loss, backward, AdamW.")

  @OptionGroup var options: WorkOptions

  func run() throws {
    let step = try TrainingStep(options)
    try Turns(work: "step", options).serve { () throws(TorchError) in try step() }
  }
}

struct InferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer", abstract: "One forward pass in evaluation mode a turn.")

  @OptionGroup var options: WorkOptions

  func run() throws {
    let pass = try InferencePass(options)
    try Turns(work: "infer", options).serve { () throws(TorchError) in try pass() }
  }
}
