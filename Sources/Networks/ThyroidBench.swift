import NN
import Torch

/// Choices of the multimodal thyroid bench; its report names the four backbones and the three modalities, not how they
/// meet.
struct ThyroidBenchSettings: SystemSettings {
  /// The study compares `resnet50` (its best), `densenet121`, `vgg16` and `googlenet`; any over stills can be taken.
  var backbone = Backbone.resnet50
  /// What an examination consists of.
  var modalities = Modality.allCases
  /// How the modalities meet: by default as pooled images, since the study counts images.
  var fusion = Fusion.pooled
  /// Factor of the loss of the single images' own logits (mean over the images) beside the 1 of the examination's; for
  /// `pooled` and `late`. With 0 only the examination's mean is taught.
  var imageLoss = 1.0
  /// Probability in training that an examination is shown without one of its modalities.
  var modalityDropout = 0.0

  enum Modality: String, Codable, Sendable, CaseIterable {
    case bMode = "b-mode"
    case smi, swe
  }

  enum Fusion: String, Codable, Sendable {
    /// One network for images of all modalities, each scored by itself.
    case pooled
    /// One network over all modalities' channels at once.
    case stacked
    /// A network for each modality.
    case late
  }

  func check() throws(TorchError) {
    try requireStills("backbone", backbone)
    guard !modalities.isEmpty, Set(modalities).count == modalities.count else {
      let found = modalities.map(\.rawValue).joined(separator: ", ")
      throw .argument("setting modalities: expected one or more, none of them twice, found [\(found)]")
    }
    try requireFactor("imageLoss", imageLoss)
    try require("modalityDropout", modalityDropout, in: 0..<1)
  }

  var inputs: [NetworkInput] {
    let size = backbone.inputSize
    return modalities.map { NetworkInput($0.rawValue, .still, [3, size, size], smallest: backbone.smallest) }
  }
}

/// The parameters are those of the backbones with their own classifiers, under `backbone.`, or for late fusion
/// `b_mode.`, `smi.` and `swe.`.
struct ThyroidBenchDesign: ConfiguredNetwork {
  let settings: ThyroidBenchSettings
  var choices: any SystemSettings { settings }

  func network(classes: Int, at root: Path) throws(TorchError) -> any Network {
    switch settings.fusion {
    case .pooled, .late: try ThyroidMean(settings, classes: classes, parts: parts, at: root)
    case .stacked: try ThyroidStack(settings, classes: classes, at: root / parts[0])
    }
  }

  private var parts: [String] {
    settings.fusion == .late ? settings.modalities.map { NetworkInput.part($0.rawValue) } : ["backbone"]
  }

  var classifierBias: String { "\(parts[0]).\(settings.backbone.classifierBias)" }

  func isClassifier(_ name: String) -> Bool {
    parts.contains { part in
      name.hasPrefix(part + ".") && settings.backbone.isOfClassifier(String(name.dropFirst(part.count + 1)))
    }
  }
}

/// Ding et al. 2026, pooled images and late fusion: each image is scored by itself, by one network for all modalities
/// or by its modality's own; an examination's logits are the mean over the images that are there.
///
/// In training each image's own logits are a head, so that images teach as samples of their own, whatever else their
/// examination holds. An absent image takes no part in the mean; there is nothing to stand in for.
private struct ThyroidMean: Network {
  let parameters: Parameters
  let inputs: [NetworkInput]
  private let settings: ThyroidBenchSettings
  private let branches: [Branch]

  /// - parts: names of the networks: one, or one a modality.
  init(_ settings: ThyroidBenchSettings, classes: Int, parts: [String], at root: Path) throws(TorchError) {
    (parameters, self.settings, inputs) = (root.parameters, settings, settings.inputs)
    let names = inputs.map(\.name)
    let shares = parts.count == names.count ? names.map { [$0] } : [names]
    var branches: [Branch] = []
    for (part, share) in zip(parts, shares) {
      branches.append(Branch(try settings.backbone.network(classes: classes, at: root / part), share))
    }
    self.branches = branches
  }

