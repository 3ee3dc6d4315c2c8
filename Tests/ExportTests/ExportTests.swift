import Export
import Foundation
import NN
import Networks
import Testing
import Torch

/// A network at a small size with weights that leave no operator without effect.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  var present = false
  var testDescription: String { present ? "\(name) with absent inputs" : name }

  static let all: [Sample] = NetworkDesign.all.flatMap { kind -> [Sample] in
    if case .system = kind { return [Sample(name: kind.name), Sample(name: kind.name, present: true)] }
    return [Sample(name: kind.name)]
  }

  func design() throws -> NetworkDesign { try NetworkDesign(named: name) }

  static let classes = 3

  func network() throws -> any Network {
    let network = try design().network(classes: Self.classes, .init(trainable: false, seed: 5))
    let generator = try Generator(seed: 6)
    for name in network.parameters.names {
      guard let tensor = network.parameters[name] else { continue }
      let shape = try tensor.shape
      if name.hasSuffix("running_var") {
        try tensor.copy(from: generator.uniform(shape) + 0.5)
      } else if name.hasSuffix("running_mean") || name.hasSuffix("bias") {
        try tensor.copy(from: generator.normal(shape) * 0.1)
      }
    }
    return network
  }

  func model(_ network: any Network) throws -> ONNXModel {
    try ONNXModel(
      design(), classes: Self.classes, weights: network.parameters.stateDictionary, source: "the test",
      size: size(network), present: present, version: "test")
  }

  /// Small, but no smaller than any of its inputs allows.
  func size(_ network: any Network) -> NetworkTrace.Size {
    let smallest = network.inputs.map(\.smallest)
    return .init(side: max(64, smallest.map(\.size).max() ?? 0), frames: max(4, smallest.map(\.frames).max() ?? 0))
  }

  func inputs(_ network: any Network, samples: Int) throws -> [String: Tensor] {
    let generator = try Generator(seed: 7)
    var given: [String: Tensor] = [:]
    for input in network.inputs {
      given[input.name] = try generator.normal([samples] + input.shape(at: size(network)))
    }
    if present {
      // Each sample lacks another input.
      let count = network.inputs.count
      let flags = (0..<samples * count).map { Float($0 % (count + 1) == 0 ? 0 : 1) }
      given["present"] = try Tensor(flags, shape: [samples, count])
    }
    return given
  }
}

/// One output as ONNX Runtime and as the network itself gives it.
private struct Comparison: Sendable {
  let output: String
  let shape: (expected: [Int], found: [Int]?)
  /// Of the network's own values.
  let largest: Double
  /// Greatest between the two; infinite where the shapes differ.
  let difference: Double

  static let batches = [1, 3]

  /// By sample, for each number of samples and output.
  static let made = Result { try make() }

  private static func make() throws -> [String: [Comparison]] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var (jobs, expected): ([Runtime.Job], [[[String: Tensor]]]) = ([], [])
    for (number, sample) in Sample.all.enumerated() {
      let network = try sample.network()
      let file = folder.appending(path: "\(number).onnx")
      try Data(sample.model(network).bytes).write(to: file)
      var (runs, results): ([Runtime.Job.Run], [[String: Tensor]]) = ([], [])
      for batch in batches {
        let given = try sample.inputs(network, samples: batch)
        let path = folder.appending(path: "\(number)-\(batch)").path
        try SafeTensors(tensors: given).write(to: URL(fileURLWithPath: path + ".x"))
        runs.append(.init(inputs: path + ".x", outputs: path + ".y"))
        let result = try withInference { () throws(TorchError) in try network(given, .evaluation) }
        results.append(result.extras.merging(["logits": result.logits]) { $1 })
      }
      jobs.append(.init(model: file.path, runs: runs))
      expected.append(results)
    }
    try Runtime.run(jobs, in: folder)
    var made: [String: [Comparison]] = [:]
    for (sample, (job, results)) in zip(Sample.all, zip(jobs, expected)) {
      for (run, result) in zip(job.runs, results) {
        let found = try SafeTensors(contentsOf: URL(fileURLWithPath: run.outputs)).tensors
        made[sample.testDescription, default: []] += try compare(result, found)
      }
    }
    return made
  }

  private static func compare(_ expected: [String: Tensor], _ found: [String: Tensor]) throws -> [Comparison] {
    try Set(expected.keys).union(found.keys).sorted().map { name in
      let own = try #require(expected[name], "the model alone has \(name)")
      let (largest, shapes) = (
        try own.absolute().maximum().item(), (expected: try own.shape, found: try found[name]?.shape)
      )
      guard let other = found[name], shapes.expected == shapes.found else {
        return Comparison(output: name, shape: shapes, largest: largest, difference: .infinity)
      }
      let difference = try (other - own.to(.float32).contiguous()).absolute().maximum().item()
      return Comparison(output: name, shape: shapes, largest: largest, difference: difference)
    }
  }
}

@Suite(.serialized) struct ExportTests {
  @Test(.enabled(if: Runtime.isInstalled, Runtime.absence), arguments: Sample.all)
  func theRuntimeGivesTheSame(sample: Sample) throws {
    let comparisons = try #require(try Comparison.made.get()[sample.testDescription])
    #expect(comparisons.filter { $0.output == "logits" }.count == Comparison.batches.count)
    for one in comparisons {
      #expect(one.shape.found == one.shape.expected, "\(one.output)")
      #expect(one.largest > 0, "\(one.output)")
      #expect(one.difference <= 1e-4 * one.largest, "\(one.output): \(one.difference) of \(one.largest)")
    }
  }
}
