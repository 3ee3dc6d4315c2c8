import Cohort
import NN
import Networks
import Protocols
import Torch

/// Scores images with one network in evaluation mode.
struct Scorer {
  let network: any BackboneNetwork
  let device: Device
  let precision: ScalarType
  let batchSize: Int
  /// Whether a score is the mean over the image and its mirror image.
  let mirrored: Bool

  /// Logits of each image, in order; all finite, else it throws.
  func logits(_ indices: [Int], from source: RegionSource, size: Int) throws(TrainingError) -> [Float] {
    var scores: [Float] = []
    for start in stride(from: 0, to: indices.count, by: batchSize) {
      let part = Array(indices[start..<min(start + batchSize, indices.count)])
      let pixels = try source.pixels(part)
      scores += try asTrainingError { try logits(NetworkInput.images(pixels, size: size)) }
    }
    let lost = zip(indices, scores).filter { !$1.isFinite }.map { source.images[$0.0].name }
    guard lost.isEmpty else { throw .scoreNotFinite(images: lost) }
    return scores
  }

  /// One logit of malignancy an image; `images` [N, 3, size, size] in 0...1.
  func logits(_ images: Tensor) throws(TorchError) -> [Float] {
    try withInference { () throws(TorchError) in
      let input = try NetworkInput.normalised(images.to(device))
      let plain = try forward(input)
      guard mirrored else { return try plain.scalars() }
      return try ((plain + forward(input.flipped([3]))) / 2).scalars()
    }
  }

  /// [N] logits of malignancy in float32.
  private func forward(_ input: Tensor) throws(TorchError) -> Tensor {
    let logits =
      precision == .float32
      ? try network(input, .evaluation)
      : try withAutocast(to: precision, on: device) { () throws(TorchError) in try network(input, .evaluation) }
    return try logits.to(.float32).reshaped([logits.shape[0]])
  }
}
