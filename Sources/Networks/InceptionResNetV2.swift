public import NN
public import Torch

/// Szegedy et al. 2017, Inception-v4, Inception-ResNet and the impact of residual connections on learning: Inception-ResNet-v2.
/// Parameter names and outputs are timm's.
///
/// Over clips (S3-03) the same network with kernels inflated in time, under the same names: kernels that span several rows span 3
/// frames too (all square ones, and of a pair 1 x 7, 7 x 1 the second), the others one. The convolutions that halve rows
/// halve the frames, and so do the pools beside them; the stem's two pools leave time alone: 16 frames become 8 in the stem, 4
/// from mixed_6a and 2 from mixed_7a on. In time the border frames are repeated, so a still repeated in time gives, with
/// ``inflated(_:for:under:)`` weights, what the network over stills gives.
public struct InceptionResNetV2: BackboneNetwork {
  public let backbone: Backbone
  public let path: Path
  public let channels: Int
  public let featureChannels = 1536
  private let stem: [[InceptionUnit]]
  private let stages: [(mixed: MixedBlock, residuals: [InceptionResidual])]
  private let last: InceptionUnit
  private let classif: Linear?

  init(_ backbone: Backbone, classes: Int?, channels: Int, at root: Path) throws(TorchError) {
    (self.backbone, path, self.channels) = (backbone, root, channels)
    let clips = backbone.isVideo
    stem = [
      [
        try InceptionUnit(root / "conv2d_1a", channels, .valid(3, 32, stride: 2), clips: clips),
        try InceptionUnit(root / "conv2d_2a", 32, .valid(3, 32), clips: clips),
        try InceptionUnit(root / "conv2d_2b", 32, .same(3, 3, 64), clips: clips),
      ],
      [
        try InceptionUnit(root / "conv2d_3b", 64, .same(1, 1, 80), clips: clips),
        try InceptionUnit(root / "conv2d_4a", 80, .valid(3, 192), clips: clips),
      ],
    ]
    let block8: [[InceptionKernel]] = [
      [.same(1, 1, 192)], [.same(1, 1, 192), .same(1, 3, 224), .same(3, 1, 256)],
    ]
    stages = [
      (
        try MixedBlock(
          root / "mixed_5b", 192,
          [
            [.same(1, 1, 96)], [.same(1, 1, 48), .same(5, 5, 64)],
            [.same(1, 1, 64), .same(3, 3, 96), .same(3, 3, 96)],
          ], afterMean: .same(1, 1, 64), clips: clips),
        try InceptionResidual.row(
          root / "repeat", 10, 320,
          [[.same(1, 1, 32)], [.same(1, 1, 32), .same(3, 3, 32)], [.same(1, 1, 32), .same(3, 3, 48), .same(3, 3, 64)]],
          scale: 0.17, clips: clips)
      ),
      (
        try MixedBlock(
          root / "mixed_6a", 320,
          [[.valid(3, 384, stride: 2)], [.same(1, 1, 256), .same(3, 3, 256), .valid(3, 384, stride: 2)]], clips: clips),
        try InceptionResidual.row(
          root / "repeat_1", 20, 1088, [[.same(1, 1, 192)], [.same(1, 1, 128), .same(1, 7, 160), .same(7, 1, 192)]],
          scale: 0.1, clips: clips)
      ),
      (
        try MixedBlock(
          root / "mixed_7a", 1088,
          [
            [.same(1, 1, 256), .valid(3, 384, stride: 2)], [.same(1, 1, 256), .valid(3, 288, stride: 2)],
            [.same(1, 1, 256), .same(3, 3, 288), .valid(3, 320, stride: 2)],
          ], clips: clips),
        try InceptionResidual.row(root / "repeat_2", 9, 2080, block8, scale: 0.2, clips: clips)
          + [try InceptionResidual(root / "block8", 2080, block8, scale: 1, clips: clips, activates: false)]
      ),
    ]
    last = try InceptionUnit(root / "conv2d_7b", 2080, .same(1, 1, featureChannels), clips: clips)
    classif = if let classes { try Linear(root / "classif", featureChannels, classes) } else { nil }
  }

