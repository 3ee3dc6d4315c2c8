public import NN
public import Torch

/// Tan & Le 2019, EfficientNet. Parameter names and outputs are torchvision's.
public struct EfficientNet: BackboneNetwork {
  public let backbone: Backbone
  public let path: Path
  public let channels: Int
  public let featureChannels: Int
  private let stem: ConvolutionUnit
  private let blocks: [InvertedResidual]
  private let head: ConvolutionUnit
  private let classifier: Linear?
  private let dropout: Double

  init(_ backbone: Backbone, classes: Int?, channels inputChannels: Int, at root: Path) throws(TorchError) {
    (self.backbone, path, channels) = (backbone, root, inputChannels)
    let scaling = Self.scaling(backbone)
    dropout = scaling.dropout
    let features = root / "features"
    let stages = EfficientNetStage.base
    func scaled(_ count: Int) -> Int { EfficientNetStage.divisibleByEight(Double(count) * scaling.width) }
    func repeats(_ stage: EfficientNetStage) -> Int { Int((Double(stage.repeats) * scaling.depth).rounded(.up)) }

    var width = scaled(32)
    stem = try ConvolutionUnit(features / 0, inputChannels, width, kernel: 3, stride: 2)
    let total = stages.reduce(0) { $0 + repeats($1) }
    var blocks: [InvertedResidual] = []
    for (number, stage) in stages.enumerated() {
      for index in 0..<repeats(stage) {
        let block = try InvertedResidual(
          features / (number + 1) / index / "block", input: width, output: scaled(stage.output), stage,
          stride: index == 0 ? stage.stride : 1, depthDrop: 0.2 * Double(blocks.count) / Double(total))
        width = scaled(stage.output)
        blocks.append(block)
      }
    }
    self.blocks = blocks
    featureChannels = 4 * width
    head = try ConvolutionUnit(features / (stages.count + 1), width, featureChannels, kernel: 1)
    classifier =
      if let classes {
        try Linear(
          root / "classifier" / 1, featureChannels, classes,
          initialiser: .uniform(bound: 1 / Double(classes).squareRoot()))
      } else { nil }
  }

  /// Compound scaling of the base network.
  private static func scaling(_ backbone: Backbone) -> (width: Double, depth: Double, dropout: Double) {
    backbone == .efficientNetB3 ? (1.2, 1.4, 0.3) : (1, 1, 0.2)
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = try stem(images, pass).silu()
    for block in blocks { x = try block(x, pass) }
    return try head(x, pass).silu()
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let classifier else { throw backbone.lacksClassifier }
    return try classifier(pass.dropout(features.globallyAveraged(), dropout))
  }
}

/// One row of the paper's table 1; the Lite variant shares it.
struct EfficientNetStage {
  let (expansion, kernel, stride, output, repeats): (Int, Int, Int, Int, Int)

  static let base = [
    EfficientNetStage(expansion: 1, kernel: 3, stride: 1, output: 16, repeats: 1),
    EfficientNetStage(expansion: 6, kernel: 3, stride: 2, output: 24, repeats: 2),
    EfficientNetStage(expansion: 6, kernel: 5, stride: 2, output: 40, repeats: 2),
    EfficientNetStage(expansion: 6, kernel: 3, stride: 2, output: 80, repeats: 3),
    EfficientNetStage(expansion: 6, kernel: 5, stride: 1, output: 112, repeats: 3),
    EfficientNetStage(expansion: 6, kernel: 5, stride: 2, output: 192, repeats: 4),
    EfficientNetStage(expansion: 6, kernel: 3, stride: 1, output: 320, repeats: 1),
  ]

  /// The nearest multiple of 8, never more than a tenth below.
  static func divisibleByEight(_ channels: Double) -> Int {
    let rounded = max(8, Int(channels + 4) / 8 * 8)
    return Double(rounded) < 0.9 * channels ? rounded + 8 : rounded
  }

  init(expansion: Int, kernel: Int, stride: Int, output: Int, repeats: Int) {
    (self.expansion, self.kernel, self.stride, self.output, self.repeats) = (expansion, kernel, stride, output, repeats)
  }
}

/// Convolution without bias, then batch normalisation: names `0` and `1`.
private struct ConvolutionUnit {
  let convolution: Convolution2D
  let normalisation: BatchNormalisation

  init(_ path: Path, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1) throws(TorchError) {
    convolution = try Convolution2D(path / 0, input, output, kernel: kernel, stride: stride, padding: kernel / 2)
    normalisation = try BatchNormalisation(path / 1, output)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try normalisation(convolution(x), pass)
  }
}

/// Expand by 1 x 1, filter each channel, squeeze and excite, project by 1 x 1; beside a shortcut where shapes allow.
private struct InvertedResidual {
  private let expand: ConvolutionUnit?
  private let depthwise: (DepthwiseConvolution2D, BatchNormalisation)
  private let squeeze: Convolution2D
  private let excite: Convolution2D
  private let project: ConvolutionUnit
  private let hasShortcut: Bool
  private let depthDrop: Double

  init(_ path: Path, input: Int, output: Int, _ stage: EfficientNetStage, stride: Int, depthDrop: Double)
    throws(TorchError)
  {
    let width = EfficientNetStage.divisibleByEight(Double(input * stage.expansion))
    // Numbers in the names shift by one where there is nothing to expand.
    let first = stage.expansion == 1 ? 0 : 1
    expand = stage.expansion == 1 ? nil : try ConvolutionUnit(path / 0, input, width, kernel: 1)
    depthwise = (
      try DepthwiseConvolution2D(path / first / 0, width, kernel: stage.kernel, stride: stride, padding: .even),
      try BatchNormalisation(path / first / 1, width)
    )
    let squeezed = max(1, input / 4)
    let gate = path / (first + 1)
    squeeze = try Convolution2D(gate / "fc1", width, squeezed, kernel: 1, bias: true)
    excite = try Convolution2D(gate / "fc2", squeezed, width, kernel: 1, bias: true)
    project = try ConvolutionUnit(path / (first + 2), width, output, kernel: 1)
    hasShortcut = stride == 1 && input == output
    self.depthDrop = depthDrop
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var y = x
    if let expand { y = try expand(y, pass).silu() }
    y = try depthwise.1(depthwise.0(y, pass), pass).silu()
    let gate = try excite(squeeze(y.globallyAveraged2D()).silu()).sigmoid()  // [N, width, 1, 1]
    y = try project(y * gate, pass)
    return hasShortcut ? try x + pass.dropDepth(y, depthDrop) : y
  }
}
