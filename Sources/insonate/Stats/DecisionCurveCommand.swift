import Analyses
import ArgumentParser
import Foundation

extension StatsCommand {
  struct DecisionCurve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "decision-curve",
      abstract: "Net benefit at threshold probabilities, its intervals, and where treat-all is as good.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the probability.") var score = "score"
    @Option(help: "Columns of several models' probabilities, with commas between them; instead of --score.")
    var scores: String?
    @Option(
      help: "Threshold probabilities between 0 and 1, with commas between them, or FROM:TO:STEP such as 0.01:0.99:0.01."
    )
    var thresholds = "0.01,0.02,0.05,0.1,0.15,0.2,0.3,0.4,0.5"
    @Option(help: "Column of the test fold, for predictions made in cross-validation.") var fold: String?
    @Option(help: "Bootstrap resamples (of patients) for the intervals, 100 or more; 0 for none.") var resamples = 1000
    @Option(help: "Seed of the resamples.") var seed: UInt64 = 1
    @OptionGroup var output: StatsOutput

    func run() throws {
      var options = ModelAnalyses.DecisionCurveOptions()
      (options.thresholds, options.fold) = (try Self.numbers(thresholds), fold)
      (options.resamples, options.seed, options.level) = (resamples, seed, rows.level)
      let names = scores.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } } ?? [score]
      try output.print(
        ModelAnalyses.decisionCurve(
          rows.read(), rows.columns(score: score), scores: names, unit: rows.unit, options: options))
    }

    private static func numbers(_ text: String) throws -> [Double] {
      let isRange = text.contains(":")
      let words = text.split(separator: isRange ? ":" : ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let numbers = words.compactMap { Double($0) }
      guard numbers.count == words.count, !numbers.isEmpty, !isRange || numbers.count == 3 else {
        throw ValidationError(
          "--thresholds: expected numbers with commas between them or FROM:TO:STEP, found \(text)")
      }
      if !isRange { return numbers }
      let steps = ((numbers[1] - numbers[0]) / numbers[2] + 1e-9).rounded(.down)
      guard numbers[2] > 0, steps >= 0, steps < 10_000 else {
        throw ValidationError("--thresholds: expected FROM below TO and at most 10000 steps, found \(text)")
      }
      // Rounded, since a sum of 0.01 is not the nearest number to 0.07.
      return (0...Int(steps)).map { ((numbers[0] + Double($0) * numbers[2]) * 1e9).rounded() / 1e9 }
    }
  }
}
