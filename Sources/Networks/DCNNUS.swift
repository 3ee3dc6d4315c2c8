import NN
import Torch

/// Choices of Model L that Yang et al. 2020 leave open.
struct LesionModelSettings: SystemSettings {
  var backbone = Backbone.resnet18
  /// Before the batch normalisation: PyTorch's default, since the paper names no number.
  var dropout = 0.5

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    try require("dropout", dropout, in: 0..<1)
  }
}

/// Choices of Model LB that Yang et al. 2020 leave open.
struct LesionBackgroundModelSettings: SystemSettings {
  /// Both branches', each with weights of its own.
  var backbone = Backbone.resnet18
  /// As of Model L.
  var dropout = 0.5
  /// Factors of the two branches' losses beside the final one's 1: the paper names no weights, so all count the same.
  var lesionLoss = 1.0
  var backgroundLoss = 1.0
  /// Probability in training that a sample is shown without its lesion or its background; the paper always has both.
  var modalityDropout = 0.0

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    try require("dropout", dropout, in: 0..<1)
    try requireFactor("lesionLoss", lesionLoss)
    try requireFactor("backgroundLoss", backgroundLoss)
    try require("modalityDropout", modalityDropout, in: 0..<1)
  }
}

struct LesionModelDesign: ConfiguredNetwork {
  let settings: LesionModelSettings
  var choices: any SystemSettings { settings }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try LesionModel(settings, classes: classes, at: root)
  }
  var classifierBias: String { "lesion_head.fc.bias" }
  func isClassifier(_ name: String) -> Bool { name.hasPrefix("lesion_head.fc.") }
}

struct LesionBackgroundModelDesign: ConfiguredNetwork {
  let settings: LesionBackgroundModelSettings
  var choices: any SystemSettings { settings }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    try LesionBackgroundModel(settings, classes: classes, at: root)
  }
  var classifierBias: String { "classifier.bias" }
  func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") || name.hasPrefix("lesion_head.fc.") }
}

/// Yang et al. 2020, DCNN-US Model L (EBioMedicine): ultrasound stills of focal liver lesions (S2-11).
///
/// | part | names | to |
/// |---|---|---|
/// | ResNet-18 without its last layer, over the lesion | `lesion.` | 512 |
/// | dropout, batch normalisation | `lesion_head.norm` | 512 |
/// | fully connected | `lesion_head.fc` | classes; 1 in the paper |
///
/// The embedding, for the batch-hard triplet loss, is the normalised vector before the fully connected layer. A
/// training batch needs two samples at least, as batch normalisation over vectors does.
struct LesionModel: Network {
  let parameters: Parameters
  private let branch: LiverBranch

  init(_ settings: LesionModelSettings, classes: Int, at root: Path) throws(TorchError) {
    parameters = root.parameters
    branch = try LiverBranch("lesion", settings.backbone, classes: classes, dropout: settings.dropout, at: root)
  }

  var inputs: [NetworkInput] { [branch.input] }
  var backbones: [BackbonePart] { branch.backbone.backbones }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    try features(given, by: [Branch(branch.backbone, [branch.input.name])], pass)
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let map = features[branch.input.name] else { throw .argument("features: \(branch.input.name) is missing") }
    let embedding = try branch.embed(map.globallyAveraged(), pass)
    return Output(logits: try branch.fc(embedding), embedding: embedding)
  }
}

/// Yang et al. 2020, DCNN-US Model LB: Model L beside a second branch over the liver around the lesion (S2-12).
///
/// | part | names | to |
/// |---|---|---|
/// | Model L, over the lesion | `lesion.`, `lesion_head.` | 512, and in training classes |
/// | the same over the background | `background.`, `background_head.` | 512, and in training 3 states of the liver |
/// | concatenation | | 1024 |
/// | fully connected | `classifier` | classes; 1 in the paper |
///
/// The embedding is the concatenation. A stand-in for an absent part (`stand_in.lesion`, `.background`) goes in before
/// dropout; the part's own classifier learns nothing from the sample.
struct LesionBackgroundModel: Network {
  let parameters: Parameters
  private let settings: LesionBackgroundModelSettings
  private let (lesion, background): (LiverBranch, LiverBranch)
  private let classifier: Linear
  private let standIns: StandIns

  /// Normal, steatosis, fibrosis (S2-07), each against the rest.
  private static let backgroundClasses = 3

  init(_ settings: LesionBackgroundModelSettings, classes: Int, at root: Path) throws(TorchError) {
    (parameters, self.settings) = (root.parameters, settings)
    let (backbone, dropout) = (settings.backbone, settings.dropout)
    lesion = try LiverBranch("lesion", backbone, classes: classes, dropout: dropout, at: root)
    background = try LiverBranch(
      "background", backbone, classes: Self.backgroundClasses, dropout: dropout, at: root)
    let width = lesion.backbone.featureChannels
    classifier = try Linear(root / "classifier", 2 * width, classes)
    standIns = try StandIns(root, ["lesion", "background"], width: width)
  }

  private var branches: [LiverBranch] { [lesion, background] }
  var inputs: [NetworkInput] { branches.map(\.input) }
  var backbones: [BackbonePart] { branches.flatMap(\.backbone.backbones) }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    try features(
      given, by: branches.map { Branch($0.backbone, [$0.input.name]) }, dropout: settings.modalityDropout, pass)
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    let ofLesion = try lesion.embed(pooled("lesion", in: features, standIns), pass)
    let ofBackground = try background.embed(pooled("background", in: features, standIns), pass)
    var heads: [Output.Head] = []
    if pass.training, features["lesion"] != nil {
      let logits = try taught(lesion.fc(ofLesion), by: "lesion", in: features)
      heads.append(.init("lesion", logits, .malignancy, weight: settings.lesionLoss))
    }
    if pass.training, features["background"] != nil {
      let logits = try taught(background.fc(ofBackground), by: "background", in: features)
      heads.append(.init("background", logits, .background, weight: settings.backgroundLoss))
    }
    let embedding = try Tensor.concatenated([ofLesion, ofBackground], along: 1)
    return Output(logits: try classifier(embedding), heads: heads, embedding: embedding)
  }
}

/// ResNet-18 whose last layer is replaced by dropout, batch normalisation and a fully connected layer.
private struct LiverBranch {
  let input: NetworkInput
  let backbone: any BackboneNetwork
  let fc: Linear
  private let normalisation: BatchNormalisation
  private let dropout: Double

  init(_ name: String, _ backbone: Backbone, classes: Int, dropout: Double, at root: Path) throws(TorchError) {
    let size = backbone.inputSize
    input = NetworkInput(name, .still, [3, size, size], smallest: backbone.smallest)
    self.backbone = try backbone.network(classes: nil, at: root / name)
    let (head, width) = (root / "\(name)_head", self.backbone.featureChannels)
    normalisation = try BatchNormalisation(head / "norm", width)
    fc = try Linear(head / "fc", width, classes)
    self.dropout = dropout
  }

  /// The vector before the fully connected layer, from the pooled one: [N, 512] both.
  func embed(_ pooled: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try normalisation(pass.dropout(pooled, dropout), pass)
  }
}
