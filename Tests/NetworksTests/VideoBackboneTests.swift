import Foundation
import NN
import Networks
import Testing
import Torch

/// What Tools/golden/video_networks.py wrote, by network.
private struct VideoGolden: Decodable {
  struct Network: Decodable {
    let shape: [Int]
    let parameters: Int
    let names: Int
    let logits: [Double]
    let largest: Double
    let inputGradientNorm: Double
    let firstGradientNorm: Double

    enum CodingKeys: String, CodingKey {
      case shape, parameters, names, logits, largest
      case inputGradientNorm = "input_gradient_norm"
      case firstGradientNorm = "first_gradient_norm"
    }
  }
  let networks: [String: Network]

  static func load() throws -> VideoGolden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/video-networks.json")
    return try JSONDecoder().decode(VideoGolden.self, from: Data(contentsOf: file))
  }
}

/// One battery over the backbones of clips.
@Suite(.serialized) struct VideoBackboneTests {
  private static let networks: [Backbone] = [.r3d18, .mc318, .r2plus1d18, .s3d]

  @Test(arguments: networks)
  func equalsTheReference(backbone: Backbone) throws {
    let golden = try #require(try VideoGolden.load().networks[backbone.rawValue])
    let network = try backbone.network(classes: 400, .init(seed: nil))
    let parameters = network.parameters
    #expect(try parameters.count() == golden.parameters)
    #expect(parameters.names.filter { !$0.hasSuffix("num_batches_tracked") }.count == golden.names)
    try FormulaWeights.fill(parameters)
    let x = try Tensor(FormulaWeights.unit("input", golden.shape.reduce(1, *)) { $0 * 4 - 2 }, shape: golden.shape)
    try x.setRequiresGradient(true)
    let logits = try network(x, .evaluation)
    let values = try logits.scalars(Float.self).enumerated().filter { $0.offset % 20 == 0 }.map { Double($0.element) }
    #expect(values.count == golden.logits.count)
    for (found, expected) in zip(values, golden.logits) {
      #expect(abs(found - expected) < 1e-4 * golden.largest, "\(found), expected \(expected)")
    }
    let labels = Array([3, 300].prefix(golden.shape[0]))
    try Loss.crossEntropy(smoothing: 0)(logits, labels: labels).backward()
    let inputNorm = try #require(try x.gradient).power(2).sum().sqrt().item()
    #expect(abs(inputNorm - golden.inputGradientNorm) < 1e-3 * golden.inputGradientNorm)
    let first = try #require(try parameters.trained.first?.tensor.gradient)
    let firstNorm = try first.power(2).sum().sqrt().item()
    #expect(abs(firstNorm - golden.firstGradientNorm) < 1e-3 * golden.firstGradientNorm)
  }

