import Analyses
public import ArgumentParser
import Foundation
import Statistics
import Tables

extension StatsCommand {
  struct ModelOptions: ParsableArguments {
    @Argument(help: "A CSV file.") var table: String
    @Option(help: "Column of the outcome: 0 or 1, benign or malignant.") var label = "label"
    @Option(help: "Word of the positive class in that column.") var positive: String?
    @Option(
      help: """
        Variables with commas between them: age (a number), age~spline or age~spline5 (restricted cubic spline of 4 or that \
        many knots), sex:female (a category with its reference), 'hepatitis~ordered(none|HBV|HCV)' (scores 0, 1, 2), \
        'hepatitis~steps(none|HBV|HCV)' (each level against the one below).
        """)
    var variables: String
    @Option(
      help: """
        Rows that lack a value: complete (left out), level (a level of its own, or the mean and an indicator) or impute \
        (multiple imputation by chained equations).
        """)
    var missing = ModelAnalyses.Missing.complete
    @Option(help: "Imputed data sets.") var imputations = 20
    @Option(help: "Rounds of the chained equations for each of them.") var iterations = 10
    @Option(help: "Seed of imputations and resamples.") var seed: UInt64 = 1

    func read() throws -> Table { try Table(contentsOf: URL(fileURLWithPath: table)) }

    func list() throws -> [ModelAnalyses.Variable] { try ModelAnalyses.Variable.list(variables) }
  }

  struct Logistic: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Logistic regression: odds ratios, joint tests, separation found and said, Firth's penalty where needed.")
    @OptionGroup var model: ModelOptions
    @Option(help: "Screen: only variables with a univariate p below this enter the multivariable model.")
    var alpha: Double?
    @Option(help: "Column of the patients, for standard errors that allow for several rows of one.")
    var cluster: String?
    @Flag(inversion: .prefixedNo, help: "Profile likelihood intervals beside Wald's; slow in very large tables.")
    var profile = true
    @Option(help: "Correct AUC and calibration for optimism by this many bootstrap resamples; 0 for none.")
    var validate = 0
    @Option(help: "Level of the intervals, between 0 and 1.") var level = 0.95
    @OptionGroup var output: StatsOutput

    func run() throws {
      var options = ModelAnalyses.LogisticOptions()
      (options.alpha, options.missing, options.cluster) = (alpha, model.missing, cluster)
      (options.profiles, options.validate, options.level) = (profile, validate, level)
      options.imputation.imputations = model.imputations
      (options.imputation.iterations, options.imputation.seed) = (model.iterations, model.seed)
      try output.print(
        ModelAnalyses.logistic(
          model.read(), label: model.label, positive: model.positive, variables: model.list(), options: options))
    }
  }

  struct Nomogram: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Points of a logistic model's variables, and the formula behind them.")
    @OptionGroup var model: ModelOptions
    @Option(help: "Values to mark: COLUMN=V1,V2,... May be repeated.") var ticks: [String] = []
    @Option(help: "What an axis is called: COLUMN=TEXT. May be repeated.") var axis: [String] = []
    @Option(help: "Unit of an axis: COLUMN=UNIT. May be repeated.") var unit: [String] = []
    @OptionGroup var output: StatsOutput

    func run() throws {
      var options = ModelAnalyses.NomogramOptions()
      for (column, values) in try Self.pairs(ticks, "--ticks", "V1,V2,...") {
        options.ticks[column] = values.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      options.labels = try Self.pairs(axis, "--axis", "TEXT")
      options.units = try Self.pairs(unit, "--unit", "UNIT")
      options.missing = model.missing
      options.imputation.imputations = model.imputations
      (options.imputation.iterations, options.imputation.seed) = (model.iterations, model.seed)
      try output.print(
        ModelAnalyses.nomogram(
          model.read(), label: model.label, positive: model.positive, variables: model.list(), options: options))
    }

    private static func pairs(_ texts: [String], _ option: String, _ form: String) throws -> [String: String] {
      var pairs: [String: String] = [:]
      for text in texts {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("\(option): expected COLUMN=\(form), found \(text)") }
        pairs[parts[0]] = parts[1]
      }
      return pairs
    }
  }
}

extension ModelAnalyses.Missing: ExpressibleByArgument {}
