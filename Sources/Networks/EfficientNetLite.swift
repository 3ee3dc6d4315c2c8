public import NN
public import Torch

/// Liu 2020, EfficientNet-Lite0: EfficientNet-B0 without squeeze-and-excitation and with ReLU6. Parameter names and outputs
/// are those of efficientnet-lite-pytorch, whose padding is TensorFlow's for images of 224 x 224: more below and right.
public struct EfficientNetLite: BackboneNetwork {
  public let backbone = Backbone.efficientNetLite0
  public let path: Path
  public let channels: Int
  public let featureChannels = 1280
  private let stem: Convolution2D
  private let stemNormalisation: BatchNormalisation
  private let blocks: [LiteBlock]
  private let head: Convolution2D
  private let headNormalisation: BatchNormalisation
  private let fc: Linear?
  private let dropout = 0.2

  init(classes: Int?, channels: Int, at root: Path) throws(TorchError) {
    (path, self.channels) = (root, channels)
    var width = 32
    stem = try Convolution2D(root / "_conv_stem", channels, width, kernel: 3, stride: 2)
    stemNormalisation = try BatchNormalisation(root / "_bn0", width, lite: ())
    let total = EfficientNetStage.base.reduce(0) { $0 + $1.repeats }
    var blocks: [LiteBlock] = []
    for stage in EfficientNetStage.base {
      for index in 0..<stage.repeats {
        blocks.append(
          try LiteBlock(
            root / "_blocks" / blocks.count, input: width, stage, stride: index == 0 ? stage.stride : 1,
            depthDrop: 0.2 * Double(blocks.count) / Double(total)))
        width = stage.output
      }
    }
    self.blocks = blocks
    head = try Convolution2D(root / "_conv_head", width, featureChannels, kernel: 1)
    headNormalisation = try BatchNormalisation(root / "_bn1", featureChannels, lite: ())
    fc = if let classes { try Linear(root / "_fc", featureChannels, classes) } else { nil }
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    // TensorFlow pads even images by one row below and one column right.
    var x = try stemNormalisation(stem(images.padded([0, 1, 0, 1])), pass).relu6()
    for block in blocks { x = try block(x, pass) }
    return try headNormalisation(head(x), pass).relu6()
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let fc else { throw backbone.lacksClassifier }
    return try fc(pass.dropout(features.globallyAveraged(), dropout))
  }
}

extension BatchNormalisation {
  /// TensorFlow's momentum 0.99 and epsilon 0.001, which these weights were trained with.
  fileprivate init(_ path: Path, _ channels: Int, lite: Void) throws(TorchError) {
    try self.init(path, channels, momentum: 0.01, epsilon: 1e-3)
  }
}

private struct LiteBlock {
  private let expand: (Convolution2D, BatchNormalisation)?
  private let depthwise: (DepthwiseConvolution2D, BatchNormalisation)
  private let project: (Convolution2D, BatchNormalisation)
  private let hasShortcut: Bool
  private let depthDrop: Double

  init(_ path: Path, input: Int, _ stage: EfficientNetStage, stride: Int, depthDrop: Double) throws(TorchError) {
    let width = input * stage.expansion
    expand =
      stage.expansion == 1
      ? nil
      : (
        try Convolution2D(path / "_expand_conv", input, width, kernel: 1),
        try BatchNormalisation(path / "_bn0", width, lite: ())
      )
    depthwise = (
      try DepthwiseConvolution2D(
        path / "_depthwise_conv", width, kernel: stage.kernel, stride: stride, padding: .lowerRight),
      try BatchNormalisation(path / "_bn1", width, lite: ())
    )
    project = (
      try Convolution2D(path / "_project_conv", width, stage.output, kernel: 1),
      try BatchNormalisation(path / "_bn2", stage.output, lite: ())
    )
    hasShortcut = stride == 1 && input == stage.output
    self.depthDrop = depthDrop
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var y = x
    if let (convolution, normalisation) = expand { y = try normalisation(convolution(y), pass).relu6() }
    y = try depthwise.1(depthwise.0(y, pass), pass).relu6()
    y = try project.1(project.0(y), pass)
    return hasShortcut ? try x + pass.dropDepth(y, depthDrop) : y
  }
}
