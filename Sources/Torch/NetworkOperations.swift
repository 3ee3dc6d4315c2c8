/// Operators of neural networks; `N` samples, `C` channels, `T` frames, `H` rows, `W` columns. Lists that give a number a
/// dimension go outermost first: [rows, columns] over stills, [frames, rows, columns] over clips.
extension Tensor {
  /// 2D convolution of [N, C, H, W] with `weight` [out, C / groups, kernel rows, kernel columns].
  public func convolved2D(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
  ) throws(TorchError) -> Tensor {
    try NetworkOperators.conv2d(
      .tensor(self), .tensor(weight), .optional(bias), .integers([stride, stride]), .integers([padding, padding]),
      .integers([dilation, dilation]), .integer(groups))
  }

  /// Convolution of a still [N, C, H, W] or a clip [N, C, T, H, W], told apart by the number of strides.
  public func convolved(_ weight: Tensor, bias: Tensor? = nil, stride: [Int], padding: [Int], groups: Int = 1)
    throws(TorchError) -> Tensor
  {
    let convolution = stride.count == 3 ? NetworkOperators.conv3d : NetworkOperators.conv2d
    return try convolution(
      .tensor(self), .tensor(weight), .optional(bias), .integers(stride), .integers(padding),
      .integers(stride.map { _ in 1 }), .integer(groups))
  }

  /// [.., in] times `weight` [out, in] transposed, plus `bias` [out].
  public func linear(_ weight: Tensor, bias: Tensor? = nil) throws(TorchError) -> Tensor {
    try NetworkOperators.linear(.tensor(self), .tensor(weight), .optional(bias))
  }

  /// In training normalises by the batch and moves the running statistics by `momentum`; else uses them.
  public func batchNormalised(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool, momentum: Double,
    epsilon: Double
  ) throws(TorchError) -> Tensor {
    try NetworkOperators.batchNorm(
      .tensor(self), .optional(weight), .optional(bias), .optional(runningMean), .optional(runningVariance),
      .bool(training), .number(momentum), .number(epsilon), .bool(true))
  }

