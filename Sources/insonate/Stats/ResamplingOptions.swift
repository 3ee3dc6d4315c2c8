public import Analyses
public import ArgumentParser

/// A bootstrap, as `stats roc` and `stats compare` run it.
struct ResamplingOptions: ParsableArguments {
  @Option(help: "Bootstrap resamples, 100 or more; 0 for none.") var bootstrap = 0
  @Option(
    help: """
      percentile; bca (bias-corrected and accelerated); or smoothed (scores moved by Gaussian noise within their class, \
      Silverman's bandwidth).
      """)
  var method = Resampling.Method.percentile
  @Option(help: "What is drawn: rows, patients or sites. By default patients where they repeat, else rows.")
  var draws: Resampling.Draws?
  @Option(help: "Seed of the bootstrap.") var seed: UInt64 = 1

  func validate() throws {
    if bootstrap != 0, !(100...1_000_000).contains(bootstrap) {
      throw ValidationError("--bootstrap: expected 0 or 100 to 1000000, found \(bootstrap)")
    }
  }

  var chosen: Resampling {
    var resampling = Resampling()
    (resampling.resamples, resampling.method, resampling.draws) = (bootstrap, method, draws)
    resampling.seed = seed
    return resampling
  }
}

/// "0.9-1": two different numbers from 0 to 1.
struct RangeArgument: ExpressibleByArgument {
  let range: ClosedRange<Double>

  init?(argument: String) {
    let ends = argument.split(separator: "-", maxSplits: 1).map { Double($0) }
    guard ends.count == 2, let lower = ends[0], let upper = ends[1], lower >= 0, upper <= 1, lower < upper else {
      return nil
    }
    range = lower...upper
  }
}

extension Resampling.Method: ExpressibleByArgument {}
extension Resampling.Draws: ExpressibleByArgument {}
