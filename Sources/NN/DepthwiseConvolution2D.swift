public import Torch

/// A convolution of each channel by itself: weight [channels, 1, kernel, kernel], odd kernel, stride 1 or 2.
///
/// In bfloat16 on the CPU, libtorch's gradients of these are many times slower than of any other layer (kernels of 5, and
/// stride 2: measured in docs/performance.md), so training takes equal detours there.
public struct DepthwiseConvolution2D {
  public enum Padding: Sendable {
    /// kernel / 2 zeros on every side, as PyTorch's networks have.
    case even
    /// kernel - stride zeros in all, the odd one below and right: TensorFlow's "same" for even inputs.
    case lowerRight
  }

  public let weight: Tensor
  private let (kernel, stride, padding): (Int, Int, Padding)

  public init(_ path: Path, _ channels: Int, kernel: Int, stride: Int, padding: Padding) throws(TorchError) {
    weight = try path.parameter("weight", [channels, 1, kernel, kernel], .heFanOut)
    (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
  }

  /// [N, channels, H, W] to [N, channels, H / stride, W / stride].
  public func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard pass.training, try x.scalarType == .bfloat16, try x.device == .cpu, kernel > 3 || stride == 2 else {
      return try direct(x)
    }
    return try withoutAutocast(on: .cpu) { () throws(TorchError) in
      kernel > 3 ? try inFloat32(x) : try thinned(x)
    }
  }

  private var isLowerRight: Bool { padding == .lowerRight && stride == 2 }

  private func direct(_ x: Tensor) throws(TorchError) -> Tensor {
    if isLowerRight {
      let before = (kernel - 2) / 2
      let after = kernel - 2 - before
      return try convolved(x.padded([before, after, before, after]), weight, padding: 0)
    }
    return try convolved(x, weight, padding: kernel / 2)
  }

  /// For kernels of 5, whose bfloat16 gradients by the weights are slow: in float32 and back. Zeros before the kernel shift its
  /// reach, so that even padding gives what lower-right padding would, without a copy of the input.
  private func inFloat32(_ x: Tensor) throws(TorchError) -> Tensor {
    let shifted = isLowerRight ? try weight.padded([1, 0, 1, 0]) : weight
    return try convolved(x.to(.float32), shifted, padding: kernel / 2).to(.bfloat16)
  }

  /// For stride 2, whose bfloat16 gradients by the input are slow: every place, then every second one.
  private func thinned(_ x: Tensor) throws(TorchError) -> Tensor {
    let all = try x.convolved2D(weight.to(.bfloat16), padding: kernel / 2, groups: weight.shape[0])
    return try all.halved(offset: isLowerRight ? 1 : 0)
  }

  private func convolved(_ x: Tensor, _ weight: Tensor, padding: Int) throws(TorchError) -> Tensor {
    try x.convolved2D(weight, stride: stride, padding: padding, groups: weight.shape[0])
  }
}
