import Cohort
import Foundation
import NN
import Networks
import Protocols
import Torch

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
    let network = try study.fixedNetwork(compute.device)
    try asTrainingError { try network.parameters.load(checkpoint.network, source: file.path) }
    return Scorer(
      network: network,
      encoder: ClinicalEncoder(study.clinical, standards: checkpoint.progress.clinical ?? [:]),
      device: compute.device, precision: compute.precision, batchSize: study.training.batchSize,
      mirrored: study.input.mirrored)
  }

  /// Number of folds the run was divided into.
  static func count(_ run: RunFolder) throws(TrainingError) -> Int {
    let count = try asTrainingError { try SplitTable.read(run.splitFile) }.count
    guard count > 0 else { throw .run(folder: run.url.path, reason: "split.csv names no fold") }
    return count
  }
}
