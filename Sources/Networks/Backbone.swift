public import NN
public import Torch

/// A network over stills or clips whose weights a reference implementation defines.
public protocol BackboneNetwork: Network {
  /// Which one it is.
  var backbone: Backbone { get }
  /// Where its parameters lie.
  var path: Path { get }
  /// Channels of its input: 3, or a multiple where several pictures are stacked.
  var channels: Int { get }
  /// Channels of `features`.
  var featureChannels: Int { get }
  /// The last feature map: [N, channels, (frames,) rows, columns] to [N, featureChannels, (t,) h, w].
  func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor
  /// The last feature map to logits [N, classes]. Throws where the network was made without a classifier.
  func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor
}

extension BackboneNetwork {
  public var parameters: Parameters { path.parameters }

  public var inputs: [NetworkInput] {
    let size = backbone.inputSize
    return backbone.isVideo
      ? [NetworkInput("input", .clip, [channels, backbone.inputFrames, size, size], smallest: backbone.smallest)]
      : [NetworkInput("input", .still, [channels, size, size], smallest: backbone.smallest)]
  }

  public var backbones: [BackbonePart] { [BackbonePart(prefix: path.prefixWithDot, backbone, channels: channels)] }

  public func features(_ inputs: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    guard let images = inputs["input"] else { throw .argument("input: missing") }
    return ["input": try features(images, pass)]
  }

  public func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let map = features["input"] else { throw .argument("features: input is missing") }
    return Output(logits: try classify(map, pass))
  }

  /// Images, normalised as the weights expect, to logits [N, classes].
  public func callAsFunction(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try self(["input": images], pass).logits
  }
}

/// The backbones by name.
public enum Backbone: String, Codable, Sendable, CaseIterable {
  case resnet18, resnet34, resnet50
  case efficientNetLite0 = "efficientnet-lite0"
  case efficientNetB0 = "efficientnet-b0"
  case efficientNetB3 = "efficientnet-b3"
  case densenet121, vgg16
  case vgg16BN = "vgg16-bn"
  case googlenet
  case inceptionResNetV2 = "inception-resnet-v2"
  case inceptionResNetV2Clips = "inception-resnet-v2-3d"
  case r3d18 = "r3d-18"
  case mc318 = "mc3-18"
  case r2plus1d18 = "r2plus1d-18"
  case s3d

  /// A new network.
  /// - classes: logits, or nil for none: the network then ends with its features.
  /// - channels: of the input; 3, or more where pictures are stacked.
  public func network(classes: Int?, channels: Int = 3, at path: Path) throws(TorchError) -> any BackboneNetwork {
    if let classes, classes < 1 { throw .argument("classes: expected at least 1, found \(classes)") }
    guard channels >= 1 else { throw .argument("channels: expected at least 1, found \(channels)") }
    switch self {
    case .resnet18, .resnet34, .resnet50: return try ResNet(self, classes: classes, channels: channels, at: path)
    case .efficientNetLite0: return try EfficientNetLite(classes: classes, channels: channels, at: path)
    case .efficientNetB0, .efficientNetB3:
      return try EfficientNet(self, classes: classes, channels: channels, at: path)
    case .densenet121: return try DenseNet(classes: classes, channels: channels, at: path)
    case .vgg16, .vgg16BN: return try VGG(self, classes: classes, channels: channels, at: path)
    case .googlenet: return try GoogLeNet(classes: classes, channels: channels, at: path)
    case .inceptionResNetV2, .inceptionResNetV2Clips:
      return try InceptionResNetV2(self, classes: classes, channels: channels, at: path)
    case .r3d18, .mc318, .r2plus1d18: return try VideoResNet(self, classes: classes, channels: channels, at: path)
    case .s3d: return try S3D(classes: classes, channels: channels, at: path)
    }
  }

  /// A new network by itself.
  public func network(classes: Int, _ options: Parameters.Options) throws(TorchError) -> any BackboneNetwork {
    try network(classes: classes, at: Parameters(options).root)
  }

  /// Prefix of the classifier's parameter names, the part that another class count replaces.
  public var classifierPrefix: String {
    switch self {
    case .resnet18, .resnet34, .resnet50: "fc."
    case .efficientNetLite0: "_fc."
    case .efficientNetB0, .efficientNetB3: "classifier."
    case .densenet121: "classifier."
    case .vgg16, .vgg16BN: "classifier.6."
    case .googlenet: "fc."
    case .inceptionResNetV2, .inceptionResNetV2Clips: "classif."
    case .r3d18, .mc318, .r2plus1d18: "fc."
    case .s3d: "classifier."
    }
  }

  /// Whether another class count replaces the parameter `name`: those of the classifier, and of the last layers of auxiliary
  /// classifiers.
  public func isOfClassifier(_ name: String) -> Bool {
    if name.hasPrefix(classifierPrefix) { return true }
    return self == .googlenet && (name.hasPrefix("aux1.fc2.") || name.hasPrefix("aux2.fc2."))
  }

  /// Thrown by `classify` of a network made with no classes.
  var lacksClassifier: TorchError { .argument("\(rawValue): was made without a classifier") }

  /// Whether it takes clips.
  public var isVideo: Bool {
    switch self {
    case .inceptionResNetV2Clips: true
    case .r3d18, .mc318, .r2plus1d18, .s3d: true
    default: false
    }
  }

  /// Rows and columns of the images or clips the reference weights were trained on.
  public var inputSize: Int {
    switch self {
    case .efficientNetB3: 300
    case .inceptionResNetV2: 299
    case .r3d18, .mc318, .r2plus1d18: 112
    default: 224
    }
  }

  /// Frames of a clip by default; 1 for stills.
  public var inputFrames: Int { isVideo ? 16 : 1 }

  /// The smallest rows, columns and frames that leave a feature map.
  public var smallest: (size: Int, frames: Int) {
    switch self {
    case .inceptionResNetV2, .inceptionResNetV2Clips: (75, 1)
    case .googlenet: (15, 1)
    case .densenet121: (29, 1)
    // One place of the last feature map, and one full reach of the first filter in time.
    case .r3d18, .mc318, .r2plus1d18: (16, 3)
    // What leaves the 2 x 7 x 7 places that its classifier averages.
    case .s3d: (209, 13)
    default: (32, 1)
    }
  }

  /// Where the network is described.
  public var citation: String {
    switch self {
    case .resnet18, .resnet34, .resnet50: "He et al. 2016, Deep residual learning for image recognition"
    case .efficientNetLite0: "Liu 2020, Higher accuracy on vision models with EfficientNet-Lite"
    case .efficientNetB0, .efficientNetB3:
      "Tan & Le 2019, EfficientNet: rethinking model scaling for convolutional neural networks"
    case .densenet121: "Huang et al. 2017, Densely connected convolutional networks"
    case .vgg16, .vgg16BN:
      "Simonyan & Zisserman 2015, Very deep convolutional networks for large-scale image recognition"
    case .googlenet: "Szegedy et al. 2015, Going deeper with convolutions"
    case .inceptionResNetV2:
      "Szegedy et al. 2017, Inception-v4, Inception-ResNet and the impact of residual connections on learning"
    case .inceptionResNetV2Clips:
      "Szegedy et al. 2017, Inception-ResNet-v2, its kernels inflated in time (Carreira & Zisserman 2017)"
    case .r3d18, .mc318, .r2plus1d18:
      "Tran et al. 2018, A closer look at spatiotemporal convolutions for action recognition"
    case .s3d:
      "Xie et al. 2018, Rethinking spatiotemporal feature learning: speed-accuracy trade-offs in video classification"
    }
  }
}
