public import Cohort
import Foundation
import Protocols
import Ultrasound

/// Scores a cohort with the mean of a run's fold networks.
public enum Ensemble {
  public struct Outcome: Sendable {
    public let rows: [Prediction]
    /// Number of networks averaged.
    public let networks: Int
    /// Samples the networks were trained on, found by the cohort's hash: their scores say nothing of unseen patients.
    public let seenInTraining: Int
  }

  /// One row a sample: the mean probability over the fold networks, in column `score`; each network's own beside it in
  /// `score_fold_N`. A sample may lack some of a network's several inputs: see the columns `has_<input>`.
  public static func predict(
    run: RunFolder, cohort: Catalogue, report: @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> Outcome {
    let study = try run.studyProtocol()
    let provenance = try run.provenance()
    guard provenance.finished != nil else {
      throw .run(folder: run.url.path, reason: "its training is not finished; go on with --resume")
    }
    let compute = try Compute(study.training)
    let source = try SampleSource(
      try study.selectedImages(cohort, labelled: false), study, inputs: try study.inputs(), forTraining: false)
    // A network that is missing is an error, not a smaller mean.
    let count = try FoldScorers.count(run)
    let seen = try asTrainingError { try cohort.contentHash() } == provenance.cohortHash

    var scores = source.samples.map { _ in [SampleScore]() }
    for fold in 0..<count {
      let scorer = try FoldScorers.scorer(study, run, fold: fold, compute)
      for (place, score) in try scorer.scores(Array(source.samples.indices), from: source).enumerated() {
        scores[place].append(score)
      }
      report(.scored(fold: fold, of: count))
    }
    let rows = source.samples.indices.map { sample in
      let split = seen ? .train : source.record(sample).split ?? .externalTest
      return Prediction(source, sample, model: study.model, split: split, fold: 0, scores[sample])
    }
    return Outcome(rows: rows, networks: count, seenInTraining: seen ? rows.count : 0)
  }
}
