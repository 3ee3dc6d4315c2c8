import Foundation
import NN
import Testing
import Torch

@testable import Networks

/// Two plain convolutions over clips, each halving rows and columns, the second frames too: what the attention needs of
/// a backbone, quick enough to train in a test.
private struct TinyVideoNetwork: BackboneNetwork {
  let backbone = Backbone.resnet18
  let path: Path
  let channels = 3
  let featureChannels = 16
  private let convolutions: [Convolution]

  init(at path: Path) throws(TorchError) {
    self.path = path
    var convolutions: [Convolution] = []
    for (index, (input, output)) in [(3, 8), (8, 16)].enumerated() {
      convolutions.append(
        try Convolution(
          path / index, input, output, kernel: [3, 3, 3], stride: [index == 0 ? 1 : 2, 2, 2], padding: [1, 1, 1],
          bias: true))
    }
    self.convolutions = convolutions
  }

  var inputs: [NetworkInput] { [NetworkInput("input", .clip, [3, 8, 16, 16], smallest: (8, 2))] }

  func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = images
    for convolution in convolutions { x = try convolution(x).relu() }
    return x
  }

  func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    throw .argument("made without a classifier")
  }
}

@Suite(.serialized) struct CalcificationAttentionTests {
  private let plain = Loss.binaryCrossEntropy(positiveWeight: 1)

  private func tiny(
    order: AttentionOrder = .channelFirst, residual: Bool = true, seed: UInt64 = 1
  ) throws -> CalcificationAttention {
    let root = try Parameters(.init(seed: seed)).root
    return try CalcificationAttention(
      over: TinyVideoNetwork(at: root / "backbone"),
      .init(reduction: 4, kernel: [3, 3, 3], order: order, isResidual: residual), dropout: 0.1, classes: 1, at: root)
  }

  /// Speckled clips; a malignant one holds a bright spot that stays at its place, which its mask shows.
  private func clips(_ count: Int, seed: UInt64) throws -> (inputs: [String: Tensor], targets: Targets) {
    let generator = try Generator(seed: seed)
    let (clips, masks) = (try generator.normal([count, 3, 4, 16, 16]) * 0.3, try Tensor.zeros([count, 1, 4, 16, 16]))
    let places: [Float] = try generator.uniform([count, 2]).scalars()
    let labels = (0..<count).map { $0 % 2 }
    for sample in 0..<count where labels[sample] == 1 {
      for tensor in [clips, masks] {
        var spot = try tensor.narrowed(0, from: sample, length: 1)
        for (axis, place) in [(3, places[2 * sample]), (4, places[2 * sample + 1])] {
          spot = try spot.narrowed(axis, from: 1 + Int(place * 12), length: 2)
        }
        try spot.fill(tensor === clips ? 3 : 1)
      }
    }
    return (["clip": clips], Targets(labels: labels, calcification: masks))
  }

