import Foundation
import NN
import Networks
import SwiftProtobuf
import Testing
import Torch

@testable import Export

@Suite struct ModelTests {
  private func parsed(_ sample: Sample) throws -> (network: any Network, model: Onnx_ModelProto) {
    let network = try sample.network()
    return (network, try Onnx_ModelProto(serializedBytes: sample.model(network).bytes))
  }

  @Test func theFileParsesBack() throws {
    let (network, model) = try parsed(Sample(name: "resnet18"))
    #expect(model.irVersion == 8)
    #expect(model.opsetImport.map(\.version) == [17])
    let metadata = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { $1 }
    #expect(metadata["network"] == "resnet18")
    #expect(metadata["classes"] == "3")
    #expect(metadata["settings"] == "{}")
    #expect(metadata["normalisation_mean"] == "0.485,0.456,0.406")
    #expect(metadata["insonate_version"] == "test")
    let input = try #require(model.graph.input.first)
    #expect(model.graph.input.count == 1 && input.name == "input")
    #expect(input.type.tensorType.shape.dim.first?.dimParam == "N")
    #expect(input.type.tensorType.shape.dim.dropFirst().map(\.dimValue) == [3, 64, 64])
    #expect(model.graph.output.map(\.name) == ["logits"])

    let trained = network.parameters.names.filter { !$0.hasSuffix("num_batches_tracked") }
    let initializers = Dictionary(model.graph.initializer.map { ($0.name, $0) }) { $1 }
    #expect(initializers.keys.filter { !$0.hasPrefix("constant") }.sorted() == trained.sorted())
    for name in ["conv1.weight", "layer4.1.bn2.running_var", "fc.bias"] {
      let (tensor, own) = (try #require(initializers[name]), try #require(network.parameters[name]))
      #expect(tensor.dims.map(Int.init) == (try own.shape))
      #expect([UInt8](tensor.rawData) == (try own.bytes()))
    }
    // A value is computed once and before it is used.
    var known = Set(model.graph.input.map(\.name)).union(initializers.keys)
    for node in model.graph.node {
      #expect(known.isSuperset(of: node.input.filter { !$0.isEmpty }), "\(node.name)")
      for name in node.output { #expect(known.insert(name).inserted, "\(name) is computed twice") }
    }
    #expect(known.contains("logits"))
  }

  @Test func absentInputsAreAnInputOfTheirOwn() throws {
    let sample = Sample(name: "thyroid-bench", settings: #"{"backbone":"resnet18"}"#, present: true)
    let (network, model) = try parsed(sample)
    #expect(model.graph.input.map(\.name) == network.inputs.map(\.name) + ["present"])
    let shape = try #require(model.graph.input.last?.type.tensorType.shape.dim)
    #expect(shape.first?.dimParam == "N" && shape.last?.dimValue == Int64(network.inputs.count))
  }

  @Test func wrongWeightsAndSizesAreNamed() throws {
    let network = try Sample(name: "resnet18").network()
    let design = try NetworkDesign(named: "resnet18")
    func message(_ classes: Int, _ side: Int, _ weights: [String: Tensor]) -> String {
      do {
        _ = try ONNXModel(
          design, classes: classes, weights: weights, source: "W", size: .init(side: side), version: "test")
        return ""
      } catch { return error.description }
    }
    var weights = network.parameters.stateDictionary
    #expect(message(3, 64, weights).isEmpty)
    #expect(message(4, 64, weights).contains("fc.weight [3, 512], expected [4, 512]"))
    #expect(message(3, 16, weights).contains("at least 32 x 32 pixels, found 16 x 16"))
    weights["fc.bias"] = try Tensor([Float.nan, 0, 0], shape: [3])
    #expect(message(3, 64, weights).contains("W: fc.bias holds values that are not finite"))
    weights["fc.bias"] = nil
    #expect(message(3, 64, weights).contains("fc.bias"))
  }

  @Test func extentsThatGrowAreToldFromTheOthers() {
    let samples = Extent.samplesWhenTraced
    #expect(Extent(traced: samples) == .samples(times: 1))
    #expect(Extent(traced: 3 * samples) == .samples(times: 3))
    for fixed in [0, 1, 7, 1536, 300 * 300] { #expect(Extent(traced: fixed) == .fixed(fixed)) }
  }

  /// A part of a program whose operators are recorded from a closure over one input [N, 2, 4, 4].
  private func graph(_ body: (Tensor) throws(TorchError) -> Tensor) throws -> Graph {
    let x = try Tensor.zeros([Extent.samplesWhenTraced, 2, 4, 4], on: .meta)
    let (result, trace) = try Trace.recording { () throws(TorchError) in try body(x) }
    return try Graph(TracedProgram(inputs: [("input", x)], trace, outputs: [("logits", result)]), weights: [:])
  }

  @Test func whatCannotBeSaidIsNamed() throws {
    func message(_ body: (Tensor) throws(TorchError) -> Tensor) throws -> String {
      do {
        _ = try graph(body)
        return ""
      } catch let error as ExportError { return error.description }
    }
    let inPlace = try message { (x) throws(TorchError) in
      try x.fill(1)
      return x
    }
    // What the input was before it was filled is lost.
    #expect(inPlace.contains("fill_.Scalar") && inPlace.contains("in place"))
    let halved = try message { (x) throws(TorchError) in try x.halved(offset: 1) }
    #expect(halved.contains("_upsample_nearest_exact2d") && halved.contains("no counterpart"))
  }

  @Test func whatNoOutputNeedsIsLeftOut() throws {
    let graph = try graph { (x) throws(TorchError) in
      _ = try x.exp()
      return try x.relu().globallyAveraged()
    }
    #expect(graph.nodes.map(\.opType) == ["Relu", "GlobalAveragePool", "Reshape"])
    #expect(graph.nodes.last?.output == ["logits"])
  }
}
