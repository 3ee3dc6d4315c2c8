import Foundation
import NN
import Networks
import Testing
import Torch
import Ultrasound

@testable import Explanation

struct GradCAMTests {
  private func images(_ count: Int, size: Int) throws -> Tensor {
    try Generator(seed: 5).normal([count, 3, size, size])
  }

  private func evidence(of images: Tensor, in network: some Network, logit: Int? = nil) throws -> [EvidenceMap] {
    try #require(GradCAM.evidence(of: ["input": images], in: network, logit: logit)["input"])
  }

  /// The linear layer at the end: the last weight of two dimensions.
  private func head(_ network: any BackboneNetwork) throws -> (weight: Tensor, bias: Tensor) {
    let name = try #require(
      try network.parameters.names.last { try network.parameters[$0]?.shape.count == 2 && $0.hasSuffix("weight") })
    let weight = try #require(network.parameters[name])
    return (weight, try #require(network.parameters[name.replacing("weight", with: "bias")]))
  }

  private func differ(_ a: [Float], _ b: [Float]) -> Float {
    let size = a.map(abs).max() ?? 0
    return zip(a, b).map { abs($0 - $1) }.max().map { $0 / max(size, .leastNormalMagnitude) } ?? .infinity
  }

  /// With pooling and one linear layer at the end, Grad-CAM is CAM over the number of cells (Selvaraju et al., section
  /// 3.1), and its cells add up to the logit.
  @Test(arguments: [Backbone.resnet18, .efficientNetLite0, .efficientNetB0])
  func equalsCAM(backbone: Backbone) throws {
    let network = try backbone.network(classes: 3, Parameters.Options(seed: 1))
    let images = try images(2, size: 96)
    let (weight, bias) = try head(network)
    let features = try withoutGradients { () throws(TorchError) in try network.features(images, .evaluation) }
    let logits: [Float] = try withoutGradients { () throws(TorchError) in
      try network(images, .evaluation).scalars()
    }
    let biases: [Float] = try bias.detached().scalars()
    for logit in 0..<3 {
      let gradient = try evidence(of: images, in: network, logit: logit)
      let plain = try ClassActivation.evidence(features: features, weight: weight, logit: logit)
      #expect(gradient.count == 2 && plain.count == 2)
      for (picture, (a, b)) in zip(gradient, plain).enumerated() {
        #expect(a.rows == 3 && a.columns == 3)
        #expect(a.values.contains { $0 != 0 })
        #expect(differ(b.values, a.values.map { $0 * 9 }) < 1e-4)
        let sum = a.values.reduce(0, +) + biases[logit]
        #expect(abs(sum - logits[picture * 3 + logit]) < 1e-3 * max(1, abs(sum)))
      }
    }
  }