  /// Share of the attention that lies on the masks' cells.
  private func overlap(_ network: any Network, _ inputs: [String: Tensor], _ targets: Targets) throws -> Double {
    let map = try #require(try network(inputs, .evaluation).extras["attention"])
    let cells = try AttentionSupervision.cells(#require(targets.calcification), Array(map.shape.suffix(3)))
    return try (map * cells).sum().item() / map.sum().item()
  }

  @Test func mapLiesBetweenZeroAndOneAtTheFeaturesGrid() throws {
    let network = try tiny()
    #expect(network.inputs == [NetworkInput("clip", .clip, [3, 8, 16, 16])])
    #expect(network.backbones.map(\.prefix) == ["backbone."])
    let output = try network(clips(3, seed: 1).inputs, .evaluation)
    #expect(try output.logits.shape == [3, 1])
    #expect(try output.embedding?.shape == [3, 16])
    let map = try #require(output.extras["attention"])
    #expect(try map.shape == [3, 1, 2, 4, 4])
    #expect(try map.minimum().item() > 0 && map.maximum().item() < 1)
    let still = try NetworkDesign(
      named: "calcification-attention-2d", settings: Data(#"{"backbone": "resnet18"}"#.utf8)
    )
    .network(classes: 3, .init(trainable: false))
    let ofStill = try still(["still": Tensor.zeros([2, 3, 64, 96])], .evaluation)
    #expect(try ofStill.logits.shape == [2, 3])
    #expect(try ofStill.extras["attention"]?.shape == [2, 1, 1, 2, 3])
  }

  /// Any backbone over clips can be the base; by default the paper's.
  @Test(arguments: Backbone.allCases.filter(\.isVideo))
  func takesEveryVideoBackbone(backbone: Backbone) throws {
    let settings = Data("{\"backbone\": \"\(backbone.rawValue)\"}".utf8)
    let network = try NetworkDesign(named: "calcification-attention", settings: settings)
      .network(classes: 1, .init(trainable: false))
    let size = max(32, backbone.smallest.size)
    let clip = try Generator(seed: 2).normal([1, 3, max(4, backbone.smallest.frames), size, size])
    let output = try network(["clip": clip], .evaluation)
    #expect(try output.logits.shape == [1, 1] && output.logits.isFinite())
    let (map, grid) = (
      try #require(output.extras["attention"]), try #require(network.features(["clip": clip], .evaluation)["clip"])
    )
    #expect(try map.shape == [1, 1] + grid.shape.suffix(3))
    #expect(try map.minimum().item() >= 0 && map.maximum().item() <= 1)
  }

  @Test func basesAreThePapersByDefault() throws {
    #expect(CalcificationAttentionSettings().backbone == .inceptionResNetV2Clips)
    #expect(StillCalcificationAttentionSettings().backbone == .inceptionResNetV2)
    for name in ["calcification-attention", "calcification-attention-2d"] {
      let design = try NetworkDesign(named: name)
      #expect(design.classifierBias == "classifier.bias")
      #expect(design.isClassifier("classifier.weight") && !design.isClassifier("backbone.conv2d_1a.conv.weight"))
    }
  }

  @Test func anUntrainedModulePassesFeaturesThrough() throws {
    for order in [AttentionOrder.channelFirst, .placeFirst, .parallel] {
      let x = try Generator(seed: 3).normal([2, 16, 2, 4, 4])
      func features(residual: Bool) throws -> Tensor {
        try AttentionModule(
          Parameters().root, 16, .init(reduction: 4, kernel: [3, 3, 3], order: order, isResidual: residual))(x).features
      }
      #expect(try features(residual: true).scalars(Float.self) == x.scalars(Float.self))
      // By itself each factor is below 1.
      let ratio = try features(residual: false) / x
      #expect(try ratio.minimum().item() > 0 && ratio.maximum().item() < 1)
    }
  }

  /// The three orders are what they say, by the module's own parameters.
  @Test func ordersDiffer() throws {
    let x = try Generator(seed: 3).normal([2, 16, 4, 4])
    var results: [[Float]] = []
    for order in [AttentionOrder.channelFirst, .placeFirst, .parallel] {
      let module = try AttentionModule(
        Parameters(.init(seed: 4)).root, 16, .init(reduction: 4, kernel: [3, 3], order: order, isResidual: false))
      results.append(try module(x).features.scalars())
    }
    #expect(results[0] != results[1] && results[1] != results[2] && results[0] != results[2])
  }

  @Test func supervisionPullsAttentionToTheCalcification() throws {
    let (inputs, targets) = try clips(8, seed: 5)
    let unseen = try clips(8, seed: 6)
    func overlaps(attentionWeight: Double) throws -> (before: Double, after: Double) {
      var training = try TinyTraining(tiny(), Objective(plain, attentionWeight: attentionWeight), learningRate: 0.01)
      let before = try overlap(training.network, unseen.inputs, unseen.targets)
      try training.run(0..<60, inputs, targets)
      return (before, try overlap(training.network, unseen.inputs, unseen.targets))
    }
    let (supervised, free) = (try overlaps(attentionWeight: 1), try overlaps(attentionWeight: 0))
    #expect(supervised.after > 5 * supervised.before && supervised.after > 2 * free.after, "\(supervised), \(free)")
  }

  @Test(arguments: [AttentionOrder.channelFirst, .placeFirst, .parallel], [true, false])
  func everyFormTrains(order: AttentionOrder, residual: Bool) throws {
    let (inputs, targets) = try clips(4, seed: 7)
    let network = try tiny(order: order, residual: residual)
    var training = try TinyTraining(network, Objective(plain), learningRate: 0.01)
    try training.run(0..<10, inputs, targets)
    #expect(try #require(training.losses.last) < training.losses[0])
    for parameter in network.parameters.trained { #expect(try parameter.tensor.gradient != nil, "\(parameter.name)") }
  }

  @Test func trainsInHalfPrecision() throws {
    let (network, (inputs, targets)) = (try tiny(residual: false), try clips(4, seed: 7))
    let output = try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in
      try network(inputs, .training(Generator(seed: 1)))
    }
    try Objective(plain, attentionWeight: 1)(output, targets).total.backward()
    for parameter in network.parameters.trained {
      #expect(try #require(try parameter.tensor.gradient).isFinite(), "\(parameter.name)")
    }
  }

  @Test func overfitsSixteenSamplesAndResumesToTheBit() throws {
    let (inputs, targets) = try clips(16, seed: 8)
    let objective = Objective(plain, triplet: BatchHardTriplet(), tripletWeight: 0.1, attentionWeight: 0.5)
    var straight = try TinyTraining(tiny(), objective, learningRate: 0.01)
    try straight.run(0..<5, inputs, targets)
    var resumed = try TinyTraining(tiny(seed: 9), objective, learningRate: 0.01)
    try resumed.restore(from: straight)
    try straight.run(5..<10, inputs, targets)
    try resumed.run(5..<10, inputs, targets)
    #expect(Array(straight.losses.suffix(5)) == resumed.losses)
    #expect(try straight.weights == resumed.weights)
    try straight.run(10..<80, inputs, targets)
    let scores = try malignancyProbability(straight.network(inputs, .evaluation).logits)
    #expect(areaUnderCurve(scores, targets.labels) == 1, "\(scores)")
  }

  /// The map that explanations differentiate is the one after attention: what classify makes of it alone is the output.
  @Test func featuresAreThoseAfterAttention() throws {
    let network = try tiny(residual: false)
    let inputs = try clips(2, seed: 9).inputs
    let features = try network.features(inputs, .evaluation)
    #expect(features.keys.sorted() == ["attention", "clip"])
    let alone = try network.classify(["clip": try #require(features["clip"])], .evaluation)
    #expect(try alone.logits.scalars(Float.self) == network(inputs, .evaluation).logits.scalars(Float.self))
    #expect(alone.extras.isEmpty)
  }

  @Test func wrongSettingsAndInputsAreNamed() throws {
    let wrong = [
      ("calcification-attention", #"{"backbone": "resnet18"}"#, "backbone"),
      ("calcification-attention", #"{"frameKernel": 2}"#, "frameKernel"),
      ("calcification-attention", #"{"order": "last"}"#, "order"),
      ("calcification-attention-2d", #"{"frameKernel": 3}"#, "frameKernel"),
      ("calcification-attention-2d", #"{"kernel": 4}"#, "kernel"),
      ("calcification-attention-2d", #"{"reduction": 0}"#, "reduction"),
      ("calcification-attention-2d", #"{"dropout": -0.1}"#, "dropout"),
      ("calcification-attention-2d", #"{"residual": 1.5}"#, "residual"),
    ]
    for (name, settings, key) in wrong {
      let error = #expect(throws: TorchError.self) { _ = try NetworkDesign(named: name, settings: Data(settings.utf8)) }
      #expect(error?.description.contains(key) == true, "\(String(describing: error))")
    }
    let error = #expect(throws: TorchError.self) {
      _ = try tiny()(["clip": Tensor.zeros([1, 3, 1, 16, 16])], .evaluation)
    }
    #expect(error?.description == "input clip: a clip of at least 2 frames, found 1")
  }
}
