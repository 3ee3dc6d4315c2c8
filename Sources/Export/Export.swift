// Export: a network's evaluation pass as an ONNX model, read from a trace of the Swift forward. One file an idea: what was
// traced, the graph that grows, what each operator becomes, the model around it. Knows no command and no folder.

import NN
public import Networks
import SwiftProtobuf
public import Torch

/// Why a network could not be exported.
public enum ExportError: Error, Sendable, CustomStringConvertible {
  case torch(TorchError)
  /// The forward pass does what the graph cannot say.
  case notExpressible(operator: String, reason: String)

  public var description: String {
    switch self {
    case .torch(let error): error.description
    case .notExpressible(let name, let reason): "ONNX export: operator \(name): \(reason)"
    }
  }
}

/// A network with its weights as an ONNX model: operator set 17, any number of samples (dimension `N`), rows, columns and
/// frames fixed. Inputs have the network's names; outputs are `logits` and what explains them, float32.
///
/// Batch normalisation stays an operator of its own, so that every initialiser is a parameter of the weight file under its
/// name, to the bit; runtimes fold it into the convolution when they load the model.
public struct ONNXModel {
  /// The file's content.
  public let bytes: [UInt8]
  /// Names with shapes; -1 stands for N.
  public let inputs: [(name: String, shape: [Int])]
  public let outputs: [(name: String, shape: [Int])]
  public let nodes: Int

  /// - weights: the network's state dictionary; `source` names it in errors.
  /// - present: whether the model takes `present` [N, inputs] beside the inputs: 1 where a sample has the input, 0 where
  ///   the tensor's content is to be ignored.
  /// - version: of the program, for the model's metadata.
  public init(
    _ design: NetworkDesign, classes: Int, weights: [String: Tensor], source: String,
    size: NetworkTrace.Size = .init(), present: Bool = false, version: String
  ) throws(ExportError) {
    let traced: NetworkTrace
    let program: TracedProgram
    let settings: [UInt8]
    do throws(TorchError) {
      traced = try NetworkTrace(
        design, classes: classes, samples: Extent.samplesWhenTraced, size: size, present: present)
      // Names, shapes and finite values are checked as for any network; a tensor without memory takes no copy.
      try traced.network.parameters.load(weights, source: source)
      program = try TracedProgram(traced)
      settings = try [UInt8](design.settings)
    } catch {
      throw .torch(error)
    }
    let graph = try Graph(program, weights: weights)
    (inputs, outputs) = (graph.inputs.map(\.described), graph.outputs.map(\.described))
    let model = graph.model(
      name: design.name, metadata: Self.metadata(design, settings, classes, traced.network, version), version: version)
    nodes = model.graph.node.count
    do {
      bytes = try model.serializedBytes()
    } catch {
      throw .notExpressible(operator: "model", reason: "\(error)")
    }
  }

  /// What a reader of the file needs to prepare inputs and read outputs.
  private static func metadata(
    _ design: NetworkDesign, _ settings: [UInt8], _ classes: Int, _ network: any Network, _ version: String
  ) -> [(String, String)] {
    func list(_ numbers: [Double]) -> String { numbers.map { String($0) }.joined(separator: ",") }
    var entries = [
      ("network", design.name), ("settings", String(decoding: settings, as: UTF8.self)), ("classes", String(classes)),
      ("citation", design.kind.citation),
      ("insonate_version", version), ("normalisation_mean", list(ImageNet.mean)),
      ("normalisation_deviation", list(ImageNet.deviation)),
    ]
    for input in network.inputs { entries.append(("input.\(input.name)", input.content.rawValue)) }
    return entries
  }
}
