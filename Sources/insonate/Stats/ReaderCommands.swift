import Analyses
import ArgumentParser
import Foundation
import Statistics
import Tables

extension StatsCommand {
  struct Agreement: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Agreement of readers: kappas, majority vote, intraclass correlations, Kendall's W.",
      discussion: "The table has a row a case and a column a reader.")
    @Argument(help: "A CSV file.") var table: String
    @Option(help: "Columns of the readers, with commas between them; all by default.") var readers: String?
    @Option(help: "categories or numbers; both by default, where every rating is a number.")
    var scale: ReaderAnalyses.Scale?
    @Option(help: "Column of the truth, against which the majority vote is judged.") var truth: String?
    @Option(help: "Level of the intervals, between 0 and 1.") var level = 0.95
    @OptionGroup var output: StatsOutput

    func run() throws {
      let names = readers.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } } ?? []
      try output.print(
        ReaderAnalyses.agreement(
          Table(contentsOf: URL(fileURLWithPath: table)), columns: names, scale: scale, truth: truth, level: level))
    }
  }

  struct MRMC: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "mrmc", abstract: "Multi-reader multi-case analysis of AUC (Obuchowski-Rockette, Hillis).",
      discussion: """
        The table has a row a reading. Columns are found by their usual names. Readers may have skipped cases, read under one \
        treatment only, or have cases of their own: the analysis uses what there is and says so. With a column patient \
        beside the case, covariances are clustered in patients.
        """)

    @Argument(help: "A CSV file.") var table: String
    @OptionGroup var columns: ReadingOptions
    @Option(help: "auc, or sensitivity, specificity or accuracy of calls.") var figure = FigureOfMerit.auc
    @Option(help: "Covariances of the AUCs by the jackknife or DeLong's method; the other's result stands beside it.")
    var covariance = MultiReaderAnalysis.CovarianceMethod.jackknife
    @Option(help: "Level of the intervals, between 0 and 1.") var level = 0.95
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(
        ReaderAnalyses.multiReader(
          Table(contentsOf: URL(fileURLWithPath: table)), columns.columns, figure: figure, covariance: covariance,
          level: level))
    }
  }

  struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Which published figures no data can give.",
      discussion: """
        The table has a row a model or reader group, with any of the columns name, positives, negatives, n, sensitivity, \
        specificity, accuracy, ppv, npv, auc (each with _lower and _upper), net_benefit, threshold, p, compared_with, source; \
        numbers as printed. p compares the row's AUC with that of the row named by compared_with. Rows of one name are the same \
        figures printed in two places.
        """)
    @Argument(help: "A CSV file.") var table: String
    @OptionGroup var output: StatsOutput

    func run() throws {
      try output.print(AuditAnalysis.audit(Table(contentsOf: URL(fileURLWithPath: table))))
    }
  }

  struct Conform: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Computes the cases of a conformance file.",
      discussion: "Their tables lie in data/ beside it. The results are {case: {quantity: value}}.")
    @Argument(help: "A JSON list of cases.") var cases: String
    @Option(help: "Where the results go.") var out: String
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable { let cases: Int, computed: Int, failed: [String], results: String }

    func run() throws {
      let file = URL(fileURLWithPath: cases)
      let result = URL(fileURLWithPath: out)
      try AtomicFile.requirePlace(for: result)
      var results: [String: [String: JSONValue]] = [:]
      var failed: [String] = []
      let list = try Conformance.cases(in: file)
      for given in list {
        do throws(AnalysisError) {
          results[given.case] = try Conformance.results(of: given, folder: file.deletingLastPathComponent())
        } catch {
          failed.append("\(given.case): \(error)")
        }
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.write([UInt8](encoder.encode(results)), to: result)
      try output.print(
        Summary(cases: list.count, computed: results.count, failed: failed, results: result.path),
        lines: ["\(results.count) of \(list.count) cases computed, in \(result.path)"] + failed)
      if !failed.isEmpty { throw BadInput("\(failed.count) of \(list.count) cases could not be computed") }
    }
  }
}
