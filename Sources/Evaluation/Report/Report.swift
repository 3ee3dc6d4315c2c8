import Figures
public import Foundation
import Tables
import Wording

/// Writes what a run is judged by.
public enum Report {
  /// Evaluates and writes every figure as `figures/*.svg` and `*.pdf`, every table as `tables/*.csv` and `*.tex`,
  /// `metrics.json` and last `report.html` into `runFolder`, each beside its place and renamed. Errors: predictions that
  /// cannot be evaluated, before anything is written; a file that cannot be written.
  @discardableResult
  public static func write(_ input: ReportInput, to runFolder: URL) throws(EvaluationError) -> Metrics {
    try write(input, to: runFolder, words: Wording(input.language))
  }

  /// See ``write(_:to:)``.
  /// - further: sections of the study's other tables, in the same language; they follow the results.
  @discardableResult
  static func write(
    _ input: ReportInput, to runFolder: URL, further: [ReportSection] = [], words: Wording
  ) throws(EvaluationError) -> Metrics {
    let evaluations = try Evaluator.evaluations(of: input.predictions, patientsAreKnown: input.patientsAreKnown)
    let metrics = Evaluator.metrics(of: evaluations, predictions: input.predictions)
    let page = Page(
      input: input, metrics: metrics, evaluations: evaluations,
      tableOne: input.images.isEmpty ? nil : TableOne(input.images, patientsAreKnown: input.patientsAreKnown),
      figures: RunFigures(evaluations: evaluations, history: input.history, words: words), words: words)
    let own = page.sections(further: further)
    let sections =
      own + Checklists.sections(input: input, metrics: metrics, sectionIDs: Set(own.map(\.id)), words: words)
    let html = page.html(sections)

    try ReportFiles.write(sections, to: runFolder)
    try ReportFiles.write(metrics.json(), to: runFolder.appendingPathComponent("metrics.json"))
    try ReportFiles.write(html, to: runFolder.appendingPathComponent("report.html"))
    return metrics
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
