import ArgumentParser
import Foundation
import NN
import Networks
import Tables
import Torch
import Training

struct NetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks", abstract: "The networks: names, sizes, and a forward pass.",
    subcommands: [List.self, Describe.self, Forward.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Names of the networks.")
    @OptionGroup var output: OutputOptions

    private struct Entry: Encodable { let name: String, inputSize: Int, citation: String, weights: Bool }

    func run() throws {
      let entries = Backbone.allCases.map {
        Entry(
          name: $0.rawValue, inputSize: $0.inputSize, citation: $0.citation,
          weights: PretrainedWeights.imageNet($0) != nil)
      }
      try output.print(
        ["networks": entries],
        lines: entries.map { "\($0.name): \($0.citation)" + ($0.weights ? " (ImageNet weights at hand)" : "") })
    }
  }

  struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Parameters and input of a network.")
    @Argument var name: String
    @OptionGroup var output: OutputOptions

    private struct Description: Encodable {
      let name: String, parameters: Int, inputs: [String: [Int]], featureChannels: Int, citation: String
    }

    func run() throws {
      let backbone = try NetworksCommand.backbone(name)
      let network = try backbone.network(classes: 1000, .init(trainable: true, seed: nil))
      let size = backbone.inputSize
      let description = Description(
        name: name, parameters: try network.parameters.count(), inputs: ["input": [-1, 3, size, size]],
        featureChannels: network.featureChannels, citation: backbone.citation)
      try output.print(
        description,
        lines: [
          "\(name): \(backbone.citation)", "parameters  \(description.parameters) with 1000 classes",
          "input       [N, 3, \(size), \(size)]", "features    \(network.featureChannels) channels",
        ])
    }
  }

  struct Forward: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Runs a network once, in evaluation mode.",
      discussion: """
        X holds `input` [N, 3, rows, columns] float32, Y will hold `logits` [N, K]; W holds the reference parameter names \
        (safetensors or .pth) and sets the number of classes.
        """)
    @Argument var name: String
    @Option var weights: String
    @Option var input: String
    @Option(name: .customLong("output")) var result: String
    @OptionGroup var output: OutputOptions

    func run() throws {
      let backbone = try NetworksCommand.backbone(name)
      let file = URL(fileURLWithPath: result)
      try AtomicFile.requirePlace(for: file)
      let weightsFile = URL(fileURLWithPath: weights)
      let weights = try loadWeights(weightsFile)
      let classifier = weights.keys.first { $0.hasPrefix(backbone.classifierPrefix) && $0.hasSuffix(".bias") }
      guard let classifier, let classes = try weights[classifier]?.shape.first else {
        throw BadInput("\(weightsFile.path): no classifier named \(backbone.classifierPrefix)*; is it of \(name)?")
      }
      let network = try backbone.network(classes: classes, .init(trainable: false, seed: nil))
      try network.parameters.load(weights, source: weightsFile.path)
      let inputFile = URL(fileURLWithPath: input)
      guard let images = try SafeTensors(contentsOf: inputFile).tensors["input"] else {
        throw BadInput("\(inputFile.path): expected a tensor named input")
      }
      let size = try images.shape
      guard size.count == 4, size[1] == 3, size.allSatisfy({ $0 > 0 }) else {
        throw BadInput("\(inputFile.path): input: expected [N, 3, rows, columns], found \(size)")
      }
      let logits: Tensor
      do throws(TorchError) {
        logits = try withInference { () throws(TorchError) in
          try network(images.to(.float32).contiguous(.channelsLast), .evaluation).contiguous()
        }
      } catch {
        throw BadInput("\(inputFile.path): \(name) does not take an input of \(size): \(error)")
      }
      try SafeTensors(tensors: ["logits": logits]).write(to: file)
      let shape = try logits.shape
      try output.print(["logits": shape], lines: ["logits \(shape) in \(file.path)"])
    }
  }

  private static func backbone(_ name: String) throws -> Backbone {
    guard let backbone = Backbone(rawValue: name) else {
      let names = Backbone.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("no network is called \(name); there are \(names)")
    }
    return backbone
  }
}
