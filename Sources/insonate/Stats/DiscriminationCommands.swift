import Analyses
import ArgumentParser
import Foundation

extension StatsCommand {
  struct ROC: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "AUC with its intervals, and the Youden point.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score; higher means malignant.") var score = "score"
    @Option(help: "Stratified bootstrap resamples; 0 for none.") var bootstrap = 0
    @Option(help: "Seed of the bootstrap.") var seed: UInt64 = 1
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if bootstrap != 0, !(100...1_000_000).contains(bootstrap) {
        throw ValidationError("--bootstrap: expected 0 or 100 to 1000000, found \(bootstrap)")
      }
    }

    func run() throws {
      try output.print(
        DiscriminationAnalyses.roc(
          rows.read(), rows.columns(score: score), unit: rows.unit, level: rows.level, resamples: bootstrap, seed: seed)
      )
    }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "AUCs of several scores of the same rows: DeLong's test, clustered where patients repeat.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Columns of the scores, two or more, with commas between them.") var scores: String
    @OptionGroup var output: StatsOutput

    func run() throws {
      let names = scores.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      try output.print(
        DiscriminationAnalyses.compare(
          rows.read(), rows.columns(score: names.first ?? ""), scores: names, unit: rows.unit, level: rows.level))
    }
  }

  struct Threshold: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sensitivity, specificity and the rest at a cut-off, given or found.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score; higher means malignant.") var score = "score"
    @Option(help: "The cut-off; a score at or above it is called malignant. Youden's by default.") var at: Double?
    @Option(help: "Find the cut-off of at least this sensitivity.") var sensitivity: Double?
    @Option(help: "Find the cut-off of at least this specificity.") var specificity: Double?
    @Option(
      help:
        "Find the cut-off of greatest utility where a missed malignancy is this many times a false alarm; needs --prevalence."
    )
    var cost: Double?
    @Option(help: "PPV and NPV at this prevalence too.") var prevalence: Double?
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if [at, sensitivity, specificity, cost].compactMap(\.self).count > 1 {
        throw ValidationError("give one of --at, --sensitivity, --specificity and --cost")
      }
      if cost != nil, prevalence == nil { throw ValidationError("--cost needs --prevalence") }
    }

    private var rule: DiscriminationAnalyses.Rule {
      if let at { return .fixed(at) }
      if let sensitivity { return .sensitivity(sensitivity) }
      if let specificity { return .specificity(specificity) }
      if let cost, let prevalence { return .utility(prevalence: prevalence, cost: cost) }
      return .youden
    }

    func run() throws {
      try output.print(
        DiscriminationAnalyses.threshold(
          rows.read(), rows.columns(score: score), rule: rule, unit: rows.unit, prevalence: prevalence,
          level: rows.level))
    }
  }

  struct Clusters: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The AUC per image, lesion, patient and site, each with the interval its clustering asks for.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score; higher means malignant.") var score = "score"
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(DiscriminationAnalyses.clusters(rows.read(), rows.columns(score: score), level: rows.level))
    }
  }
}
