import Analyses
import ArgumentParser
import Foundation
import Tables

extension StatsCommand {
  struct DecisionCurve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "decision-curve", abstract: "Net benefit at threshold probabilities.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the probability.") var score = "score"
    @Option(help: "Threshold probabilities, with commas between them.")
    var thresholds = "0.01,0.02,0.05,0.1,0.15,0.2,0.3,0.4,0.5"
    @OptionGroup var output: StatsOutput

    func run() throws {
      let words = thresholds.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let numbers = words.compactMap { Double($0) }
      guard numbers.count == words.count, !numbers.isEmpty else {
        throw ValidationError("--thresholds: expected numbers with commas between them, found \(thresholds)")
      }
      try output.print(
        ModelAnalyses.decisionCurve(rows.read(), rows.columns(score: score), thresholds: numbers, unit: rows.unit))
    }
  }

  struct ModelOptions: ParsableArguments {
    @Argument(help: "A CSV file.") var table: String
    @Option(help: "Column of the outcome: 0 or 1, benign or malignant.") var label = "label"
    @Option(help: "Word of the positive class in that column.") var positive: String?
    @Option(help: "Variables with commas between them; a category as COLUMN:REFERENCE.") var variables: String

    func read() throws -> Table { try Table(contentsOf: URL(fileURLWithPath: table)) }

    var list: [ModelAnalyses.Variable] {
      variables.split(separator: ",").map { ModelAnalyses.Variable($0.trimmingCharacters(in: .whitespaces)) }
    }
  }

  struct Logistic: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Logistic regression: odds ratios, separation found and said, Firth's penalty where needed.")
    @OptionGroup var model: ModelOptions
    @Option(help: "Screen: only variables with a univariate p below this enter the multivariable model.")
    var alpha: Double?
    @Option(help: "Level of the intervals, between 0 and 1.") var level = 0.95
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(
        ModelAnalyses.logistic(
          model.read(), label: model.label, positive: model.positive, variables: model.list, alpha: alpha, level: level)
      )
    }
  }

  struct Nomogram: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Points of a logistic model's variables.")
    @OptionGroup var model: ModelOptions
    @Option(help: "Values to mark: COLUMN=V1,V2,... May be repeated.") var ticks: [String] = []
    @OptionGroup var output: StatsOutput

    func run() throws {
      var marks: [String: [String]] = [:]
      for text in ticks {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("--ticks: expected COLUMN=V1,V2,..., found \(text)") }
        marks[parts[0]] = parts[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      try output.print(
        ModelAnalyses.nomogram(
          model.read(), label: model.label, positive: model.positive, variables: model.list, ticks: marks))
    }
  }
}
