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
  private let study: StudyProtocol
  private let scorer: Scorer

  /// Reads the fold's checkpoint. Errors: no such run or fold, a cut checkpoint, one of another protocol.
  public init(_ index: Int, of run: RunFolder, _ study: StudyProtocol) throws(TrainingError) {
    let compute = try Compute(study.training)
    self.init(index: index, study, try FoldScorers.scorer(study, run, fold: index, compute))
  }

  private init(index: Int, _ study: StudyProtocol, _ scorer: Scorer) {
    (self.index, size, self.study) = (index, study.input.size, study)
    self.scorer = Scorer(
      network: scorer.network, encoder: scorer.encoder, device: scorer.device, precision: .float32,
      batchSize: scorer.batchSize, mirrored: scorer.mirrored)
  }

  public var network: any Network { scorer.network }
  /// Whether a score is the mean over the pictures and their mirror images.
  public var mirrored: Bool { scorer.mirrored }

  /// The same design with weights that have learnt nothing, drawn from `seed`.
  public func untrained(seed: UInt64) throws(TrainingError) -> TrainedFold {
    let network = try study.fixedNetwork(scorer.device, seed: seed)
    return TrainedFold(
      index: index, study,
      Scorer(
        network: network, encoder: scorer.encoder, device: scorer.device, precision: .float32,
        batchSize: scorer.batchSize, mirrored: mirrored))
  }

  /// Pictures of size x size to [N, 3, size, size] in 0...1 on the network's device.
  public func tensor(_ pictures: [RGBImage]) throws(TorchError) -> Tensor {
    try Pixels.images(pictures.map(\.pixels), size: size).to(scorer.device)
  }

  /// [N, 3, size, size] in 0...1 to what the network itself takes.
  public func normalised(_ images: Tensor) throws(TorchError) -> Tensor { try Pixels.normalised(images) }

  /// Every picture and clip among a network's inputs turned left to right.
  public func mirror(_ inputs: [String: Tensor]) throws(TorchError) -> [String: Tensor] { try scorer.mirror(inputs) }

  /// One logit of malignancy a sample, the mean with its mirror image where the run does so.
  ///
  /// - inputs: as the network takes them.
  public func logits(_ inputs: [String: Tensor]) throws(TorchError) -> [Float] {
    try scorer.scores(inputs).map(\.logit)
  }

  /// What the network takes of a run's samples, by input name: as it was scored.
  public func inputs(_ samples: [Int], of source: RunSamples) throws(TrainingError) -> [String: Tensor] {
    let tensors = try asTrainingError { try SampleTensors(source.source, samples, on: scorer.device) }
    return try tensors.inputs(scorer.encoder)
  }

  /// Number of folds of a run, trained or not.
  public static func count(in run: RunFolder) throws(TrainingError) -> Int { try FoldScorers.count(run) }
}
