/// Changes parameters by their gradients. The state is named, so that a run can be stopped and resumed to the bit.
public protocol Optimiser: AnyObject {
  /// One step at `learningRate` from the gradients now on the parameters; parameters without one stay as they are.
  func step(learningRate: Double, momentum: Double?) throws(TorchError)
  /// Momenta and step counts under `<parameter>.<what>`.
  var state: [String: Tensor] { get }
  /// Puts back what `state` gave. Throws if a name is missing or of another shape.
  func restore(_ state: [String: Tensor]) throws(TorchError)
}

extension Optimiser {
  public func step(learningRate: Double) throws(TorchError) { try step(learningRate: learningRate, momentum: nil) }
}

/// A parameter and its name, as the optimisers take them.
public struct NamedTensor {
  public let name: String
  public let tensor: Tensor
  public init(name: String, tensor: Tensor) { (self.name, self.tensor) = (name, tensor) }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019), in libtorch's fused kernel: one pass over memory a step.
public final class AdamW: Optimiser {
  private let parameters: [NamedTensor]
  private let (beta1, beta2, epsilon, weightDecay): (Double, Double, Double, Double)
  private var (first, second, steps): ([Tensor], [Tensor], [Tensor])

  /// - weightDecay: shrinks each parameter by `learningRate * weightDecay` a step.
  public init(
    _ parameters: [NamedTensor], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01
  ) throws(TorchError) {
    self.parameters = parameters
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    (first, second, steps) = ([], [], [])
    for parameter in parameters {
      first.append(try parameter.tensor.zerosLike())
      second.append(try parameter.tensor.zerosLike())
      steps.append(try Tensor(scalar: 0).to(parameter.tensor.device))
    }
  }

  /// - momentum: replaces beta1 for this step, as a one-cycle schedule does.
  public func step(learningRate: Double, momentum: Double?) throws(TorchError) {
    var chosen: [Int] = []
    var gradients: [Tensor] = []
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = try parameter.tensor.gradient else { continue }
      chosen.append(index)
      gradients.append(gradient)
    }
    guard !chosen.isEmpty else { return }
    let (values, first, second, steps) = (
      chosen.map { parameters[$0].tensor }, chosen.map { self.first[$0] }, chosen.map { self.second[$0] },
      chosen.map { self.steps[$0] }
    )
    try withoutGradients { () throws(TorchError) in
      for count in steps { try count.increment() }
      _ = try OptimiserOperators.fusedAdamW.all(
        .tensors(values), .tensors(gradients), .tensors(first), .tensors(second), .tensors([]), .tensors(steps),
        .number(learningRate), .number(momentum ?? beta1), .number(beta2), .number(weightDecay), .number(epsilon),
        .bool(false), .bool(false), .none, .none)
    }
  }

  public var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (index, parameter) in parameters.enumerated() {
      state[parameter.name + ".first"] = first[index]
      state[parameter.name + ".second"] = second[index]
      state[parameter.name + ".steps"] = steps[index]
    }
    return state
  }

  public func restore(_ state: [String: Tensor]) throws(TorchError) { try restoreState(self.state, from: state) }
}

/// Stochastic gradient descent with momentum (Sutskever et al. 2013) and L2 weight decay, in libtorch's fused kernel.
public final class SGD: Optimiser {
  private let parameters: [NamedTensor]
  private let (momentum, weightDecay, nesterov): (Double, Double, Bool)
  private let velocity: [Tensor]

  public init(_ parameters: [NamedTensor], momentum: Double = 0.9, weightDecay: Double = 0, nesterov: Bool = false)
    throws(TorchError)
  {
    guard !nesterov || momentum > 0 else { throw .argument("SGD: Nesterov needs momentum above 0") }
    self.parameters = parameters
    (self.momentum, self.weightDecay, self.nesterov) = (momentum, weightDecay, nesterov)
    var velocity: [Tensor] = []
    for parameter in parameters { velocity.append(try parameter.tensor.zerosLike()) }
    self.velocity = velocity
  }

