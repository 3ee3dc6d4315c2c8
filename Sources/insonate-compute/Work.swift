import Foundation
import NN
import Networks
import Torch

/// A training step on one batch that stays the same: what a step of a fold's training does, without reading images.
final class TrainingStep {
  private let options: WorkOptions
  private let device: Device
  private let network: any BackboneNetwork
  private let trained: [NamedTensor]
  private let optimiser: AdamW
  private let images: Tensor
  private let labels: [Int]
  private var steps = 0

  init(_ options: WorkOptions) throws(TorchError) {
    self.options = options
    device = try options.preparedDevice()
    network = try options.network.network(classes: 1, .init(device: device, seed: options.seed))
    trained = network.parameters.trained
    optimiser = try AdamW(trained)
    images = try options.images(on: device)
    labels = (0..<options.batch).map { $0 % 2 }
  }

  func callAsFunction() throws(TorchError) {
    let generator = try Generator(seed: Generator.seed(options.seed, steps, 2))
    for parameter in trained { try parameter.tensor.clearGradient() }
    let logits = try options.autocast(on: device) { () throws(TorchError) in
      try network(images, .training(generator, checkpointing: options.checkpointing))
    }
    let loss = try Loss.binaryCrossEntropy(positiveWeight: 1)(logits, labels: labels)
    let value = try loss.item()
    guard value.isFinite else { throw .argument("step \(steps): the loss is not finite") }
    try loss.backward()
    try optimiser.step(learningRate: 1e-3)
    steps += 1
  }
}

/// A forward pass in evaluation mode over one batch, to the logits in memory.
final class InferencePass {
  private let options: WorkOptions
  private let device: Device
  private let network: any BackboneNetwork
  private let images: Tensor

  init(_ options: WorkOptions) throws(TorchError) {
    self.options = options
    device = try options.preparedDevice()
    network = try options.network.network(classes: 1, .init(device: device, trainable: false, seed: options.seed))
    images = try options.images(on: device)
  }

  func callAsFunction() throws(TorchError) {
    let logits = try withInference { () throws(TorchError) in
      let logits = try options.autocast(on: device) { () throws(TorchError) in try network(images, .evaluation) }
      return try logits.to(.float32).scalars(Float.self)
    }
    guard logits.allSatisfy(\.isFinite) else { throw .argument("forward pass: a logit is not finite") }
  }
}
