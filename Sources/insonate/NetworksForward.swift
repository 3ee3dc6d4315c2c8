import ArgumentParser
import Foundation
import NN
import Networks
import Tables
import Torch

extension NetworksCommand {
  struct Forward: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Runs a network once, in evaluation mode.",
      discussion: """
        X holds one tensor for each input name (`networks describe`), for a network of several inputs optionally `present` \
        [N, inputs]: 1 where a sample has the input. Y will hold `logits` [N, K] and what explains them, float32. W holds the \
        reference parameter names (safetensors or .pth) and sets the number of classes.
        """)
    @OptionGroup var network: NetworkOptions
    @Option var weights: String
    @Option var input: String
    @Option(name: .customLong("output")) var result: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let design = try network.design()
      let file = URL(fileURLWithPath: result)
      try AtomicFile.requirePlace(for: file)
      let weights = try ClassifierWeights(path: weights, of: design)
      let network = try design.network(classes: weights.classes, .init(trainable: false, seed: nil))
      try network.parameters.load(weights.tensors, source: weights.file.path)
      let outputs = try Self.outputs(network, design.name, from: URL(fileURLWithPath: input))
      try SafeTensors(tensors: outputs).write(to: file)
      let shapes = try outputs.mapValues { try $0.shape }
      try output.print(
        shapes, lines: shapes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) in \(file.path)" })
    }

    private static func outputs(_ network: any Network, _ name: String, from file: URL) throws -> [String: Tensor] {
      var given: [String: Tensor] = [:]
      for (name, tensor) in try SafeTensors(contentsOf: file).tensors {
        let rank = try tensor.shape.count
        given[name] = try tensor.to(.float32).contiguous(
          rank == 4 ? .channelsLast : rank == 5 ? .channelsLast3D : .contiguous)
      }
      do throws(TorchError) {
        let output = try withInference { () throws(TorchError) in try network(given, .evaluation) }
        var outputs = output.extras
        outputs["logits"] = output.logits
        for (key, tensor) in outputs { outputs[key] = try tensor.to(.float32).contiguous() }
        return outputs
      } catch {
        throw BadInput("\(file.path): \(name): \(error)")
      }
    }
  }
}