  public func relu() throws(TorchError) -> Tensor { try NetworkOperators.relu(.tensor(self)) }
  public func relu6() throws(TorchError) -> Tensor { try NetworkOperators.relu6(.tensor(self)) }
  public func silu() throws(TorchError) -> Tensor { try NetworkOperators.silu(.tensor(self)) }
  public func sigmoid() throws(TorchError) -> Tensor { try NetworkOperators.sigmoid(.tensor(self)) }
  /// log(sigmoid(x)) without overflow.
  public func logSigmoid() throws(TorchError) -> Tensor { try NetworkOperators.logSigmoid(.tensor(self)) }
  public func tanh() throws(TorchError) -> Tensor { try NetworkOperators.tanh(.tensor(self)) }
  public func gelu() throws(TorchError) -> Tensor { try NetworkOperators.gelu(.tensor(self)) }
  /// log(1 + exp(x)) without overflow.
  public func softplus() throws(TorchError) -> Tensor { try NetworkOperators.softplus(.tensor(self)) }
  public func softmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try NetworkOperators.softmax(.tensor(self), .integer(dimension))
  }
  public func logSoftmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try NetworkOperators.logSoftmax(.tensor(self), .integer(dimension))
  }

  public func maxPooled2D(kernel: Int, stride: Int, padding: Int = 0) throws(TorchError) -> Tensor {
    try NetworkOperators.maxPool2d(
      .tensor(self), .integers([kernel, kernel]), .integers([stride, stride]), .integers([padding, padding]))
  }

  /// Greatest value under each place of the kernel, of stills or clips.
  /// - ceiling: the last place may reach beyond the edge.
  public func maxPooled(kernel: [Int], stride: [Int], padding: [Int], ceiling: Bool = false) throws(TorchError)
    -> Tensor
  {
    let pool = kernel.count == 3 ? NetworkOperators.maxPool3d : NetworkOperators.maxPool2d
    return try pool(
      .tensor(self), .integers(kernel), .integers(stride), .integers(padding), .integers(kernel.map { _ in 1 }),
      .bool(ceiling))
  }

  /// Mean under each place of the kernel, of stills or clips.
  /// - countingPadding: whether zeros beyond the edge take part in the mean.
  public func averagePooled(kernel: [Int], stride: [Int], padding: [Int], countingPadding: Bool = true)
    throws(TorchError) -> Tensor
  {
    let pool = kernel.count == 3 ? NetworkOperators.averagePool3d : NetworkOperators.averagePool2d
    return try pool(
      .tensor(self), .integers(kernel), .integers(stride), .integers(padding), .bool(false), .bool(countingPadding))
  }

  /// Means over a grid of `size` [rows, columns] or [frames, rows, columns] parts.
  public func adaptivelyAveraged(_ size: [Int]) throws(TorchError) -> Tensor {
    let pool = size.count == 3 ? NetworkOperators.adaptiveAveragePool3d : NetworkOperators.adaptiveAveragePool2d
    return try pool(.tensor(self), .integers(size))
  }

  /// Greatest values over a grid of `size` [rows, columns] or [frames, rows, columns] parts.
  public func adaptivelyMaximised(_ size: [Int]) throws(TorchError) -> Tensor {
    let pool = size.count == 3 ? NetworkOperators.adaptiveMaxPool3d : NetworkOperators.adaptiveMaxPool2d
    guard let values = try pool.all(.tensor(self), .integers(size)).first else {
      throw .operation("adaptive maximum: no result")
    }
    return values
  }

  /// Mean over all but samples and channels, of stills or clips: to [N, C].
  public func globallyAveraged() throws(TorchError) -> Tensor {
    let rank = try shape.count
    return try adaptivelyAveraged([Int](repeating: 1, count: rank - 2)).flattened()
  }

  /// Mean over rows and columns: [N, C, H, W] to [N, C, 1, 1].
  public func globallyAveraged2D() throws(TorchError) -> Tensor {
    try NetworkOperators.adaptiveAveragePool2d(.tensor(self), .integers([1, 1]))
  }

  /// [N, C, T, H, W] to [N, C, count + T + count, H, W]: the first and the last frame repeated `count` times more.
  public func borderFramesRepeated(_ count: Int) throws(TorchError) -> Tensor {
    try NetworkOperators.replicationPad3d(.tensor(self), .integers([0, 0, 0, 0, count, count]))
  }

  /// Zeroes elements with `probability` and scales the others, drawing from `generator`.
  public func droppedOut(_ probability: Double, _ generator: Generator) throws(TorchError) -> Tensor {
    guard probability > 0 else { return self }
    return try self * Self.keepMask(shape, probability, like: self, generator)
  }

  /// Stochastic depth by rows (Huang et al. 2016): drops whole samples of a residual branch.
  public func depthDropped(_ probability: Double, _ generator: Generator) throws(TorchError) -> Tensor {
    guard probability > 0 else { return self }
    let shape = try self.shape
    let rows = [shape[0]] + [Int](repeating: 1, count: shape.count - 1)
    return try self * Self.keepMask(rows, probability, like: self, generator)
  }

  private static func keepMask(_ shape: [Int], _ probability: Double, like tensor: Tensor, _ generator: Generator)
    throws(TorchError) -> Tensor
  {
    let keep = 1 - probability
    let mask = try generator.uniform(shape).less(than: keep).to(tensor.scalarType).to(tensor.device)
    return try mask / keep
  }

  /// Samples [N, C, H, W] at `grid` [N, rows, columns, 2] of (x, y) in -1...1, bilinearly, the border repeated outside.
  public func sampled(at grid: Tensor) throws(TorchError) -> Tensor {
    try NetworkOperators.gridSampler(.tensor(self), .tensor(grid), .integer(0), .integer(1), .bool(false))
  }

  /// The sampling grid [N, rows, columns, 2] of affine maps [N, 2, 3] for `size` [N, C, rows, columns].
  public static func affineGrid(_ maps: Tensor, size: [Int]) throws(TorchError) -> Tensor {
    try NetworkOperators.affineGrid(.tensor(maps), .integers(size), .bool(false))
  }

  /// Bilinear (order 1) or bicubic (order 3) enlargement of [N, C, H, W] to rows x columns.
  public func resized(rows: Int, columns: Int, cubic: Bool = false) throws(TorchError) -> Tensor {
    cubic
      ? try NetworkOperators.bicubic(.tensor(self), .integers([rows, columns]), .bool(false))
      : try NetworkOperators.bilinear(.tensor(self), .integers([rows, columns]), .bool(false))
  }

  /// Trilinear enlargement of [N, C, T, H, W].
  public func resized(frames: Int, rows: Int, columns: Int) throws(TorchError) -> Tensor {
    try NetworkOperators.trilinear(.tensor(self), .integers([frames, rows, columns]), .bool(false))
  }

  /// Every second row and column of [N, C, H, W], from row and column `offset` (0 or 1). As a nearest-neighbour reduction, whose
  /// gradient keeps the memory order, which that of slicing does not.
  public func halved(offset: Int) throws(TorchError) -> Tensor {
    let shape = try self.shape
    // Nearest takes floor(2 i), nearest-exact floor(2 (i + 1/2)).
    return offset == 0
      ? try NetworkOperators.nearest(.tensor(self), .integers([(shape[2] + 1) / 2, (shape[3] + 1) / 2]))
      : try NetworkOperators.nearestExact(.tensor(self), .integers([shape[2] / 2, shape[3] / 2]))
  }

  // MARK: Losses

  /// Binary cross entropy of logits with targets 0...1, averaged; `positiveWeight` multiplies the positive class's term.
  public func binaryCrossEntropy(_ targets: Tensor, positiveWeight: Tensor? = nil) throws(TorchError) -> Tensor {
    try NetworkOperators.binaryCrossEntropyWithLogits(
      .tensor(self), .tensor(targets), .none, .optional(positiveWeight), .integer(1))
  }

  /// Cross entropy of logits [N, K] with class numbers [N] (int64), averaged.
  public func crossEntropy(_ classes: Tensor, weight: Tensor? = nil, smoothing: Double = 0) throws(TorchError) -> Tensor
  {
    try NetworkOperators.crossEntropy(
      .tensor(self), .tensor(classes), .optional(weight), .integer(1), .integer(-100), .number(smoothing))
  }
}

