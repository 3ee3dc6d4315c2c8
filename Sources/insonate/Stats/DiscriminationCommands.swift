import Analyses
import ArgumentParser
import Foundation
import Statistics

extension StatsCommand {
  struct ROC: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "AUC with its intervals, and the Youden point.",
      discussion: """
        Where rows share patients, the interval clustered by patient (Obuchowski 1997) is the one to report, and a bootstrap \
        draws whole patients.
        """)
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score; higher means malignant.") var score = "score"
    @OptionGroup var resampling: ResamplingOptions
    @Option(help: "The area over this range of specificity too, as 0.9-1, with a bootstrap interval.")
    var partialSpecificity: RangeArgument?
    @Option(help: "The area over this range of sensitivity too, as 0.9-1, with a bootstrap interval.")
    var partialSensitivity: RangeArgument?
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if partialSpecificity != nil, partialSensitivity != nil {
        throw ValidationError("give one of --partial-specificity and --partial-sensitivity")
      }
    }

    private var part: DiscriminationAnalyses.CurvePart? {
      if let partialSpecificity { return .init(partialSpecificity.range, of: .specificity) }
      return partialSensitivity.map { .init($0.range, of: .sensitivity) }
    }

    func run() throws {
      try output.print(
        DiscriminationAnalyses.roc(
          rows.read(), rows.columns(score: score), unit: rows.unit, level: rows.level, resampling: resampling.chosen,
          part: part))
    }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "AUCs of several scores of the same rows, or of one score in groups of different patients.",
      discussion: """
        With --scores DeLong's paired test of every pair of columns; with --group the unpaired test of every pair of groups. \
        Clustered where patients repeat (Obuchowski 1997); p adjusted by Holm.
        """)
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Columns of the scores, two or more, with commas between them.") var scores: String?
    @Option(help: "Column that names each row's group; the score is that of --score.") var group: String?
    @Option(help: "With --group: column of the score.") var score = "score"
    @OptionGroup var resampling: ResamplingOptions
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if (scores == nil) == (group == nil) { throw ValidationError("give one of --scores and --group") }
      if group != nil, resampling.bootstrap != 0 {
        throw ValidationError("--bootstrap: a bootstrap of the difference is for --scores")
      }
      if resampling.method == .smoothed {
        throw ValidationError("--method: a difference has no smoothed bootstrap; expected percentile or bca")
      }
    }

    func run() throws {
      if let group {
        try output.print(
          DiscriminationAnalyses.compareGroups(
            rows.read(), rows.columns(score: score), group: group, unit: rows.unit, level: rows.level))
        return
      }
      let names = (scores ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      try output.print(
        DiscriminationAnalyses.compare(
          rows.read(), rows.columns(score: names.first ?? ""), scores: names, unit: rows.unit, level: rows.level,
          resampling: resampling.chosen))
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
    @OptionGroup var resampling: ResamplingOptions
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if [at, sensitivity, specificity, cost].compactMap(\.self).count > 1 {
        throw ValidationError("give one of --at, --sensitivity, --specificity and --cost")
      }
      if cost != nil, prevalence == nil { throw ValidationError("--cost needs --prevalence") }
      if resampling.method == .smoothed {
        throw ValidationError("--method: a proportion has no smoothed bootstrap; expected percentile or bca")
      }
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
          level: rows.level, resampling: resampling.chosen))
    }
  }

  struct Clusters: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "AUC, and sensitivity and the rest at a cut-off, per image, lesion, patient and site.",
      discussion: """
        Each with the interval for independent rows, the one its clustering in patients asks for, and the design effect. Per \
        site: each site's AUC over its lesions, their mean, and the random-effects mean (DerSimonian-Laird, logit scale) with \
        its prediction interval and I2.
        """)
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score; higher means malignant.") var score = "score"
    @Option(help: "The cut-off; a score at or above it is called malignant. Youden's of each unit by default.")
    var at: Double?
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(
        DiscriminationAnalyses.clusters(rows.read(), rows.columns(score: score), cutOff: at, level: rows.level))
    }
  }
}
