import Foundation
import NN
import Networks
import Testing
import Torch

@Suite(.serialized) struct UCSTTNetTests {
  private let loss = Objective(.binaryCrossEntropy(positiveWeight: 1))

  private func network(_ settings: String = "{}", classes: Int = 1, seed: UInt64 = 1) throws -> any Network {
    try NetworkDesign(named: "uc-sttnet", settings: Data(settings.utf8)).network(classes: classes, .init(seed: seed))
  }

  private func samples(_ count: Int, size: Int = 32, seed: UInt64 = 3) throws -> [String: Tensor] {
    let generator = try Generator(seed: seed)
    return [
      "b-mode": try generator.normal([count, 3, size, size]),
      "color-doppler": try generator.normal([count, 3, size, size]), "clinical": try generator.normal([count, 8]),
    ]
  }

  @Test func listsItsParts() throws {
    let network = try network("{\"clinicalValues\": 11, \"bModeSize\": 256}")
    #expect(network.inputs.map(\.name) == ["b-mode", "color-doppler", "clinical"])
    #expect(network.inputs.map(\.shape) == [[3, 256, 256], [3, 224, 224], [11]])
    #expect(network.backbones.map(\.prefix) == ["b_mode.", "color_doppler."])
    #expect(try self.network("{\"sharedBranches\": true}").backbones.map(\.prefix) == ["picture."])
    let names = network.parameters.names
    for name in ["stand_in.b_mode", "stand_in.color_doppler", "stand_in.clinical", "auxiliary.clinical.bias"] {
      #expect(names.contains(name), "\(name)")
    }
  }

  @Test(arguments: ["concatenation", "gated", "attention", "transformer"])
  func everyFusionTrainsAndAnswers(fusion: String) throws {
    let network = try network("{\"fusion\": \"\(fusion)\", \"width\": 16}", classes: 2)
    let (inputs, targets) = (try samples(4), Targets(labels: [0, 1, 1, 0]))
    let output = try network(inputs, .evaluation)
    #expect(try output.logits.shape == [4, 2])
    #expect(try output.embedding?.shape == [4, 16])
    #expect(output.heads.isEmpty)
    // In half precision too, without one of the parts.
    let half = try withAutocast(to: .bfloat16, on: .cpu) { () throws(TorchError) in
      try network(inputs.filter { $0.key != "color-doppler" }, .evaluation).logits
    }
    #expect(try half.isFinite())
    if fusion == "attention" {
      let weights = try #require(output.extras["modality_weights"])
      #expect(try weights.shape == [4, 3])
      let sums: [Float] = try weights.sum(over: [1]).scalars()
      #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
    }
    var training = try TinyTraining(network, Objective(.crossEntropy(smoothing: 0)))
    try training.run(0..<3, inputs, targets)
    #expect(try #require(training.losses.last) < training.losses[0], "\(training.losses)")
    for parameter in network.parameters.trained where !parameter.name.hasPrefix("stand_in.") {
      let gradient = try #require(try parameter.tensor.gradient, "\(parameter.name)")
      #expect(try gradient.isFinite(), "\(parameter.name)")
    }
  }

  @Test func partsHaveClassifiersOfTheirOwnInTraining() throws {
    let with = try network()
    let heads = try with(samples(2), .training(Generator(seed: 1))).heads
    #expect(heads.map(\.name) == ["b-mode", "color-doppler", "clinical"])
    #expect(heads.map(\.weight) == [0.3, 0.3, 0.3])
    let without = try network("{\"auxiliaryLoss\": 0}")
    let none = try without(samples(2), .training(Generator(seed: 1))).heads
    #expect(none.isEmpty)
    let unused = without.parameters.names.contains { $0.hasPrefix("auxiliary") }
    #expect(!unused)
  }

  /// What a sample lacks is never looked at, and the stand-in takes its place.
  @Test(arguments: ["concatenation", "transformer"], ["color-doppler", "clinical"])
  func incompleteExaminationsAreAnswered(fusion: String, missing: String) throws {
    let network = try network("{\"fusion\": \"\(fusion)\"}")
    let standIn = try #require(network.parameters["stand_in." + missing.replacing("-", with: "_")])
    try withoutGradients { () throws(TorchError) in try standIn.fill(0.3) }
    let column = try #require(network.inputs.firstIndex { $0.name == missing })
    var inputs = try samples(3)
    let whole: [Float] = try network(inputs, .evaluation).logits.scalars()
    var present = [Float](repeating: 1, count: 9)
    present[3 + column] = 0
    inputs["present"] = try Tensor(present, shape: [3, 3])
    let partly: [Float] = try network(inputs, .evaluation).logits.scalars()
    #expect(partly[0] == whole[0] && partly[2] == whole[2] && partly[1] != whole[1])
    let content = try #require(inputs[missing])
    inputs[missing] = try content.selected(
      where: Tensor([1, 0, 1] as [Float], shape: [3] + content.shape.dropFirst().map { _ in 1 }).greater(than: 0.5),
      otherwise: Tensor(scalar: .nan))
    #expect(try network(inputs, .evaluation).logits.scalars() == partly)
    inputs[missing] = nil
    inputs["present"] = nil
    let absent: [Float] = try network(inputs, .evaluation).logits.scalars()
    #expect(abs(absent[1] - partly[1]) < 1e-5)
    #expect(absent[0] != whole[0])
  }

  /// Also with a backbone that has classifiers of its own in training.
  @Test(arguments: ["googlenet", "densenet121"])
  func takesOtherBackbones(backbone: String) throws {
    let network = try network("{\"backbone\": \"\(backbone)\"}")
    let output = try network(samples(2), .training(Generator(seed: 1)))
    #expect(try output.logits.shape == [2, 1])
    #expect(output.heads.map(\.name) == ["b-mode", "color-doppler", "clinical"])
  }

  @Test func picturesCanShareTheirBackbone() throws {
    var training = try TinyTraining(network("{\"sharedBranches\": true}"), loss)
    try training.run(0..<3, samples(4), Targets(labels: [0, 1, 1, 0]))
    #expect(try #require(training.losses.last) < training.losses[0], "\(training.losses)")
  }

  @Test func wrongSettingsAndInputsAreNamed() throws {
    let wrong = [
      ("{\"backbone\": \"resnet19\"}", "backbone"), ("{\"width\": 0}", "width"),
      ("{\"clinicalValues\": 0}", "clinicalValues"), ("{\"clinicalLayers\": [8, 0]}", "clinicalLayers"),
      ("{\"fusion\": \"sum\"}", "fusion"), ("{\"fusion\": \"transformer\", \"width\": 30}", "transformerHeads"),
      ("{\"dropout\": 1}", "dropout"), ("{\"auxiliaryLoss\": -1}", "auxiliaryLoss"),
      ("{\"modalityDropout\": 1.5}", "modalityDropout"), ("{\"bModeSize\": 8}", "bModeSize"),
      ("{\"doppler\": 1}", "doppler"),
    ]
    for (settings, key) in wrong {
      let error = #expect(throws: TorchError.self) { _ = try self.network(settings) }
      #expect(error?.description.contains(key) == true, "\(String(describing: error))")
    }
    let network = try network()
    var inputs = try samples(2)
    inputs["clinical"] = try Tensor.zeros([2, 7])
    let error = #expect(throws: TorchError.self) { _ = try network(inputs, .evaluation) }
    #expect(error?.description == "input clinical: expected [N, 8], found [2, 7]")
  }
}
