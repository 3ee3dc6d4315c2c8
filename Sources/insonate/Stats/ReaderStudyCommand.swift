import Analyses
import ArgumentParser
import Foundation
import Tables

extension StatsCommand {
  struct Study: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reader-study", abstract: "What an aid did to its readers.",
      discussion: """
        The table has a row a reading: reader, arm (unaided or aided), case, truth, and confidence, call or both; a column \
        patient clusters the cases, group or experience gathers readers, ai_call, ai_score or ai is the aid's own output. \
        Given are each reader's and each group's change, automation bias, majority votes, agreement without and with the \
        aid, and the aid alone against the readers.
        """)

    @Argument(help: "A CSV file.") var table: String
    @OptionGroup var columns: ReadingOptions
    @Option(help: "Column of the readers' groups (group, experience).") var group: String?
    @Option(help: "Column of the aid's own call (ai_call, aid_call, model_call, ai, model).") var aiCall: String?
    @Option(help: "Column of the aid's own score (ai_score, aid_score, model_score, ai, model).") var aiScore: String?
    @Option(help: "Word of the arm without the aid.") var unaided: String?
    @Option(help: "Word of the arm with the aid.") var aided: String?
    @Option(help: "Ratings at or above it are positive calls, where there is no column of calls.") var cutOff: Double?
    @Option(help: "Scores of the aid at or above it are positive calls; 0.5 for probabilities.") var aiCutOff: Double?
    @Option(help: "Resamples of the bootstrap of agreement.") var resamples = 2000
    @Option(help: "Seed of the bootstrap.") var seed: UInt64 = 1
    @Option(help: "Level of the intervals, between 0 and 1.") var level = 0.95
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if !(level > 0 && level < 1) {
        throw ValidationError("--level: expected a number between 0 and 1, found \(level)")
      }
      if resamples < 100 { throw ValidationError("--resamples: expected 100 or more, found \(resamples)") }
    }

    func run() throws {
      var options = ReaderStudy.Options()
      options.columns = columns.columns
      (options.columns.group, options.columns.aidCall, options.columns.aidScore) = (group, aiCall, aiScore)
      (options.unaided, options.aided, options.cutOff, options.aidCutOff) = (unaided, aided, cutOff, aiCutOff)
      (options.resamples, options.seed, options.level) = (resamples, seed, level)
      try output.print(ReaderStudy(Table(contentsOf: URL(fileURLWithPath: table)), options).result)
    }
  }
}
