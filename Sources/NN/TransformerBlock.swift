public import Torch

/// Normalisation of each vector over its own elements (Ba et al. 2016): weight and bias [width].
public struct LayerNormalisation {
  public let weight: Tensor
  public let bias: Tensor
  let epsilon: Double

  public init(_ path: Path, _ width: Int, epsilon: Double = 1e-5) throws(TorchError) {
    weight = try path.parameter("weight", [width], .ones)
    bias = try path.parameter("bias", [width], .zeros)
    self.epsilon = epsilon
  }

  /// [.., width] to the same, in float32.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let last = try x.shape.count - 1
    let x = try x.to(.float32)
    let centred = try x - x.mean(over: [last], keep: true)
    let deviation = try (centred.power(2).mean(over: [last], keep: true) + epsilon).sqrt()
    return try centred / deviation * weight + bias
  }
}

/// One encoder block over a sequence of tokens (Vaswani et al. 2017), normalised before each half (Xiong et al. 2020):
/// self-attention and a two-layer perceptron with GELU, each beside a shortcut. Names and outputs are those of
/// PyTorch's `TransformerEncoderLayer` with `norm_first` and `gelu`.
public struct TransformerBlock {
  private let (first, second): (LayerNormalisation, LayerNormalisation)
  private let (projection, projectionBias): (Tensor, Tensor)
  private let output: Linear
  private let perceptron: (Linear, Linear)
  private let (heads, dropout): (Int, Double)

  /// - heads: divides width. hidden: width of the perceptron's middle. dropout: after either half.
  public init(_ path: Path, width: Int, heads: Int, hidden: Int, dropout: Double = 0) throws(TorchError) {
    guard heads > 0, width.isMultiple(of: heads) else {
      throw .argument("transformer: width \(width) is not a multiple of \(heads) heads")
    }
    let attention = path / "self_attn"
    // Glorot's bound over the three projections together, as PyTorch's.
    projection = try attention.parameter(
      "in_proj_weight", [3 * width, width], .uniform(bound: (6 / Double(4 * width)).squareRoot()))
    projectionBias = try attention.parameter("in_proj_bias", [3 * width], .zeros)
    output = try Linear(attention / "out_proj", width, width)
    perceptron = (try Linear(path / "linear1", width, hidden), try Linear(path / "linear2", hidden, width))
    first = try LayerNormalisation(path / "norm1", width)
    second = try LayerNormalisation(path / "norm2", width)
    (self.heads, self.dropout) = (heads, dropout)
  }

  /// [N, tokens, width] to the same.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    let x = try x + pass.dropout(attended(first(x)), dropout)
    return try x + pass.dropout(perceptron.1(perceptron.0(second(x)).gelu()), dropout)
  }

  private func attended(_ x: Tensor) throws(TorchError) -> Tensor {
    let shape = try x.shape
    let (tokens, width) = (shape[1], shape[2])
    let all = try x.linear(projection, bias: projectionBias)
    /// Queries, keys or values: [N, heads, tokens, width / heads].
    func part(_ index: Int) throws(TorchError) -> Tensor {
      try all.narrowed(2, from: index * width, length: width).reshaped([-1, tokens, heads, width / heads])
        .transposed(1, 2)
    }
    let scores = try part(0).multiplied(byMatrix: part(1).transposed(2, 3)) / Double(width / heads).squareRoot()
    let mixed = try scores.softmax(3).multiplied(byMatrix: part(2))
    return try output(mixed.transposed(1, 2).reshaped([-1, tokens, width]))
  }
}
