import NN
import Networks
import Testing
import Torch

/// Yang et al. 2020.
@Suite(.serialized) struct DCNNUSTests {
  @Test func areOfThePaperByDefault() throws {
    let branch = 11_689_512 - 512 * 1000 - 1000
    let lesion = try NetworkDesign(named: "dcnn-us-l").network(classes: 1, .init(seed: nil))
    #expect(lesion.inputs.map(\.name) == ["lesion"])
    #expect(lesion.inputs[0].shape == [3, 224, 224])
    #expect(try lesion.parameters.count() == branch + 2 * 512 + 512 + 1)
    let both = try NetworkDesign(named: "dcnn-us-lb").network(classes: 1, .init(seed: nil))
    #expect(both.inputs.map(\.name) == ["lesion", "background"])
    #expect(both.backbones.map(\.prefix) == ["lesion.", "background."])
    // Two branches; heads of 1 and 3; 1024 to 1; two stand-ins.
    #expect(try both.parameters.count() == 2 * (branch + 2 * 512) + 513 + 3 * 513 + 1025 + 2 * 512)
    // Model L is Model LB's lesion branch.
    let part = both.parameters.names.filter { $0.hasPrefix("lesion") }
    #expect(part == lesion.parameters.names)
  }

  @Test func embedsByBatchNormalisation() throws {
    let network = try SystemFixture.network(.dcnnUSL, ["dropout": 0])
    let batch = try SystemFixture.noise(network, samples: 6, seed: 41)
    let embedding = try #require(try network(batch, .training(Generator(seed: 1))).embedding)
    #expect(try embedding.shape == [6, 512])
    #expect(try embedding.mean(over: [0]).absolute().maximum().item() < 1e-4)
    // Nearly 1: epsilon takes a little where a channel hardly varies.
    let variance = try embedding.power(2).mean(over: [0])
    #expect(try variance.maximum().item() < 1.0001 && variance.mean().item() > 0.9)
    #expect(try #require(network.parameters["lesion_head.norm.num_batches_tracked"]).item() == 1)
    // A batch of one has no variance, and would leave none that is a number.
    let error = #expect(throws: TorchError.self) {
      _ = try network(SystemFixture.noise(network, samples: 1, seed: 42), .training(Generator(seed: 1)))
    }
    #expect(error?.description.contains("[1, 512]") == true)
    #expect(try #require(network.parameters["lesion_head.norm.running_var"]).isFinite())
    // The one linear layer follows: logits are its weight times the embedding.
    let output = try network(batch, .evaluation)
    let weight = try #require(network.parameters["lesion_head.fc.weight"])
    let bias = try #require(network.parameters["lesion_head.fc.bias"])
    #expect(try #require(output.embedding).linear(weight, bias: bias).distance(to: output.logits) < 1e-6)
  }

  @Test func supervisesBothBranches() throws {
    let network = try SystemFixture.network(.dcnnUSLB, ["backgroundLoss": 0.5])
    var batch = try SystemFixture.noise(network, samples: 3, seed: 43)
    let output = try network(batch, .training(Generator(seed: 1)))
    #expect(output.heads.map(\.name) == ["lesion", "background"])
    #expect(output.heads.map(\.target) == [.malignancy, .background])
    #expect(output.heads.map(\.weight) == [1, 0.5])
    #expect(try #require(output.embedding).shape == [3, 1024])
    // The background's own classifier reaches the background branch only.
    try output.heads[1].logits.sum().backward()
    for (name, reached) in [("background.conv1.weight", true), ("lesion.conv1.weight", false)] {
      #expect(try (#require(network.parameters[name]).gradient != nil) == reached)
    }
    batch["background"] = nil
    #expect(try network(batch, .training(Generator(seed: 1))).heads.map(\.name) == ["lesion"])
  }
}
