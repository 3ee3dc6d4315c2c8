import Analyses
import ArgumentParser
import Cohort
import Evaluation
import Foundation
import Tables
import Training

/// The further tables of a study, and what its regression and strata take.
struct StudyOptions: ParsableArguments {
  @Option(help: "Clinical variables: patient[, lesion] and a column each.") var clinical: String?
  @Option(help: "Enrolment log: patient[, lesion], included, reason[, stage][, date]; or stage, reason, count.")
  var enrolment: String?
  @Option(help: "Readings: reader, arm, lesion (or image, case), label, confidence, call[, experience].")
  var readings: String?
  @Option(help: "Other modalities as published: name, tp, fp, tn, fn; or name and rates.") var comparators: String?
  @Option(
    help: ArgumentHelp(
      "Variables of the regression and nomogram beside the score: age, sex:REFERENCE, age~spline, ...",
      valueName: "v1,v2"))
  var variables: String?
  @Option(
    help: ArgumentHelp("A variable to divide by, such as site or size_mm:20,50. May be repeated.", valueName: "v"))
  var strata: [String] = []

  /// - images: of the run's cohort; its enrolment log serves where no other is named.
  func tables(
    of predictions: [Prediction], images: [ImageRecord] = [], cohortEnrolment: Table? = nil
  ) throws -> StudyTables {
    func file(_ path: String?) -> URL? { path.map { URL(fileURLWithPath: $0) } }
    return try StudyTables(
      StudyFiles(
        clinical: file(clinical), enrolment: file(enrolment), readings: file(readings), comparators: file(comparators)),
      regression: variables.map { try ModelAnalyses.Variable.list($0) } ?? [],
      strata: strata.map { try StratumChoice($0) }, predictions: predictions, images: images,
      cohortEnrolment: cohortEnrolment)
  }
}

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Makes metrics, figures and the report of a trained run anew, or of any table of predictions.")

  @Argument(help: ArgumentHelp("The run folder, or a table with label and score.", valueName: "run|predictions.csv"))
  var source: String
  @Option(help: "Of a table: the folder for its report; empty, absent, or of an earlier report.") var out: String?
  @Option(help: "Of a run: the cohort, if it has moved.") var cohort: String?
  @Option(help: "Title of the report.") var title: String?
  @OptionGroup var study: StudyOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var output: OutputOptions

  private var place: URL { URL(fileURLWithPath: source) }
  private var isFolder: Bool {
    (try? place.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
  }

  func validate() throws {
    if isFolder, out != nil {
      throw ValidationError("--out goes with a table of predictions; the report of a run stays in its folder")
    }
    if !isFolder, place.pathExtension.lowercased() == "csv", out == nil {
      throw ValidationError("--out: expected a folder for the report of \(source)")
    }
  }

  func run() throws {
    let result: RunReport.Outcome
    if let out {
      let predictions = try PredictionTable.read(place)
      let input = ReportInput(
        title: title ?? place.deletingPathExtension().lastPathComponent, predictions: predictions,
        language: report.language)
      let folder = URL(fileURLWithPath: out)
      let metrics = try StudyReport.write(input, study.tables(of: predictions), to: folder)
      result = RunReport.Outcome(
        run: source, report: folder.appendingPathComponent("report.html").path, metrics: metrics,
        headline: RunReport.headline(metrics))
    } else {
      let folder = RunFolder(place)
      let cohort = try cohort ?? folder.provenance().cohort
      result = try RunReport(folder, cohort: URL(fileURLWithPath: cohort))
        .write(in: report.language, title: title) { try study.tables(of: $0, images: $1, cohortEnrolment: $2) }
    }
    try output.print(result, lines: result.lines)
  }
}
