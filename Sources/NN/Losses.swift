public import Torch

/// A loss over the logits of a batch: [N, 1] for two classes by one logit, or [N, K].
public enum Loss: Sendable, Equatable {
  /// One logit a sample; `positiveWeight` multiplies the malignant class's term.
  case binaryCrossEntropy(positiveWeight: Double)
  case crossEntropy(smoothing: Double)
  /// Lin et al. 2017 on one logit: cross entropy times (1 - p of the true class)^gamma, with `alpha` on the positive class.
  case focal(gamma: Double, alpha: Double)

  /// - logits: [N, K]; labels: class numbers, N of them.
  public func callAsFunction(_ logits: Tensor, labels: [Int]) throws(TorchError) -> Tensor {
    let shape = try logits.shape
    guard shape.count == 2, shape[0] == labels.count else {
      throw .argument("loss: logits \(shape) for \(labels.count) labels")
    }
    let classes = max(2, shape[1])
    if let wrong = labels.first(where: { !(0..<classes).contains($0) }) {
      throw .argument("loss: label \(wrong), expected 0 to \(classes - 1)")
    }
    // Losses are summed in float32 whatever the network ran in.
    let logits = try logits.to(.float32)
    let device = try logits.device
    switch self {
    case .crossEntropy(let smoothing):
      let classes = try Tensor(labels.map(Int64.init), shape: [labels.count]).to(device)
      return try Self.paired(logits).crossEntropy(classes, smoothing: smoothing)
    case .binaryCrossEntropy(let positiveWeight):
      let (logit, target) = (try Self.single(logits), try Self.targets(labels, device))
      let weight = positiveWeight == 1 ? nil : try Tensor(scalar: Float(positiveWeight)).to(device)
      return try logit.binaryCrossEntropy(target, positiveWeight: weight)
    case .focal(let gamma, let alpha):
      return try Self.focal(try Self.single(logits), try Self.targets(labels, device), gamma, alpha)
    }
  }

  private static func focal(_ logit: Tensor, _ target: Tensor, _ gamma: Double, _ alpha: Double) throws(TorchError)
    -> Tensor
  {
    // With s = +1 for malignant and -1 for benign, the true class's probability is sigmoid(s x).
    let sign = try target * 2 - 1
    let signed = try logit * sign
    let logProbability = try signed.logSigmoid()
    let hardness = try (signed * -1).sigmoid().power(gamma)
    let weight = try target * (2 * alpha - 1) + (1 - alpha)
    return try (hardness * logProbability * weight).mean() * -1
  }

  private static func targets(_ labels: [Int], _ device: Device) throws(TorchError) -> Tensor {
    try Tensor(labels.map(Float.init), shape: [labels.count]).to(device)
  }

  /// One logit a sample: as it is, or the difference of two.
  private static func single(_ logits: Tensor) throws(TorchError) -> Tensor {
    let shape = try logits.shape
    switch shape[1] {
    case 1: return try logits.reshaped([shape[0]])
    case 2:
      let malignant = try logits.narrowed(1, from: 1, length: 1)
      let benign = try logits.narrowed(1, from: 0, length: 1)
      return try (malignant - benign).reshaped([shape[0]])
    default: throw .argument("a two-class loss needs 1 or 2 logits, found \(shape[1])")
    }
  }

  /// Two logits a sample for cross entropy: [0, x] where the network has one.
  private static func paired(_ logits: Tensor) throws(TorchError) -> Tensor {
    guard try logits.shape[1] == 1 else { return logits }
    return try Tensor.concatenated([try logits * 0, logits], along: 1)
  }
}

/// Probability of malignancy from logits [N, 1] or [N, 2].
public func malignancyProbability(_ logits: Tensor) throws(TorchError) -> [Double] {
  let logits = try logits.to(.float32)
  let shape = try logits.shape
  switch shape.count == 2 ? shape[1] : 0 {
  case 1: return try logits.reshaped([shape[0]]).sigmoid().to(.float64).scalars()
  case 2: return try logits.softmax(1).narrowed(1, from: 1, length: 1).reshaped([shape[0]]).to(.float64).scalars()
  default: throw .argument("probability of malignancy needs logits [N, 1] or [N, 2], found \(shape)")
  }
}
