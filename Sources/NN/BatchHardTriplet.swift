public import Torch

/// Hermans et al. 2017, In defense of the triplet loss for person re-identification: batch-hard (S2-11). Each sample is
/// compared with the farthest of its own class and the nearest of another in the batch, by Euclidean distance.
public struct BatchHardTriplet: Sendable, Equatable {
  public enum Margin: Sendable, Equatable {
    /// max(0, margin + d(positive) - d(negative)).
    case hinge(Double)
    /// log(1 + exp(d(positive) - d(negative))).
    case soft
  }
  public let margin: Margin

  public init(_ margin: Margin = .soft) { self.margin = margin }

  /// Mean over the samples that have both a positive and a negative partner; 0, with a graph, where none has.
  /// - embedding: [N, D]; labels: N class numbers.
  public func callAsFunction(_ embedding: Tensor, labels: [Int]) throws(TorchError) -> Tensor {
    let shape = try embedding.shape
    guard shape.count == 2, shape[0] == labels.count else {
      throw .argument("triplet loss: embedding \(shape) for \(labels.count) labels")
    }
    if case .hinge(let margin) = margin, !(margin >= 0) {
      throw .argument("triplet loss: margin \(margin), expected 0 or more")
    }
    let embedding = try embedding.to(.float32)
    let triplets = try Self.hardest(embedding, labels)
    guard !triplets.isEmpty else { return try embedding.narrowed(0, from: 0, length: 0).sum() }
    let anchors = try embedding.selected(0, rows: triplets.map(\.anchor))
    let positives = try embedding.selected(0, rows: triplets.map(\.positive))
    let negatives = try embedding.selected(0, rows: triplets.map(\.negative))
    let excess = try Self.distances(anchors, positives) - Self.distances(anchors, negatives)
    return switch margin {
    case .hinge(let margin): try (excess + margin).relu().mean()
    case .soft: try excess.softplus().mean()
    }
  }

  /// The partners of every sample that has both, chosen outside the graph.
  private static func hardest(_ embedding: Tensor, _ labels: [Int]) throws(TorchError)
    -> [(anchor: Int, positive: Int, negative: Int)]
  {
    let count = labels.count
    let distances: [Float] = try withoutGradients { () throws(TorchError) in
      try embedding.distances(to: embedding).scalars()
    }
    return (0..<count).compactMap { anchor in
      let others = (0..<count).filter { $0 != anchor }
      func isNearer(_ left: Int, _ right: Int) -> Bool {
        distances[anchor * count + left] < distances[anchor * count + right]
      }
      guard let positive = others.filter({ labels[$0] == labels[anchor] }).max(by: isNearer),
        let negative = others.filter({ labels[$0] != labels[anchor] }).min(by: isNearer)
      else { return nil }
      return (anchor, positive, negative)
    }
  }

  /// Row by row, [N]. At distance 0 the square root's slope is infinite: there the gradient is 0.
  private static func distances(_ left: Tensor, _ right: Tensor) throws(TorchError) -> Tensor {
    let squares = try (left - right).power(2).sum(over: [1])
    let isZero = try squares.less(than: Double(Float.leastNormalMagnitude)).to(.float32)
    return try (squares + isZero).sqrt() * (isZero * -1 + 1)
  }
}
