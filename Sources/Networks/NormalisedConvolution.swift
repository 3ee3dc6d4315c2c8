import NN
import Torch

/// Convolution without bias, batch normalisation with TensorFlow's epsilon, ReLU: the unit the Inception networks are
/// made of, over stills or clips. Names `conv` and `bn`.
struct NormalisedConvolution {
  private let conv: Convolution
  private let bn: BatchNormalisation

  /// - kernel, stride, padding: an extent a dimension; stride 1 and padding 0 by default.
  init(
    _ path: Path, _ input: Int, _ output: Int, kernel: [Int], stride: [Int]? = nil, padding: [Int]? = nil,
    initialiser: Initialiser
  ) throws(TorchError) {
    conv = try Convolution(
      path / "conv", input, output, kernel: kernel, stride: stride, padding: padding, initialiser: initialiser)
    bn = try BatchNormalisation(path / "bn", output, epsilon: 1e-3)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor { try bn(conv(x), pass).relu() }
}
