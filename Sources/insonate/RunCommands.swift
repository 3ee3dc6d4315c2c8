public import ArgumentParser
import Cohort
import Evaluation
import Explanation
import Foundation
import Protocols
import Tables
import Training
public import Wording

struct TrainingOptions: ParsableArguments {
  @Argument(help: "The protocol file.") var studyProtocol: String
  @Option(help: "The cohort.") var cohort: String
  @Option(help: "The run folder.") var out: String
  @Option(name: .customLong("set"), help: ArgumentHelp("Override a protocol value.", valueName: "key=value"))
  var overrides: [String] = []
  @Flag(help: "Go on with a run that was stopped.") var resume = false

  /// Trains and scores; leaves predictions.csv.
  func train() throws -> RunFolder {
    let study = try StudyProtocol(contentsOf: URL(fileURLWithPath: studyProtocol), overrides: overrides)
    let catalogue = try Catalogue.open(URL(fileURLWithPath: cohort))
    let folder = RunFolder(URL(fileURLWithPath: out))
    let progress = RunProgress(epochs: study.training.epochs)
    try TrainingRun(study, cohort: catalogue, folder: folder) { event in
      // The folder is there from the first event on.
      if case .note = event { progress.openLog(folder.logFile) }
      progress(event)
    }.execute(resuming: resume)
    return folder
  }
}

struct ReportOptions: ParsableArguments {
  @Option(help: "Language of the report: en or zh.") var language = Language.english
}

extension Language: ExpressibleByArgument {}

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "The main job: trains, validates, explains and reports, from a protocol and a cohort."
  )

  @OptionGroup var options: TrainingOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let folder = try options.train()
    let cohort = URL(fileURLWithPath: options.cohort)
    if let obstacle = try Explainer.obstacle(folder.studyProtocol()) {
      Output.error("note: " + obstacle)
    } else {
      let progress = ItemProgress(what: "explained images")
      _ = try Explainer.explain(run: folder, cohort: Catalogue.open(cohort)) { progress($0, $1) }
    }
    let result = try RunReport(folder, cohort: cohort).write(in: report.language)
    try output.print(result, lines: result.lines)
  }
}

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains every fold and scores the cohort; no report.")

  @OptionGroup var options: TrainingOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let folder = try options.train()
    try output.print(
      ["run": folder.url.path, "predictions": folder.predictionsFile.path], lines: [folder.predictionsFile.path])
  }
}

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Scores a cohort with the mean of a run's networks.")

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run")) var runFolder: String
  @Option(help: "The cohort to score.") var cohort: String
  @Option(help: "The table to write.") var out: String
  @OptionGroup var output: OutputOptions

  private struct Summary: Encodable {
    let out: String, images: Int, networks: Int, seenInTraining: Int, unlabelled: Int
  }

  func run() throws {
    let catalogue = try Catalogue.open(URL(fileURLWithPath: cohort))
    let file = URL(fileURLWithPath: out)
    try AtomicFile.requirePlace(for: file)
    let outcome = try Ensemble.predict(run: RunFolder(URL(fileURLWithPath: runFolder)), cohort: catalogue)
    let combined = try CombinedEnsemble.predict(
      run: RunFolder(URL(fileURLWithPath: runFolder)), cohort: catalogue, networks: outcome.rows)
    try PredictionTable.write(outcome.rows + (combined?.rows ?? []), to: file)
    if let note = combined?.note { Output.error("note: \(note)") }
    if outcome.seenInTraining > 0 {
      Output.error("note: these images trained the networks; their scores say nothing of unseen patients")
    }
    let unlabelled = outcome.rows.count { $0.label == nil }
    if unlabelled > 0 { Output.error("note: \(unlabelled) images have no label; their cells are empty in the table") }
    let summary = Summary(
      out: file.path, images: outcome.rows.count, networks: outcome.networks, seenInTraining: outcome.seenInTraining,
      unlabelled: unlabelled)
    try output.print(summary, lines: ["\(summary.images) images scored by \(summary.networks) networks: \(file.path)"])
  }
}
