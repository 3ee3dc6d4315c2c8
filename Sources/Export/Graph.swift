import Foundation
import Torch

/// An ONNX graph that grows by one traced operator after the other.
final class Graph {
  /// A graph's input or output.
  struct Port {
    let name: String
    let tensor: TracedTensor
    var described: (name: String, shape: [Int]) { (name, tensor.shape.map { $0.fixed ?? -1 }) }
  }

  let inputs: [Port]
  private(set) var outputs: [Port] = []
  private(set) var nodes: [Onnx_NodeProto] = []
  private(set) var initializers: [Onnx_TensorProto] = []
  private let parameters: [ObjectIdentifier: String]
  private let weights: [String: Tensor]
  /// Name of the value that holds a tensor.
  private var values: [ObjectIdentifier: String] = [:]
  private var taken: Set<String>
  private var counts: [String: Int] = [:]
  private var constants: [String: String] = [:]
  private var samples: String?

  init(_ program: TracedProgram, weights: [String: Tensor]) throws(ExportError) {
    inputs = program.inputs.map { Port(name: $0.name, tensor: $0.tensor) }
    (parameters, self.weights) = (program.parameters, weights)
    taken = Set(program.parameters.values).union(inputs.map(\.name)).union(program.outputs.map(\.name))
    for input in inputs { values[input.tensor.identity] = input.name }
    for one in program.operators { values[one.result.identity] = try value(of: one) }
    for (name, tensor) in program.outputs {
      append("Identity", [try value(of: tensor)], [name])
      outputs.append(Port(name: name, tensor: tensor))
    }
    prune()
  }

  // MARK: Values

  /// Name of the value that holds `tensor`: of an input, an operator's result, a parameter, or numbers made by Swift.
  func value(of tensor: TracedTensor) throws(ExportError) -> String {
    if let known = values[tensor.identity] { return known }
    do throws(TorchError) {
      let name: String
      if let parameter = parameters[tensor.identity] {
        guard let weight = weights[parameter] else { throw .argument("\(parameter): missing") }
        name = parameter
        initializers.append(
          .init(name, tensor.shape.compactMap(\.fixed), try Data(weight.to(tensor.type).bytes()), tensor.type))
      } else {
        guard tensor.shape.allSatisfy(\.isFixed) else {
          throw .operation("ONNX export: numbers made for each sample: \(try tensor.tensor.shape)")
        }
        name = unique("constant")
        initializers.append(.init(name, tensor.shape.compactMap(\.fixed), try Data(tensor.tensor.bytes()), tensor.type))
      }
      values[tensor.identity] = name
      return name
    } catch {
      throw .torch(error)
    }
  }

  /// - near: a parameter of the operator, after whose layer the value is called.
  func emit(_ type: String, _ inputs: [String], _ attributes: [Onnx_AttributeProto] = [], near parameter: String? = nil)
    -> String
  {
    let layer = parameter.flatMap { name in name.lastIndex(of: ".").map { String(name[..<$0]) } }
    let output = unique(layer ?? type)
    append(type, inputs, [output], attributes)
    return output
  }

  private func append(
    _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [Onnx_AttributeProto] = []
  ) {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = outputs.first ?? ""
    node.input = inputs
    node.output = outputs
    node.attribute = attributes
    nodes.append(node)
  }

  private func unique(_ stem: String) -> String {
    while true {
      let count = counts[stem, default: 0]
      counts[stem] = count + 1
      let name = count == 0 && stem.contains(".") ? stem : "\(stem)_\(count)"
      if taken.insert(name).inserted { return name }
    }
  }

  // MARK: Constants

  func constant(_ integers: [Int]) -> String {
    constant(integers.map(Int64.init), shape: [integers.count], type: .int64)
  }

  /// A number of the given type, of rank 0.
  func constant(_ number: Double, _ type: ScalarType) throws(ExportError) -> String {
    switch type {
    case .float32: return constant([Float(number)], shape: [], type: type)
    case .float64: return constant([number], shape: [], type: type)
    case .int64: return constant([Int64(number)], shape: [], type: type)
    default: throw .notExpressible(operator: "constant", reason: "a number of type \(type)")
    }
  }

  func constant(_ matrix: [Float], rows: Int) -> String {
    constant(matrix, shape: [rows, matrix.count / max(1, rows)], type: .float32)
  }

  private func constant<Scalar: BitwiseCopyable>(_ scalars: [Scalar], shape: [Int], type: ScalarType) -> String {
    let key = "\(type) \(shape) \(scalars)"
    if let known = constants[key] { return known }
    let name = unique("constant")
    initializers.append(.init(name, shape, scalars.withUnsafeBytes { Data($0) }, type))
    constants[key] = name
    return name
  }

  /// A list of extents as a value: a constant, or computed from the number of samples when the model runs.
  func extents(_ shape: [Extent]) throws(ExportError) -> String {
    let fixed = shape.compactMap(\.fixed)
    guard fixed.count < shape.count else { return constant(fixed) }
    var parts: [String] = []
    for extent in shape {
      switch extent {
      case .fixed(let number): parts.append(constant([number]))
      case .samples(1): parts.append(try numberOfSamples())
      case .samples(let times): parts.append(emit("Mul", [try numberOfSamples(), constant([times])]))
      }
    }
    return emit("Concat", parts, [.integer("axis", 0)])
  }

  private func numberOfSamples() throws(ExportError) -> String {
    if let samples { return samples }
    guard let input = inputs.first else { throw .notExpressible(operator: "input", reason: "there is none") }
    let name = emit("Shape", [input.name], [.integer("start", 0), .integer("end", 1)])
    samples = name
    return name
  }

  // MARK: Clean-up

  /// Drops what no output needs.
  private func prune() {
    var needed = Set(outputs.map(\.name))
    var kept: [Onnx_NodeProto] = []
    for node in nodes.reversed() where node.output.contains(where: needed.contains) {
      needed.formUnion(node.input)
      kept.append(node)
    }
    nodes = kept.reversed()
    initializers.removeAll { !needed.contains($0.name) }
    renameOutputs()
  }

  /// An output that is some node's only result takes its place, in place of a copy.
  private func renameOutputs() {
    let copies = nodes.filter { $0.opType == "Identity" && outputs.map(\.name).contains($0.output[0]) }
    for copy in copies {
      let (source, output) = (copy.input[0], copy.output[0])
      guard nodes.contains(where: { $0.output == [source] && !outputs.map(\.name).contains(source) }) else { continue }
      nodes.removeAll { $0.opType == "Identity" && $0.output == [output] }
      for index in nodes.indices {
        nodes[index].input = nodes[index].input.map { $0 == source ? output : $0 }
        if nodes[index].output == [source] { nodes[index].output = [output] }
      }
    }
  }
}
