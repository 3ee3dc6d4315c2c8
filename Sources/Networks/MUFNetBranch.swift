import NN
import Torch

/// Choices of a MUF-Net branch by itself; as in ``MUFNetSettings``.
struct MUFNetBranchSettings: SystemSettings {
  var backbone = Backbone.efficientNetB3
  var dropout = 0.3

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    try require("dropout", dropout, in: 0..<1)
  }
}

struct MUFNetBranchDesign: ConfiguredNetwork {
  /// `b-mode` or `ceus`.
  let input: String
  let settings: MUFNetBranchSettings
  var choices: any SystemSettings { settings }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try MUFNetBranch(
      input, settings.backbone, at: root / NetworkInput.part(input), classifier: root / "classifier", classes: classes,
      dropout: settings.dropout)
  }
  var classifierBias: String { "classifier.bias" }
  func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") }
}

/// One branch of MUF-Net: backbone, global average pooling, one linear layer. By itself the single-modality ablation
/// (S1-19), with names `b_mode.` or `ceus.` as in ``MUFNet``, and `classifier`; the embedding is the pooled vector.
struct MUFNetBranch: Network {
  let parameters: Parameters
  let input: NetworkInput
  let backbone: any BackboneNetwork
  /// Of its loss within ``MUFNet``.
  let lossFactor: Double
  private let classifier: Linear
  private let dropout: Double

  init(
    _ name: String, _ backbone: Backbone, at path: Path, classifier: Path, classes: Int, dropout: Double,
    lossFactor: Double = 1
  ) throws(TorchError) {
    (parameters, self.dropout, self.lossFactor) = (path.parameters, dropout, lossFactor)
    let size = backbone.inputSize
    input = NetworkInput(name, .still, [3, size, size], smallest: backbone.smallest)
    self.backbone = try backbone.network(classes: nil, at: path)
    self.classifier = try Linear(classifier, self.backbone.featureChannels, classes)
  }

  var inputs: [NetworkInput] { [input] }
  var backbones: [BackbonePart] { backbone.backbones }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    try features(given, by: [Branch(backbone, [input.name])], pass)
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let map = features[input.name] else { throw .argument("features: \(input.name) is missing") }
    let embedding = try map.globallyAveraged()
    return Output(logits: try classify(embedding, pass), embedding: embedding)
  }

  /// From the pooled vector [N, channels] to logits.
  func classify(_ embedding: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try classifier(pass.dropout(embedding, dropout))
  }
}
