import NN
import Networks
import Testing
import Torch

/// Zhu et al. 2022.
@Suite(.serialized) struct MUFNetTests {
  @Test func isOfThePaperByDefault() throws {
    let network = try NetworkDesign(named: "MUF-Net").network(classes: 2, .init(seed: nil))
    #expect(network.inputs.map(\.name) == ["b-mode", "ceus"])
    #expect(network.inputs.allSatisfy { $0.shape == [3, 300, 300] })
    #expect(network.backbones.map(\.prefix) == ["b_mode.", "ceus."])
    #expect(network.backbones.allSatisfy { $0.backbone == .efficientNetB3 })
    // Two EfficientNet-B3 without classifier; attention 1536 to 96 to 1; three classifiers; two stand-ins.
    let branch = 12_233_232 - 1536 * 1000 - 1000
    let attention = 1536 * 96 + 96 + 96 + 1
    #expect(try network.parameters.count() == 2 * branch + attention + 3 * (1536 * 2 + 2) + 2 * 1536)
  }

  @Test func weighsTheModalities() throws {
    for normalisation in ["softmax", "sigmoid"] {
      for activation in ["relu", "silu", "tanh"] {
        let network = try SystemFixture.network(
          .mufNet, ["attentionNormalisation": normalisation, "attentionActivation": activation])
        let output = try network(SystemFixture.noise(network, samples: 4, seed: 31), .evaluation)
        let weights = try #require(output.extras["modality_weights"])
        #expect(try weights.shape == [4, 2])
        let inRange = try weights.floats.allSatisfy { $0 > 0 && $0 < 1 }
        #expect(inRange)
        let fromOne = try (weights.sum(over: [1]) - 1).absolute().maximum().item()
        #expect((fromOne < 1e-6) == (normalisation == "softmax"))
      }
    }
  }

  @Test func fusesByTheWeights() throws {
    let network = try SystemFixture.network(.mufNet)
    let features = try network.features(SystemFixture.noise(network, samples: 2, seed: 32), .evaluation)
    let output = try network.classify(features, .evaluation)
    let weights = try #require(output.extras["modality_weights"])
    var expected = try Tensor.zeros([2, 512])
    for (column, name) in ["b-mode", "ceus"].enumerated() {
      let pooled = try #require(features[name]).mean(over: [2, 3])
      expected = try expected + pooled * weights.narrowed(1, from: column, length: 1)
    }
    #expect(try #require(output.embedding).distance(to: expected) < 1e-5)
  }

  @Test func oneAttentionServesBothModalities() throws {
    let (network, mirrored) = (try SystemFixture.network(.mufNet), try SystemFixture.network(.mufNet, seed: nil))
    var swapped: [String: Tensor] = [:]
    for (name, tensor) in network.parameters.stateDictionary {
      let other =
        if name.contains("b_mode") { name.replacing("b_mode", with: "ceus") } else {
          name.replacing("ceus", with: "b_mode")
        }
      swapped[other] = tensor
    }
    try mirrored.parameters.load(swapped, source: "swapped")
    let batch = try SystemFixture.noise(network, samples: 2, seed: 33)
    let (bMode, ceus) = (try #require(batch["b-mode"]), try #require(batch["ceus"]))
    let (one, other) = (
      try network(batch, .evaluation), try mirrored(["b-mode": ceus, "ceus": bMode], .evaluation)
    )
    let (weights, mirror) = (
      try #require(one.extras["modality_weights"]), try #require(other.extras["modality_weights"])
    )
    #expect(try weights.flipped([1]).distance(to: mirror) < 1e-6)
    #expect(try weights.distance(to: mirror) > 1e-4)
    #expect(try one.logits.distance(to: other.logits) < 1e-5)
  }

  @Test func auxiliaryClassifiersServeTraining() throws {
    let network = try SystemFixture.network(.mufNet, classes: 2, ["bModeLoss": 0.25])
    var batch = try SystemFixture.noise(network, samples: 3, seed: 34)
    let whole = try network(batch, .training(Generator(seed: 1)))
    #expect(whole.heads.map(\.name) == ["b-mode", "ceus"])
    #expect(whole.heads.map(\.weight) == [0.25, 0.5])
    // One that lacks the modality teaches its classifier nothing.
    batch["present"] = try SystemFixture.present([[true, true], [true, false], [false, true]])
    let partial = try network(batch, .training(Generator(seed: 1)))
    #expect(try partial.heads[1].logits.narrowed(0, from: 1, length: 1).floats == [0, 0])
    #expect(try partial.heads[0].logits.narrowed(0, from: 2, length: 1).floats == [0, 0])
    #expect(try partial.heads[1].logits.narrowed(0, from: 2, length: 1).absolute().maximum().item() > 0)
    batch["ceus"] = nil
    batch["present"] = nil
    #expect(try network(batch, .training(Generator(seed: 1))).heads.map(\.name) == ["b-mode"])
  }

  @Test func aBranchTakesItsWeightsFromTheWhole() throws {
    let whole = try SystemFixture.network(.mufNet)
    for (system, prefix) in [(System.mufNetBMode, "b_mode."), (.mufNetCEUS, "ceus.")] {
      let branch = try SystemFixture.network(system, seed: nil)
      #expect(branch.inputs.map(\.name) == [prefix == "ceus." ? "ceus" : "b-mode"])
      let weights = whole.parameters.stateDictionary.filter { $0.key.hasPrefix(prefix) }
      try branch.parameters.load(weights, source: "whole") { $0.hasPrefix("classifier.") }
    }
  }
}