  /// Where three modalities' logits are averaged, the cells of all maps add up to the logit.
  @Test func severalInputsShareTheLogit() throws {
    let settings = Data(#"{"backbone": "resnet18", "fusion": "late"}"#.utf8)
    let network = try NetworkDesign(named: "thyroid-bench", settings: settings).network(
      classes: 1, Parameters.Options(seed: 1))
    let names = ["b-mode", "smi", "swe"]
    var inputs: [String: Tensor] = [:]
    for name in names { inputs[name] = try images(2, size: 64) + (name == "smi" ? 0.5 : 0) }
    let maps = try GradCAM.evidence(of: inputs, in: network)
    #expect(maps.keys.sorted() == names)
    let logits: [Float] = try withoutGradients { () throws(TorchError) in
      try network(inputs, .evaluation).logits.scalars()
    }
    let biases = network.parameters.names.filter { $0.hasSuffix("fc.bias") }
    #expect(biases.count == 3)
    var bias = 0.0
    for name in biases { bias += try #require(network.parameters[name]).detached().mean().item() / 3 }
    for sample in 0..<2 {
      var sum = Float(bias)
      for name in names {
        let map = try #require(maps[name])[sample]
        #expect(map.values.contains { $0 != 0 })
        sum += map.values.reduce(0, +)
      }
      #expect(abs(sum - logits[sample]) < 1e-3 * max(1, abs(sum)))
    }
  }

  @Test func picturesInOneBatchDoNotMix() throws {
    let network = try Backbone.resnet18.network(classes: 1, Parameters.Options(seed: 1))
    let images = try images(3, size: 64)
    let together = try evidence(of: images, in: network)
    for index in 0..<3 {
      let alone = try evidence(of: images.narrowed(0, from: index, length: 1), in: network)
      #expect(differ(alone[0].values, together[index].values) < 1e-4)
    }
  }

  @Test func heatIsScaledAndRectified() throws {
    let map = try EvidenceMap(rows: 2, columns: 2, values: [2, -4, 0, 1])
    let malignant = try map.heat(for: .malignant, rows: 8, columns: 6)
    #expect(malignant.rows == 8 && malignant.columns == 6 && malignant.values.count == 48)
    #expect(malignant.values.allSatisfy { (0...1).contains($0) } && malignant.values.max() == 1)
    #expect(malignant.scale == 2 && malignant.values[0] == 1 && malignant.values[5] == 0)
    let benign = try map.heat(for: .benign, rows: 8, columns: 6)
    #expect(benign.scale == 4 && benign.values[5] == 1 && benign.values[0] == 0)
    let nothing = try EvidenceMap(rows: 1, columns: 2, values: [-1, -2]).heat(for: .malignant, rows: 4, columns: 4)
    #expect(nothing.scale == 0 && nothing.values.allSatisfy { $0 == 0 })
  }

  @Test func mirrorIsTurnedBack() throws {
    let map = try EvidenceMap(rows: 1, columns: 3, values: [1, 2, 3])
    let mirror = try EvidenceMap(rows: 1, columns: 3, values: [5, 2, 1])
    #expect(map.averaged(withMirror: mirror)?.values == [1, 2, 4])
    #expect(map.averaged(withMirror: try EvidenceMap(rows: 3, columns: 1, values: [1, 2, 3])) == nil)
  }

  @Test func badMapsAreRefused() throws {
    #expect(throws: TorchError.self) { try EvidenceMap(rows: 2, columns: 2, values: [1, 2, 3]) }
    #expect(throws: TorchError.self) { try EvidenceMap(rows: 1, columns: 2, values: [1, .nan]) }
    let features = try Tensor.ones([1, 4, 2, 2])
    #expect(throws: TorchError.self) {
      try ClassActivation.evidence(features: features, weight: try Tensor.ones([1, 5]))
    }
  }

  /// A network in training keeps its gradients, and gets none from being explained.
  @Test func leavesNoGradients() throws {
    let network = try CellNetwork(seed: 1)
    let images = try images(2, size: 32)
    let before = try evidence(of: images, in: network)
    for parameter in network.parameters.trained {
      #expect(try parameter.tensor.gradient == nil)
      #expect(try parameter.tensor.requiresGradient)
    }
    try network(images, .evaluation).sum().backward()
    func gradients() throws -> [[Float]] {
      try network.parameters.trained.map { try $0.tensor.gradient?.scalars() ?? [] }
    }
    let own = try gradients()
    #expect(own.allSatisfy { !$0.isEmpty })
    // Also where the caller has switched gradients off.
    let within = try withoutGradients { () throws(TorchError) in
      try GradCAM.evidence(of: ["input": images], in: network)["input"]
    }
    #expect(try gradients() == own)
    #expect(within == before)
  }

  /// The evidence lies where it was put.
  @Test func findsTheEvidence() throws {
    let known = try BrightCells(count: 128, seed: 11)
    let network = try known.taught()
    let unseen = try BrightCells(count: 32, seed: 12)
    let logits: [Float] = try withoutGradients { () throws(TorchError) in
      try network(unseen.images, .evaluation).scalars()
    }
    let maps = try evidence(of: unseen.images, in: network)
    #expect(logits.indices.allSatisfy { (logits[$0] > 0) == (unseen.labels[$0] == 1) })
    for index in 0..<32 where unseen.labels[index] == 1 {
      let strongest = maps[index].values.indices.max { maps[index].values[$0] < maps[index].values[$1] }
      #expect(strongest == unseen.cells[index])
      let heat = try maps[index].heat(for: .malignant, rows: 32, columns: 32)
      let inside = (0..<1024).map { $0 / 32 / 8 * 4 + $0 % 32 / 8 == unseen.cells[index] }
      // The cell is a sixteenth of the picture; enlarging spreads its energy over its neighbours.
      let energy = try #require(Faithfulness.energy(of: heat, inside: inside))
      #expect(energy > 0.4)
    }
    // Without it the call falls, and by more than without as much of elsewhere.
    let empty = try Tensor.zeros([1, 3, 32, 32])
    for index in 0..<32 where unseen.labels[index] == 1 {
      let ranked = try maps[index].enlarged(maps[index].values, rows: 32, columns: 32)
      let top = Faithfulness.top(0.2, of: ranked)
      let moved = Faithfulness.moved(top, rows: 32, columns: 32, byRows: 16, byColumns: 16)
      let image = try unseen.images.narrowed(0, from: index, length: 1)
      let changed: [Float] = try withoutGradients { () throws(TorchError) in
        try network(Faithfulness.replaced(image, by: empty, where: [top, moved]), .evaluation).scalars()
      }
      #expect(changed[0] < 0 && changed[0] < changed[1])
    }
  }
}