  public func features(_ images: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    var x = images
    for units in stem {
      for unit in units { x = try unit(x, pass) }
      x = try x.pooled(backbone.isVideo ? [1, 3, 3] : [3, 3], stride: backbone.isVideo ? [1, 2, 2] : [2, 2])
    }
    for (mixed, residuals) in stages {
      x = try mixed(x, pass)
      for block in residuals { x = try block(x, pass) }
    }
    return try last(x, pass)
  }

  public func classify(_ features: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    guard let classif else { throw backbone.lacksClassifier }
    return try classif(features.globallyAveraged())
  }
}

/// A convolution as the paper's figures name it.
private struct InceptionKernel {
  let (rows, columns, outputs, stride, isPadded): (Int, Int, Int, Int, Bool)

  /// Keeps rows and columns.
  static func same(_ rows: Int, _ columns: Int, _ outputs: Int) -> InceptionKernel {
    InceptionKernel(rows: rows, columns: columns, outputs: outputs, stride: 1, isPadded: true)
  }
  /// Square, without padding ("V" in the figures).
  static func valid(_ extent: Int, _ outputs: Int, stride: Int = 1) -> InceptionKernel {
    InceptionKernel(rows: extent, columns: extent, outputs: outputs, stride: stride, isPadded: false)
  }

  init(rows: Int, columns: Int, outputs: Int, stride: Int, isPadded: Bool) {
    (self.rows, self.columns, self.outputs, self.stride, self.isPadded) = (rows, columns, outputs, stride, isPadded)
  }

  /// Extent in time over clips.
  var frames: Int { rows > 1 ? 3 : 1 }
}

/// Convolution, normalisation and ReLU over stills, or over clips whose border frames it repeats.
private struct InceptionUnit {
  let outputs: Int
  private let unit: NormalisedConvolution
  private let borderFrames: Int

  init(_ path: Path, _ input: Int, _ kernel: InceptionKernel, clips: Bool) throws(TorchError) {
    let padding = kernel.isPadded ? [kernel.rows / 2, kernel.columns / 2] : [0, 0]
    let (extents, strides) = ([kernel.rows, kernel.columns], [kernel.stride, kernel.stride])
    unit = try NormalisedConvolution(
      path, input, kernel.outputs, kernel: clips ? [kernel.frames] + extents : extents,
      stride: clips ? [kernel.stride] + strides : strides, padding: clips ? [0] + padding : padding,
      initialiser: .uniformFanIn)
    borderFrames = clips ? kernel.frames / 2 : 0
    outputs = kernel.outputs
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    try unit(borderFrames > 0 ? x.borderFramesRepeated(borderFrames) : x, pass)
  }
}

/// Branches of units side by side, their outputs joined. A branch of one unit has no number in its names.
private struct InceptionBranches {
  let outputs: Int
  private let branches: [[InceptionUnit]]

  init(_ path: Path, _ input: Int, _ plan: [[InceptionKernel]], clips: Bool) throws(TorchError) {
    var branches: [[InceptionUnit]] = []
    for (number, kernels) in plan.enumerated() {
      let place = path / "branch\(number)"
      var (units, channels): ([InceptionUnit], Int) = ([], input)
      for (index, kernel) in kernels.enumerated() {
        units.append(try InceptionUnit(kernels.count == 1 ? place : place / index, channels, kernel, clips: clips))
        channels = kernel.outputs
      }
      branches.append(units)
    }
    self.branches = branches
    outputs = branches.reduce(0) { $0 + ($1.last?.outputs ?? 0) }
  }

  func callAsFunction(_ x: Tensor, and further: [Tensor] = [], _ pass: Pass) throws(TorchError) -> Tensor {
    var joined: [Tensor] = []
    for branch in branches {
      var y = x
      for unit in branch { y = try unit(y, pass) }
      joined.append(y)
    }
    return try Tensor.concatenated(joined + further, along: 1)
  }
}

