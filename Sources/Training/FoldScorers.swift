public import Cohort
import Foundation
import NN
import Networks
import Protocols
import Torch
import Ultrasound

/// The trained networks of a run.
enum FoldScorers {
  /// The scorer of one fold's chosen network.
  static func scorer(_ study: StudyProtocol, _ run: RunFolder, fold: Int, _ compute: Compute) throws(TrainingError)
    -> Scorer
  {
    let file = run.chosenCheckpoint(fold)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw .run(folder: run.url.path, reason: "fold \(fold + 1) is not trained yet (no \(file.lastPathComponent))")
    }
    let hash = try asTrainingError { try study.hash() }
    let checkpoint = try Checkpoint(contentsOf: file, protocolHash: hash, fold: fold)
    let backbone = try study.backbone()
    return try asTrainingError {
      let options = Parameters.Options(device: compute.device, trainable: false, seed: nil)
      let network = try backbone.network(classes: 1, options)
      try network.parameters.load(checkpoint.network, source: file.path)
      return Scorer(
        network: network, device: compute.device, precision: compute.precision, batchSize: study.training.batchSize,
        mirrored: study.input.mirrored)
    }
  }

  /// Number of folds the run was divided into.
  static func count(_ run: RunFolder) throws(TrainingError) -> Int {
    let count = try asTrainingError { try SplitTable.read(run.splitFile) }.count
    guard count > 0 else { throw .run(folder: run.url.path, reason: "split.csv names no fold") }
    return count
  }
}

/// Scores a cohort with the mean of a run's fold networks.
public enum Ensemble {
  public struct Outcome: Sendable {
    public let rows: [Prediction]
    /// Number of networks averaged.
    public let networks: Int
    /// Images the networks were trained on, found by the cohort's hash: their scores say nothing of unseen patients.
    public let seenInTraining: Int
  }

  /// One row an image: the mean probability over the fold networks, in column `score`; each network's own beside it in
  /// `score_fold_N`.
  public static func predict(
    run: RunFolder, cohort: Catalogue, report: @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> Outcome {
    let study = try run.studyProtocol()
    let provenance = try run.provenance()
    guard provenance.finished != nil else {
      throw .run(folder: run.url.path, reason: "its training is not finished; go on with --resume")
    }
    let compute = try Compute(study.training)
    let all = try asTrainingError { try cohort.images() }
    let wanted = study.cohort.modalities
    let images = wanted.isEmpty ? all : all.filter { wanted.contains($0.modality) }
    guard !images.isEmpty else { throw .cohort("\(cohort.folder.path): no images of the run's modalities") }
    let source = try RegionSource(images, study.input)
    // A network that is missing is an error, not a smaller mean.
    let count = try FoldScorers.count(run)
    let seen = try asTrainingError { try cohort.contentHash() } == provenance.cohortHash

    var probabilities = images.map { _ in [Double]() }
    for fold in 0..<count {
      let scorer = try FoldScorers.scorer(study, run, fold: fold, compute)
      let logits = try scorer.logits(Array(images.indices), from: source, size: study.input.size)
      for (index, logit) in logits.enumerated() { probabilities[index].append(1 / (1 + exp(-Double(logit)))) }
      report(.scored(fold: fold, of: count))
    }
    let rows = zip(images, probabilities).map { image, scores in
      var row = Prediction(
        image, model: study.model, split: seen ? .train : image.split ?? .externalTest, fold: 0, logit: 0)
      row.score = scores.reduce(0, +) / Double(scores.count)
      for (fold, score) in scores.enumerated() { row.extra["score_fold_\(fold + 1)"] = String(score) }
      return row
    }
    return Outcome(rows: rows, networks: count, seenInTraining: seen ? images.count : 0)
  }
}
