import NN
import Networks
import Testing
import Torch

/// Ding et al. 2026, three ways to fuse.
@Suite(.serialized) struct ThyroidBenchTests {
  @Test func isOfThreeModalitiesAndOneBackboneByDefault() throws {
    let network = try NetworkDesign(named: "thyroid-bench").network(classes: 1000, .init(seed: nil))
    #expect(network.inputs.map(\.name) == ["b-mode", "smi", "swe"])
    #expect(try network.parameters.count() == 25_557_032)
  }

  @Test(arguments: ["pooled", "stacked", "late"], [1, 3])
  func takesAnySubset(fusion: String, classes: Int) throws {
    let network = try SystemFixture.network(.thyroidBench, classes: classes, ["fusion": fusion])
    try SystemFixture.fillStandIns(network)
    let rows = SystemFixture.subsets(3)
    var batch = try SystemFixture.noise(network, samples: rows.count, seed: 51)
    batch["present"] = try SystemFixture.present(rows)
    let logits = try network(batch, .evaluation).logits
    #expect(try logits.shape == [7, classes])
    // Spoilt where absent: the same.
    for (column, input) in network.inputs.enumerated() {
      let there = try Tensor(rows.map { $0[column] ? Float(1) : 0 }, shape: [7, 1, 1, 1]).greater(than: 0.5)
      let spoilt = try Tensor([Float.nan], shape: [1])
      batch[input.name] = try #require(batch[input.name]).selected(where: there, otherwise: spoilt)
    }
    #expect(try network(batch, .evaluation).logits.floats == logits.floats)
    let trained = try network(batch, .training(Generator(seed: 1)))
    #expect(try trained.logits.isFinite())
    #expect(trained.heads.map(\.name) == (fusion == "stacked" ? [] : ["b-mode", "smi", "swe"]))
    for head in trained.heads { #expect(abs(head.weight - 1 / 3) < 1e-12) }
    try trained.logits.power(2).sum().backward()
    let standIns = network.parameters.trained.filter { $0.name.hasPrefix("stand_in.") }
    #expect(standIns.count == (fusion == "stacked" ? 3 : 0))
    for standIn in standIns {
      let gradient = try #require(try standIn.tensor.gradient)
      #expect(try gradient.isFinite() && gradient.absolute().maximum().item() > 0, "\(standIn.name)")
    }
  }

  @Test(arguments: ["pooled", "late"])
  func scoresAnExaminationByItsImages(fusion: String) throws {
    let network = try SystemFixture.network(.thyroidBench, classes: 2, ["fusion": fusion])
    let batch = try SystemFixture.noise(network, samples: 2, seed: 52)
    var single: [Tensor] = []
    for name in ["b-mode", "smi", "swe"] {
      let image = try #require(batch[name])
      let logits = try network([name: image], .evaluation).logits
      single.append(logits)
      // The image's logits are those of the backbone that its modality has.
      let alone = try Backbone.resnet18.network(classes: 2, .init(seed: nil))
      let prefix = fusion == "pooled" ? "backbone." : name.replacing("-", with: "_") + "."
      let own = network.parameters.stateDictionary.filter { $0.key.hasPrefix(prefix) }
      let renamed = own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
      try alone.parameters.load(Dictionary(uniqueKeysWithValues: renamed), source: "bench")
      #expect(try alone(image, .evaluation).distance(to: logits) < 1e-5)
    }
    let expected = try Tensor.stacked(single).mean(over: [0])
    #expect(try network(batch, .evaluation).logits.distance(to: expected) < 1e-5)
    var partial = batch
    partial["present"] = try SystemFixture.present([[true, false, true], [false, true, false]])
    let logits = try network(partial, .evaluation).logits
    let two = try Tensor.stacked([single[0], single[2]]).mean(over: [0]).narrowed(0, from: 0, length: 1)
    #expect(try logits.narrowed(0, from: 0, length: 1).distance(to: two) < 1e-5)
    #expect(
      try logits.narrowed(0, from: 1, length: 1).distance(to: single[1].narrowed(0, from: 1, length: 1)) < 1e-5)
  }

  @Test func pooledImagesTrainInOneRun() throws {
    let network = try SystemFixture.network(.thyroidBench, ["imageLoss": 0])
    var batch = try SystemFixture.noise(network, samples: 2, seed: 53)
    let output = try network(batch, .training(Generator(seed: 1)))
    #expect(output.heads.isEmpty)
    #expect(try #require(network.parameters["backbone.bn1.num_batches_tracked"]).item() == 1)
    batch["smi"] = try Tensor.zeros([2, 3, 64, 96])
    let error = #expect(throws: TorchError.self) { _ = try network(batch, .evaluation) }
    #expect(error?.description.contains("input smi: expected [64, 64]") == true)
  }

  @Test func stacksTheModalitiesThatTheSettingsName() throws {
    let network = try SystemFixture.network(.thyroidBench, ["fusion": "stacked", "modalities": ["swe", "b-mode"]])
    #expect(network.inputs.map(\.name) == ["swe", "b-mode"])
    #expect(try #require(network.parameters["backbone.conv1.weight"]).shape == [64, 6, 7, 7])
    #expect(network.backbones.map(\.channels) == [6])
    // An absent picture is its stand-in's colour.
    try SystemFixture.fillStandIns(network)
    let swe = try #require(SystemFixture.noise(network, samples: 2, seed: 54)["swe"])
    let colour = try #require(network.parameters["stand_in.b_mode"]).reshaped([1, 3, 1, 1]).expanded([2, 3, 64, 64])
    let (left, given) = (
      try network(["swe": swe], .evaluation), try network(["swe": swe, "b-mode": colour], .evaluation)
    )
    #expect(try left.logits.distance(to: given.logits) < 1e-6)
  }
}
