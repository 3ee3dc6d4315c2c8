import Cohort
public import Imaging
import NN
public import Networks
public import Protocols
public import Torch

/// One fold's chosen network, to be asked more than its scores: what explanations start from.
///
/// Computes in float32 whatever the run was trained in, so that its logits can differ from those of predictions.csv by
/// the rounding of bfloat16.
public struct TrainedFold {
  /// 0-based.
  public let index: Int
  /// Rows and columns of the pictures it takes.
  public let size: Int
  private let backbone: Backbone
  private let scorer: Scorer

  /// Reads the fold's checkpoint. Errors: no such run or fold, a cut checkpoint, one of another protocol.
  public init(_ index: Int, of run: RunFolder, _ study: StudyProtocol) throws(TrainingError) {
    let compute = try Compute(study.training)
    let scorer = try FoldScorers.scorer(study, run, fold: index, compute)
    self.init(index: index, size: study.input.size, backbone: try study.backbone(), scorer: scorer)
  }

  private init(index: Int, size: Int, backbone: Backbone, scorer: Scorer) {
    (self.index, self.size, self.backbone) = (index, size, backbone)
    self.scorer = Scorer(
      network: scorer.network, device: scorer.device, precision: .float32, batchSize: scorer.batchSize,
      mirrored: scorer.mirrored)
  }

  public var network: any BackboneNetwork { scorer.network }
  /// Whether a score is the mean over the picture and its mirror image.
  public var mirrored: Bool { scorer.mirrored }

  /// The same design with weights that have learnt nothing, drawn from `seed`.
  public func untrained(seed: UInt64) throws(TorchError) -> TrainedFold {
    let options = Parameters.Options(device: scorer.device, trainable: false, seed: seed)
    let network = try backbone.network(classes: 1, options)
    let scorer = Scorer(
      network: network, device: scorer.device, precision: .float32, batchSize: scorer.batchSize, mirrored: mirrored)
    return TrainedFold(index: index, size: size, backbone: backbone, scorer: scorer)
  }

  /// Pictures of size x size to [N, 3, size, size] in 0...1 on the network's device.
  public func tensor(_ pictures: [RGBImage]) throws(TorchError) -> Tensor {
    try NetworkInput.images(pictures.map(\.pixels), size: size).to(scorer.device)
  }

  /// [N, 3, size, size] in 0...1 to what the network itself takes.
  public func normalised(_ images: Tensor) throws(TorchError) -> Tensor { try NetworkInput.normalised(images) }

  /// One logit of malignancy an image of [N, 3, size, size] in 0...1, the mean with its mirror image where the run does
  /// so.
  public func logits(_ images: Tensor) throws(TorchError) -> [Float] { try scorer.logits(images) }

  /// Number of folds of a run, trained or not.
  public static func count(in run: RunFolder) throws(TrainingError) -> Int { try FoldScorers.count(run) }
}

extension RegionSource {
  /// What networks of `size` x `size` inputs see of image `index`. Errors: one that cannot be read, or a source of
  /// another size.
  public func picture(_ index: Int, size: Int) throws(TrainingError) -> RGBImage {
    let pixels = try pixels(Picture(index))
    guard pixels.count == size * size * 3 else {
      throw .cohort("\(images[index].name): the picture is not \(size) x \(size) pixels, as the network takes")
    }
    return RGBImage(width: size, height: size, pixels: pixels)
  }
}
