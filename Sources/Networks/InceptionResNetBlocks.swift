import NN
import Torch

/// A convolution as the paper's figures name it.
struct InceptionKernel {
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
struct InceptionUnit {
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
struct InceptionBranches {
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
struct InceptionMixed {
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
      pooled = try afterMean(clips ? x.smoothedByFrames() : x.smoothed(), pass)
    } else {
      // Greatest of what is there: a border frame repeated changes nothing.
      pooled = try x.pooled(
        clips ? [3, 3, 3] : [3, 3], stride: clips ? [2, 2, 2] : [2, 2], padding: clips ? [1, 0, 0] : [0, 0])
    }
    return try branches(x, and: [pooled], pass)
  }
}

/// A shortcut plus `scale` times the branches' outputs brought back to its channels.
struct InceptionResidual {
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
  /// Greatest under each place of the kernel, without padding by default.
  func pooled(_ kernel: [Int], stride: [Int], padding: [Int]? = nil) throws(TorchError) -> Tensor {
    try maxPooled(kernel: kernel, stride: stride, padding: padding ?? kernel.map { _ in 0 })
  }

  /// Mean of the 3 x 3 places around each, of those there are.
  fileprivate func smoothed() throws(TorchError) -> Tensor {
    try averagePooled(kernel: [3, 3], stride: [1, 1], padding: [1, 1], countingPadding: false)
  }

  /// The same of each frame: libtorch's means over clips know neither bfloat16 nor channels-last order.
  fileprivate func smoothedByFrames() throws(TorchError) -> Tensor {
    let shape = try self.shape
    let stills = try permuted([0, 2, 1, 3, 4]).reshaped([shape[0] * shape[2], shape[1], shape[3], shape[4]])
    let frames = try stills.smoothed().reshaped([shape[0], shape[2], shape[1], shape[3], shape[4]])
    return try frames.permuted([0, 2, 1, 3, 4])
  }
}
