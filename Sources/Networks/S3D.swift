public import NN
public import Torch

/// Xie et al. 2018, Rethinking spatiotemporal feature learning (S3D): GoogLeNet inflated in time, each of its wide filters
/// separated into one over rows and columns and one over frames. Parameter names and outputs are torchvision's, whose weights
/// expect Kinetics clips normalised as ``VideoResNet`` says.
public struct S3D: BackboneNetwork {
  public let backbone = Backbone.s3d
  public let path: Path
  public let channels: Int
  public let featureChannels = 1024
  private let layers: [S3DLayer]
  private let classifier: Convolution?
  private let dropout = 0.2

  init(classes: Int?, channels: Int, at root: Path) throws(TorchError) {
    (path, self.channels) = (root, channels)
    var layers: [S3DLayer] = []
    var width = channels
    for (index, row) in Self.table.enumerated() {
      let place = root / "features" / index
      switch row {
      case .pointwise(let output):
        layers.append(.units([try S3DUnit(place, width, output, kernel: [1, 1, 1])]))
        width = output
      case .separated(let output, let kernel, let stride):
        layers.append(.units(try S3DUnit.separated(place, width, output, kernel: kernel, stride: stride)))
        width = output
      case .inception(let widths):
        layers.append(.inception(try SeparableInception(place, width, widths)))
        width = widths.output
      case .pool(let kernel, let stride):
        // The last pool, whose kernel is even, has no padding.
        layers.append(.pool(kernel: kernel, stride: stride, padding: kernel.map { ($0 - 1) / 2 }))
      }
    }
    self.layers = layers
    classifier =
      if let classes {
        try Convolution(
          root / "classifier" / 1, width, classes, kernel: [1, 1, 1], bias: true, initialiser: .uniformFanIn,
          biasInitialiser: .uniform(bound: 1 / Double(width).squareRoot()))
      } else { nil }
  }

  private enum Row {
    case pointwise(Int)
    case separated(Int, kernel: Int, stride: Int)
    case pool([Int], stride: [Int])
    case inception(InceptionWidths)
  }

  /// The paper's figure 5, from the clip to the feature map.
  private static let table: [Row] = [
    .separated(64, kernel: 7, stride: 2),
    .pool([1, 3, 3], stride: [1, 2, 2]),
    .pointwise(64),
    .separated(192, kernel: 3, stride: 1),
    .pool([1, 3, 3], stride: [1, 2, 2]),
    .inception(InceptionWidths(64, (96, 128), (16, 32), 32)),
    .inception(InceptionWidths(128, (128, 192), (32, 96), 64)),
    .pool([3, 3, 3], stride: [2, 2, 2]),
    .inception(InceptionWidths(192, (96, 208), (16, 48), 64)),
    .inception(InceptionWidths(160, (112, 224), (24, 64), 64)),
    .inception(InceptionWidths(128, (128, 256), (24, 64), 64)),
    .inception(InceptionWidths(112, (144, 288), (32, 64), 64)),
    .inception(InceptionWidths(256, (160, 320), (32, 128), 128)),
    .pool([2, 2, 2], stride: [2, 2, 2]),
    .inception(InceptionWidths(256, (160, 320), (32, 128), 128)),
    .inception(InceptionWidths(384, (192, 384), (48, 128), 128)),
  ]

  public func features(_ clips: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = clips
    for layer in layers {
      switch layer {
      case .units(let units): for unit in units { x = try pass.segment(x, unit.callAsFunction) }
      case .inception(let block): x = try pass.segment(x, block.callAsFunction)
      case .pool(let kernel, let stride, let padding):
        x = try x.maxPooled(kernel: kernel, stride: stride, padding: padding)
      }
    }
    return x
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let classifier else { throw backbone.lacksClassifier }
    let windows = try features.averagePooled(kernel: [2, 7, 7], stride: [1, 1, 1], padding: [0, 0, 0])
    return try classifier(pass.dropout(windows, dropout)).mean(over: [2, 3, 4])
  }
}

private enum S3DLayer {
  case units([S3DUnit])
  case inception(SeparableInception)
  case pool(kernel: [Int], stride: [Int], padding: [Int])
}

/// Convolution without bias, batch normalisation, ReLU: names `0` and `1`.
private struct S3DUnit {
  private let convolution: Convolution
  private let normalisation: BatchNormalisation

  init(_ path: Path, _ input: Int, _ output: Int, kernel: [Int], stride: [Int] = [1, 1, 1]) throws(TorchError) {
    convolution = try Convolution(
      path / 0, input, output, kernel: kernel, stride: stride, padding: kernel.map { $0 / 2 },
      initialiser: .uniformFanIn)
    normalisation = try BatchNormalisation(path / 1, output, momentum: 1e-3, epsilon: 1e-3)
  }

  /// Over rows and columns, then over frames.
  static func separated(_ path: Path, _ input: Int, _ output: Int, kernel: Int, stride: Int)
    throws(TorchError) -> [S3DUnit]
  {
    [
      try S3DUnit(path / 0, input, output, kernel: [1, kernel, kernel], stride: [1, stride, stride]),
      try S3DUnit(path / 1, output, output, kernel: [kernel, 1, 1], stride: [stride, 1, 1]),
    ]
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try normalisation(convolution(x), pass).relu()
  }
}

/// Channels of an inception block's branches: pointwise; two of a pointwise and a separated filter; pooled.
private struct InceptionWidths {
  let pointwise: Int
  let separated: [(middle: Int, output: Int)]
  let pooled: Int
  var output: Int { separated.reduce(pointwise + pooled) { $0 + $1.output } }

  init(_ pointwise: Int, _ first: (Int, Int), _ second: (Int, Int), _ pooled: Int) {
    (self.pointwise, separated, self.pooled) = (pointwise, [first, second], pooled)
  }
}

/// Four branches side by side, their channels one after the other.
private struct SeparableInception {
  /// Units of branches 0 to 3; the last follows a pool.
  private let branches: [[S3DUnit]]

  init(_ path: Path, _ input: Int, _ widths: InceptionWidths) throws(TorchError) {
    var branches = [[try S3DUnit(path / "branch0", input, widths.pointwise, kernel: [1, 1, 1])]]
    for (index, width) in widths.separated.enumerated() {
      let place = path / "branch\(index + 1)"
      branches.append(
        [try S3DUnit(place / 0, input, width.middle, kernel: [1, 1, 1])]
          + (try S3DUnit.separated(place / 1, width.middle, width.output, kernel: 3, stride: 1)))
    }
    branches.append([try S3DUnit(path / "branch3" / 1, input, widths.pooled, kernel: [1, 1, 1])])
    self.branches = branches
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var outputs: [Tensor] = []
    for (index, units) in branches.enumerated() {
      var y = index == 3 ? try x.maxPooled(kernel: [3, 3, 3], stride: [1, 1, 1], padding: [1, 1, 1]) : x
      for unit in units { y = try unit(y, pass) }
      outputs.append(y)
    }
    return try Tensor.concatenated(outputs, along: 1)
  }
}
