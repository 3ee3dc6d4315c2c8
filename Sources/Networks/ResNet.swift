public import NN
public import Torch

/// He et al. 2016, Deep residual learning for image recognition. Parameter names and outputs are torchvision's; the
/// bottleneck's stride lies on its 3 x 3 convolution, as there.
public struct ResNet: BackboneNetwork {
  public let backbone: Backbone
  public let path: Path
  public let channels: Int
  public let featureChannels: Int
  private let conv1: Convolution2D
  private let bn1: BatchNormalisation
  private let blocks: [ResidualBlock]
  private let fc: Linear?

  init(_ backbone: Backbone, classes: Int?, channels inputChannels: Int, at root: Path) throws(TorchError) {
    (self.backbone, path, channels) = (backbone, root, inputChannels)
    let (depths, bottleneck) = Self.stages(backbone)
    conv1 = try Convolution2D(root / "conv1", inputChannels, 64, kernel: 7, stride: 2, padding: 3)
    bn1 = try BatchNormalisation(root / "bn1", 64)
    var blocks: [ResidualBlock] = []
    var channels = 64
    for (stage, depth) in depths.enumerated() {
      let width = 64 << stage
      for index in 0..<depth {
        let path = root / "layer\(stage + 1)" / index
        let stride = stage > 0 && index == 0 ? 2 : 1
        let block = try ResidualBlock(path, channels, width, stride: stride, bottleneck: bottleneck)
        channels = block.outputChannels
        blocks.append(block)
      }
    }
    self.blocks = blocks
    featureChannels = channels
    fc = if let classes { try Linear(root / "fc", channels, classes) } else { nil }
  }

  /// Depths of the four stages, and whether a block narrows in its middle.
  private static func stages(_ backbone: Backbone) -> (depths: [Int], bottleneck: Bool) {
    switch backbone {
    case .resnet50: ([3, 4, 6, 3], true)
    case .resnet34: ([3, 4, 6, 3], false)
    default: ([2, 2, 2, 2], false)
    }
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = try bn1(conv1(images), pass).relu()  // [N, 64, rows / 2, columns / 2]
    x = try x.maxPooled2D(kernel: 3, stride: 2, padding: 1)
    for block in blocks { x = try block(x, pass) }
    return x
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let fc else { throw backbone.lacksClassifier }
    return try fc(features.globallyAveraged())
  }
}

/// Two 3 x 3 convolutions, or 1 x 1, 3 x 3, 1 x 1 with four times the width, beside a shortcut.
private struct ResidualBlock {
  let outputChannels: Int
  private let convolutions: [(Convolution2D, BatchNormalisation)]
  private let shortcut: (Convolution2D, BatchNormalisation)?

  init(_ path: Path, _ input: Int, _ width: Int, stride: Int, bottleneck: Bool) throws(TorchError) {
    outputChannels = bottleneck ? width * 4 : width
    // (input, output, kernel, stride) of each convolution.
    let plan =
      bottleneck
      ? [(input, width, 1, 1), (width, width, 3, stride), (width, outputChannels, 1, 1)]
      : [(input, width, 3, stride), (width, width, 3, 1)]
    var convolutions: [(Convolution2D, BatchNormalisation)] = []
    for (index, (from, to, kernel, stride)) in plan.enumerated() {
      convolutions.append(
        (
          try Convolution2D(path / "conv\(index + 1)", from, to, kernel: kernel, stride: stride, padding: kernel / 2),
          try BatchNormalisation(path / "bn\(index + 1)", to)
        ))
    }
    self.convolutions = convolutions
    if stride != 1 || input != outputChannels {
      shortcut = (
        try Convolution2D(path / "downsample" / 0, input, outputChannels, kernel: 1, stride: stride),
        try BatchNormalisation(path / "downsample" / 1, outputChannels)
      )
    } else {
      shortcut = nil
    }
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var y = x
    for (index, (convolution, normalisation)) in convolutions.enumerated() {
      if index > 0 { y = try y.relu() }
      y = try normalisation(convolution(y), pass)
    }
    var identity = x
    if let (convolution, normalisation) = shortcut { identity = try normalisation(convolution(x), pass) }
    return try (y + identity).relu()
  }
}
