public import NN
public import Torch

/// Tran et al. 2018, A closer look at spatiotemporal convolutions for action recognition: an 18-layer residual network over
/// clips, whose filters span space and time (R3D-18), time in the first stage only (MC3-18), or space and then time
/// (R(2+1)D-18). Parameter names and outputs are torchvision's.
///
/// torchvision's weights were trained on Kinetics clips normalised by mean (0.43216, 0.394666, 0.37645) and deviation
/// (0.22803, 0.22145, 0.216989); inputs here are normalised by ``ImageNet``, a difference for fine-tuning to take up.
public struct VideoResNet: BackboneNetwork {
  public let backbone: Backbone
  public let path: Path
  public let channels: Int
  public let featureChannels = 512
  private let stem: [FilterUnit]
  private let blocks: [VideoBlock]
  private let fc: Linear?

  init(_ backbone: Backbone, classes: Int?, channels inputChannels: Int, at root: Path) throws(TorchError) {
    (self.backbone, path, channels) = (backbone, root, inputChannels)
    stem = try Self.stem(backbone, inputChannels, root / "stem")
    var blocks: [VideoBlock] = []
    var width = 64
    for (stage, filter) in Self.filters(backbone).enumerated() {
      for index in 0..<2 {
        let stride = stage > 0 && index == 0 ? 2 : 1
        let path = root / "layer\(stage + 1)" / index
        blocks.append(try VideoBlock(path, width, 64 << stage, filter, stride: stride))
        width = 64 << stage
      }
    }
    self.blocks = blocks
    fc =
      if let classes {
        try Linear(
          root / "fc", featureChannels, classes, initialiser: .normal(deviation: 0.01), biasInitialiser: .zeros)
      } else { nil }
  }

  /// Of the four stages, two blocks each.
  private static func filters(_ backbone: Backbone) -> [Filter] {
    switch backbone {
    case .mc318: [.joint, .spatial, .spatial, .spatial]
    case .r2plus1d18: [.separated, .separated, .separated, .separated]
    default: [.joint, .joint, .joint, .joint]
    }
  }

  private static func stem(_ backbone: Backbone, _ channels: Int, _ path: Path) throws(TorchError) -> [FilterUnit] {
    guard backbone == .r2plus1d18 else {
      return [try FilterUnit(path / 0, then: path / 1, channels, 64, kernel: [3, 7, 7], stride: [1, 2, 2])]
    }
    return [
      try FilterUnit(path / 0, then: path / 1, channels, 45, kernel: [1, 7, 7], stride: [1, 2, 2]),
      try FilterUnit(path / 3, then: path / 4, 45, 64, kernel: [3, 1, 1]),
    ]
  }

  public func features(_ clips: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = try pass.segment(clips) { [stem] (x, pass) throws(TorchError) in
      var x = x
      for unit in stem { x = try unit(x, pass).relu() }
      return x  // [N, 64, frames, rows / 2, columns / 2]
    }
    for block in blocks { x = try pass.segment(x) { (x, pass) throws(TorchError) in try block(x, pass) } }
    return x
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let fc else { throw backbone.lacksClassifier }
    return try fc(features.globallyAveraged())
  }
}

/// What a block's convolutions span: frames, rows and columns at once; rows and columns; or these and then frames.
private enum Filter { case joint, spatial, separated }

/// A convolution without bias, its edges padded by zeros, then batch normalisation.
private struct FilterUnit {
  private let convolution: Convolution
  private let normalisation: BatchNormalisation

  init(_ place: Path, then normalised: Path, _ input: Int, _ output: Int, kernel: [Int], stride: [Int] = [1, 1, 1])
    throws(TorchError)
  {
    convolution = try Convolution(place, input, output, kernel: kernel, stride: stride, padding: kernel.map { $0 / 2 })
    normalisation = try BatchNormalisation(normalised, output)
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try normalisation(convolution(x), pass)
  }
}

/// Two filters of width 3 beside a shortcut.
private struct VideoBlock {
  private let units: [FilterUnit]
  private let shortcut: FilterUnit?

  init(_ path: Path, _ input: Int, _ output: Int, _ filter: Filter, stride: Int) throws(TorchError) {
    // A separated filter has as many parameters as the joint one it stands for; the block's second takes the first's width.
    let middle = input * output * 27 / (input * 9 + 3 * output)
    units =
      try Self.filter(filter, path / "conv1", input, middle, output, stride: stride)
      + Self.filter(filter, path / "conv2", output, middle, output, stride: 1)
    let place = path / "downsample"
    shortcut =
      stride == 1 && input == output
      ? nil
      : try FilterUnit(
        place / 0, then: place / 1, input, output, kernel: [1, 1, 1],
        stride: [filter == .spatial ? 1 : stride, stride, stride])
  }

  private static func filter(
    _ filter: Filter, _ path: Path, _ input: Int, _ middle: Int, _ output: Int, stride: Int
  ) throws(TorchError) -> [FilterUnit] {
    let spatial = [1, stride, stride]
    switch filter {
    case .joint:
      return [
        try FilterUnit(
          path / 0, then: path / 1, input, output, kernel: [3, 3, 3], stride: [stride, stride, stride])
      ]
    case .spatial:
      return [try FilterUnit(path / 0, then: path / 1, input, output, kernel: [1, 3, 3], stride: spatial)]
    case .separated:
      let pair = path / 0
      return [
        try FilterUnit(pair / 0, then: pair / 1, input, middle, kernel: [1, 3, 3], stride: spatial),
        try FilterUnit(pair / 3, then: path / 1, middle, output, kernel: [3, 1, 1], stride: [stride, 1, 1]),
      ]
    }
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var y = x
    for (index, unit) in units.enumerated() {
      if index > 0 { y = try y.relu() }
      y = try unit(y, pass)
    }
    let identity = if let shortcut { try shortcut(x, pass) } else { x }
    return try (y + identity).relu()
  }
}
