import NN
import Networks
import Torch

/// An extent of a traced tensor: fixed, or a multiple of the number of samples.
///
/// The trace runs with a number of samples that is a prime far above any extent of a network, so that exactly the extents
/// that grow with the samples are its multiples. It costs nothing, since traced tensors have no memory.
enum Extent: Equatable {
  case fixed(Int)
  case samples(times: Int)

  static let samplesWhenTraced = 100_003

  init(traced extent: Int) {
    let times = extent / Self.samplesWhenTraced
    self = times > 0 && extent % Self.samplesWhenTraced == 0 ? .samples(times: times) : .fixed(extent)
  }

  var isFixed: Bool { if case .fixed = self { true } else { false } }
  var fixed: Int? { if case .fixed(let extent) = self { extent } else { nil } }
}

/// One tensor of the trace, as plain values.
struct TracedTensor {
  let identity: ObjectIdentifier
  let shape: [Extent]
  let type: ScalarType
  /// The tensor itself; it has scalars only where Swift made it on the CPU.
  let tensor: Tensor

  init(_ tensor: Tensor) throws(TorchError) {
    identity = ObjectIdentifier(tensor)
    shape = try tensor.shape.map { Extent(traced: $0) }
    type = try tensor.scalarType
    self.tensor = tensor
  }

  var rank: Int { shape.count }
}

/// One operator of the trace, with typed access to its arguments.
struct TracedOperator {
  let schema: String
  let result: TracedTensor
  private let arguments: [OperatorArgument]
  private let tensors: [ObjectIdentifier: TracedTensor]

  /// nil for what has no tensor as result.
  init?(_ call: Trace.Call) throws(TorchError) {
    guard let first = call.results.first else { return nil }
    (schema, arguments, result) = (call.schema, call.arguments, try TracedTensor(first))
    var tensors: [ObjectIdentifier: TracedTensor] = [:]
    for argument in call.arguments {
      switch argument {
      case .tensor(let tensor): tensors[ObjectIdentifier(tensor)] = try TracedTensor(tensor)
      case .tensors(let list): for tensor in list { tensors[ObjectIdentifier(tensor)] = try TracedTensor(tensor) }
      default: break
      }
    }
    self.tensors = tensors
  }

  func failure(_ reason: String) -> ExportError { .notExpressible(operator: schema, reason: reason) }

  /// nil where it is None or left out.
  func optionalTensor(_ index: Int) -> TracedTensor? {
    guard index < arguments.count, case .tensor(let tensor) = arguments[index] else { return nil }
    return tensors[ObjectIdentifier(tensor)]
  }

  func tensor(_ index: Int) throws(ExportError) -> TracedTensor {
    guard let tensor = optionalTensor(index) else { throw failure("argument \(index) is no tensor") }
    return tensor
  }

  func list(_ index: Int) throws(ExportError) -> [TracedTensor] {
    guard index < arguments.count, case .tensors(let list) = arguments[index] else {
      throw failure("argument \(index) is no list of tensors")
    }
    return list.compactMap { tensors[ObjectIdentifier($0)] }
  }

  /// - fallback: the schema's default, taken where the argument is left out.
  func integer(_ index: Int, or fallback: Int? = nil) throws(ExportError) -> Int {
    if index < arguments.count, case .integer(let value) = arguments[index] { return value }
    guard index >= arguments.count, let fallback else { throw failure("argument \(index) is no integer") }
    return fallback
  }

  func integers(_ index: Int, or fallback: [Int]? = nil) throws(ExportError) -> [Int] {
    if index < arguments.count, case .integers(let value) = arguments[index] { return value }
    guard index >= arguments.count, let fallback else { throw failure("argument \(index) is no list of integers") }
    return fallback
  }

  func bool(_ index: Int, or fallback: Bool) throws(ExportError) -> Bool {
    if index < arguments.count, case .bool(let value) = arguments[index] { return value }
    guard index >= arguments.count else { throw failure("argument \(index) is no bool") }
    return fallback
  }

  func number(_ index: Int) throws(ExportError) -> Double {
    guard index < arguments.count else { throw failure("argument \(index) is missing") }
    switch arguments[index] {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: throw failure("argument \(index) is no number")
    }
  }
}

/// A trace as plain values: what a graph is built from.
struct TracedProgram {
  let inputs: [(name: String, tensor: TracedTensor)]
  let operators: [TracedOperator]
  /// `logits` first, then what explains it, by name.
  let outputs: [(name: String, tensor: TracedTensor)]
  /// Name of each parameter by its tensor.
  let parameters: [ObjectIdentifier: String]

  init(_ traced: NetworkTrace) throws(TorchError) {
    let extras = traced.output.extras.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }
    try self.init(
      inputs: traced.inputs, traced.trace, outputs: [(name: "logits", tensor: traced.output.logits)] + extras,
      parameters: traced.network.parameters.stateDictionary)
  }

  init(
    inputs: [(name: String, tensor: Tensor)], _ trace: Trace, outputs: [(name: String, tensor: Tensor)],
    parameters: [String: Tensor] = [:]
  ) throws(TorchError) {
    self.inputs = try Self.plain(inputs)
    self.outputs = try Self.plain(outputs)
    var operators: [TracedOperator] = []
    for call in trace.calls { if let one = try TracedOperator(call) { operators.append(one) } }
    self.operators = operators
    self.parameters = Dictionary(parameters.map { (ObjectIdentifier($1), $0) }) { $1 }
  }

  private static func plain(_ ports: [(name: String, tensor: Tensor)]) throws(TorchError)
    -> [(name: String, tensor: TracedTensor)]
  {
    var plain: [(name: String, tensor: TracedTensor)] = []
    for (name, tensor) in ports { plain.append((name, try TracedTensor(tensor))) }
    return plain
  }
}
