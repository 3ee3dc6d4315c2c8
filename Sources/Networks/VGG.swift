public import NN
public import Torch

/// Simonyan & Zisserman 2015, Very deep convolutional networks: configuration D, VGG16, and the same with batch
/// normalisation. Parameter names and outputs are torchvision's.
public struct VGG: BackboneNetwork {
  public let backbone: Backbone
  public let path: Path
  public let channels: Int
  public let featureChannels: Int
  private let stages: [[(convolution: Convolution2D, normalisation: BatchNormalisation?)]]
  private let classifier: [Linear]

  /// The paper's table 1, column D: outputs of the 3 x 3 convolutions before each pool.
  private static let widths = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]]
  private static let grid = 7
  private static let hidden = 4096
  private static let dropout = 0.5

  init(_ backbone: Backbone, classes: Int?, channels inputChannels: Int, at root: Path) throws(TorchError) {
    (self.backbone, path, channels) = (backbone, root, inputChannels)
    let normalises = backbone == .vgg16BN
    var (channels, index) = (inputChannels, 0)
    var stages: [[(convolution: Convolution2D, normalisation: BatchNormalisation?)]] = []
    for widths in Self.widths {
      var stage: [(convolution: Convolution2D, normalisation: BatchNormalisation?)] = []
      for width in widths {
        let place = root / "features"
        let convolution = try Convolution2D(place / index, channels, width, kernel: 3, padding: 1, bias: true)
        stage.append((convolution, normalises ? try BatchNormalisation(place / (index + 1), width) : nil))
        // The numbers count normalisations, ReLUs and pools too.
        index += normalises ? 3 : 2
        channels = width
      }
      stages.append(stage)
      index += 1
    }
    self.stages = stages
    featureChannels = channels
    var classifier: [Linear] = []
    if let classes {
      let widths = [channels * Self.grid * Self.grid, Self.hidden, Self.hidden, classes]
      for (number, (input, output)) in zip(widths, widths.dropFirst()).enumerated() {
        classifier.append(
          try Linear(
            root / "classifier" / (3 * number), input, output, initialiser: .normal(deviation: 0.01),
            biasInitialiser: .zeros))
      }
    }
    self.classifier = classifier
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = images
    for stage in stages {
      for (convolution, normalisation) in stage {
        x = try convolution(x)
        if let normalisation { x = try normalisation(x, pass) }
        x = try x.relu()
      }
      x = try x.maxPooled2D(kernel: 2, stride: 2)
    }
    return x
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard !classifier.isEmpty else { throw backbone.lacksClassifier }
    var x = try features.adaptivelyAveraged([Self.grid, Self.grid]).flattened()
    for (number, layer) in classifier.enumerated() {
      if number > 0 { x = try pass.dropout(x.relu(), Self.dropout) }
      x = try layer(x)
    }
    return x
  }
}
