import Figures
public import Foundation
import Tables

/// Writes what a run is judged by.
public enum Report {
  /// Evaluates and writes `figures/*.svg`, `metrics.json`, `table1.csv` (where images are known) and last
  /// `report.html` into `runFolder`, each beside its place and renamed. Errors: predictions that cannot be evaluated,
  /// before anything is written; a file that cannot be written.
  @discardableResult
  public static func write(_ input: ReportInput, to runFolder: URL) throws(EvaluationError) -> Metrics {
    let evaluations = try Evaluator.evaluations(of: input.predictions, patientsAreKnown: input.patientsAreKnown)
    let metrics = Evaluator.metrics(of: evaluations, predictions: input.predictions)
    let tableOne = input.images.isEmpty ? nil : TableOne(input.images, patientsAreKnown: input.patientsAreKnown)
    let figures = RunFigures(evaluations: evaluations, history: input.history)
    let page = Page(input: input, metrics: metrics, evaluations: evaluations, tableOne: tableOne, figures: figures)

    try makeFolder(runFolder.appendingPathComponent("figures"))
    for figure in figures.all {
      try write(figure.svg, to: runFolder.appendingPathComponent("figures/\(figure.name).svg"))
    }
    try write(metrics.json(), to: runFolder.appendingPathComponent("metrics.json"))
    if let tableOne { try write(tableOne.csv(), to: runFolder.appendingPathComponent("table1.csv")) }
    try write(page.html(), to: runFolder.appendingPathComponent("report.html"))
    return metrics
  }

  private static func makeFolder(_ folder: URL) throws(EvaluationError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .output(.cannotCreate(path: folder.path, reason: error.localizedDescription))
    }
  }

  private static func write(_ text: String, to file: URL) throws(EvaluationError) {
    do {
      try AtomicFile.write(text, to: file)
    } catch {
      throw .output(error)
    }
  }
}

extension Metrics {
  /// As written to `metrics.json`: keys sorted, so that two runs can be compared line by line.
  public func json() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Every number is finite by construction; the strategy keeps a future slip from becoming an empty file.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(self) else { return "{}\n" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
