import Analyses
import ArgumentParser
import Foundation
import Statistics
import Tables

extension StatsCommand {
  struct Power: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How many readers, cases or rows a study needs.",
      subcommands: [Readers.self, Areas.self, AreaWidth.self, ShareWidth.self, Shares.self, Pairs.self])
  }
}

/// A plan of given numbers, which may not be ones.
private func planned<Plan>(_ make: () throws -> Plan) throws -> Plan {
  do {
    return try make()
  } catch let error as StatisticsError {
    throw AnalysisError.statistics(source: "power", error)
  }
}

/// What every plan has.
struct PowerOptions: ParsableArguments {
  @Option(help: "Wanted power, between 0 and 1.") var power = 0.8
  @Option(help: "Two-sided significance level.") var alpha = 0.05
  @OptionGroup var output: StatsOutput
}

/// Rows that come in clusters.
struct DesignEffectOptions: ParsableArguments {
  @Option(help: "Mean number of rows in a patient (or other cluster).") var clusterSize = 1.0
  @Option(help: "Intraclass correlation of rows in a patient.") var intraclass = 0.0

  func validate() throws {
    if !(clusterSize >= 1) {
      throw ValidationError("--cluster-size: expected 1 or more, found \(clusterSize)")
    }
    if !(0...1).contains(intraclass) { throw ValidationError("--intraclass: expected 0 to 1, found \(intraclass)") }
  }

  /// 1 + (size - 1) correlation.
  var value: Double { 1 + (clusterSize - 1) * intraclass }
}

extension StatsCommand.Power {
  struct Readers: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "mrmc", abstract: "Readers and cases of a multi-reader study (Hillis, Obuchowski & Berbaum 2011).",
      discussion: """
        With a pilot's table (a row a reading, as for stats mrmc) its variance components are used; without, those \
        conjectured by --auc, --correlations and --reader-variance.
        """)
    @Argument(help: "A pilot's CSV file.") var pilot: String?
    @OptionGroup var columns: ReadingOptions
    @Option(help: "True difference of the mean AUCs.") var difference: Double
    @Option(help: "Numbers of readers, with commas between them.") var readers = "3,4,5,6,8,10,15"
    @Option(help: "Numbers of cases, with commas between them.") var cases = "50,100,150,200,300,500"
    @Option(help: "Mean AUC of the readers; for conjectured components.") var auc: Double?
    @Option(help: "Share of positives among cases; for conjectured components.") var positives = 0.5
    @Option(
      help: "Correlations of two AUCs that share the reader, the treatment, neither: three numbers with commas.")
    var correlations: String?
    @Option(help: "Treatment-by-reader variance of the AUC, without error.") var readerVariance: Double?
    @OptionGroup var cluster: DesignEffectOptions
    @OptionGroup var options: PowerOptions

    func run() throws {
      var plan = PowerAnalyses.MultiReaderPlan(
        difference: difference, readers: try Self.list(readers, "--readers").map { Int($0) },
        cases: try Self.list(cases, "--cases").map { Int($0) })
      (plan.power, plan.alpha) = (options.power, options.alpha)
      if let pilot {
        try options.output.print(
          PowerAnalyses.multiReader(
            pilot: Table(contentsOf: URL(fileURLWithPath: pilot)), plan, columns: columns.columns))
        return
      }
      guard let auc, let correlations, let readerVariance else {
        throw ValidationError("expected a pilot's table, or --auc, --correlations and --reader-variance")
      }
      let three = try Self.list(correlations, "--correlations", whole: false)
      guard three.count == 3 else {
        throw ValidationError("--correlations: expected three numbers, found \(correlations)")
      }
      try options.output.print(
        PowerAnalyses.multiReader(
          auc: auc, positiveShare: positives, correlations: (three[0], three[1], three[2]),
          treatmentByReader: readerVariance, designEffect: cluster.value, plan))
    }

    private static func list(_ text: String, _ option: String, whole: Bool = true) throws -> [Double] {
      try text.split(separator: ",").map { part in
        let word = part.trimmingCharacters(in: .whitespaces)
        let number = whole ? Int(word).map(Double.init) : Double(word)
        guard let number, number.isFinite, abs(number) <= 1e7 else {
          throw ValidationError("\(option): expected \(whole ? "whole " : "")numbers with commas, found \(text)")
        }
        return number
      }
    }
  }

  struct Areas: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "auc", abstract: "Cases to tell two AUCs apart, of the same or of different patients.")
    @Argument(help: "First AUC.") var first: Double
    @Argument(help: "Second AUC.") var second: Double
    @Option(help: "Correlation of the two scores among positives; 0 for different patients.")
    var correlationPositives = 0.0
    @Option(help: "Correlation of the two scores among negatives; 0 for different patients.")
    var correlationNegatives = 0.0
    @Option(help: "Negatives for each positive.") var ratio = 1.0
    @Option(help: "Also the power with these numbers of positives.") var positives: [Int] = []
    @OptionGroup var cluster: DesignEffectOptions
    @OptionGroup var options: PowerOptions

    func run() throws {
      try options.output.print(
        PowerAnalyses.areas(
          planned {
            try AreaSizing(
              first: first, second: second, correlationPositives: correlationPositives,
              correlationNegatives: correlationNegatives, ratio: ratio, designEffect: cluster.value)
          },
          positives: positives, power: options.power, alpha: options.alpha))
    }
  }

  struct AreaWidth: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "auc-width", abstract: "Cases for an AUC's interval of a wanted width.")
    @Argument(help: "The AUC.") var auc: Double
    @Option(help: "Full width of the interval.") var width: Double
    @Option(help: "Negatives for each positive.") var ratio = 1.0
    @Option(help: "Level of the interval, between 0 and 1.") var level = 0.95
    @OptionGroup var cluster: DesignEffectOptions
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(
        PowerAnalyses.areaWidth(
          planned { try AreaSizing(first: auc, second: auc, ratio: ratio, designEffect: cluster.value) }, width: width,
          level: level))
    }
  }

  struct ShareWidth: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "share-width", abstract: "Rows for the interval of a sensitivity, specificity or other share.")
    @Argument(help: "The share, between 0 and 1.") var share: Double
    @Option(help: "Full width of the interval.") var width: Double
    @Option(help: "Level of the interval, between 0 and 1.") var level = 0.95
    @OptionGroup var cluster: DesignEffectOptions
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(
        PowerAnalyses.shareWidth(share: share, width: width, level: level, designEffect: cluster.value))
    }
  }

  struct Shares: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "shares", abstract: "Rows to tell two shares of different patients apart.")
    @Argument(help: "First share.") var first: Double
    @Argument(help: "Second share.") var second: Double
    @OptionGroup var cluster: DesignEffectOptions
    @OptionGroup var options: PowerOptions

    func run() throws {
      try options.output.print(
        PowerAnalyses.shares(
          first: first, second: second, power: options.power, alpha: options.alpha, designEffect: cluster.value))
    }
  }

  struct Pairs: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "mcnemar", abstract: "Rows to tell two calls on the same rows apart.")
    @Argument(help: "Share of rows that only the first call has right.") var firstOnly: Double
    @Argument(help: "Share of rows that only the second call has right.") var secondOnly: Double
    @OptionGroup var cluster: DesignEffectOptions
    @OptionGroup var options: PowerOptions

    func run() throws {
      try options.output.print(
        PowerAnalyses.mcNemar(
          planned { try McNemarSizing(firstOnly: firstOnly, secondOnly: secondOnly, designEffect: cluster.value) },
          power: options.power, alpha: options.alpha))
    }
  }
}
