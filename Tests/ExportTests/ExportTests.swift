import Export
import Foundation
import NN
import Networks
import Testing
import Torch

/// A network at a small size with weights that leave no operator without effect.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  /// Of a system, as a JSON object.
  var settings = "{}"
  var present = false
  var testDescription: String { name + (settings == "{}" ? "" : " " + settings) + (present ? ", absent inputs" : "") }

  /// Every network there is, those of several inputs also with absent ones, and settings that change the graph.
  static let all: [Sample] =
    NetworkDesign.all.flatMap { kind in
      let alone = Sample(name: kind.name)
      return alone.takesSeveral ? [alone, Sample(name: kind.name, present: true)] : [alone]
    } + [
      Sample(name: "muf-net", settings: #"{"backbone":"resnet18","attentionNormalisation":"sigmoid"}"#),
      Sample(name: "thyroid-bench", settings: #"{"backbone":"resnet18","fusion":"stacked"}"#, present: true),
      Sample(name: "thyroid-bench", settings: #"{"backbone":"resnet18","fusion":"late"}"#, present: true),
      Sample(name: "uc-sttnet", settings: #"{"fusion":"transformer","sharedBranches":true}"#, present: true),
      Sample(name: "calcification-attention-2d", settings: #"{"backbone":"resnet18","order":"parallel"}"#),
    ]

  private var takesSeveral: Bool {
    let shapes = try? design().network(classes: 1, .init(device: .meta, trainable: false, seed: nil))
    return (shapes?.inputs.count ?? 1) > 1
  }

  func design() throws -> NetworkDesign { try NetworkDesign(named: name, settings: Data(settings.utf8)) }

  static let classes = 3

  /// Weights under which each layer keeps the spread of what it is given, so that samples differ in the end.
  func network() throws -> any Network {
    let network = try design().network(classes: Self.classes, .init(trainable: false, seed: nil))
    let generator = try Generator(seed: 6)
    for name in network.parameters.names {
      guard let tensor = network.parameters[name] else { continue }
      let shape = try tensor.shape
      let values: Tensor =
        if shape.count >= 2 {
          try generator.normal(shape) * (2 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
        } else if name.hasSuffix("running_var") || name.hasSuffix("weight") {
          try generator.uniform(shape) * 0.5 + 0.75
        } else {
          try generator.normal(shape) * 0.1
        }
      try tensor.copy(from: values)
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

@Suite(.serialized) struct ExportTests {
  @Test(.enabled(if: Runtime.isInstalled, Runtime.absence), arguments: Sample.all)
  func theRuntimeGivesTheSame(sample: Sample) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) -> URL { folder.appending(path: name) }

    let network = try sample.network()
    try Data(sample.model(network).bytes).write(to: file("model.onnx"))
    let batches = try [1, 3].map { (samples: $0, inputs: try sample.inputs(network, samples: $0)) }
    for batch in batches { try SafeTensors(tensors: batch.inputs).write(to: file("\(batch.samples).x")) }
    try Runtime.run(
      .init(
        model: file("model.onnx").path,
        runs: batches.map { .init(inputs: file("\($0.samples).x").path, outputs: file("\($0.samples).y").path) }))

    for batch in batches {
      let own = try withInference { () throws(TorchError) in try network(batch.inputs, .evaluation) }
      let expected = own.extras.merging(["logits": own.logits]) { $1 }
      let found = try SafeTensors(contentsOf: file("\(batch.samples).y")).tensors
      #expect(Set(found.keys) == Set(expected.keys))
      // The comparison would say little if the images did not matter.
      let spread = try (own.logits.maximum(over: [0]) - own.logits.minimum(over: [0])).maximum().item()
      #expect(try batch.samples == 1 || spread > 0.01 * own.logits.absolute().maximum().item())
      for (name, values) in expected {
        let given = try #require(found[name])
        guard try given.shape == values.shape else {
          Issue.record("\(name): \(try given.shape), expected \(try values.shape)")
          continue
        }
        let largest = try values.absolute().maximum().item()
        let difference = try (given - values.to(.float32).contiguous()).absolute().maximum().item()
        #expect(difference <= 1e-4 * largest, "\(name), \(batch.samples) samples: \(difference) of \(largest)")
      }
    }
  }
}
