import NN
import Networks
import Testing
import Torch

/// Incomplete examinations, over all systems with several inputs.
@Suite(.serialized) struct PresenceTests {
  /// A row for each subset of the inputs, and noise, or not-a-numbers where `present` says that there is nothing.
  private static func incomplete(_ network: any Network, spoilt: Bool) throws -> [String: Tensor] {
    let rows = SystemFixture.subsets(network.inputs.count)
    var batch = try SystemFixture.noise(network, samples: rows.count, seed: 11)
    batch["present"] = try SystemFixture.present(rows)
    guard spoilt else { return batch }
    for (column, input) in network.inputs.enumerated() {
      guard let tensor = batch[input.name] else { continue }
      let ones = [Int](repeating: 1, count: SystemFixture.shape(input).count)
      let there = try Tensor(rows.map { $0[column] ? Float(1) : 0 }, shape: [rows.count] + ones).greater(than: 0.5)
      batch[input.name] = try tensor.selected(where: there, otherwise: Tensor([Float.nan], shape: [1]))
    }
    return batch
  }

  @Test(arguments: severalInputs)
  func ignoresWhatIsAbsent(system: System) throws {
    let network = try SystemFixture.network(system, classes: 2)
    try SystemFixture.fillStandIns(network)
    let (clean, spoilt) = (
      try Self.incomplete(network, spoilt: false), try Self.incomplete(network, spoilt: true)
    )
    let expected = try network(clean, .evaluation).logits
    #expect(try expected.isFinite())
    #expect(try network(spoilt, .evaluation).logits.floats == expected.floats)
  }

  @Test(arguments: severalInputs)
  func learnsNothingFromWhatIsAbsent(system: System) throws {
    // Outputs, gradients and running statistics.
    func trained(spoilt: Bool) throws -> [Tensor] {
      let network = try SystemFixture.network(system, classes: 2)
      let output = try network(Self.incomplete(network, spoilt: spoilt), .training(Generator(seed: 12)))
      var total = try output.logits.power(2).sum()
      for head in output.heads { total = try total + head.logits.power(2).sum() }
      try total.backward()
      let gradients = try network.parameters.trained.compactMap { try $0.tensor.gradient }
      let state = network.parameters.stateDictionary.sorted { $0.key < $1.key }.map(\.value)
      return [output.logits] + gradients + state
    }
    let (expected, found) = (try trained(spoilt: false), try trained(spoilt: true))
    #expect(expected.count == found.count)
    for (one, other) in zip(expected, found) {
      #expect(try one.isFinite())
      #expect(try one.distance(to: other) == 0)
    }
  }

  @Test(arguments: severalInputs)
  func absentFromAllIsAsLeftOut(system: System) throws {
    let network = try SystemFixture.network(system, classes: 2)
    try SystemFixture.fillStandIns(network)
    let batch = try SystemFixture.noise(network, samples: 2, seed: 13)
    let full = try network(batch, .evaluation).logits
    for row in SystemFixture.subsets(network.inputs.count) {
      var left = batch
      for (input, has) in zip(network.inputs, row) where !has { left[input.name] = nil }
      let expected = try network(left, .evaluation).logits
      var said = batch
      said["present"] = try SystemFixture.present([row, row])
      #expect(try network(said, .evaluation).logits.distance(to: expected) < 1e-5)
      let isComplete = !row.contains(false)
      #expect(try (expected.distance(to: full) < 1e-5) == isComplete, "\(row)")
    }
  }

  @Test(arguments: severalInputs)
  func runsNothingForAnInputThatNoSampleHas(system: System) throws {
    let network = try SystemFixture.network(system)
    var batch = try SystemFixture.noise(network, samples: 2, seed: 14)
    let absent = try #require(network.inputs.lastIndex { $0.content != .clinical })
    let row = network.inputs.indices.map { $0 != absent }
    batch["present"] = try SystemFixture.present([row, row])
    let features = try network.features(batch, .evaluation)
    #expect(features[network.inputs[absent].name] == nil)
    #expect(features[network.inputs[0].name] != nil)
  }

  @Test(arguments: severalInputs)
  func modalityDropoutLeavesOneInputAtLeast(system: System) throws {
    let network = try SystemFixture.network(system, ["modalityDropout": 0.6])
    var batch = try SystemFixture.noise(network, samples: 24, seed: 15)
    let columns = network.inputs.count
    // The last sample has the first input only.
    var rows = [[Bool]](repeating: [Bool](repeating: true, count: columns), count: 24)
    rows[23] = (0..<columns).map { $0 == 0 }
    batch["present"] = try SystemFixture.present(rows)
    let seeds: [UInt64] = [1, 1, 2]
    let draws = try withoutGradients { () throws(TorchError) in
      var draws: [[Float]] = []
      for seed in seeds {
        let features = try network.features(batch, .training(Generator(seed: seed)))
        draws.append(try features["present"]?.scalars() ?? [])
      }
      return draws
    }
    #expect(draws[0] == draws[1] && draws[0] != draws[2])
    for draw in draws {
      #expect(draw.count == 24 * columns)
      for sample in 0..<24 { #expect(draw[(sample * columns)..<((sample + 1) * columns)].contains(1)) }
      #expect(Array(draw.suffix(columns)) == (0..<columns).map { $0 == 0 ? 1 : 0 })
      // Of 23 samples, more than a few lack an input, and more than a few have each.
      #expect(draw.count { $0 == 0 } > 8 && draw.count { $0 == 1 } > 24)
    }
    // Evaluation drops nothing.
    batch["present"] = nil
    #expect(try network.features(batch, .evaluation)["present"] == nil)
  }

  @Test(arguments: severalInputs)
  func standInsLearnFromWhatIsAbsent(system: System) throws {
    let network = try SystemFixture.network(system)
    let standIns = network.parameters.trained.filter { $0.name.hasPrefix("stand_in.") }
    try network(Self.incomplete(network, spoilt: false), .training(Generator(seed: 16))).logits.sum().backward()
    for standIn in standIns {
      #expect(try #require(try standIn.tensor.gradient).absolute().maximum().item() > 0, "\(standIn.name)")
    }
  }
}