/// Branches beside a pool: a mean of 3 x 3 and a convolution, or the greatest of 3 x 3 by stride 2.
private struct MixedBlock {
  private let branches: InceptionBranches
  private let afterMean: InceptionUnit?
  private let clips: Bool

  init(_ path: Path, _ input: Int, _ plan: [[InceptionKernel]], afterMean: InceptionKernel? = nil, clips: Bool)
    throws(TorchError)
  {
    branches = try InceptionBranches(path, input, plan, clips: clips)
    self.afterMean =
      if let afterMean { try InceptionUnit(path / "branch\(plan.count)" / 1, input, afterMean, clips: clips) } else {
        nil
      }
    self.clips = clips
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    let pooled: Tensor
    if let afterMean {
      pooled = try afterMean(clips ? x.byFrames { frames throws(TorchError) in try frames.smoothed() } : x.smoothed(), pass)
    } else {
      // Greatest of what is there: a border frame repeated changes nothing.
      pooled = try x.pooled(
        clips ? [3, 3, 3] : [3, 3], stride: clips ? [2, 2, 2] : [2, 2], padding: clips ? [1, 0, 0] : [0, 0])
    }
    return try branches(x, and: [pooled], pass)
  }
}

/// A shortcut plus `scale` times the branches' outputs brought back to its channels.
private struct InceptionResidual {
  private let branches: InceptionBranches
  private let conv2d: Convolution
  private let scale: Double
  private let activates: Bool

  init(
    _ path: Path, _ channels: Int, _ plan: [[InceptionKernel]], scale: Double, clips: Bool, activates: Bool = true
  ) throws(TorchError) {
    branches = try InceptionBranches(path, channels, plan, clips: clips)
    conv2d = try Convolution(
      path / "conv2d", branches.outputs, channels, kernel: clips ? [1, 1, 1] : [1, 1], bias: true,
      initialiser: .uniformFanIn, biasInitialiser: .uniform(bound: 1 / Double(branches.outputs).squareRoot()))
    (self.scale, self.activates) = (scale, activates)
  }

  /// `count` of them in a row.
  static func row(
    _ path: Path, _ count: Int, _ channels: Int, _ plan: [[InceptionKernel]], scale: Double, clips: Bool
  ) throws(TorchError) -> [InceptionResidual] {
    var row: [InceptionResidual] = []
    for index in 0..<count {
      row.append(try InceptionResidual(path / index, channels, plan, scale: scale, clips: clips))
    }
    return row
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) throws(TorchError) -> Tensor {
    let y = try conv2d(branches(x, pass)) * scale + x
    return activates ? try y.relu() : y
  }
}

extension Tensor {
  fileprivate func pooled(_ kernel: [Int], stride: [Int], padding: [Int]? = nil) throws(TorchError) -> Tensor {
    try maxPooled(kernel: kernel, stride: stride, padding: padding ?? kernel.map { _ in 0 })
  }

  /// Mean of the 3 x 3 places around each, of those there are.
  fileprivate func smoothed() throws(TorchError) -> Tensor {
    try averagePooled(kernel: [3, 3], stride: [1, 1], padding: [1, 1], countingPadding: false)
  }

  /// `body` of each frame as a still: libtorch's means over clips know neither bfloat16 nor channels-last order.
  fileprivate func byFrames(_ body: (Tensor) throws(TorchError) -> Tensor) throws(TorchError) -> Tensor {
    let shape = try self.shape
    let stills = try permuted([0, 2, 1, 3, 4]).reshaped([shape[0] * shape[2], shape[1], shape[3], shape[4]])
    let found = try body(stills)
    let size = try found.shape
    return try found.reshaped([shape[0], shape[2], size[1], size[2], size[3]]).permuted([0, 2, 1, 3, 4])
  }
}
