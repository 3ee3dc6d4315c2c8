import NN
public import Torch

/// What a network computes, without computing it: a forward pass traced on the meta device.
public struct NetworkTrace {
  public let network: any Network
  /// What the pass was given, in the network's order; `present` [N, inputs] last where it was asked for.
  public let inputs: [(name: String, tensor: Tensor)]
  public let output: Output
  public let trace: Trace

  /// Rows and columns of every still and clip, and frames of every clip; nil for the network's own.
  public struct Size: Sendable {
    public var side: Int?
    public var frames: Int?
    public init(side: Int? = nil, frames: Int? = nil) { (self.side, self.frames) = (side, frames) }
  }

  /// - samples: N of the pass.
  /// - present: whether the pass is given `present`, so that inputs can be absent.
  /// - training: in training mode, with gradients; else in evaluation mode without.
  public init(
    _ design: NetworkDesign, classes: Int, samples: Int, size: Size = Size(), present: Bool = false,
    training: Bool = false
  ) throws(TorchError) {
    let network = try design.network(classes: classes, .init(device: .meta, trainable: training, seed: nil))
    var inputs: [(name: String, tensor: Tensor)] = []
    for input in network.inputs {
      inputs.append((input.name, try Tensor.zeros([samples] + input.shape(at: size), on: .meta)))
    }
    if present {
      guard inputs.count > 1 else { throw .argument("\(design.name) has one input, which cannot be absent") }
      // On the CPU, since networks look at it: every sample has every input.
      inputs.append(("present", try Tensor.ones([samples, inputs.count])))
    }
    let given = Dictionary(inputs.map { ($0.name, $0.tensor) }) { $1 }
    let pass = training ? Pass.training(try Generator(seed: 0)) : .evaluation
    (output, trace) = try Trace.recording { () throws(TorchError) in
      training ? try network(given, pass) : try withoutGradients { () throws(TorchError) in try network(given, pass) }
    }
    (self.network, self.inputs) = (network, inputs)
  }
}

extension NetworkInput {
  /// Shape of one sample at another size.
  public func shape(at size: NetworkTrace.Size) -> [Int] {
    guard content != .clinical else { return shape }
    var shape = shape
    if let side = size.side { (shape[shape.count - 2], shape[shape.count - 1]) = (side, side) }
    if content == .clip, let frames = size.frames { shape[1] = frames }
    return shape
  }
}
