import Foundation
import NN
import Torch

/// A fold's state after an epoch: what is needed to go on as if nothing had happened.
///
/// Kept as one safetensors file: `network.*`, `optimiser.*` and `average.*` tensors, the rest as metadata.
struct Checkpoint {
  struct Progress: Codable, Equatable {
    var protocolHash: String
    var fold: Int
    /// Epochs finished.
    var epochs: Int
    var chosen: Chosen?
    var history: [EpochRecord]
    var precision: String
    var threads: Int
    /// What the clinical record's numbers are standardised by; nil where the network is given none.
    var clinical: [String: ClinicalEncoder.Standard]?
  }

  /// The epoch whose weights are the fold's network so far.
  struct Chosen: Codable, Equatable {
    var epoch: Int
    var loss: Double
    var auc: Double
  }

  let progress: Progress
  let network: [String: Tensor]
  let optimiser: [String: Tensor]
  /// The averaged weights; empty where the protocol averages none.
  let average: [String: Tensor]

  func write(to file: URL) throws(TrainingError) {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in network { tensors["network." + name] = tensor }
    for (name, tensor) in optimiser { tensors["optimiser." + name] = tensor }
    for (name, tensor) in average { tensors["average." + name] = tensor }
    let metadata = try Self.metadata(progress)
    try asTrainingError { try SafeTensors(tensors: tensors, metadata: metadata).write(to: file) }
  }

  private static func metadata(_ progress: Progress) throws(TrainingError) -> [String: String] {
    try asTrainingError {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return ["insonate.checkpoint": String(decoding: try encoder.encode(progress), as: UTF8.self)]
    }
  }

  /// Throws if the file is cut, or of another protocol or fold.
  init(contentsOf file: URL, protocolHash: String, fold: Int) throws(TrainingError) {
    let read = try asTrainingError { try SafeTensors(contentsOf: file) }
    guard let text = read.metadata["insonate.checkpoint"],
      let progress = try? JSONDecoder().decode(Progress.self, from: Data(text.utf8))
    else { throw .checkpoint(file: file.path, reason: "is no checkpoint of Insonate") }
    guard progress.protocolHash == protocolHash else {
      throw .checkpoint(file: file.path, reason: "was made by another protocol (\(progress.protocolHash.prefix(12)))")
    }
    guard progress.fold == fold else {
      throw .checkpoint(file: file.path, reason: "is of fold \(progress.fold + 1), expected fold \(fold + 1)")
    }
    self.progress = progress
    network = Self.part("network.", of: read.tensors)
    optimiser = Self.part("optimiser.", of: read.tensors)
    average = Self.part("average.", of: read.tensors)
  }

  init(
    progress: Progress, network: [String: Tensor], optimiser: [String: Tensor] = [:], average: [String: Tensor] = [:]
  ) {
    (self.progress, self.network, self.optimiser, self.average) = (progress, network, optimiser, average)
  }

  private static func part(_ prefix: String, of tensors: [String: Tensor]) -> [String: Tensor] {
    var part: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix) { part[String(name.dropFirst(prefix.count))] = tensor }
    return part
  }
}
