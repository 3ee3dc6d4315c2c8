// NN: layers, losses and initialisers over Torch. A layer creates its parameters under a path, so that the names in a weight
// file are the reference implementation's. Knows no particular network and no data.

public import Torch

/// The named parameters and buffers of one network. Buffers (running statistics) are saved but not trained.
public final class Parameters {
  /// How a network's tensors are made.
  public struct Options: Sendable {
    public var device: Device
    /// Convolution weights in channels-last order, which libtorch's CPU kernels prefer.
    public var channelsLast: Bool
    /// Whether parameters will be trained; else they never require gradients.
    public var trainable: Bool
    /// Seed of the initial weights; nil leaves them unset, for a network whose weights are loaded next.
    public var seed: UInt64?

    public init(device: Device = .cpu, channelsLast: Bool = true, trainable: Bool = true, seed: UInt64? = 0) {
      (self.device, self.channelsLast, self.trainable, self.seed) = (device, channelsLast, trainable, seed)
    }
  }

  public let options: Options
  /// In the order the network creates them.
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]
  private var bufferNames: Set<String> = []
  private var auxiliaryPrefixes: [String] = []
  private var formerParts: [(former: String, present: String)] = []
  let generator: Generator?

  public init(_ options: Options = Options()) throws(TorchError) {
    self.options = options
    generator = if let seed = options.seed { try Generator(seed: seed) } else { nil }
  }

  public var root: Path { Path(parameters: self, prefix: "") }

  public subscript(_ name: String) -> Tensor? { tensors[name] }

  /// What an optimiser changes.
  public var trained: [NamedTensor] {
    names.compactMap { name in
      bufferNames.contains(name) ? nil : tensors[name].map { NamedTensor(name: name, tensor: $0) }
    }
  }

  /// Number of trained scalars, without those of auxiliary classifiers.
  public func count() throws(TorchError) -> Int {
    var total = 0
    for parameter in trained where auxiliaryPrefix(of: parameter.name) == nil {
      total += try parameter.tensor.shape.reduce(1, *)
    }
    return total
  }

  /// Parameters and buffers by name, sharing memory with the network.
  public var stateDictionary: [String: Tensor] { tensors }

  /// Copies weights in. Every name must be there with its shape and none more; `ignoring` names parts to leave as they are
  /// (a classifier of another class count), and counts of batches are optional, since old files lack them. So is each
  /// auxiliary classifier as a whole, which keeps its values then; a network without auxiliary classifiers passes over them.
  public func load(_ weights: [String: Tensor], source: String, ignoring: (String) -> Bool = { _ in false })
    throws(TorchError)
  {
    try load(weights, into: names, source: source, ignoring: ignoring)
  }

  /// Copies weights into the part of the network whose names begin with `prefix`, which the weights' own names lack.
  /// `ignoring` is asked for names without the prefix.
  public func load(
    _ weights: [String: Tensor], under prefix: String, source: String, ignoring: (String) -> Bool = { _ in false }
  ) throws(TorchError) {
    var prefixed: [String: Tensor] = [:]
    for (name, weight) in weights where !ignoring(name) { prefixed[prefix + name] = weight }
    try load(prefixed, into: names.filter { $0.hasPrefix(prefix) }, source: source) {
      ignoring(String($0.dropFirst(prefix.count)))
    }
  }

  private func load(
    _ given: [String: Tensor], into names: [String], source: String, ignoring: (String) -> Bool
  ) throws(TorchError) {
    let weights = presentNames(given)
    let auxiliaries = Set(weights.keys.compactMap { ignoring($0) ? nil : auxiliaryPrefix(of: $0) })
    var (missing, mismatched): ([String], [String]) = ([], [])
    for name in names where !ignoring(name) {
      if let weight = weights[name], let own = tensors[name] {
        if try weight.shape != own.shape {
          mismatched.append("\(name) \(try weight.shape), expected \(try own.shape)")
        }
      } else if !name.hasSuffix("num_batches_tracked") {
        if let prefix = auxiliaryPrefix(of: name), !auxiliaries.contains(prefix) { continue }
        missing.append(name)
      }
    }
    let unexpected = weights.keys.filter { tensors[$0] == nil && !ignoring($0) && !isLeftOut($0) }.sorted()
    guard missing.isEmpty, mismatched.isEmpty, unexpected.isEmpty else {
      throw .keys(source: source, missing: missing.sorted(), unexpected: unexpected, mismatched: mismatched.sorted())
    }
    try withoutGradients { () throws(TorchError) in
      for name in names where !ignoring(name) {
        guard let weight = weights[name], let own = tensors[name] else { continue }
        if try weight.scalarType != .int64, try !weight.isFinite() {
          throw .argument("\(source): \(name) holds values that are not finite")
        }
        try own.copy(from: weight)
      }
    }
  }

  private func auxiliaryPrefix(of name: String) -> String? { auxiliaryPrefixes.first { name.hasPrefix($0) } }

  /// Whether a name is of an auxiliary classifier that this network was made without.
  private func isLeftOut(_ name: String) -> Bool {
    auxiliaryPrefix(of: name).map { prefix in !names.contains { $0.hasPrefix(prefix) } } ?? false
  }

  /// The weights under the names this network gives them.
  private func presentNames(_ weights: [String: Tensor]) -> [String: Tensor] {
    guard !formerParts.isEmpty else { return weights }
    var renamed: [String: Tensor] = [:]
    for (name, weight) in weights {
      let part = tensors[name] == nil ? formerParts.first { name.contains($0.former) } : nil
      renamed[part.map { name.replacing($0.former, with: $0.present) } ?? name] = weight
    }
    return renamed
  }

  /// Makes `load` read names that hold `former`, as older files write it, as if they held `present`.
  public func accept(former: String, for present: String) { formerParts.append((former, present)) }

  fileprivate func addAuxiliary(_ prefix: String) { auxiliaryPrefixes.append(prefix) }

  fileprivate func add(_ name: String, _ tensor: Tensor, buffer: Bool) throws(TorchError) {
    guard tensors[name] == nil else { throw .argument("parameter \(name) is created twice") }
    tensors[name] = tensor
    names.append(name)
    if buffer { bufferNames.insert(name) } else if options.trainable { try tensor.setRequiresGradient(true) }
  }
}

