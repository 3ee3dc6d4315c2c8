import ArgumentParser
import Foundation
import NN
import Networks
import Torch
import Training

struct NetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks", abstract: "The networks: names, sizes, a forward pass, export to ONNX.",
    subcommands: [List.self, Describe.self, Forward.self, Export.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Names of the networks: backbones and published systems.")
    @OptionGroup var output: OutputOptions

    private struct Entry: Encodable { let name, kind, citation: String, inputs: [InputDescription], weights: Bool }

    func run() throws {
      let entries = try NetworkDesign.all.map { kind in
        let network = try NetworkDesign(named: kind.name).network(
          classes: 1, .init(device: .meta, trainable: false, seed: nil))
        var (word, weights) = ("system", false)
        if case .backbone(let backbone) = kind {
          (word, weights) = ("backbone", PretrainedWeights.imageNet(backbone) != nil)
        }
        return Entry(
          name: kind.name, kind: word, citation: kind.citation, inputs: network.inputs.map { InputDescription($0) },
          weights: weights)
      }
      try output.print(
        ["networks": entries],
        lines: entries.map {
          let inputs = $0.kind == "system" ? " <- " + $0.inputs.map(\.name).joined(separator: ", ") : ""
          return "\($0.name)\(inputs): \($0.citation)" + ($0.weights ? " (ImageNet weights at hand)" : "")
        })
    }
  }
}

/// One input of a network, in the words of JSON.
struct InputDescription: Encodable {
  let name: String
  let content: String
  /// -1 stands for any number of samples.
  let shape: [Int]

  init(_ input: NetworkInput, size: NetworkTrace.Size = .init()) {
    (name, content, shape) = (input.name, input.content.rawValue, [-1] + input.shape(at: size))
  }

  var line: String { "\(name) \(Self.text(shape)), \(content)" }

  /// A shape with N for the samples.
  static func text(_ shape: [Int]) -> String {
    let extents = ["N"] + shape.dropFirst().map { String($0) }
    return "[\(extents.joined(separator: ", "))]"
  }
}