  @Test(arguments: networks)
  func trainsOverATinyTask(backbone: Backbone) throws {
    let network = try backbone.network(classes: 1, .init(seed: 1))
    let trained = network.parameters.trained
    let generator = try Generator(seed: 2)
    // A bright and a dark clip of noise.
    let (size, frames) = (max(backbone.smallest.size, 32), max(backbone.smallest.frames, 8))
    let shape = [1, 3, frames, size, size]
    let x = try Tensor.concatenated([generator.normal(shape) + 1, generator.normal(shape) - 1])
    let optimiser = try AdamW(trained)
    var losses: [Double] = []
    for _ in 0..<(backbone == .s3d ? 2 : 3) {
      let logits = try network(x, .training(generator))
      let loss = try Loss.binaryCrossEntropy(positiveWeight: 1)(logits, labels: [1, 0])
      losses.append(try loss.item())
      for parameter in trained { try parameter.tensor.clearGradient() }
      try loss.backward()
      try optimiser.step(learningRate: 1e-3)
    }
    let allFinite = losses.allSatisfy { $0.isFinite }
    #expect(allFinite)
    #expect(try #require(losses.last) < losses[0], "\(losses)")
    for parameter in trained { #expect(try parameter.tensor.gradient != nil, "\(parameter.name)") }
  }

  @Test(arguments: [Backbone.r3d18, .r2plus1d18])
  func checkpointingChangesNothing(backbone: Backbone) throws {
    func state(checkpointing: Bool) throws -> (loss: Double, values: [String: [Float]]) {
      let network = try backbone.network(classes: 1, .init(seed: 1))
      let generator = try Generator(seed: 2)
      let x = try generator.normal([2, 3, 8, 32, 32])
      let logits = try network(x, .training(generator, checkpointing: checkpointing))
      let loss = try Loss.binaryCrossEntropy(positiveWeight: 1)(logits, labels: [1, 0])
      try loss.backward()
      var values: [String: [Float]] = [:]
      for name in network.parameters.names {
        let tensor = try #require(network.parameters[name])
        values[name] = try (tensor.gradient ?? tensor).to(.float32).scalars()
      }
      return (try loss.item(), values)
    }
    let (plain, again) = (try state(checkpointing: false), try state(checkpointing: true))
    #expect(plain.loss == again.loss)
    let different = plain.values.keys.filter { plain.values[$0] != again.values[$0] }
    #expect(different.isEmpty, "\(different)")
  }

  @Test(arguments: networks)
  func refusesOtherInputs(backbone: Backbone) throws {
    let network = try backbone.network(classes: 2, .init(trainable: false, seed: nil))
    func refusal(_ shape: [Int]) throws -> String {
      let error = #expect(throws: TorchError.self) { _ = try network(Tensor.zeros(shape), .evaluation) }
      return try #require(error).description
    }
    let (size, frames) = backbone.smallest
    let form = "expected [N, 3, frames, rows, columns], found "
    #expect(try refusal([1, 1, frames, size, size]).contains(form + "[1, 1, \(frames), \(size), \(size)]"))
    #expect(try refusal([1, 3, size, size]).contains(form + "[1, 3, \(size), \(size)]"))
    let short = try refusal([1, 3, frames - 1, size, size])
    #expect(short.contains("at least \(frames) frames, found \(frames - 1)"), "\(short)")
    let small = try refusal([1, 3, frames, size, size - 1])
    #expect(small.contains("at least \(size) x \(size) pixels, found \(size) x \(size - 1)"), "\(small)")
  }

  @Test(arguments: networks)
  func takesTheSmallestClipAndStacksOfChannels(backbone: Backbone) throws {
    let parameters = try Parameters(.init(trainable: false, seed: 1))
    let network = try backbone.network(classes: nil, channels: 6, at: parameters.root / "part")
    let input = try #require(network.inputs.first)
    #expect(input.shape == [6, 16, backbone.inputSize, backbone.inputSize] && input.content == .clip)
    let (size, frames) = backbone.smallest
    let map = try network.features(Tensor.zeros([1, 6, frames, size, size]), .evaluation)
    #expect(try map.shape.count == 5)
    #expect(try map.shape[1] == network.featureChannels)
    let error = #expect(throws: TorchError.self) { _ = try network.classify(map, .evaluation) }
    #expect(error?.description == "\(backbone.rawValue): was made without a classifier")
  }

  @Test(arguments: networks)
  func refusesOtherWeights(backbone: Backbone) throws {
    let network = try backbone.network(classes: 2, .init(trainable: false, seed: nil))
    let other = try backbone.network(classes: 3, .init(trainable: false, seed: 1)).parameters.stateDictionary
    func refusal(_ weights: [String: Tensor]) throws -> String {
      let error = #expect(throws: TorchError.self) { try network.parameters.load(weights, source: "other") }
      return try #require(error).description
    }
    #expect(try refusal(other).contains("bias [3], expected [2]"))
    try network.parameters.load(other, source: "other") { $0.hasPrefix(backbone.classifierPrefix) }
    let rival = try (backbone == .r3d18 ? Backbone.mc318 : .r3d18).network(classes: 2, .init(seed: nil))
    #expect(try refusal(rival.parameters.stateDictionary).contains("weights do not fit the network"))
    #expect(throws: TorchError.self) { _ = try backbone.network(classes: 0, .init()) }
  }

  @Test func initialWeightsAreDistributedAsTheReferences() throws {
    func deviation(_ backbone: Backbone, _ name: String) throws -> Double {
      let network = try backbone.network(classes: 400, .init(trainable: false, seed: 3))
      return try #require(network.parameters[name]).power(2).mean().sqrt().item()
    }
    #expect(abs(try deviation(.r2plus1d18, "fc.weight") / 0.01 - 1) < 0.02)
    #expect(try deviation(.r2plus1d18, "fc.bias") == 0)
    // Normal with variance 2 / fan-out.
    let he = (2.0 / Double(64 * 3 * 3 * 3)).squareRoot()
    #expect(abs(try deviation(.mc318, "layer1.0.conv1.0.weight") / he - 1) < 0.02)
    // Uniform within 1 / sqrt(fan-in).
    let uniform = 1 / (3 * 192.0 * 3).squareRoot()
    #expect(abs(try deviation(.s3d, "features.3.1.0.weight") / uniform - 1) < 0.02)
    #expect(abs(try deviation(.s3d, "classifier.1.bias") / (1 / (3 * 1024.0).squareRoot()) - 1) < 0.1)
  }
}
