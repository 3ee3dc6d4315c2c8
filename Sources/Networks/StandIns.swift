import NN
import Torch

/// A learned vector for each input, `stand_in.<input>`, that takes the place of the input's embedding in samples
/// without it.
///
/// Zeros at first. They learn from training samples that lack the input, by themselves or by modality dropout; where
/// training saw none such, an incomplete examination is answered with a zero vector, whose score nothing has
/// calibrated.
struct StandIns {
  private let vectors: [String: Tensor]

  /// - width: of the embeddings.
  init(_ path: Path, _ inputs: [String], width: Int) throws(TorchError) {
    var vectors: [String: Tensor] = [:]
    for input in inputs {
      vectors[input] = try (path / "stand_in").parameter(NetworkInput.part(input), [width], .zeros)
    }
    self.vectors = vectors
  }

  /// [width].
  subscript(_ input: String) -> Tensor {
    get throws(TorchError) {
      guard let vector = vectors[input] else { throw .argument("input \(input): has no stand-in") }
      return vector
    }
  }

  /// The embedding of every sample, [N, width]: its own, or the stand-in.
  /// - embedding: [N, width], or nil where no sample has the input.
  /// - present: [N, 1] of bools, or nil where every sample has it.
  func complete(_ embedding: Tensor?, _ input: String, present: Tensor?, samples: Int) throws(TorchError) -> Tensor {
    let vector = try self[input].unsqueezed(0)
    guard let embedding else { return try vector.expanded([samples, vector.shape[1]]) }
    guard let present else { return embedding }
    return try embedding.selected(where: present, otherwise: vector.to(embedding.scalarType))
  }
}

extension Network {
  /// The mean of `input`'s feature map over its places, [N, channels], or the stand-in for it.
  func pooled(_ input: String, in features: [String: Tensor], _ standIns: StandIns) throws(TorchError) -> Tensor {
    // Every tensor among the features has a row a sample.
    guard let samples = try features.values.first?.shape[0] else { throw .argument("no features") }
    return try standIns.complete(
      features[input]?.globallyAveraged(), input, present: presence(of: input, in: features), samples: samples)
  }
}
