import NN
import Torch

/// Choices of UC-STTNet, all of which the paper leaves open (S0-05).
struct UCSTTNetSettings: SystemSettings {
  /// Of both picture branches: the smallest that comes with ImageNet weights, for 733 masses.
  var backbone = Backbone.resnet18
  /// Rows and columns of the two pictures: what the backbone's weights were trained on.
  var bModeSize = 224
  var colorDopplerSize = 224
  /// Whether the two pictures go through one backbone. By default each has weights of its own: speckle and flow colours
  /// have little in common.
  var sharedBranches = false
  /// Length of each part's embedding, and of the fused one: parts of equal length start with an equal say.
  var width = 128
  /// Length of the encoded clinical vector, set from the cohort's schema. A missing value arrives as 0 with an
  /// indicator of its own set, so that absence is a value the encoder can use.
  var clinicalValues = 8
  /// Widths of the hidden layers of the clinical encoder.
  var clinicalLayers = [64]
  /// After each hidden layer of the clinical encoder.
  var clinicalDropout = 0.2
  var fusion = UCSTTNetFusion.Kind.concatenation
  /// Blocks and heads of the transformer fusion.
  var transformerBlocks = 2
  var transformerHeads = 4
  /// Before the classifier: PyTorch's default.
  var dropout = 0.5
  /// Factor of the loss of each part's own classifier in training, beside the fused one's 1; 0 for none. Without them
  /// the part that learns fastest leaves the others untaught.
  var auxiliaryLoss = 0.3
  /// Probability in training that a sample is shown without one of its parts; the paper's samples have all.
  var modalityDropout = 0.0

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    for (key, size) in [("bModeSize", bModeSize), ("colorDopplerSize", colorDopplerSize)] {
      guard size >= backbone.smallest.size else {
        throw .argument("setting \(key): expected at least \(backbone.smallest.size) pixels, found \(size)")
      }
    }
    try requirePositive("width", width)
    try requirePositive("clinicalValues", clinicalValues)
    for layer in clinicalLayers { try requirePositive("clinicalLayers", layer) }
    try require("clinicalDropout", clinicalDropout, in: 0..<1)
    try requirePositive("transformerBlocks", transformerBlocks)
    try requirePositive("transformerHeads", transformerHeads)
    guard fusion != .transformer || width.isMultiple(of: transformerHeads) else {
      throw .argument("setting transformerHeads: expected a divisor of width \(width), found \(transformerHeads)")
    }
    try require("dropout", dropout, in: 0..<1)
    try requireFactor("auxiliaryLoss", auxiliaryLoss)
    try require("modalityDropout", modalityDropout, in: 0..<1)
  }
}

struct UCSTTNetDesign: ConfiguredNetwork {
  let settings: UCSTTNetSettings
  var choices: any SystemSettings { settings }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try UCSTTNet(settings, classes: classes, at: root)
  }
  var classifierBias: String { "classifier.bias" }
  func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") || name.hasPrefix("auxiliary.") }
}

/// Xie et al. 2024, UC-STTNet (Frontiers in Oncology 14:1361694): grey-scale and colour-Doppler stills of soft tissue
/// tumours and clinical variables, fused (S0-05).
///
/// | part | names | to |
/// |---|---|---|
/// | a backbone over each picture, or one over both, pooled | `b_mode.`, `color_doppler.`, or `picture.` | 512 |
/// | one layer a picture, ReLU | `embedding.b_mode`, `embedding.color_doppler` | width |
/// | clinical encoder: layers with ReLU and dropout | `clinical.0`, ... | width |
/// | fusion (``UCSTTNetFusion``) | `fusion.` | width: the embedding |
/// | dropout, fully connected | `classifier` | classes |
/// | in training, a layer over each part by itself | `auxiliary.b_mode`, ... | classes |
///
/// A stand-in (`stand_in.b_mode`, ...) takes the place of an absent part's embedding before the fusion; the part's own
/// classifier learns nothing from the sample.
struct UCSTTNet: Network {
  let parameters: Parameters
  let inputs: [NetworkInput]
  private let settings: UCSTTNetSettings
  private let branches: [Branch]
  private let embeddings: [String: Linear]
  private let clinical: [Linear]
  private let fusion: UCSTTNetFusion
  private let classifier: Linear
  private let auxiliary: [String: Linear]
  private let standIns: StandIns

