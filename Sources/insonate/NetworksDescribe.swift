import ArgumentParser
import Foundation
import NN
import Networks
import Tables
import Torch

extension NetworksCommand {
  struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Parameters, multiply-adds, memory, inputs, outputs and settings of a network.",
      discussion: """
        Parameters are the trained scalars, without those of classifiers that serve training only. Multiply-adds are one \
        sample's in evaluation. The memory of a training sample is what the forward pass keeps for the gradient; \
        parameters, their gradients and the optimiser's state come once beside it.
        """)
    @OptionGroup var network: NetworkOptions
    @Option(help: "Number of logits; by default the reference's for a backbone, 1 for a system.") var classes: Int?
    @OptionGroup var size: SizeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
      let description = try Description(network.design(), classes: classes, size: size.traced)
      try output.print(description, lines: description.lines)
    }
  }
}

private struct Description: Encodable {
  struct Result: Encodable { let name: String, shape: [Int] }
  struct Memory: Encodable { let float32, bfloat16: Int }

  let name: String
  let citation: String
  let classes: Int
  let parameters: Int
  /// Of classifiers that serve training only.
  let auxiliaryParameters: Int
  let multiplyAdds: Int
  let trainingSampleBytes: Memory
  let inputs: [InputDescription]
  let outputs: [Result]
  let settings: [String: JSONValue]

  init(_ design: NetworkDesign, classes wanted: Int?, size: NetworkTrace.Size) throws {
    let classes = wanted ?? design.usualClasses
    let traced = try NetworkTrace(design, classes: classes, samples: 1, size: size)
    let cost = try NetworkCost(design, classes: classes, size: size)
    let trained = try design.network(classes: classes, .init(device: .meta, seed: nil)).parameters
    let all = try trained.trained.reduce(0) { try $0 + $1.tensor.shape.reduce(1, *) }
    (name, citation, self.classes) = (design.name, design.kind.citation, classes)
    parameters = try trained.count()
    auxiliaryParameters = all - parameters
    multiplyAdds = cost.multiplyAdds
    trainingSampleBytes = Memory(float32: cost.activationBytes, bfloat16: cost.activationBytesInBFloat16)
    inputs = traced.network.inputs.map { InputDescription($0, size: size) }
    let results = [("logits", traced.output.logits)] + traced.output.extras.sorted { $0.key < $1.key }
    outputs = try results.map { Result(name: $0, shape: [-1] + (try $1.shape.dropFirst())) }
    settings = try JSONDecoder().decode([String: JSONValue].self, from: design.settings)
  }

  var lines: [String] {
    func scaled(_ count: Int, by unit: Double) -> String { String(format: "%.1f", Double(count) / unit) }
    let auxiliary = auxiliaryParameters > 0 ? ", and \(auxiliaryParameters) of auxiliary classifiers" : ""
    let mebibyte = 1_048_576.0
    let float32 = scaled(trainingSampleBytes.float32, by: mebibyte)
    let bfloat16 = scaled(trainingSampleBytes.bfloat16, by: mebibyte)
    var lines = [
      "\(name): \(citation)", "parameters     \(parameters) with \(classes) classes\(auxiliary)",
      "multiply-adds  \(scaled(multiplyAdds, by: 1e6)) million a sample",
      "training       \(float32) MiB a sample in float32, \(bfloat16) in bfloat16",
    ]
    for input in inputs { lines.append("input          \(input.line)") }
    for output in outputs { lines.append("output         \(output.name) \(InputDescription.text(output.shape))") }
    for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
      lines.append("setting        \(key) = \(Self.text(value))")
    }
    return lines
  }

  private static func text(_ value: JSONValue) -> String {
    if case .list(let list) = value { return "[" + list.map { text($0) }.joined(separator: ", ") + "]" }
    return value.scalar ?? "none"
  }
}
