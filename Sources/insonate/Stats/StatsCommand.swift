public import Analyses
public import ArgumentParser
import Foundation
import Tables

struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "The statistics of a diagnostic study over a CSV table.",
    subcommands: [
      ROC.self, Compare.self, Threshold.self, Clusters.self, Calibration.self, DecisionCurve.self, Logistic.self,
      Nomogram.self, Agreement.self, MRMC.self, Study.self, Power.self, Audit.self, Conform.self,
      Strata.self, Selective.self, Table1.self,
    ])
}

/// Where results go: text, JSON, or tables for a paper.
struct StatsOutput: ParsableArguments {
  @OptionGroup var output: OutputOptions
  @Option(help: "Also write each table here as CSV and LaTeX.") var tables: String?

  func print(_ result: AnalysisResult) throws {
    if let tables { try write(result.tables, to: URL(fileURLWithPath: tables)) }
    try output.print(result, lines: result.lines)
  }

  private func write(_ tables: [ResultTable], to folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError.cannotCreate(path: folder.path, reason: error.localizedDescription)
    }
    for (index, table) in tables.enumerated() {
      let name = String(format: "table-%02d", index + 1)
      try Table(columns: table.uniqueColumns, rows: table.rows, source: name)
        .write(to: folder.appending(path: name + ".csv"))
      try AtomicFile.write(Array(table.latex.utf8), to: folder.appending(path: name + ".tex"))
    }
  }
}

extension ResultTable {
  /// Column names a CSV file can have: none empty, none twice.
  fileprivate var uniqueColumns: [String] {
    var used: Set<String> = []
    return columns.map { column in
      let plain = column.isEmpty ? "row" : column
      var name = plain
      var number = 2
      while !used.insert(name).inserted {
        name = "\(plain) \(number)"
        number += 1
      }
      return name
    }
  }
}

/// A table of scores, as predictions.csv.
struct ScoreOptions: ParsableArguments {
  @Argument(help: "A CSV file.") var table: String
  @Option(help: "Column of the truth: 0 or 1, benign or malignant.") var label = "label"
  @Option(help: "Word of the positive class in that column.") var positive: String?
  @Option(help: "Column of the lesions.") var lesion = "lesion"
  @Option(help: "Column of the patients.") var patient = "patient"
  @Option(help: "Column of the sites.") var site = "site"
  @Option(help: "Column of the images, of which none may come twice within a model, split and fold.")
  var image = "image"
  @Option(help: "Rows of the statistic: image, lesion or patient. Without a column of lesions each row is one.")
  var unit = ScoredRows.Unit.lesion
  @Option(help: "Level of the intervals, between 0 and 1.") var level = 0.95
  @Option(
    help:
      "Only rows whose column has this value: COLUMN=VALUE. May be repeated. Rows of several models, splits or folds are otherwise taken together."
  ) var only: [String] = []

  func validate() throws {
    if !(level > 0 && level < 1) { throw ValidationError("--level: expected a number between 0 and 1, found \(level)") }
  }

  func read() throws -> Table {
    var table = try Table(contentsOf: URL(fileURLWithPath: table))
    // A table may lack the columns of these default names; one that was named must be there.
    for (name, usual) in [(lesion, "lesion"), (patient, "patient"), (site, "site"), (image, "image")]
    where name != usual {
      _ = try table.column(name)
    }
    for condition in only {
      guard let equals = condition.firstIndex(of: "=") else {
        throw ValidationError("--only: expected COLUMN=VALUE, found \(condition)")
      }
      let value = String(condition[condition.index(after: equals)...])
      let cells = try table.column(String(condition[..<equals]))
      table = table.keeping(rows: cells.indices.filter { cells[$0] == value })
    }
    return table
  }

  func columns(score: String) -> ScoredRows.Columns {
    var columns = ScoredRows.Columns()
    (columns.label, columns.score, columns.positive) = (label, score, positive)
    (columns.lesion, columns.patient, columns.site, columns.image) = (lesion, patient, site, image)
    return columns
  }
}

extension ScoredRows.Unit: ExpressibleByArgument {}
extension ReaderAnalyses.Scale: ExpressibleByArgument {}