  public func step(learningRate: Double, momentum: Double?) throws(TorchError) {
    var (values, gradients, velocity): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = try parameter.tensor.gradient else { continue }
      values.append(parameter.tensor)
      gradients.append(gradient)
      velocity.append(self.velocity[index])
    }
    guard !values.isEmpty else { return }
    let chosen = momentum ?? self.momentum
    // The velocity starts at zero, so that the first step equals the kernel's own "first step" case.
    let list: OperatorArgument = chosen == 0 ? .tensors([]) : .tensors(velocity)
    try withoutGradients { () throws(TorchError) in
      _ = try OptimiserOperators.fusedSGD.all(
        .tensors(values), .tensors(gradients), list, .number(weightDecay), .number(chosen), .number(learningRate),
        .number(0), .bool(nesterov), .bool(false), .bool(false), .none, .none)
    }
  }

  public var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (index, parameter) in parameters.enumerated() { state[parameter.name + ".velocity"] = velocity[index] }
    return state
  }

  public func restore(_ state: [String: Tensor]) throws(TorchError) { try restoreState(self.state, from: state) }
}

private func restoreState(_ own: [String: Tensor], from saved: [String: Tensor]) throws(TorchError) {
  let missing = own.keys.filter { saved[$0] == nil }.sorted()
  let unexpected = saved.keys.filter { own[$0] == nil }.sorted()
  var mismatched: [String] = []
  for (name, tensor) in own {
    if let other = saved[name], try other.shape != tensor.shape { mismatched.append(name) }
  }
  guard missing.isEmpty, unexpected.isEmpty, mismatched.isEmpty else {
    throw .keys(source: "optimiser", missing: missing, unexpected: unexpected, mismatched: mismatched.sorted())
  }
  try withoutGradients { () throws(TorchError) in
    for (name, tensor) in own {
      if let other = saved[name] { try tensor.copy(from: other) }
    }
  }
}

extension Tensor {
  /// Zeros of the same shape, type, device and memory order, outside the gradient's graph.
  public func zerosLike() throws(TorchError) -> Tensor {
    try withoutGradients { () throws(TorchError) in try OptimiserOperators.zerosLike(.tensor(self)) }
  }
}

/// Scales the gradients so that their joint Euclidean norm is at most `maximum`; gives the norm there was before.
public func clipGradients(_ parameters: [NamedTensor], to maximum: Double) throws(TorchError) -> Double {
  var gradients: [Tensor] = []
  for parameter in parameters {
    if let gradient = try parameter.tensor.gradient { gradients.append(gradient) }
  }
  guard !gradients.isEmpty else { return 0 }
  return try withoutGradients { () throws(TorchError) in
    let norms = try OptimiserOperators.foreachNorm.all(.tensors(gradients), .number(2))
    let norm = try Tensor.stacked(norms).power(2).sum().sqrt().item()
    if norm > maximum {
      _ = try OptimiserOperators.foreachScale.all(.tensors(gradients), .number(maximum / (norm + 1e-6)))
    }
    return norm
  }
}

/// Moves each of `averages` towards its counterpart in `values`: average = decay * average + (1 - decay) * value.
public func moveAverages(_ averages: [Tensor], towards values: [Tensor], decay: Double) throws(TorchError) {
  try withoutGradients { () throws(TorchError) in
    _ = try OptimiserOperators.foreachLerp.all(.tensors(averages), .tensors(values), .number(1 - decay))
  }
}

enum OptimiserOperators {
  static let foreachLerp = Operator("_foreach_lerp_", "Scalar")
  static let fusedAdamW = Operator("_fused_adamw_")
  static let fusedSGD = Operator("_fused_sgd_")
  static let zerosLike = Operator("zeros_like")
  static let foreachNorm = Operator("_foreach_norm", "Scalar")
  static let foreachScale = Operator("_foreach_mul_", "Scalar")
}
