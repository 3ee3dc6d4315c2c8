import NN
import Torch

/// Choices that Zhu et al. 2022 leave open, or that an ablation changes.
struct MUFNetSettings: SystemSettings {
  /// Both branches', each with weights of its own (S1-10).
  var backbone = Backbone.efficientNetB3
  /// Units of the attention block's first layer: 1536 / 16, the reduction of squeeze-and-excitation (Hu et al. 2018).
  var attentionWidth = 96
  /// Between the attention block's two layers.
  var attentionActivation = AttentionActivation.relu
  /// How the two modalities' scores become weights (S1-12).
  var attentionNormalisation = AttentionNormalisation.softmax
  /// Before the classifiers; EfficientNet-B3's own.
  var dropout = 0.3
  /// Factors of the auxiliary classifiers' losses beside the fused one's 1 (S1-14: that one is the larger).
  var bModeLoss = 0.5
  var ceusLoss = 0.5
  /// Probability in training that a sample is shown without one of its modalities; the paper always has both.
  var modalityDropout = 0.0

  enum AttentionActivation: String, Codable, Sendable { case relu, silu, tanh }
  enum AttentionNormalisation: String, Codable, Sendable {
    /// Over the modalities: weights sum to 1.
    case softmax
    /// Each by itself: weights in 0...1.
    case sigmoid
  }

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    guard attentionWidth >= 1 else {
      throw .argument("setting attentionWidth: expected 1 or more, found \(attentionWidth)")
    }
    try require("dropout", dropout, in: 0..<1)
    try requireFactor("bModeLoss", bModeLoss)
    try requireFactor("ceusLoss", ceusLoss)
    try require("modalityDropout", modalityDropout, in: 0..<1)
  }
}

struct MUFNetDesign: ConfiguredNetwork {
  let settings: MUFNetSettings
  var choices: any SystemSettings { settings }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try MUFNet(settings, classes: classes, at: root)
  }
  var classifierBias: String { "classifier.bias" }
  func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") || name.hasPrefix("auxiliary.") }
}

/// Zhu et al. 2022, MUF-Net (Frontiers in Physiology): B-mode and contrast-enhanced ultrasound of solid renal tumours
/// (S1).
///
/// | part | names | to |
/// |---|---|---|
/// | EfficientNet-B3 over B-mode, another over CEUS | `b_mode.`, `ceus.` | 10 x 10 x 1536 each |
/// | global average pooling | | 1536 each |
/// | attention block, one for both modalities | `attention.fc1`, `.fc2` | a weight each |
/// | weighted sum | | 1536 |
/// | classifier | `classifier` | classes |
/// | auxiliary classifiers, in training | `auxiliary.b_mode`, `.ceus` | classes each |
///
/// The embedding is the weighted sum; `modality_weights` [N, 2] are the weights of B-mode and CEUS. A stand-in for an
/// absent modality (`stand_in.b_mode`, `.ceus`) is weighed as any embedding; its auxiliary classifier learns nothing
/// from the sample.
struct MUFNet: Network {
  let parameters: Parameters
  let inputs: [NetworkInput]
  private let settings: MUFNetSettings
  private let branches: [MUFNetBranch]
  private let attention: (Linear, Linear)
  private let classifier: Linear
  private let standIns: StandIns

  init(_ settings: MUFNetSettings, classes: Int, at root: Path) throws(TorchError) {
    (parameters, self.settings) = (root.parameters, settings)
    let plan = [("b-mode", settings.bModeLoss), ("ceus", settings.ceusLoss)]
    var branches: [MUFNetBranch] = []
    for (name, lossFactor) in plan {
      let part = NetworkInput.part(name)
      branches.append(
        try MUFNetBranch(
          name, settings.backbone, at: root / part, classifier: root / "auxiliary" / part, classes: classes,
          dropout: settings.dropout, lossFactor: lossFactor))
    }
    self.branches = branches
    inputs = branches.map(\.input)
    let width = branches[0].backbone.featureChannels
    attention = (
      try Linear(root / "attention" / "fc1", width, settings.attentionWidth),
      try Linear(root / "attention" / "fc2", settings.attentionWidth, 1)
    )
    classifier = try Linear(root / "classifier", width, classes)
    standIns = try StandIns(root, plan.map(\.0), width: width)
  }

  var backbones: [BackbonePart] { branches.flatMap(\.backbone.backbones) }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    try features(
      given, by: branches.map { Branch($0.backbone, [$0.input.name]) }, dropout: settings.modalityDropout, pass)
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    var embeddings: [Tensor] = []
    var heads: [Output.Head] = []
    for branch in branches {
      let name = branch.input.name
      let embedding = try pooled(name, in: features, standIns)
      embeddings.append(embedding)
      guard pass.training, features[name] != nil else { continue }
      let logits = try taught(branch.classify(embedding, pass), by: name, in: features)
      heads.append(.init(name, logits, .malignancy, weight: branch.lossFactor))
    }
    let weights = try modalityWeights(embeddings)  // [N, 2]
    var fused = try weights.narrowed(1, from: 0, length: 1) * embeddings[0]
    for (index, embedding) in embeddings.enumerated().dropFirst() {
      fused = try fused + weights.narrowed(1, from: index, length: 1) * embedding
    }
    return Output(
      logits: try classifier(pass.dropout(fused, settings.dropout)), heads: heads, embedding: fused,
      extras: ["modality_weights": weights])
  }

  /// The same two layers score every modality.
  private func modalityWeights(_ embeddings: [Tensor]) throws(TorchError) -> Tensor {
    var scores: [Tensor] = []
    for embedding in embeddings { scores.append(try attention.1(activated(attention.0(embedding)))) }
    let all = try Tensor.concatenated(scores, along: 1)
    return settings.attentionNormalisation == .softmax ? try all.softmax(1) : try all.sigmoid()
  }

  private func activated(_ x: Tensor) throws(TorchError) -> Tensor {
    switch settings.attentionActivation {
    case .relu: try x.relu()
    case .silu: try x.silu()
    case .tanh: try x.tanh()
    }
  }
}
