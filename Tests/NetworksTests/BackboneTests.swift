import Foundation
import NN
import Networks
import Testing
import Torch

/// What Tools/golden/networks.py wrote, by network.
struct Golden: Decodable {
  struct Network: Decodable {
    let parameters: Int
    let size: Int
    let names: Int
    let logits: [Double]
    let largest: Double
    let inputGradientNorm: Double
    let firstGradientNorm: Double
    /// Every 50th of the logits and of the auxiliary heads' in training.
    let training: [String: [Double]]?

    enum CodingKeys: String, CodingKey {
      case parameters, size, names, logits, largest, training
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
  /// Those whose weights a reference implementation over the same inputs defines.
  private static let withReference = Backbone.allCases.filter { !$0.isVideo }

  /// Those, and the one over clips that has a counterpart over stills.
  private static let networks = withReference + [.inceptionResNetV2Clips]

  /// A batch's shape, small enough for tests.
  static func shape(_ backbone: Backbone, samples: Int, channels: Int = 3, size: Int? = nil) -> [Int] {
    let size = size ?? max(backbone.smallest.size, backbone.lacksNormalisation ? 32 : 64)
    return [samples, channels] + (backbone.isVideo ? [max(4, backbone.smallest.frames)] : []) + [size, size]
  }

  @Test(arguments: withReference)
  func equalsTheReference(backbone: Backbone) throws {
    let golden = try #require(try Golden.load().networks[backbone.rawValue])
    let network = try backbone.network(classes: 1000, .init(seed: nil))
    let parameters = network.parameters
    #expect(try parameters.count() == golden.parameters)
    #expect(parameters.names.filter { !$0.hasSuffix("num_batches_tracked") }.count == golden.names)
    try FormulaWeights.fill(parameters)
    let shape = Self.shape(backbone, samples: 2, size: golden.size)
    let x = try Tensor(FormulaWeights.unit("input", shape.reduce(1, *)) { $0 * 4 - 2 }, shape: shape)
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

  @Test(arguments: networks)
  func trainsOverATinyTask(backbone: Backbone) throws {
    let network = try backbone.network(classes: 1, .init(seed: 1))
    let trained = network.parameters.trained
    let generator = try Generator(seed: 2)
    // Bright and dark noise.
    let shape = Self.shape(backbone, samples: 2)
    let x = try Tensor.concatenated([generator.normal(shape) + 1, generator.normal(shape) - 1])
    let labels = [1, 1, 0, 0]
    let lossOf = Loss.binaryCrossEntropy(positiveWeight: 1)
    let optimiser: any Optimiser =
      backbone.lacksNormalisation ? try SGD(trained, momentum: 0) : try AdamW(trained)
    var losses: [Double] = []
    for _ in 0..<(backbone.isLarge ? 3 : 6) {
      let output = try network(["input": x], .training(generator))
      var loss = try lossOf(output.logits, labels: labels)
      losses.append(try loss.item())
      for head in output.heads { loss = try loss + lossOf(head.logits, labels: labels) * head.weight }
      for parameter in trained { try parameter.tensor.clearGradient() }
      try loss.backward()
      try optimiser.step(learningRate: 1e-3)
    }
    let allFinite = losses.allSatisfy { $0.isFinite }
    #expect(allFinite)
    #expect(try #require(losses.last) < losses[0], "\(losses)")
    for parameter in trained { #expect(try parameter.tensor.gradient != nil, "\(parameter.name)") }
  }

  @Test(arguments: networks)
  func refusesOtherInputs(backbone: Backbone) throws {
    let network = try backbone.network(classes: 2, .init(trainable: false, seed: nil))
    func refusal(_ shape: [Int]) throws -> String {
      let error = #expect(throws: TorchError.self) { _ = try network(Tensor.zeros(shape), .evaluation) }
      return try #require(error).description
    }
    let gray = Self.shape(backbone, samples: 1, channels: 1)
    let form = backbone.isVideo ? "[N, 3, frames, rows, columns]" : "[N, 3, rows, columns]"
    #expect(try refusal(gray).contains("expected \(form), found \(gray)"))
    let size = backbone.smallest.size
    let small = Self.shape(backbone, samples: 1, size: size - 1)
    #expect(try refusal(small).contains("at least \(size) x \(size) pixels, found \(size - 1) x \(size - 1)"))
    #expect(throws: TorchError.self) { _ = try backbone.network(classes: 0, .init()) }
    let bare = try backbone.network(classes: nil, at: Parameters(.init(trainable: false, seed: nil)).root)
    let map = try Tensor.zeros([1, bare.featureChannels] + (backbone.isVideo ? [1, 1, 1] : [1, 1]))
    let error = #expect(throws: TorchError.self) { _ = try bare.classify(map, .evaluation) }
    #expect(error?.description.contains("\(backbone.rawValue): was made without a classifier") == true)
  }

  @Test(arguments: networks)
  func takesItsSmallestInput(backbone: Backbone) throws {
    let network = try backbone.network(classes: nil, at: Parameters(.init(trainable: false, seed: 1)).root)
    let shape = Self.shape(backbone, samples: 1, size: backbone.smallest.size)
    let map = try network.features(Tensor.zeros(shape), .evaluation).shape
    #expect(map.count == shape.count)
    #expect(map[1] == network.featureChannels)
  }

  @Test(arguments: networks)
  func refusesOtherWeights(backbone: Backbone) throws {
    let network = try backbone.network(classes: 2, .init(trainable: false, seed: nil))
    let other = try backbone.network(classes: 3, .init(trainable: false, seed: 1))
    let weights = other.parameters.stateDictionary
    func refusal(_ weights: [String: Tensor]) throws -> String {
      let error = #expect(throws: TorchError.self) { try network.parameters.load(weights, source: "other") }
      return try #require(error).description
    }
    let classes = try refusal(weights)
    #expect(classes.contains(backbone.classifierPrefix) && classes.contains("bias [3], expected [2]"), "\(classes)")
    try network.parameters.load(weights, source: "other") { backbone.isOfClassifier($0) }

    let rival = try (backbone == .resnet18 ? Backbone.densenet121 : .resnet18).network(classes: 2, .init(seed: nil))
    let names = try refusal(rival.parameters.stateDictionary)
    #expect(names.contains("Missing: ") || names.contains("Not expected: "), "\(names)")

    let first = try #require(other.parameters.names.first)
    let hurt = try #require(weights[first]).cloned()
    try hurt.narrowed(0, from: 0, length: 1).fill(.nan)
    let error = #expect(throws: TorchError.self) {
      try network.parameters.load(weights.merging([first: hurt]) { $1 }, source: "other") {
        backbone.isOfClassifier($0)
      }
    }
    #expect(error?.description == "other: \(first) holds values that are not finite")
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

extension Backbone {
  /// Learns by small plain steps only.
  fileprivate var lacksNormalisation: Bool { self == .vgg16 || self == .vgg16BN }
  /// Takes long to train for many steps.
  fileprivate var isLarge: Bool { [.vgg16, .vgg16BN, .inceptionResNetV2, .inceptionResNetV2Clips].contains(self) }
}
