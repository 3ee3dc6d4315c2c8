import Networks
import Testing
import Torch

@testable import NN

/// GoogLeNet's auxiliary classifiers, which serve training only.
struct AuxiliaryClassifierTests {
  @Test func equalTheReferenceInTraining() throws {
    let golden = try #require(try Golden.load().networks["googlenet"])
    let expected = try #require(golden.training)
    let network = try Backbone.googlenet.network(classes: 1000, .init(seed: nil))
    try FormulaWeights.fill(network.parameters)
    let shape = [2, 3, 192, 192]
    let x = try Tensor(FormulaWeights.unit("input", shape.reduce(1, *)) { $0 * 4 - 2 }, shape: shape)
    // Without a generator nothing is dropped.
    let pass = Pass(training: true, generator: nil, checkpointing: false, movesStatistics: false)
    let output = try network(["input": x], pass)
    #expect(output.heads.map(\.name) == ["aux1", "aux2"])
    #expect(output.heads.map(\.weight) == [0.3, 0.3])
    var found = ["logits": output.logits]
    for head in output.heads { found[head.name] = head.logits }
    for (name, expected) in expected {
      let logits = try #require(found[name]).scalars(Float.self).map(Double.init)
      let largest = logits.map(abs).max() ?? 0
      let chosen = logits.enumerated().filter { $0.offset % 1000 % 50 == 0 }.map(\.element)
      #expect(chosen.count == expected.count)
      for (one, other) in zip(chosen, expected) {
        #expect(abs(one - other) < 1e-4 * largest, "\(name): \(one), expected \(other)")
      }
    }
    #expect(try network(["input": x], .evaluation).heads.isEmpty)
  }

  @Test func areOptionalInWeightFiles() throws {
    let full = try Backbone.googlenet.network(classes: 2, .init(seed: 1)).parameters
    let lean = try Backbone.googlenet.network(classes: 2, .init(trainable: false, seed: 2)).parameters
    #expect(lean.names.allSatisfy { !$0.hasPrefix("aux") })
    #expect(try full.count() == lean.trained.reduce(0) { try $0 + $1.tensor.shape.reduce(1, *) })
    // With them into a network without, and without them into one with: those keep their values.
    try lean.load(full.stateDictionary, source: "full")
    let before = try #require(full["aux1.fc2.weight"]).cloned()
    try full.load(lean.stateDictionary, source: "lean")
    #expect(try #require(full["aux1.fc2.weight"]).equals(before).to(.float32).mean().item() == 1)
    // Half of one is an error.
    let half = full.stateDictionary.filter { $0.key != "aux2.fc1.bias" }
    let error = #expect(throws: TorchError.self) { try full.load(half, source: "half") }
    guard case .keys(_, let missing, let unexpected, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(missing == ["aux2.fc1.bias"])
    #expect(unexpected.isEmpty)
  }
}
