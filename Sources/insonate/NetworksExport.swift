import ArgumentParser
import Export
import Foundation
import NN
import Networks
import Protocols
import Tables
import Torch

extension NetworksCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes a network with its weights as an ONNX model.",
      discussion: """
        The model takes any number of samples; rows, columns and frames are fixed, at the network's own or at the given size. \
        Its inputs have the network's names, its outputs are `logits` and what explains them. W holds the reference \
        parameter names (safetensors or .pth) and sets the number of classes.
        """)
    @OptionGroup var network: NetworkOptions
    @Option var weights: String?
    @Option(name: .customLong("out"), help: "The ONNX file.") var file: String
    @Option(help: "In place of --weights: random ones, to try the model's shape.") var seed: UInt64?
    @OptionGroup var size: SizeOptions
    @Flag(help: "Add the input `present` [N, inputs]: 1 where a sample has the input, 0 where it is absent.")
    var optionalInputs = false
    @OptionGroup var output: OutputOptions

    private struct Summary: Encodable {
      let file: String, classes: Int, bytes: Int, nodes: Int, inputs: [String: [Int]], outputs: [String: [Int]]
    }

    func validate() throws {
      guard (weights == nil) != (seed == nil) else {
        throw ValidationError("expected --weights, or --seed for random weights")
      }
    }

    func run() throws {
      let design = try network.design()
      let place = URL(fileURLWithPath: file)
      try AtomicFile.requirePlace(for: place)
      let (tensors, classes, source) = try start(design)
      let model = try ONNXModel(
        design, classes: classes, weights: tensors, source: source, size: size.traced, present: optionalInputs,
        version: Platform.version)
      try AtomicFile.write(model.bytes, to: place)
      func shapes(_ ports: [(name: String, shape: [Int])]) -> [String: [Int]] {
        Dictionary(ports.map { ($0.name, $0.shape) }) { $1 }
      }
      let summary = Summary(
        file: place.path, classes: classes, bytes: model.bytes.count, nodes: model.nodes,
        inputs: shapes(model.inputs), outputs: shapes(model.outputs))
      try output.print(
        summary,
        lines: ["\(place.path): \(model.nodes) nodes, \(model.bytes.count) bytes, \(classes) classes"]
          + model.inputs.map { "input   \($0.name) \($0.shape)" }
          + model.outputs.map { "output  \($0.name) \($0.shape)" })
    }

    private func start(_ design: NetworkDesign) throws -> (tensors: [String: Tensor], classes: Int, source: String) {
      if let weights {
        let read = try ClassifierWeights(path: weights, of: design)
        return (read.tensors, read.classes, read.file.path)
      }
      let network = try design.network(classes: design.usualClasses, .init(trainable: false, seed: seed))
      return (network.parameters.stateDictionary, design.usualClasses, "random weights")
    }
  }
}
