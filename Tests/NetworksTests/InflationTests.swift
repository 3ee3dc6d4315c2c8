import NN
import Networks
import Testing
import Torch

/// Inception-ResNet-v2 over clips beside the one over stills.
@Suite(.serialized) struct InflationTests {
  @Test func aStillRepeatedInTimeGivesTheStillsOutput() throws {
    let stills = try Backbone.inceptionResNetV2.network(classes: 5, .init(trainable: false, seed: nil))
    let clips = try Backbone.inceptionResNetV2Clips.network(classes: 5, .init(trainable: false, seed: nil))
    try FormulaWeights.fill(stills.parameters)
    let weights = stills.parameters.stateDictionary
    #expect(Set(clips.parameters.names) == Set(stills.parameters.names))
    #expect(throws: TorchError.self) { try clips.parameters.load(weights, source: "not inflated") }
    try clips.parameters.load(inflated(weights, for: clips.parameters), source: "inflated")

    let still = try Generator(seed: 3).normal([2, 3, 107, 107])
    let (found, expected, map) = try withInference { () throws(TorchError) in
      let clip = try still.unsqueezed(2).expanded([2, 3, 7, 107, 107]).contiguous(.channelsLast3D)
      let map = try clips.features(clip, .evaluation)
      return (
        try clips.classify(map, .evaluation).scalars(Float.self), try stills(still, .evaluation).scalars(Float.self),
        try map.shape
      )
    }
    // 7 frames are halved to 4, 2 and 1.
    #expect(map == [2, 1536, 1, 2, 2])
    let largest = expected.map(abs).max() ?? 0
    #expect(largest > 0)
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-4 * largest, "\(one), expected \(other)") }
  }

  @Test func sixteenFramesLeaveTwo() throws {
    let network = try Backbone.inceptionResNetV2Clips.network(
      classes: nil, at: Parameters(.init(trainable: false)).root)
    #expect(network.inputs == [NetworkInput("input", .clip, [3, 16, 224, 224], smallest: (75, 1))])
    let map = try withInference { () throws(TorchError) in
      try network.features(Tensor.zeros([1, 3, 16, 75, 75]), .evaluation)
    }
    #expect(try map.shape == [1, 1536, 2, 1, 1])
  }

  @Test func inflationDividesByTheFramesAndLeavesTheRest() throws {
    let parameters = try Parameters(.init(trainable: false))
    _ = try Convolution(parameters.root / "part" / "conv", 2, 4, kernel: [3, 1, 2])
    let (kernel, other) = (try Tensor.ones([4, 2, 1, 2]), try Tensor.ones([7]))
    let found = try inflated(["conv.weight": kernel, "more": other], for: parameters, under: "part.")
    let inflatedKernel = try #require(found["conv.weight"])
    #expect(try inflatedKernel.shape == [4, 2, 3, 1, 2])
    let values = try inflatedKernel.contiguous().scalars(Float.self)
    #expect(values.allSatisfy { abs($0 - 1 / 3) < 1e-7 })
    #expect(try #require(found["more"]).shape == [7])
    // A second time changes nothing, so that a caller need not know which kind a file holds.
    let again = try inflated(found, for: parameters, under: "part.")
    #expect(try #require(again["conv.weight"]).shape == [4, 2, 3, 1, 2])
    try parameters.load(["conv.weight": inflatedKernel], under: "part.", source: "inflated")
  }
}
