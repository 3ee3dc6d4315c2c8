public import NN
public import Torch

/// Szegedy et al. 2017, Inception-v4, Inception-ResNet and the impact of residual connections on learning:
/// Inception-ResNet-v2. Parameter names and outputs are timm's.
///
/// Over clips (S3-03) the same network with kernels inflated in time, under the same names: kernels that span several
/// rows span 3 frames too (all square ones, and of a pair 1 x 7, 7 x 1 the second), the others one. The convolutions
/// that halve rows halve the frames, and so do the pools beside them; the stem's two pools leave time alone: 16 frames
/// become 8 in the stem, 4 from mixed_6a and 2 from mixed_7a on. In time the border frames are repeated, so a still
/// repeated in time gives, with ``inflated(_:for:under:)`` weights, what the network over stills gives.
public struct InceptionResNetV2: BackboneNetwork {
  public let backbone: Backbone
  public let path: Path
  public let channels: Int
  public let featureChannels = 1536
  private let stem: [[InceptionUnit]]
  private let stages: [(mixed: InceptionMixed, residuals: [InceptionResidual])]
  private let last: InceptionUnit
  private let classif: Linear?

  init(_ backbone: Backbone, classes: Int?, channels: Int, at root: Path) throws(TorchError) {
    (self.backbone, path, self.channels) = (backbone, root, channels)
    let clips = backbone.isVideo
    stem = [
      [
        try InceptionUnit(root / "conv2d_1a", channels, .valid(3, 32, stride: 2), clips: clips),
        try InceptionUnit(root / "conv2d_2a", 32, .valid(3, 32), clips: clips),
        try InceptionUnit(root / "conv2d_2b", 32, .same(3, 3, 64), clips: clips),
      ],
      [
        try InceptionUnit(root / "conv2d_3b", 64, .same(1, 1, 80), clips: clips),
        try InceptionUnit(root / "conv2d_4a", 80, .valid(3, 192), clips: clips),
      ],
    ]
    let block8: [[InceptionKernel]] = [
      [.same(1, 1, 192)], [.same(1, 1, 192), .same(1, 3, 224), .same(3, 1, 256)],
    ]
    stages = [
      (
        try InceptionMixed(
          root / "mixed_5b", 192,
          [
            [.same(1, 1, 96)], [.same(1, 1, 48), .same(5, 5, 64)],
            [.same(1, 1, 64), .same(3, 3, 96), .same(3, 3, 96)],
          ], afterMean: .same(1, 1, 64), clips: clips),
        try InceptionResidual.row(
          root / "repeat", 10, 320,
          [
            [.same(1, 1, 32)], [.same(1, 1, 32), .same(3, 3, 32)], [.same(1, 1, 32), .same(3, 3, 48), .same(3, 3, 64)],
          ],
          scale: 0.17, clips: clips)
      ),
      (
        try InceptionMixed(
          root / "mixed_6a", 320,
          [[.valid(3, 384, stride: 2)], [.same(1, 1, 256), .same(3, 3, 256), .valid(3, 384, stride: 2)]], clips: clips),
        try InceptionResidual.row(
          root / "repeat_1", 20, 1088, [[.same(1, 1, 192)], [.same(1, 1, 128), .same(1, 7, 160), .same(7, 1, 192)]],
          scale: 0.1, clips: clips)
      ),
      (
        try InceptionMixed(
          root / "mixed_7a", 1088,
          [
            [.same(1, 1, 256), .valid(3, 384, stride: 2)], [.same(1, 1, 256), .valid(3, 288, stride: 2)],
            [.same(1, 1, 256), .same(3, 3, 288), .valid(3, 320, stride: 2)],
          ], clips: clips),
        try InceptionResidual.row(root / "repeat_2", 9, 2080, block8, scale: 0.2, clips: clips)
          + [try InceptionResidual(root / "block8", 2080, block8, scale: 1, clips: clips, activates: false)]
      ),
    ]
    last = try InceptionUnit(root / "conv2d_7b", 2080, .same(1, 1, featureChannels), clips: clips)
    classif = if let classes { try Linear(root / "classif", featureChannels, classes) } else { nil }
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = images
    for units in stem {
      for unit in units { x = try unit(x, pass) }
      x = try x.pooled(backbone.isVideo ? [1, 3, 3] : [3, 3], stride: backbone.isVideo ? [1, 2, 2] : [2, 2])
    }
    for (mixed, residuals) in stages {
      x = try pass.segment(x, mixed.callAsFunction)
      for block in residuals { x = try pass.segment(x, block.callAsFunction) }
    }
    return try last(x, pass)
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let classif else { throw backbone.lacksClassifier }
    return try classif(features.globallyAveraged())
  }
}
