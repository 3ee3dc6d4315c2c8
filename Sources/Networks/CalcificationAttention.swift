import NN
import Torch

/// Choices of the network over clips: the abstract names its base and a calcification attention module, no more.
struct CalcificationAttentionSettings: SystemSettings {
  /// The paper's base; its four rivals are the other video backbones by themselves.
  var backbone = Backbone.inceptionResNetV2Clips
  /// Channels for each unit of the channel attention's hidden layer: CBAM's 16.
  var reduction = 16
  /// Odd rows and columns of the attention convolution: CBAM's 7.
  var kernel = 7
  /// Odd frames of the attention convolution: on the last map a frame stands for several, so its neighbours suffice.
  var frameKernel = 3
  var order = AttentionOrder.channelFirst
  /// Attention beside a shortcut, since the backbone comes with trained weights and the module without.
  var residual = true
  /// Before the classifier: 0.2, as Szegedy et al. 2017 train the base.
  var dropout = 0.2

  func check() throws(TorchError) {
    guard backbone.isVideo else {
      throw .argument("setting backbone: expected a network over clips, found \(backbone.rawValue)")
    }
    try requirePositive("reduction", reduction)
    try requireOdd("kernel", kernel)
    try requireOdd("frameKernel", frameKernel)
    try require("dropout", dropout, in: 0..<1)
  }

  var form: AttentionModule.Form {
    .init(reduction: reduction, kernel: [frameKernel, kernel, kernel], order: order, isResidual: residual)
  }
}

/// Choices of its counterpart over stills; as in ``CalcificationAttentionSettings``.
struct StillCalcificationAttentionSettings: SystemSettings {
  var backbone = Backbone.inceptionResNetV2
  var reduction = 16
  var kernel = 7
  var order = AttentionOrder.channelFirst
  var residual = true
  var dropout = 0.2

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    try requirePositive("reduction", reduction)
    try requireOdd("kernel", kernel)
    try require("dropout", dropout, in: 0..<1)
  }

  var form: AttentionModule.Form {
    .init(reduction: reduction, kernel: [kernel, kernel], order: order, isResidual: residual)
  }
}

extension SystemSettings {
  /// Throws, naming the key, for a number below 1.
  func requirePositive(_ key: String, _ value: Int) throws(TorchError) {
    guard value >= 1 else { throw .argument("setting \(key): expected 1 or more, found \(value)") }
  }

  /// Throws, naming the key, for an extent that has no middle.
  fileprivate func requireOdd(_ key: String, _ value: Int) throws(TorchError) {
    guard value >= 1, !value.isMultiple(of: 2) else {
      throw .argument("setting \(key): expected an odd number of 1 or more, found \(value)")
    }
  }
}

/// Over clips, or over stills; the parameters have the same names.
struct CalcificationAttentionDesign: ConfiguredNetwork {
  let backbone: Backbone
  let form: AttentionModule.Form
  let dropout: Double
  let choices: any SystemSettings

  init(_ settings: CalcificationAttentionSettings) {
    (backbone, form, dropout, choices) = (settings.backbone, settings.form, settings.dropout, settings)
  }
  init(_ settings: StillCalcificationAttentionSettings) {
    (backbone, form, dropout, choices) = (settings.backbone, settings.form, settings.dropout, settings)
  }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try CalcificationAttention(
      over: backbone.network(classes: nil, at: root / "backbone"), form, dropout: dropout, classes: classes, at: root)
  }
  var classifierBias: String { "classifier.bias" }
  func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") }
}

/// The calcification-attention network for calcified thyroid nodules in dynamic ultrasound (Cancer Imaging 2025;
/// S3-03), and its counterpart over stills.
///
/// | part | names | to |
/// |---|---|---|
/// | 3D InceptionResNetV2 without its classifier, over `clip` | `backbone.` | [1536, t, h, w] |
/// | channel, then spatio-temporal attention (``AttentionModule``) | `attention.` | [1536, t, h, w] |
/// | global average pooling, dropout | | 1536: the embedding |
/// | fully connected | `classifier` | classes |
///
/// `extras["attention"]` is the attention map, [N, 1, t, h, w] in 0...1 (t is 1 over `still`), which ``Objective`` can
/// pull towards masks or boxes of calcification. The feature map that explanations differentiate is the one after it.
struct CalcificationAttention: Network {
  let parameters: Parameters
  let inputs: [NetworkInput]
  private let backbone: any BackboneNetwork
  private let attention: AttentionModule
  private let classifier: Linear
  private let dropout: Double

  /// - backbone: without a classifier, and with the same parameters as `root`.
  init(
    over backbone: any BackboneNetwork, _ form: AttentionModule.Form, dropout: Double, classes: Int, at root: Path
  ) throws(TorchError) {
    (parameters, self.backbone, self.dropout) = (root.parameters, backbone, dropout)
    inputs = backbone.inputs.map {
      NetworkInput($0.content == .clip ? "clip" : "still", $0.content, $0.shape, smallest: $0.smallest)
    }
    attention = try AttentionModule(root / "attention", backbone.featureChannels, form)
    classifier = try Linear(root / "classifier", backbone.featureChannels, classes)
  }

  var backbones: [BackbonePart] { backbone.backbones }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    // Throws for a sample without its only input.
    _ = try Presence(given, inputs, pass)
    guard let input = inputs.first, let images = given[input.name] else { throw .argument("no input") }
    let (features, map) = try attention(backbone.features(images, pass))
    return [input.name: features, "attention": input.content == .clip ? map : try map.unsqueezed(2)]
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let input = inputs.first, let map = features[input.name] else {
      throw .argument("features: \(inputs.map(\.name).joined()) is missing")
    }
    let embedding = try map.globallyAveraged()
    return Output(
      logits: try classifier(pass.dropout(embedding, dropout)), embedding: embedding,
      extras: features.filter { $0.key == "attention" })
  }
}
