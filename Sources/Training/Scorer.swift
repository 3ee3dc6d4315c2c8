import NN
import Networks
import Torch

/// What a network makes of one sample.
struct SampleScore {
  /// Log odds of malignancy.
  var logit: Float
  /// How much each modality counted, where the network says so, in its order.
  var weights: [Float] = []

  /// The mean of two passes.
  func averaged(with other: SampleScore) -> SampleScore {
    SampleScore(logit: (logit + other.logit) / 2, weights: zip(weights, other.weights).map { ($0 + $1) / 2 })
  }
}

/// Scores samples with one network in evaluation mode.
struct Scorer {
  let network: any Network
  /// Of the clinical record, as the fold's training part has it.
  let encoder: ClinicalEncoder
  let device: Device
  let precision: ScalarType
  let batchSize: Int
  /// Whether a score is the mean over the pictures and their mirror images.
  let mirrored: Bool

  /// The score of each sample, in order; all finite, else it throws.
  func scores(_ indices: [Int], from source: SampleSource) throws(TrainingError) -> [SampleScore] {
    var scores: [SampleScore] = []
    for start in stride(from: 0, to: indices.count, by: batchSize) {
      let part = Array(indices[start..<min(start + batchSize, indices.count)])
      let inputs = try asTrainingError { try SampleTensors(source, part, on: device) }.inputs(encoder)
      scores += try asTrainingError { try self.scores(inputs) }
    }
    let lost = zip(indices, scores).filter { !$1.logit.isFinite }.map { source.name($0.0) }
    guard lost.isEmpty else { throw .scoreNotFinite(images: lost) }
    return scores
  }

  /// - inputs: as the network takes them.
  func scores(_ inputs: [String: Tensor]) throws(TorchError) -> [SampleScore] {
    try withInference { () throws(TorchError) in
      let plain = try forward(inputs)
      guard mirrored else { return plain }
      return try zip(plain, forward(mirror(inputs))).map { $0.averaged(with: $1) }
    }
  }

  /// Every picture and clip turned left to right.
  func mirror(_ inputs: [String: Tensor]) throws(TorchError) -> [String: Tensor] {
    var mirrored = inputs
    for input in network.inputs where input.content != .clinical {
      guard let pictures = inputs[input.name] else { continue }
      mirrored[input.name] = try pictures.flipped([pictures.shape.count - 1])
    }
    return mirrored
  }

  private func forward(_ inputs: [String: Tensor]) throws(TorchError) -> [SampleScore] {
    let output =
      precision == .float32
      ? try network(inputs, .evaluation)
      : try withAutocast(to: precision, on: device) { () throws(TorchError) in try network(inputs, .evaluation) }
    let logits: [Float] = try Self.malignancy(output.logits.to(.float32)).scalars()
    guard let weights = output.extras["modality_weights"] else { return logits.map { SampleScore(logit: $0) } }
    let values: [Float] = try weights.to(.float32).scalars()
    let columns = values.count / max(1, logits.count)
    return logits.enumerated().map { row, logit in
      SampleScore(logit: logit, weights: Array(values[(row * columns)..<((row + 1) * columns)]))
    }
  }

  /// [N] log odds of malignancy from logits [N, 1] or [N, 2].
  private static func malignancy(_ logits: Tensor) throws(TorchError) -> Tensor {
    let shape = try logits.shape
    switch shape[1] {
    case 1: return try logits.reshaped([shape[0]])
    case 2:
      let difference = try logits.narrowed(1, from: 1, length: 1) - logits.narrowed(1, from: 0, length: 1)
      return try difference.reshaped([shape[0]])
    default: throw .argument("a score of malignancy needs 1 or 2 logits, found \(shape[1])")
    }
  }
}
