import NN
import Torch

/// How UC-STTNet's three embeddings, [N, width] each, become one.
struct UCSTTNetFusion {
  enum Kind: String, Codable, Sendable {
    /// All side by side through one layer, as "multi-data fusion" usually means.
    case concatenation
    /// Gated multimodal unit (Arevalo et al. 2017): each element of each part by a gate that sees all parts.
    case gated
    /// One weight a part, softmax over the parts of scores by two shared layers, as MUF-Net's.
    case attention
    /// The parts as tokens beside a class token, through self-attention; the class token is the result.
    case transformer
  }

  struct Form {
    let kind: Kind
    let parts: [String]
    let width: Int
    /// Of the transformer.
    let (blocks, heads): (Int, Int)
  }

  private enum Layers {
    case concatenation(Linear)
    case gated(values: [Linear], gates: [Linear])
    case attention(Linear, Linear)
    case transformer(tokens: Tensor, blocks: [TransformerBlock], LayerNormalisation)
  }
  private let layers: Layers

  init(_ path: Path, _ form: Form) throws(TorchError) {
    let (width, count) = (form.width, form.parts.count)
    let names = form.parts.map(NetworkInput.part)
    switch form.kind {
    case .concatenation: layers = .concatenation(try Linear(path / "fc", count * width, width))
    case .gated:
      var (values, gates): ([Linear], [Linear]) = ([], [])
      for name in names {
        values.append(try Linear(path / "value" / name, width, width))
        gates.append(try Linear(path / "gate" / name, count * width, width))
      }
      layers = .gated(values: values, gates: gates)
    case .attention:
      layers = .attention(try Linear(path / "fc1", width, width), try Linear(path / "fc2", width, 1))
    case .transformer:
      // The class token, and what tells each part's token from the others.
      let tokens = try path.parameter("tokens", [1 + count, width], .normal(deviation: 0.02))
      var blocks: [TransformerBlock] = []
      for index in 0..<form.blocks {
        blocks.append(
          try TransformerBlock(path / "blocks" / index, width: width, heads: form.heads, hidden: 2 * width))
      }
      layers = .transformer(tokens: tokens, blocks: blocks, try LayerNormalisation(path / "norm", width))
    }
  }

  /// - Returns: [N, width], and for attention the parts' weights [N, parts].
  func callAsFunction(_ parts: [Tensor], _ pass: Pass) throws(TorchError) -> (fused: Tensor, weights: Tensor?) {
    switch layers {
    case .concatenation(let layer):
      return (try layer(Tensor.concatenated(parts, along: 1)).relu(), nil)
    case .gated(let values, let gates):
      let all = try Tensor.concatenated(parts, along: 1)
      var gated: [Tensor] = []
      for (index, part) in parts.enumerated() {
        gated.append(try gates[index](all).sigmoid() * values[index](part).tanh())
      }
      return (try Tensor.stacked(gated).sum(over: [0]), nil)
    case .attention(let first, let second):
      let stack = try Tensor.stacked(parts, along: 1)  // [N, parts, width]
      let weights = try second(first(stack).tanh()).softmax(1)  // [N, parts, 1]
      return (try (stack * weights).sum(over: [1]), try weights.squeezed(2))
    case .transformer(let tokens, let blocks, let normalisation):
      let nothing = try parts[0] * 0
      var x = try Tensor.stacked([nothing] + parts, along: 1) + tokens
      for block in blocks { x = try block(x, pass) }
      return (try normalisation(x.narrowed(1, from: 0, length: 1).squeezed(1)), nil)
    }
  }
}