  var backbones: [BackbonePart] { branches.flatMap(\.backbone.backbones) }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    try features(given, by: branches, dropout: settings.modalityDropout, pass)
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    var images: [(name: String, logits: Tensor)] = []
    var heads: [Output.Head] = []
    let factor = settings.imageLoss / Double(inputs.count)
    for branch in branches {
      for name in branch.inputs {
        guard let output = try branch.classify(name, in: features, pass) else { continue }
        images.append((name, output.logits))
        guard pass.training, factor > 0 else { continue }
        if inputs.count > 1 { heads.append(try head(name, output.logits, name, factor, features)) }
        for own in output.heads {
          heads.append(try head("\(name).\(own.name)", own.logits, name, factor * own.weight, features))
        }
      }
    }
    return Output(logits: try mean(images, features), heads: heads)
  }

  private func head(
    _ name: String, _ logits: Tensor, _ input: String, _ weight: Double, _ features: [String: Tensor]
  ) throws(TorchError) -> Output.Head {
    .init(name, try taught(logits, by: input, in: features), .malignancy, weight: weight)
  }

  private func mean(_ images: [(name: String, logits: Tensor)], _ features: [String: Tensor]) throws(TorchError)
    -> Tensor
  {
    guard features["present"] != nil else { return try Tensor.stacked(images.map(\.logits)).mean(over: [0]) }
    var (logits, counts): ([Tensor], [Tensor]) = ([], [])
    for image in images {
      logits.append(try taught(image.logits, by: image.name, in: features))
      if let there = try presence(of: image.name, in: features) { counts.append(try there.to(.float32)) }
    }
    return try Tensor.stacked(logits).sum(over: [0]) / Tensor.stacked(counts).sum(over: [0])
  }
}

/// Ding et al. 2026, stacked channels: the three channels of every modality's picture through one network.
///
/// The stand-in for an absent picture (`stand_in.b_mode`, ...) is one colour, three numbers; zeros at first, which is
/// ImageNet's mean colour. All modalities share one feature map; it goes by the first input's name.
private struct ThyroidStack: Network {
  let parameters: Parameters
  let inputs: [NetworkInput]
  private let dropout: Double
  private let branch: Branch
  private let standIns: StandIns

  init(_ settings: ThyroidBenchSettings, classes: Int, at path: Path) throws(TorchError) {
    (parameters, inputs, dropout) = (path.parameters, settings.inputs, settings.modalityDropout)
    let names = inputs.map(\.name)
    branch = Branch(try settings.backbone.network(classes: classes, channels: 3 * names.count, at: path), [names[0]])
    standIns = try StandIns(path.parameters.root, names, width: 3)
  }

  var backbones: [BackbonePart] { branch.backbone.backbones }

  func features(_ given: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    let presence = try Presence(given, inputs, dropout: dropout, pass)
    var features: [String: Tensor] = [:]
    features["present"] = presence.tensor
    let stack = try stacked(given, features)
    for (key, map) in try branch.backbone.features(["input": stack], pass) {
      features[Branch.name(key, of: branch.inputs[0])] = map
    }
    return features
  }

  /// [N, 3 * modalities, rows, columns].
  private func stacked(_ given: [String: Tensor], _ features: [String: Tensor]) throws(TorchError) -> Tensor {
    let names = inputs.map(\.name)
    try requireEqualSizes(names, of: given)
    guard let shape = try names.lazy.compactMap({ given[$0] }).first?.shape else { throw .argument("no input") }
    var pictures: [Tensor] = []
    for name in names {
      let colour = try standIns[name].reshaped([1, 3, 1, 1])
      guard let picture = given[name] else {
        pictures.append(try colour.expanded(shape))
        continue
      }
      guard let there = try presence(of: name, in: features) else {
        pictures.append(picture)
        continue
      }
      pictures.append(
        try picture.selected(where: there.reshaped([shape[0], 1, 1, 1]), otherwise: colour.to(picture.scalarType)))
    }
    return try Tensor.concatenated(pictures, along: 1)
  }

  func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let output = try branch.classify(branch.inputs[0], in: features, pass) else {
      throw .argument("features: \(branch.inputs[0]) is missing")
    }
    return output
  }
}