/// A place in a network's tree of names: `root / "layer1" / 0 / "conv1"`.
public struct Path {
  public let parameters: Parameters
  let prefix: String

  /// What the names of parameters here begin with: nothing at the root, else with a dot at its end.
  public var prefixWithDot: String { prefix.isEmpty ? "" : prefix + "." }

  public static func / (path: Path, name: String) -> Path {
    Path(parameters: path.parameters, prefix: path.prefix.isEmpty ? name : path.prefix + "." + name)
  }
  public static func / (path: Path, index: Int) -> Path { path / String(index) }

  /// This place, for a classifier that serves training only. Weight files with and without it load, whether or not the
  /// network has it, and `Parameters.count` leaves it out.
  public var auxiliary: Path {
    parameters.addAuxiliary(prefixWithDot)
    return self
  }

  /// Creates a trained parameter.
  public func parameter(_ name: String, _ shape: [Int], _ initialiser: Initialiser) throws(TorchError) -> Tensor {
    try create(name, shape, initialiser, buffer: false)
  }

  /// Creates a buffer: saved with the network, changed by no optimiser.
  public func buffer(_ name: String, _ shape: [Int], _ initialiser: Initialiser, _ type: ScalarType = .float32)
    throws(TorchError) -> Tensor
  {
    try create(name, shape, initialiser, buffer: true, type)
  }

  private func create(
    _ name: String, _ shape: [Int], _ initialiser: Initialiser, buffer: Bool, _ type: ScalarType = .float32
  ) throws(TorchError) -> Tensor {
    let options = parameters.options
    let format: MemoryFormat =
      switch shape.count {
      case 4 where options.channelsLast: .channelsLast
      case 5 where options.channelsLast: .channelsLast3D
      default: .contiguous
      }
    guard options.device != .meta else {
      let tensor = try Tensor.empty(shape, type, on: .meta, format: format)
      try parameters.add((self / name).prefix, tensor, buffer: buffer)
      return tensor
    }
    var tensor = try Tensor.empty(shape, type, format: format)
    if let generator = parameters.generator { try initialiser.fill(tensor, generator) }
    if options.device != .cpu { tensor = try tensor.to(options.device) }
    try parameters.add((self / name).prefix, tensor, buffer: buffer)
    return tensor
  }
}

/// How a new parameter is filled.
public enum Initialiser: Sendable {
  case zeros
  case ones
  case normal(deviation: Double)
  /// He et al. 2015 over the outgoing connections of a convolution: normal with variance 2 / fan-out.
  case heFanOut
  /// He et al. 2015 over the incoming connections: normal with variance 2 / fan-in.
  case heFanIn
  /// PyTorch's default for convolutions and linear layers: uniform within 1 / sqrt(fan-in).
  case uniformFanIn
  case uniform(bound: Double)

  // Drawn in row-major order and copied, so that the memory order of the parameter does not change its values.
  func fill(_ tensor: Tensor, _ generator: Generator) throws(TorchError) {
    let shape = try tensor.shape
    let area = shape.dropFirst(2).reduce(1, *)
    switch self {
    case .zeros: try tensor.fill(0)
    case .ones: try tensor.fill(1)
    case .normal(let deviation): try tensor.copy(from: generator.normal(shape) * deviation)
    case .heFanOut:
      let deviation = (2 / Double(max(1, shape[0] * area))).squareRoot()
      try tensor.copy(from: generator.normal(shape) * deviation)
    case .heFanIn:
      let deviation = (2 / Double(max(1, shape.dropFirst().reduce(1, *)))).squareRoot()
      try tensor.copy(from: generator.normal(shape) * deviation)
    case .uniformFanIn:
      let fanIn = shape.dropFirst().reduce(1, *)
      try tensor.copy(from: uniform(shape, 1 / Double(max(1, fanIn)).squareRoot(), generator))
    case .uniform(let bound): try tensor.copy(from: uniform(shape, bound, generator))
    }
  }

  private func uniform(_ shape: [Int], _ bound: Double, _ generator: Generator) throws(TorchError) -> Tensor {
    try (generator.uniform(shape) - 0.5) * (2 * bound)
  }
}
