import Foundation
import NN
import Networks
import Torch

/// Trains a network on one batch, as a run does: an objective, AdamW, and random numbers keyed by the step.
struct TinyTraining {
  let network: any Network
  let optimiser: AdamW
  let objective: Objective
  let learningRate: Double
  private(set) var losses: [Double] = []

  init(_ network: any Network, _ objective: Objective, learningRate: Double = 1e-3) throws {
    (self.network, self.objective, self.learningRate) = (network, objective, learningRate)
    optimiser = try AdamW(network.parameters.trained)
  }

  mutating func run(_ steps: Range<Int>, _ inputs: [String: Tensor], _ targets: Targets) throws {
    for step in steps {
      for parameter in network.parameters.trained { try parameter.tensor.clearGradient() }
      let pass = Pass.training(try Generator(seed: Generator.seed(7, step)))
      let total = try objective(network(inputs, pass), targets).total
      losses.append(try total.item())
      try total.backward()
      try optimiser.step(learningRate: learningRate)
    }
  }

  /// Weights and the optimiser's state, through a file and back into this training.
  func restore(from other: TinyTraining) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (weights, state) = (folder.appending(path: "w.safetensors"), folder.appending(path: "o.safetensors"))
    try SafeTensors(tensors: other.network.parameters.stateDictionary).write(to: weights)
    try SafeTensors(tensors: other.optimiser.state).write(to: state)
    try network.parameters.load(loadWeights(weights), source: "weights")
    try optimiser.restore(loadWeights(state))
  }

  var weights: [String: [UInt8]] {
    get throws { try network.parameters.stateDictionary.mapValues { try $0.bytes() } }
  }
}

/// Area under the ROC curve by counting pairs.
func areaUnderCurve(_ scores: [Double], _ labels: [Int]) -> Double {
  let positives = zip(scores, labels).filter { $0.1 == 1 }.map(\.0)
  let negatives = zip(scores, labels).filter { $0.1 == 0 }.map(\.0)
  let won = positives.map { score in
    negatives.reduce(0.0) { $0 + (score > $1 ? 1 : score == $1 ? 0.5 : 0) }
  }.reduce(0, +)
  return won / Double(positives.count * negatives.count)
}
