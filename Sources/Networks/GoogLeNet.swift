public import NN
public import Torch

/// Szegedy et al. 2015, Going deeper with convolutions. Parameter names and outputs are torchvision's, whose third
/// branch has kernels of 3 where the paper has 5, and which takes the images as they are (`transform_input` false).
///
/// Two auxiliary classifiers serve training (weight 0.3 each, section 5); a network that is not trainable is made
/// without them.
public struct GoogLeNet: BackboneNetwork {
  public let backbone = Backbone.googlenet
  public let path: Path
  public let channels: Int
  public let featureChannels: Int
  private let stem: [NormalisedConvolution]
  private let stages: [[InceptionBlock]]
  private let auxiliaries: [String: AuxiliaryClassifier]
  private let fc: Linear?

  /// The paper's table 1, the blocks between pools: outputs of 1 x 1; of 3 x 3, reduced and full; of 5 x 5, reduced and
  /// full; behind the pool. Some are read by an auxiliary classifier.
  private static let table: [[(name: String, outputs: [Int], auxiliary: String?)]] = [
    [("3a", [64, 96, 128, 16, 32, 32], nil), ("3b", [128, 128, 192, 32, 96, 64], nil)],
    [
      ("4a", [192, 96, 208, 16, 48, 64], "aux1"), ("4b", [160, 112, 224, 24, 64, 64], nil),
      ("4c", [128, 128, 256, 24, 64, 64], nil), ("4d", [112, 144, 288, 32, 64, 64], "aux2"),
      ("4e", [256, 160, 320, 32, 128, 128], nil),
    ],
    [("5a", [256, 160, 320, 32, 128, 128], nil), ("5b", [384, 192, 384, 48, 128, 128], nil)],
  ]
  /// Kernel of the pool before each row of the table.
  private static let pools = [3, 3, 2]
  private static let auxiliaryWeight = 0.3

  init(classes: Int?, channels inputChannels: Int, at root: Path) throws(TorchError) {
    (path, channels) = (root, inputChannels)
    stem = [
      try NormalisedConvolution(
        root / "conv1", inputChannels, 64, kernel: [7, 7], stride: [2, 2], padding: [3, 3], initialiser: .googlenet),
      try NormalisedConvolution(root / "conv2", 64, 64, kernel: [1, 1], initialiser: .googlenet),
      try NormalisedConvolution(root / "conv3", 64, 192, kernel: [3, 3], padding: [1, 1], initialiser: .googlenet),
    ]
    var channels = 192
    var stages: [[InceptionBlock]] = []
    var auxiliaries: [String: AuxiliaryClassifier] = [:]
    for row in Self.table {
      var stage: [InceptionBlock] = []
      for (name, outputs, auxiliary) in row {
        let block = try InceptionBlock(root / "inception\(name)", channels, outputs, auxiliary: auxiliary)
        channels = block.outputChannels
        stage.append(block)
        guard let auxiliary else { continue }
        let path = (root / auxiliary).auxiliary
        if let classes, root.parameters.options.trainable {
          auxiliaries[auxiliary] = try AuxiliaryClassifier(path, channels, classes)
        }
      }
      stages.append(stage)
    }
    (self.stages, self.auxiliaries) = (stages, auxiliaries)
    featureChannels = channels
    fc = if let classes { try Linear(root / "fc", channels, classes, initialiser: .googlenet) } else { nil }
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try maps(images, pass) { _, _ in }
  }

  /// In training also the maps that the auxiliary classifiers read, under their names.
  public func features(_ inputs: [String: Tensor], _ pass: Pass) throws(TorchError) -> [String: Tensor] {
    guard let images = inputs["input"] else { throw .argument("input: missing") }
    var found: [String: Tensor] = [:]
    found["input"] = try maps(images, pass) { name, map in
      if pass.training, auxiliaries[name] != nil { found[name] = map }
    }
    return found
  }

