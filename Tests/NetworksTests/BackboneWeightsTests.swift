import NN
import Networks
import Testing
import Torch

/// A start from weights that were trained elsewhere.
@Suite(.serialized) struct BackboneWeightsTests {
  @Test(arguments: Backbone.allCases)
  func tellsTheNumberOfClasses(backbone: Backbone) throws {
    let design = NetworkDesign(backbone)
    let network = try design.network(classes: 7, .init(seed: nil))
    #expect(try network.parameters[design.classifierBias]?.shape == [7])
    #expect(design.isClassifier(design.classifierBias))
  }

  @Test(arguments: Backbone.allCases)
  func onePictureInAllPlacesGivesWhatItGaveByItself(backbone: Backbone) throws {
    let single = try backbone.network(classes: nil, at: Parameters(.init(seed: 1)).root)
    #expect(try backbone.stemWeight(in: single.parameters.stateDictionary) == single.parameters.names[0])
    let stacked = try backbone.network(classes: nil, channels: 9, at: Parameters(.init(seed: nil)).root)
    let weights = try backbone.adapted(single.parameters.stateDictionary, channels: 9)
    try stacked.parameters.load(weights, source: "adapted")
    let size = max(64, backbone.smallest.size)
    let frames = backbone.isVideo ? [max(8, backbone.smallest.frames)] : []
    let image = try Generator(seed: 61).normal([1, 3] + frames + [size, size])
    let expected = try single.features(image, .evaluation)
    let found = try stacked.features(Tensor.concatenated([image, image, image], along: 1), .evaluation)
    let scale = try expected.absolute().maximum().item()
    #expect(try found.distance(to: expected) < 1e-4 * scale)
  }

  @Test func refusesChannelsThatAreNoPictures() throws {
    let weights = try Backbone.resnet18.network(classes: 2, .init()).parameters.stateDictionary
    #expect(throws: TorchError.self) { _ = try Backbone.resnet18.adapted(weights, channels: 4) }
    #expect(throws: TorchError.self) {
      _ = try Backbone.resnet18.adapted(["fc.weight": Tensor.zeros([2, 3])], channels: 6)
    }
  }

  @Test(arguments: System.allCases)
  func fillsEveryBackboneInside(system: System) throws {
    let network = try SystemFixture.network(system)
    let backbone = try #require(network.backbones.first).backbone
    let weights = try backbone.network(classes: 11, .init(seed: 62)).parameters.stateDictionary
    let design = try SystemFixture.design(system)
    let before = try network.parameters.trained.filter { design.isClassifier($0.name) }.map { try $0.tensor.floats }
    try network.load(backboneWeights: weights, source: "elsewhere")
    for part in network.backbones {
      for name in network.parameters.names where name.hasPrefix(part.prefix) && !design.isClassifier(name) {
        let expected = try #require(weights[String(name.dropFirst(part.prefix.count))])
        #expect(try #require(network.parameters[name]).floats == expected.floats, "\(name)")
      }
    }
    let after = try network.parameters.trained.filter { design.isClassifier($0.name) }.map { try $0.tensor.floats }
    #expect(before == after)
    let other: Backbone = backbone == .resnet18 ? .resnet34 : .resnet18
    let wrong = try other.network(classes: 11, .init(seed: 63)).parameters.stateDictionary
    let error = #expect(throws: TorchError.self) { try network.load(backboneWeights: wrong, source: "elsewhere") }
    #expect(error?.description.contains("elsewhere") == true)
  }

  @Test func fillsAStackedStem() throws {
    let network = try SystemFixture.network(.thyroidBench, ["fusion": "stacked"])
    let weights = try Backbone.resnet18.network(classes: 1000, .init(seed: 64)).parameters.stateDictionary
    try network.load(backboneWeights: weights, source: "elsewhere")
    let stem = try #require(network.parameters["backbone.conv1.weight"])
    for picture in 0..<3 {
      let part = try stem.narrowed(1, from: 3 * picture, length: 3)
      #expect(try (part * 3).distance(to: #require(weights["conv1.weight"])) < 1e-6)
    }
  }
}
