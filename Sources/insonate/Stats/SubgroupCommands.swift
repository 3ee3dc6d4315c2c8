public import Analyses
public import ArgumentParser
import Foundation
import Statistics
import Tables

extension StatsCommand {
  struct Strata: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The score within strata of size, site, age ..., and tests of whether it does alike in all.",
      discussion: "Rows without a factor's value are a stratum of their own, which is not tested.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score; higher means malignant.") var score = "score"
    @Option(
      name: .customLong("by"),
      help:
        "A column of categories, or a number with cut points: site, size_mm:20,50 (up to 20, to 50, above). Repeatable."
    )
    var factors: [String]
    @Option(help: "The cut-off; a score at or above it is called malignant. Youden's of all rows by default.") var at:
      Double?
    @Option(help: "Patients of either class that a stratum needs to be tested.") var fewest = FewestCases().test
    @OptionGroup var output: StatsOutput

    func validate() throws {
      if fewest < 2 { throw ValidationError("--fewest: expected 2 or more, found \(fewest)") }
      if let at, !at.isFinite { throw ValidationError("--at: expected a number, found \(at)") }
    }

    func run() throws {
      var divided: [StrataFactor] = []
      for factor in factors { divided.append(try StrataFactor(factor)) }
      try output.print(
        StrataAnalysis.strata(
          rows.read(), rows.columns(score: score), by: divided, unit: rows.unit, cutOff: at,
          fewest: FewestCases(estimate: min(5, fewest), test: fewest), level: rows.level
        ).result)
    }
  }

  struct Selective: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Conformal prediction sets by class and site, and what calls are worth when uncertain cases are deferred.")
    @OptionGroup var rows: ScoreOptions
    @Option(help: "Column of the score, a probability of malignancy.") var score = "score"
    @Option(help: "Column of the splits.") var splitColumn = "split"
    @Option(help: "Split whose cases calibrate.") var calibrationSplit: String?
    @Option(help: "Split whose cases are tested on.") var testSplit: String?
    @Option(help: "In place of splits: share of the patients, drawn at random, that calibrate.")
    var calibrationFraction: Double?
    @Option(help: "Seed of that draw.") var seed: UInt64 = 1
    @Option(help: "Share of cases whose set may miss the truth.") var alpha = 0.1
    @Option(help: "The cut-off; a score at or above it is called malignant.") var at = 0.5
    @OptionGroup var output: StatsOutput

    func validate() throws {
      let splits = [calibrationSplit, testSplit].compactMap(\.self).count
      if splits != (calibrationFraction == nil ? 2 : 0) {
        throw ValidationError("give --calibration-split and --test-split, or --calibration-fraction")
      }
      if !(alpha > 0 && alpha < 1) {
        throw ValidationError("--alpha: expected a number between 0 and 1, found \(alpha)")
      }
      if !at.isFinite { throw ValidationError("--at: expected a number, found \(at)") }
    }

    func run() throws {
      let division: SelectiveAnalysis.Division =
        if let calibrationSplit, let testSplit {
          .column(splitColumn, calibration: calibrationSplit, test: testSplit)
        } else {
          .fraction(calibrationFraction ?? 0.5, seed: seed)
        }
      try output.print(
        SelectiveAnalysis.selective(
          rows.read(), rows.columns(score: score), division: division, unit: rows.unit, alpha: alpha, cutOff: at,
          level: rows.level
        ).result)
    }
  }

  struct Table1: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "table1", abstract: "Who was studied: each column in all and by group, with what is missing.",
      discussion: """
        Kinds are found by the values: numbers, categories, yes-no, dates; identifiers are left out and said. Means where \
        Shapiro and Wilk's test finds every group normal, else medians.
        """)
    @Argument(help: "A CSV file.") var table: String
    @Option(name: .customLong("by"), help: "Column of the groups; none for one column of all.") var group: String?
    @Option(help: "Columns to show, with commas between them; all by default.") var variables: String?
    @Option(help: "Kinds not to be guessed: age=number,grade=category; number, category, yes-no or date.") var kinds:
      String?
    @Option(help: "One row a patient, lesion or row of the table; by default the smallest the table names.")
    var unit: TableOneAnalysis.Unit?
    @Option(help: "Column of the lesions.") var lesion = "lesion"
    @Option(help: "Column of the patients.") var patient = "patient"
    @Flag(name: .customLong("no-p"), help: "Without p-values and tests.") var hidesP = false
    @Flag(help: "Student's t-test and analysis of variance in place of Welch's.") var equalVariances = false
    @OptionGroup var output: StatsOutput

    func run() throws {
      var options = TableOneAnalysis.Options()
      (options.group, options.unit, options.lesion, options.patient) = (group, unit, lesion, patient)
      (options.showsP, options.hasEqualVariances) = (!hidesP, equalVariances)
      options.variables = Self.words(variables)
      for word in Self.words(kinds) {
        let parts = word.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, let kind = TableOneKind(rawValue: parts[1]) else {
          throw ValidationError(
            "--kinds: expected COLUMN=KIND with number, category, yes-no or date, found \(word)")
        }
        options.kinds[parts[0]] = kind
      }
      try output.print(TableOneAnalysis.tableOne(Table(contentsOf: URL(fileURLWithPath: table)), options))
    }

    private static func words(_ list: String?) -> [String] {
      (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}

extension TableOneAnalysis.Unit: ExpressibleByArgument {}