enum NetworkOperators {
  static let conv2d = Operator("conv2d")
  static let conv3d = Operator("conv3d")
  static let linear = Operator("linear")
  static let batchNorm = Operator("batch_norm")
  static let relu = Operator("relu")
  static let relu6 = Operator("relu6")
  static let silu = Operator("silu")
  static let sigmoid = Operator("sigmoid")
  static let logSigmoid = Operator("log_sigmoid")
  static let softmax = Operator("softmax", "int")
  static let logSoftmax = Operator("log_softmax", "int")
  static let maxPool2d = Operator("max_pool2d")
  static let maxPool3d = Operator("max_pool3d")
  static let averagePool2d = Operator("avg_pool2d")
  static let averagePool3d = Operator("avg_pool3d")
  static let adaptiveAveragePool3d = Operator("adaptive_avg_pool3d")
  static let adaptiveMaxPool2d = Operator("adaptive_max_pool2d")
  static let adaptiveMaxPool3d = Operator("adaptive_max_pool3d")
  static let replicationPad3d = Operator("replication_pad3d")
  static let tanh = Operator("tanh")
  static let gelu = Operator("gelu")
  static let softplus = Operator("softplus")
  static let trilinear = Operator("upsample_trilinear3d")
  static let adaptiveAveragePool2d = Operator("adaptive_avg_pool2d")
  static let gridSampler = Operator("grid_sampler")
  static let affineGrid = Operator("affine_grid_generator")
  static let nearest = Operator("upsample_nearest2d")
  static let nearestExact = Operator("_upsample_nearest_exact2d")
  static let bilinear = Operator("upsample_bilinear2d")
  static let bicubic = Operator("upsample_bicubic2d")
  static let binaryCrossEntropyWithLogits = Operator("binary_cross_entropy_with_logits")
  static let crossEntropy = Operator("cross_entropy_loss")
}
