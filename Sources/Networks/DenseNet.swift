public import NN
public import Torch

/// Huang et al. 2017, Densely connected convolutional networks: DenseNet-121. Parameter names and outputs are
/// torchvision's; names as its own old files write them (`norm.1` for `norm1`) load as well.
public struct DenseNet: BackboneNetwork {
  public let backbone = Backbone.densenet121
  public let path: Path
  public let channels: Int
  public let featureChannels: Int
  private let conv0: Convolution2D
  private let norm0: BatchNormalisation
  private let blocks: [(layers: [DenseLayer], transition: Transition?)]
  private let norm5: BatchNormalisation
  private let classifier: Linear?

  /// The paper's table 1: layers of each block, and channels that each adds.
  private static let depths = [6, 12, 24, 16]
  private static let growth = 32

  init(classes: Int?, channels inputChannels: Int, at root: Path) throws(TorchError) {
    (path, channels) = (root, inputChannels)
    let features = root / "features"
    var channels = 2 * Self.growth
    conv0 = try Convolution2D(
      features / "conv0", inputChannels, channels, kernel: 7, stride: 2, padding: 3, initialiser: .heFanIn)
    norm0 = try BatchNormalisation(features / "norm0", channels)
    var blocks: [(layers: [DenseLayer], transition: Transition?)] = []
    for (index, depth) in Self.depths.enumerated() {
      var layers: [DenseLayer] = []
      for number in 1...depth {
        let path = features / "denseblock\(index + 1)" / "denselayer\(number)"
        layers.append(try DenseLayer(path, channels, growth: Self.growth))
        channels += Self.growth
      }
      var transition: Transition?
      if index + 1 < Self.depths.count {
        transition = try Transition(features / "transition\(index + 1)", channels)
        channels /= 2
      }
      blocks.append((layers, transition))
    }
    self.blocks = blocks
    featureChannels = channels
    norm5 = try BatchNormalisation(features / "norm5", channels)
    classifier =
      if let classes { try Linear(root / "classifier", channels, classes, biasInitialiser: .zeros) } else { nil }
    for part in ["norm", "conv"] {
      for number in 1...2 { root.parameters.accept(former: ".\(part).\(number).", for: ".\(part)\(number).") }
    }
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = try norm0(conv0(images), pass).relu()  // [N, 64, rows / 2, columns / 2]
    x = try x.maxPooled2D(kernel: 3, stride: 2, padding: 1)
    for (layers, transition) in blocks {
      for layer in layers { x = try layer(x, pass) }
      if let transition { x = try transition(x, pass) }
    }
    return try norm5(x, pass).relu()
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let classifier else { throw backbone.lacksClassifier }
    return try classifier(features.globallyAveraged())
  }
}

/// 1 x 1 to four times the growth, 3 x 3 to the growth, each after normalisation and ReLU; the result joins the input.
private struct DenseLayer {
  private let (norm1, norm2): (BatchNormalisation, BatchNormalisation)
  private let (conv1, conv2): (Convolution2D, Convolution2D)

  init(_ path: Path, _ input: Int, growth: Int) throws(TorchError) {
    norm1 = try BatchNormalisation(path / "norm1", input)
    conv1 = try Convolution2D(path / "conv1", input, 4 * growth, kernel: 1, initialiser: .heFanIn)
    norm2 = try BatchNormalisation(path / "norm2", 4 * growth)
    conv2 = try Convolution2D(path / "conv2", 4 * growth, growth, kernel: 3, padding: 1, initialiser: .heFanIn)
  }

  /// [N, input, h, w] to [N, input + growth, h, w].
  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    let narrow = try conv1(norm1(x, pass).relu())
    return try Tensor.concatenated([x, try conv2(norm2(narrow, pass).relu())], along: 1)
  }
}

/// Halves channels, rows and columns between blocks.
private struct Transition {
  private let norm: BatchNormalisation
  private let conv: Convolution2D

  init(_ path: Path, _ input: Int) throws(TorchError) {
    norm = try BatchNormalisation(path / "norm", input)
    conv = try Convolution2D(path / "conv", input, input / 2, kernel: 1, initialiser: .heFanIn)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try conv(norm(x, pass).relu()).averagePooled(kernel: [2, 2], stride: [2, 2], padding: [0, 0])
  }
}