  /// The last map; `visit` sees those that auxiliary classifiers may read.
  private func maps(_ images: Tensor, _ pass: Pass, visit: (String, Tensor) -> Void) throws(TorchError) -> Tensor {
    var x = try stem[0](images, pass).googLeNetPooled(kernel: 3)
    for unit in stem.dropFirst() { x = try unit(x, pass) }
    for (kernel, stage) in zip(Self.pools, stages) {
      x = try x.googLeNetPooled(kernel: kernel)
      for block in stage {
        x = try block(x, pass)
        if let name = block.auxiliary { visit(name, x) }
      }
    }
    return x
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let fc else { throw backbone.lacksClassifier }
    return try fc(pass.dropout(features.globallyAveraged(), 0.2))
  }

  public func classify(_ features: [String: Tensor], _ pass: Pass) throws(TorchError) -> Output {
    guard let map = features["input"] else { throw .argument("features: input is missing") }
    var output = Output(logits: try classify(map, pass))
    for (name, classifier) in auxiliaries.sorted(by: { $0.key < $1.key }) {
      guard pass.training, let map = features[name] else { continue }
      output.heads.append(
        Output.Head(name, try classifier(map, pass), .malignancy, weight: Self.auxiliaryWeight))
    }
    return output
  }
}

extension Initialiser {
  /// torchvision cuts this normal distribution off at 200 deviations.
  fileprivate static var googlenet: Initialiser { .normal(deviation: 0.01) }
}

extension Tensor {
  /// By stride 2, the last place reaching beyond the edge.
  fileprivate func googLeNetPooled(kernel: Int) throws(TorchError) -> Tensor {
    try maxPooled(kernel: [kernel, kernel], stride: [2, 2], padding: [0, 0], ceiling: true)
  }
}

/// The paper's figure 2b: four branches side by side.
private struct InceptionBlock {
  let outputChannels: Int
  let auxiliary: String?
  private let branches: [[NormalisedConvolution]]

  init(_ path: Path, _ input: Int, _ outputs: [Int], auxiliary: String?) throws(TorchError) {
    func unit(_ path: Path, _ from: Int, _ to: Int, _ kernel: Int) throws(TorchError) -> NormalisedConvolution {
      try NormalisedConvolution(
        path, from, to, kernel: [kernel, kernel], padding: [kernel / 2, kernel / 2], initialiser: .googlenet)
    }
    branches = [
      [try unit(path / "branch1", input, outputs[0], 1)],
      [
        try unit(path / "branch2" / 0, input, outputs[1], 1), try unit(path / "branch2" / 1, outputs[1], outputs[2], 3),
      ],
      [
        try unit(path / "branch3" / 0, input, outputs[3], 1), try unit(path / "branch3" / 1, outputs[3], outputs[4], 3),
      ],
      [try unit(path / "branch4" / 1, input, outputs[5], 1)],
    ]
    outputChannels = outputs[0] + outputs[2] + outputs[4] + outputs[5]
    self.auxiliary = auxiliary
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var joined: [Tensor] = []
    for (index, branch) in branches.enumerated() {
      var y = index == 3 ? try x.maxPooled2D(kernel: 3, stride: 1, padding: 1) : x
      for unit in branch { y = try unit(y, pass) }
      joined.append(y)
    }
    return try Tensor.concatenated(joined, along: 1)
  }
}

private struct AuxiliaryClassifier {
  private let conv: NormalisedConvolution
  private let (fc1, fc2): (Linear, Linear)

  init(_ path: Path, _ input: Int, _ classes: Int) throws(TorchError) {
    conv = try NormalisedConvolution(path / "conv", input, 128, kernel: [1, 1], initialiser: .googlenet)
    fc1 = try Linear(path / "fc1", 128 * 4 * 4, 1024, initialiser: .googlenet)
    fc2 = try Linear(path / "fc2", 1024, classes, initialiser: .googlenet)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    let flat = try conv(x.adaptivelyAveraged([4, 4]), pass).flattened()
    return try fc2(pass.dropout(fc1(flat).relu(), 0.7))
  }
}
