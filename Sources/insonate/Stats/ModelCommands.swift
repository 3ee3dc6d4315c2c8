import Analyses
public import ArgumentParser
import Foundation
public import Statistics
import Tables

extension StatsCommand {
  struct Calibration: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Do probabilities agree with what happened?")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the probability.") var score = "score"
    @Option(help: "Correct the probabilities and judge again: intercept, logistic, temperature or isotonic.")
    var recalibrate: Recalibration.Kind?
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(
        ModelAnalyses.calibration(
          rows.read(), rows.columns(score: score), unit: rows.unit, recalibrate: recalibrate, level: rows.level))
    }
  }
}

extension Recalibration.Kind: ExpressibleByArgument {}