  init(_ settings: UCSTTNetSettings, classes: Int, at root: Path) throws(TorchError) {
    (parameters, self.settings) = (root.parameters, settings)
    let backbone = settings.backbone
    let sizes = [("b-mode", settings.bModeSize), ("color-doppler", settings.colorDopplerSize)]
    inputs =
      sizes.map { NetworkInput($0, .still, [3, $1, $1], smallest: backbone.smallest) }
      + [NetworkInput("clinical", .clinical, [settings.clinicalValues])]
    let (pictures, parts) = (sizes.map(\.0), inputs.map(\.name))
    var branches: [Branch] = []
    var embeddings: [String: Linear] = [:]
    for share in settings.sharedBranches ? [pictures] : pictures.map({ [$0] }) {
      let name = settings.sharedBranches ? "picture" : NetworkInput.part(share[0])
      branches.append(Branch(try backbone.network(classes: nil, at: root / name), share))
    }
    for name in pictures {
      embeddings[name] = try Linear(
        root / "embedding" / NetworkInput.part(name), branches[0].backbone.featureChannels, settings.width)
    }
    (self.branches, self.embeddings) = (branches, embeddings)
    var clinical: [Linear] = []
    var width = settings.clinicalValues
    for next in settings.clinicalLayers + [settings.width] {
      clinical.append(try Linear(root / "clinical" / clinical.count, width, next))
      width = next
    }
    self.clinical = clinical
    fusion = try UCSTTNetFusion(
      root / "fusion",
      .init(
        kind: settings.fusion, parts: parts, width: settings.width, blocks: settings.transformerBlocks,
        heads: settings.transformerHeads))
    classifier = try Linear(root / "classifier", settings.width, classes)
    var auxiliary: [String: Linear] = [:]
    if settings.auxiliaryLoss > 0 {
      for name in parts {
        auxiliary[name] = try Linear(root / "auxiliary" / NetworkInput.part(name), settings.width, classes)
      }
    }
    self.auxiliary = auxiliary
    standIns = try StandIns(root, parts, width: settings.width)
  }

  var backbones: [BackbonePart] { branches.flatMap(\.backbone.backbones) }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    let presence = try Presence(given, inputs, dropout: settings.modalityDropout, pass)
    var features: [String: Tensor] = [:]
    features["present"] = presence.tensor
    for branch in branches { features.merge(try branch.features(given, presence, pass)) { $1 } }
    if let part = try presence.selection(of: "clinical", in: given, pass) {
      features["clinical"] = try part.placed(part.images)
    }
    return features
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let samples = try features.values.first?.shape[0] else { throw .argument("no features") }
    var parts: [Tensor] = []
    var heads: [Output.Head] = []
    for input in inputs {
      let own = try features[input.name].map { (x) throws(TorchError) in try embedded(x, input.name, pass) }
      let part = try standIns.complete(
        own, input.name, present: presence(of: input.name, in: features), samples: samples)
      parts.append(part)
      guard pass.training, own != nil, let layer = auxiliary[input.name] else { continue }
      let logits = try taught(layer(part), by: input.name, in: features)
      heads.append(.init(input.name, logits, .malignancy, weight: settings.auxiliaryLoss))
    }
    let (fused, weights) = try fusion(parts, pass)
    var output = Output(logits: try classifier(pass.dropout(fused, settings.dropout)), heads: heads, embedding: fused)
    output.extras["modality_weights"] = weights
    return output
  }

  /// A part's features to [N, width].
  private func embedded(_ x: Tensor, _ name: String, _ pass: Pass) throws(TorchError) -> Tensor {
    if let layer = embeddings[name] { return try layer(x.globallyAveraged()).relu() }
    var x = x
    for layer in clinical.dropLast() { x = try pass.dropout(layer(x).relu(), settings.clinicalDropout) }
    return try clinical.last.map { (layer) throws(TorchError) in try layer(x).relu() } ?? x
  }
}
