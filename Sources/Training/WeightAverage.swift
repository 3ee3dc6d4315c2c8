import NN
import Networks
import Protocols
import Torch

/// An exponential moving average of a network's weights and running statistics (Polyak & Juditsky 1992; Tarvainen & Valpola
/// 2017), itself a network that can be judged. Few images make noisy weights; their average is steadier.
final class WeightAverage {
  let network: any Network
  private let averages: [Tensor]
  private let values: [Tensor]
  private let counters: [(Tensor, Tensor)]
  private let decay: Double

  /// - network: the network in training; the average starts as its copy.
  init(of network: any Network, _ study: StudyProtocol, _ compute: Compute) throws(TrainingError) {
    let copy = try study.fixedNetwork(compute.device)
    try asTrainingError { try copy.parameters.load(network.parameters.stateDictionary, source: "network") }
    var (averages, values, counters): ([Tensor], [Tensor], [(Tensor, Tensor)]) = ([], [], [])
    for name in network.parameters.names {
      guard let average = copy.parameters[name], let value = network.parameters[name] else { continue }
      if name.hasSuffix("num_batches_tracked") {
        counters.append((average, value))
      } else {
        averages.append(average)
        values.append(value)
      }
    }
    (self.network, self.averages, self.values, self.counters) = (copy, averages, values, counters)
    decay = study.training.averaging
  }

  /// - step: steps done so far; early on the average forgets faster, since its start is no better than any step.
  func update(step: Int) throws(TorchError) {
    try moveAverages(averages, towards: values, decay: min(decay, Double(step + 1) / Double(step + 10)))
  }

  /// Batch counts are not averaged but taken over.
  func finishEpoch() throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      for (average, value) in counters { try average.copy(from: value) }
    }
  }
}
