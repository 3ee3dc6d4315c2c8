import NN
public import Torch

/// What one sample costs, read from traces of the network.
public struct NetworkCost: Sendable {
  /// Multiplications with additions of the forward pass in evaluation mode: convolutions, linear layers, matrix products.
  public let multiplyAdds: Int
  /// Bytes of the activations that a training step keeps for the gradient in float32, by libtorch's rules of what each
  /// operator's derivative needs. Parameters, their gradients and the optimiser's state come once beside them, and the
  /// backward pass needs room for a few layers' gradients more (docs/performance.md: measured).
  public let activationBytes: Int
  /// The same under autocast to bfloat16, in which every kept scalar of float32 takes half.
  public let activationBytesInBFloat16: Int

  public init(_ design: NetworkDesign, classes: Int, size: NetworkTrace.Size = .init()) throws(TorchError) {
    multiplyAdds = try NetworkTrace(design, classes: classes, samples: 1, size: size).trace.multiplyAdds()
    // Two samples, since a batch of one has no variance where a layer sees one place.
    let kept = try KeptActivations(NetworkTrace(design, classes: classes, samples: 2, size: size, training: true))
    activationBytes = (kept.floats * 4 + kept.others) / 2
    activationBytesInBFloat16 = (kept.floats * 2 + kept.others) / 2
  }
}

extension Trace {
  func multiplyAdds() throws(TorchError) -> Int {
    var total = 0
    for call in calls {
      guard let result = call.results.first else { continue }
      switch (call.name, call.arguments.first, call.arguments.dropFirst().first) {
      case ("conv2d", _, .tensor(let weight)), ("conv3d", _, .tensor(let weight)), ("linear", _, .tensor(let weight)):
        total += try result.shape.reduce(1, *) * weight.shape.dropFirst().reduce(1, *)
      case ("matmul", .tensor(let left), _):
        total += try result.shape.reduce(1, *) * (left.shape.last ?? 1)
      default: break
      }
    }
    return total
  }
}

/// Scalars kept between the forward and the backward pass; each tensor counts once, under whatever view it is kept.
private struct KeptActivations {
  /// Scalars of activations.
  private(set) var floats = 0
  /// Bytes of what has no other type in bfloat16: indices and masks.
  private(set) var others = 0
  /// By the tensor that owns the memory.
  private var counted: Set<ObjectIdentifier> = []
  private var owners: [ObjectIdentifier: Tensor] = [:]

  init(_ traced: NetworkTrace) throws(TorchError) {
    // Parameters are there in any case.
    for tensor in traced.network.parameters.stateDictionary.values { counted.insert(ObjectIdentifier(tensor)) }
    for call in traced.trace.calls {
      guard let result = call.results.first else { continue }
      if Self.views.contains(call.name), case .tensor(let source)? = call.arguments.first,
        try source.scalarType == result.scalarType
      {
        owners[ObjectIdentifier(result)] = owner(source)
      } else if try result.requiresGradient {
        try keep(call, result)
      }
    }
  }

  /// Operators whose result shares its argument's memory, or does where nothing has to be converted.
  private static let views: Set<String> = [
    "reshape", "flatten", "permute", "transpose", "unsqueeze", "squeeze", "narrow", "expand", "detach", "contiguous",
    "to",
  ]

  private func owner(_ tensor: Tensor) -> Tensor { owners[ObjectIdentifier(tensor)] ?? tensor }

  private mutating func keep(_ call: Trace.Call, _ result: Tensor) throws(TorchError) {
    let tensors = call.arguments.compactMap { if case .tensor(let tensor) = $0 { tensor } else { nil } }
    guard let first = tensors.first else { return }
    switch call.name {
    case "conv2d", "conv3d", "linear", "batch_norm", "relu6", "silu", "gelu", "softplus", "log", "abs", "sin", "cos",
      "clamp", "pow", "avg_pool2d", "avg_pool3d":
      try keep(first)
    case "relu", "sigmoid", "tanh", "softmax", "log_softmax", "exp", "sqrt": try keep(result)
    case "log_sigmoid", "amax", "amin":
      try keep(first)
      try keep(result)
    case "max_pool2d", "max_pool3d":
      try keep(first)
      others += try result.shape.reduce(ScalarType.int64.size, *)
    case "adaptive_avg_pool2d", "adaptive_avg_pool3d":
      // One part is a plain mean, which needs extents only.
      if try result.shape.dropFirst(2).contains(where: { $0 > 1 }) { try keep(first) }
    case "mul", "div", "matmul":
      // Each factor is needed for the other's gradient.
      guard let second = tensors.dropFirst().first else { return }
      if try second.requiresGradient { try keep(first) }
      if try first.requiresGradient || call.name == "div" { try keep(second) }
    case "where", "grid_sampler":
      for tensor in tensors.prefix(call.name == "where" ? 1 : 2) { try keep(tensor) }
    default: break
    }
  }

  private mutating func keep(_ tensor: Tensor) throws(TorchError) {
    let tensor = owner(tensor)
    guard counted.insert(ObjectIdentifier(tensor)).inserted else { return }
    let (count, type) = (try tensor.shape.reduce(1, *), try tensor.scalarType)
    if type == .float32 { floats += count } else { others += count * type.size }
  }
}
