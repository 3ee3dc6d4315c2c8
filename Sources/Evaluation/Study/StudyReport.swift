public import Foundation
import Wording

/// A report of predictions with whatever other tables the study has.
public enum StudyReport {
  /// Evaluates and writes the report into a folder of its own: `report.html`, `metrics.json`, `figures/`, `tables/`. Nothing
  /// stands there under its final name before all of it is made.
  /// Errors: predictions that cannot be evaluated; a folder that holds anything but an earlier report.
  @discardableResult
  public static func write(
    _ input: ReportInput, _ tables: StudyTables, to folder: URL
  ) throws(EvaluationError) -> Metrics {
    let place = try ReportFolder(folder)
    let metrics: Metrics
    do throws(EvaluationError) {
      metrics = try write(input, tables, into: place.staging)
    } catch {
      place.discard()
      throw error
    }
    try place.commit()
    return metrics
  }

  /// Writes the report among the other files of a run folder, each file whole.
  @discardableResult
  public static func write(
    _ input: ReportInput, _ tables: StudyTables, into runFolder: URL
  ) throws(EvaluationError) -> Metrics {
    let words = Wording(input.language)
    return try Report.write(input, to: runFolder, further: try sections(input, tables, words), words: words)
  }

  static func sections(
    _ input: ReportInput, _ tables: StudyTables, _ words: Wording
  ) throws(EvaluationError) -> [ReportSection] {
    let evaluations = try Evaluator.evaluations(of: input.predictions, patientsAreKnown: input.patientsAreKnown)
    return StudyContext(
      parts: StudyPart.all(evaluations), tables: tables, predictions: input.predictions,
      comparisons: ModelComparison.all(evaluations), patientsAreKnown: input.patientsAreKnown, words: words
    ).sections()
  }
}
