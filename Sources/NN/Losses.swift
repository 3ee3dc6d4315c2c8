public import Torch

/// A loss over the logits of a batch: [N, 1] for two classes by one logit, or [N, K]. Two logits mean the same as their
/// difference as one, whatever the loss, except one against the rest.
public enum Loss: Sendable, Equatable {
  /// One logit a sample; `positiveWeight` multiplies the malignant class's term.
  case binaryCrossEntropy(positiveWeight: Double)
  case crossEntropy(smoothing: Double)
  /// Lin et al. 2017: cross entropy times (1 - p of the true class)^gamma, `alpha` times on every class but the first
  /// and 1 - `alpha` times on the first (benign).
  case focal(gamma: Double, alpha: Double)
  /// Cui et al. 2019 (S1-15): the focal loss with ``ClassBalance``'s weights in the place of alpha. The probability is
  /// that of the classifier's softmax (S1-13), where the paper has a sigmoid a class; for two classes by one logit they
  /// are the same.
  /// - counts: training samples of each class, at least 1 each; two where the network has one logit.
  case classBalancedFocal(gamma: Double = 2, beta: Double = 0.9999, counts: [Int])
  /// Binary cross entropy of each logit, its class against the rest, averaged over samples and classes (S2-12).
  case oneAgainstRest

  /// - logits: [N, K]; labels: class numbers, N of them.
  public func callAsFunction(_ logits: Tensor, labels: [Int]) throws(TorchError) -> Tensor {
    let shape = try logits.shape
    guard shape.count == 2, shape[0] == labels.count, shape[1] > 0 else {
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
      let (logit, target) = (try Self.single(logits), try Self.column(labels.map(Float.init), device))
      let weight = positiveWeight == 1 ? nil : try Tensor(scalar: Float(positiveWeight)).to(device)
      return try logit.binaryCrossEntropy(target, positiveWeight: weight)
    case .focal(let gamma, let alpha):
      return try Self.focal(logits, labels, gamma, weights: labels.map { $0 == 0 ? 1 - alpha : alpha })
    case .classBalancedFocal(let gamma, let beta, let counts):
      guard counts.count == classes else {
        throw .argument("loss: \(counts.count) class counts for \(classes) classes")
      }
      let weights = try ClassBalance.weights(counts: counts, beta: beta)
      return try Self.focal(logits, labels, gamma, weights: labels.map { weights[$0] })
    case .oneAgainstRest:
      return try logits.binaryCrossEntropy(Self.oneHot(labels, shape[1], device))
    }
  }

  /// - weights: a sample's factor, N of them.
  private static func focal(_ logits: Tensor, _ labels: [Int], _ gamma: Double, weights: [Double]) throws(TorchError)
    -> Tensor
  {
    guard gamma >= 0 else { throw .argument("loss: gamma \(gamma), expected 0 or more") }
    // p = sigmoid(margin); (1 - p)^gamma by its logarithm, whose gradient is finite at p = 1 for any gamma.
    let margin = try margin(logits, labels)
    let hardness = try ((margin * -1).logSigmoid() * gamma).exp()
    let weight = try column(weights.map(Float.init), logits.device)
    return try (hardness * margin.logSigmoid() * weight).mean() * -1
  }

  /// The true class's log odds, log p / (1 - p) under the softmax, [N]: its logit less the log of the others' summed
  /// exponentials.
  private static func margin(_ logits: Tensor, _ labels: [Int]) throws(TorchError) -> Tensor {
    let (classes, device) = (try logits.shape[1], try logits.device)
    guard classes > 2 else {
      return try single(logits) * column(labels.map { $0 == 1 ? 1 : -1 }, device)
    }
    let own = try oneHot(labels, classes, device)
    let others = try logits + own * -1e30
    return try (logits * own).sum(over: [1]) - others.logSumExponentials(over: [1])
  }

  private static func column(_ values: [Float], _ device: Device) throws(TorchError) -> Tensor {
    try Tensor(values, shape: [values.count]).to(device)
  }

  /// [N, logits]: 1 at a sample's class, 0 elsewhere; one logit stands for class 1.
  private static func oneHot(_ labels: [Int], _ logits: Int, _ device: Device) throws(TorchError) -> Tensor {
    let classes = logits == 1 ? 1...1 : 0...(logits - 1)
    let rows = labels.flatMap { label in classes.map { $0 == label ? Float(1) : 0 } }
    return try Tensor(rows, shape: [labels.count, logits]).to(device)
  }

  /// One logit a sample, [N]: as it is, or the difference of two.
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
