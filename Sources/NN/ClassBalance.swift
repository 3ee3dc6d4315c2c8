import Foundation
public import Torch

/// Cui et al. 2019, Class-balanced loss based on effective number of samples.
public enum ClassBalance {
  /// Factor of each class's loss: the reciprocal (1 - beta) / (1 - beta^n) of the effective number of its n samples,
  /// normalised so that the factors sum to the number of classes.
  /// - counts: samples of each class, at least 1.
  /// - beta: 0 (no balance) to below 1; towards 1 the factors go as 1 / n.
  public static func weights(counts: [Int], beta: Double) throws(TorchError) -> [Double] {
    guard (0..<1).contains(beta) else { throw .argument("class balance: beta \(beta), expected 0 to below 1") }
    if let empty = counts.firstIndex(where: { $0 < 1 }) {
      throw .argument("class balance: class \(empty) has \(counts[empty]) samples, expected at least 1")
    }
    // 1 - beta^n without cancellation; the factor 1 - beta falls to the normalisation.
    let raw = counts.map { -1 / expm1(Double($0) * log(beta)) }
    let scale = Double(counts.count) / raw.reduce(0, +)
    return raw.map { $0 * scale }
  }
}
