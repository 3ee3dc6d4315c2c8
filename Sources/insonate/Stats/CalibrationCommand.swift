import Analyses
public import ArgumentParser
public import Statistics

extension StatsCommand {
  struct Calibration: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do probabilities agree with what happened?",
      discussion: """
        Slope and intercept (clustered by patient where patients repeat), Brier score, calibration errors, ICI, E50 and E90 from \
        the loess curve, Hosmer-Lemeshow and Spiegelhalter. --json holds the curve with its pointwise band.
        """)
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the probability.") var score = "score"
    @Option(help: "Groups of predicted risk, by quantiles; Hosmer and Lemeshow's test uses them too.") var groups = 10
    @Option(help: "Correct the probabilities and judge again: intercept, logistic, temperature or isotonic.")
    var recalibrate: Recalibration.Kind?
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if !(3...1000).contains(groups) { throw ValidationError("--groups: expected 3 to 1000, found \(groups)") }
    }

    func run() throws {
      try output.print(
        ModelAnalyses.calibration(
          rows.read(), rows.columns(score: score), unit: rows.unit, recalibrate: recalibrate, groups: groups,
          level: rows.level))
    }
  }
}

extension Recalibration.Kind: ExpressibleByArgument {}
