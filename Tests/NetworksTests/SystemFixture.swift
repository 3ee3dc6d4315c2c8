import Foundation
import NN
import Networks
import Testing
import Torch

/// Systems small enough for tests, and batches for any network.
enum SystemFixture {
  /// Settings that keep a system's tests quick; none where it has no backbone to choose.
  private static func small(_ system: System) -> [String: Any] {
    switch system {
    case .mufNet, .mufNetBMode, .mufNetCEUS, .dcnnUSL, .dcnnUSLB, .thyroidBench: ["backbone": "resnet18"]
    case .ucSTTNet, .calcificationAttention2D: ["backbone": "resnet18"]
    case .calcificationAttention: ["backbone": "mc3-18"]
    }
  }

  static func design(_ system: System, _ changes: [String: Any] = [:]) throws -> NetworkDesign {
    let settings = small(system).merging(changes) { $1 }
    return try NetworkDesign(
      named: system.rawValue, settings: JSONSerialization.data(withJSONObject: settings, options: .sortedKeys))
  }

  static func network(
    _ system: System, classes: Int = 1, _ changes: [String: Any] = [:], seed: UInt64? = 1
  ) throws -> any Network {
    try design(system, changes).network(classes: classes, .init(seed: seed))
  }

  /// The shape of one sample at the tests' size: 8 frames of 64 x 64, or the least the network takes.
  static func shape(_ input: NetworkInput) -> [Int] {
    let size = max(64, input.smallest.size)
    return switch input.content {
    case .still: [input.shape[0], size, size]
    case .clip: [input.shape[0], max(8, input.smallest.frames), size, size]
    case .clinical: input.shape
    }
  }

  /// Noise for every input.
  static func noise(_ network: any Network, samples: Int, seed: UInt64) throws -> [String: Tensor] {
    let generator = try Generator(seed: seed)
    var batch: [String: Tensor] = [:]
    for input in network.inputs { batch[input.name] = try generator.normal([samples] + shape(input)) }
    return batch
  }

  /// All non-empty subsets of the inputs, as rows of `present`.
  static func subsets(_ inputs: Int) -> [[Bool]] {
    (1..<(1 << inputs)).map { bits in (0..<inputs).map { bits >> $0 & 1 == 1 } }
  }

  static func present(_ rows: [[Bool]]) throws -> Tensor {
    try Tensor(rows.joined().map { $0 ? Float(1) : 0 }, shape: [rows.count, rows.first?.count ?? 0])
  }

  /// Every stand-in filled with noise, since new ones are zeros.
  static func fillStandIns(_ network: any Network) throws {
    let generator = try Generator(seed: 77)
    for parameter in network.parameters.trained where parameter.name.hasPrefix("stand_in.") {
      try withoutGradients { () throws(TorchError) in
        try parameter.tensor.copy(from: generator.normal(parameter.tensor.shape))
      }
    }
  }
}

extension Tensor {
  var floats: [Float] { get throws { try to(.float32).scalars() } }

  /// Greatest absolute difference.
  func distance(to other: Tensor) throws -> Double { try (self - other).absolute().maximum().item() }
}

/// Those with more than one input.
let severalInputs: [System] = System.allCases.filter { system in
  ((try? SystemFixture.network(system, seed: nil))?.inputs.count ?? 0) > 1
}
