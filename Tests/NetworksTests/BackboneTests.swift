import Foundation
import NN
import Networks
import Testing
import Torch

/// What Tools/golden/networks.py wrote, by network.
private struct Golden: Decodable {
  struct Network: Decodable {
    let parameters: Int
    let names: Int
    let logits: [Double]
    let largest: Double
    let inputGradientNorm: Double
    let firstGradientNorm: Double

    enum CodingKeys: String, CodingKey {
      case parameters, names, logits, largest
      case inputGradientNorm = "input_gradient_norm"
      case firstGradientNorm = "first_gradient_norm"
    }
  }
  let networks: [String: Network]

  static func load() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/networks.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// One battery over all backbones of stills; VideoBackboneTests has that of clips.
@Suite(.serialized) struct BackboneTests {
  private static let stills = Backbone.allCases.filter { !$0.isVideo }

  @Test(arguments: stills)
  func equalsTheReference(backbone: Backbone) throws {
    let golden = try #require(try Golden.load().networks[backbone.rawValue])
    let network = try backbone.network(classes: 1000, .init(seed: nil))
    let parameters = network.parameters
    #expect(try parameters.count() == golden.parameters)
    #expect(parameters.names.filter { !$0.hasSuffix("num_batches_tracked") }.count == golden.names)
    try FormulaWeights.fill(parameters)
    let x = try Tensor(FormulaWeights.unit("input", 2 * 3 * 64 * 64) { $0 * 4 - 2 }, shape: [2, 3, 64, 64])
    try x.setRequiresGradient(true)
    let logits = try network(x, .evaluation)
    let values = try logits.scalars(Float.self).enumerated().filter { $0.offset % 1000 % 50 == 0 }.map {
      Double($0.element)
    }
    #expect(values.count == golden.logits.count)
    for (found, expected) in zip(values, golden.logits) {
      #expect(abs(found - expected) < 1e-4 * golden.largest, "\(found), expected \(expected)")
    }
    try Loss.crossEntropy(smoothing: 0)(logits, labels: [3, 700]).backward()
    let inputNorm = try #require(try x.gradient).power(2).sum().sqrt().item()
    #expect(abs(inputNorm - golden.inputGradientNorm) < 1e-3 * golden.inputGradientNorm)
    let first = try #require(try parameters.trained.first?.tensor.gradient)
    let firstNorm = try first.power(2).sum().sqrt().item()
    #expect(abs(firstNorm - golden.firstGradientNorm) < 1e-3 * golden.firstGradientNorm)
  }

  @Test(arguments: stills)
  func trainsOverATinyTask(backbone: Backbone) throws {
    let network = try backbone.network(classes: 1, .init(seed: 1))
    let generator = try Generator(seed: 2)
    // Bright and dark noise.
    let x = try Tensor.concatenated([generator.normal([2, 3, 64, 64]) + 1, generator.normal([2, 3, 64, 64]) - 1])
    let labels = [1, 1, 0, 0]
    let optimiser = try AdamW(network.parameters.trained)
    var losses: [Double] = []
    for _ in 0..<6 {
      let loss = try Loss.binaryCrossEntropy(positiveWeight: 1)(network(x, .training(generator)), labels: labels)
      losses.append(try loss.item())
      for parameter in network.parameters.trained { try parameter.tensor.clearGradient() }
      try loss.backward()
      try optimiser.step(learningRate: 1e-3)
    }
    let allFinite = losses.allSatisfy { $0.isFinite }
    #expect(allFinite)
    #expect(try #require(losses.last) < losses[0], "\(losses)")
    for parameter in network.parameters.trained { #expect(try parameter.tensor.gradient != nil, "\(parameter.name)") }
  }

  @Test(arguments: stills)
  func refusesOtherInputsAndWeights(backbone: Backbone) throws {
    let network = try backbone.network(classes: 2, .init(trainable: false))
    let error = #expect(throws: TorchError.self) { _ = try network(Tensor.zeros([1, 1, 64, 64]), .evaluation) }
    #expect(error?.description.contains("[N, 3, rows, columns]") == true)
    let other = try backbone.network(classes: 3, .init(trainable: false))
    #expect(throws: TorchError.self) { try network.parameters.load(other.parameters.stateDictionary, source: "other") }
    try network.parameters.load(other.parameters.stateDictionary, source: "other") {
      $0.hasPrefix(backbone.classifierPrefix)
    }
    #expect(throws: TorchError.self) { _ = try backbone.network(classes: 0, .init()) }
  }

  private static let weights = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../.deps/weights/efficientnet-lite0-57934424.pth").standardizedFileURL

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: weights.path), "needs the weights that make setup installs"))
  func loadsTheImageNetWeights() throws {
    let network = try Backbone.efficientNetLite0.network(classes: 1000, .init(trainable: false, seed: nil))
    try network.parameters.load(loadWeights(Self.weights), source: "weights")
    let logits = try network(Tensor.zeros([1, 3, 224, 224]), .evaluation)
    #expect(try logits.isFinite())
  }
}
