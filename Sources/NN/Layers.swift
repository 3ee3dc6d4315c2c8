public import Torch

/// What a forward pass needs to know besides its input.
public struct Pass {
  /// Batch statistics and dropout are used in training only.
  public let training: Bool
  /// Where dropout draws from; needed in training by networks that drop.
  public let generator: Generator?

  /// Whether segments of the network forget their activations and compute them again for the gradient.
  public let checkpointing: Bool
  /// False while a segment is computed again: its batch statistics have been counted once already.
  let movesStatistics: Bool

  public static var evaluation: Pass {
    Pass(training: false, generator: nil, checkpointing: false, movesStatistics: false)
  }
  public static func training(_ generator: Generator, checkpointing: Bool = false) -> Pass {
    Pass(training: true, generator: generator, checkpointing: checkpointing, movesStatistics: true)
  }

  /// Dropout of single elements; nothing in evaluation.
  public func dropout(_ x: Tensor, _ probability: Double) throws(TorchError) -> Tensor {
    guard training, let generator else { return x }
    return try x.droppedOut(probability, generator)
  }

  /// Stochastic depth of whole samples; nothing in evaluation.
  public func dropDepth(_ x: Tensor, _ probability: Double) throws(TorchError) -> Tensor {
    guard training, let generator else { return x }
    return try x.depthDropped(probability, generator)
  }
}

/// 2D convolution: weight [out, in / groups, kernel, kernel].
public struct Convolution2D {
  public let weight: Tensor
  public let bias: Tensor?
  let (stride, padding, groups): (Int, Int, Int)

  public init(
    _ path: Path, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
    bias: Bool = false, initialiser: Initialiser = .heFanOut
  ) throws(TorchError) {
    weight = try path.parameter("weight", [output, input / groups, kernel, kernel], initialiser)
    self.bias = bias ? try path.parameter("bias", [output], .zeros) : nil
    (self.stride, self.padding, self.groups) = (stride, padding, groups)
  }

  /// [N, in, H, W] to [N, out, H', W'].
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.convolved2D(weight, bias: bias, stride: stride, padding: padding, groups: groups)
  }
}

/// Convolution over stills or clips with an extent a dimension: `kernel` [rows, columns] or [frames, rows, columns]; weight
/// [out, in / groups, kernel...].
public struct Convolution {
  public let weight: Tensor
  public let bias: Tensor?
  let (stride, padding, groups): ([Int], [Int], Int)

  /// - stride: 1 everywhere by default; padding: 0.
  public init(
    _ path: Path, _ input: Int, _ output: Int, kernel: [Int], stride: [Int]? = nil, padding: [Int]? = nil,
    groups: Int = 1, bias: Bool = false, initialiser: Initialiser = .heFanOut, biasInitialiser: Initialiser = .zeros
  ) throws(TorchError) {
    weight = try path.parameter("weight", [output, input / groups] + kernel, initialiser)
    self.bias = bias ? try path.parameter("bias", [output], biasInitialiser) : nil
    self.stride = stride ?? kernel.map { _ in 1 }
    self.padding = padding ?? kernel.map { _ in 0 }
    self.groups = groups
  }

  /// [N, in, (T,) H, W] to [N, out, (T',) H', W'].
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    guard try isShortClip(x) else {
      return try x.convolved(weight, bias: bias, stride: stride, padding: padding, groups: groups)
    }
    let longer = try x.padded([0, 0, 0, 0, padding[0], padding[0]])
    return try longer.convolved(weight, bias: bias, stride: stride, padding: [0] + padding.dropFirst(), groups: groups)
  }

  /// Whether the clip has fewer frames than the kernel, in bfloat16 on the CPU. libtorch's gradient by the weights then
  /// leaves some unset (2 frames under a kernel of 3, with 2.13), unless the zeros around are part of the clip.
  private func isShortClip(_ x: Tensor) throws(TorchError) -> Bool {
    guard padding.count == 3, padding[0] > 0, try x.scalarType == .bfloat16, try x.device == .cpu else { return false }
    return try x.shape[2] <= 2 * padding[0]
  }
}

/// Batch normalisation over channels (Ioffe & Szegedy 2015), PyTorch's names and meaning of momentum.
public struct BatchNormalisation {
  public let weight: Tensor
  public let bias: Tensor
  let (runningMean, runningVariance, batches): (Tensor, Tensor, Tensor)
  let (momentum, epsilon): (Double, Double)

  public init(_ path: Path, _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, scale: Initialiser = .ones)
    throws(TorchError)
  {
    weight = try path.parameter("weight", [channels], scale)
    bias = try path.parameter("bias", [channels], .zeros)
    runningMean = try path.buffer("running_mean", [channels], .zeros)
    runningVariance = try path.buffer("running_var", [channels], .ones)
    batches = try path.buffer("num_batches_tracked", [], .zeros, .int64)
    (self.momentum, self.epsilon) = (momentum, epsilon)
  }

  /// [N, C] or [N, C, ...]. In training every channel needs two values at least: one has no variance.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    if pass.training {
      let shape = try x.shape
      guard shape[0] * shape.dropFirst(2).reduce(1, *) > 1 else {
        throw .argument("batch normalisation in training: expected 2 values a channel or more, found \(shape)")
      }
    }
    if pass.training, pass.movesStatistics { try withoutGradients { () throws(TorchError) in try batches.increment() } }
    let isAgain = pass.training && !pass.movesStatistics
    return try x.batchNormalised(
      weight: weight, bias: bias, runningMean: isAgain ? nil : runningMean,
      runningVariance: isAgain ? nil : runningVariance, training: pass.training, momentum: momentum, epsilon: epsilon)
  }
}

/// Fully connected: weight [out, in].
public struct Linear {
  public let weight: Tensor
  public let bias: Tensor

  /// - biasInitialiser: uniform within 1 / sqrt(input) by default, as PyTorch's.
  public init(
    _ path: Path, _ input: Int, _ output: Int, initialiser: Initialiser = .uniformFanIn,
    biasInitialiser: Initialiser? = nil
  ) throws(TorchError) {
    weight = try path.parameter("weight", [output, input], initialiser)
    let ordinary = Initialiser.uniform(bound: 1 / Double(max(1, input)).squareRoot())
    bias = try path.parameter("bias", [output], biasInitialiser ?? ordinary)
  }

  /// [.., in] to [.., out].
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor { try x.linear(weight, bias: bias) }
}

public enum Activation: Sendable {
  case relu, relu6, silu

  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    switch self {
    case .relu: try x.relu()
    case .relu6: try x.relu6()
    case .silu: try x.silu()
    }
  }
}
