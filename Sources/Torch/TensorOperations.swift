/// The operators Insonate uses, as methods. Each is libtorch's own; shapes and semantics are those of its documentation.
extension Tensor {
  // MARK: Creation

  public static func zeros(_ shape: [Int], _ type: ScalarType = .float32, on device: Device = .cpu) throws(TorchError)
    -> Tensor
  {
    try Operators.zeros(.integers(shape), .type(type), .none, .device(device))
  }

  public static func ones(_ shape: [Int], _ type: ScalarType = .float32, on device: Device = .cpu) throws(TorchError)
    -> Tensor
  {
    try Operators.ones(.integers(shape), .type(type), .none, .device(device))
  }

  /// Not initialised: every element must be written before it is read.
  public static func empty(
    _ shape: [Int], _ type: ScalarType = .float32, on device: Device = .cpu, format: MemoryFormat = .contiguous
  ) throws(TorchError) -> Tensor {
    try Operators.empty(.integers(shape), .type(type), .none, .device(device), .none, .format(format))
  }

  // MARK: Arithmetic

  public static func + (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Operators.add(.tensor(left), .tensor(right))
  }
  public static func - (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Operators.subtract(.tensor(left), .tensor(right))
  }
  public static func * (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Operators.multiply(.tensor(left), .tensor(right))
  }
  public static func / (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Operators.divide(.tensor(left), .tensor(right))
  }
  public static func + (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Operators.addScalar(.tensor(left), .number(right))
  }
  public static func - (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Operators.addScalar(.tensor(left), .number(-right))
  }
  public static func * (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Operators.multiplyScalar(.tensor(left), .number(right))
  }
  public static func / (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Operators.divideScalar(.tensor(left), .number(right))
  }
  public func power(_ exponent: Tensor) throws(TorchError) -> Tensor {
    try Operators.power(.tensor(self), .tensor(exponent))
  }
  public func power(_ exponent: Double) throws(TorchError) -> Tensor {
    try Operators.powerScalar(.tensor(self), .number(exponent))
  }
  public func exp() throws(TorchError) -> Tensor { try Operators.exp(.tensor(self)) }
  public func log() throws(TorchError) -> Tensor { try Operators.log(.tensor(self)) }
  public func sqrt() throws(TorchError) -> Tensor { try Operators.sqrt(.tensor(self)) }
  public func absolute() throws(TorchError) -> Tensor { try Operators.absolute(.tensor(self)) }
  public func sine() throws(TorchError) -> Tensor { try Operators.sine(.tensor(self)) }
  public func cosine() throws(TorchError) -> Tensor { try Operators.cosine(.tensor(self)) }
  public func clamped(_ range: ClosedRange<Double>) throws(TorchError) -> Tensor {
    try Operators.clamp(.tensor(self), .number(range.lowerBound), .number(range.upperBound))
  }
  public func less(than value: Double) throws(TorchError) -> Tensor {
    try Operators.less(.tensor(self), .number(value))
  }
  public func greater(than value: Double) throws(TorchError) -> Tensor {
    try Operators.greater(.tensor(self), .number(value))
  }
  /// Element by element, as a tensor of bools.
  public func equals(_ other: Tensor) throws(TorchError) -> Tensor {
    try Operators.equal(.tensor(self), .tensor(other))
  }
  /// Product of matrices [.., n, m] and [.., m, p].
  public func multiplied(byMatrix other: Tensor) throws(TorchError) -> Tensor {
    try Operators.matrixProduct(.tensor(self), .tensor(other))
  }
  /// `self` where `condition` holds, else `other`.
  public func selected(where condition: Tensor, otherwise other: Tensor) throws(TorchError) -> Tensor {
    try Operators.select(.tensor(condition), .tensor(self), .tensor(other))
  }

  // MARK: Reduction

  public func sum() throws(TorchError) -> Tensor { try Operators.sum(.tensor(self)) }
  public func mean() throws(TorchError) -> Tensor { try Operators.mean(.tensor(self)) }
  public func sum(over dimensions: [Int], keep: Bool = false) throws(TorchError) -> Tensor {
    try Operators.sumOver(.tensor(self), .integers(dimensions), .bool(keep))
  }
  public func mean(over dimensions: [Int], keep: Bool = false) throws(TorchError) -> Tensor {
    try Operators.meanOver(.tensor(self), .integers(dimensions), .bool(keep))
  }
  public func maximum() throws(TorchError) -> Tensor { try Operators.maximum(.tensor(self)) }
  public func minimum() throws(TorchError) -> Tensor { try Operators.minimum(.tensor(self)) }
  public func maximum(over dimensions: [Int], keep: Bool = false) throws(TorchError) -> Tensor {
    try Operators.maximumOver(.tensor(self), .integers(dimensions), .bool(keep))
  }
  public func minimum(over dimensions: [Int], keep: Bool = false) throws(TorchError) -> Tensor {
    try Operators.minimumOver(.tensor(self), .integers(dimensions), .bool(keep))
  }
  /// log(sum(exp(x))) without overflow.
  public func logSumExponentials(over dimensions: [Int], keep: Bool = false) throws(TorchError) -> Tensor {
    try Operators.logSumExp(.tensor(self), .integers(dimensions), .bool(keep))
  }
  /// Euclidean distances between the rows of [N, D] and those of `other` [M, D]: [N, M], from differences, so that equal rows
  /// are at 0.
  public func distances(to other: Tensor) throws(TorchError) -> Tensor {
    // Mode 2: never by way of a matrix product, which cancels.
    try Operators.pairDistances(.tensor(self), .tensor(other), .number(2), .integer(2))
  }
  public func argmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try Operators.argmax(.tensor(self), .integer(dimension))
  }
  /// Whether no element is infinite or not a number.
  public func isFinite() throws(TorchError) -> Bool {
    // A sum of squares could overflow; the extremes cannot hide an infinity or NaN.
    let extremes = (try minimum().item(), try maximum().item())
    return extremes.0.isFinite && extremes.1.isFinite
  }

  // MARK: Shape

  public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Operators.reshape(.tensor(self), .integers(shape))
  }
  public func permuted(_ order: [Int]) throws(TorchError) -> Tensor {
    try Operators.permute(.tensor(self), .integers(order))
  }
  public func flattened(from dimension: Int = 1) throws(TorchError) -> Tensor {
    try Operators.flatten(.tensor(self), .integer(dimension))
  }
  public func transposed(_ first: Int, _ second: Int) throws(TorchError) -> Tensor {
    try Operators.transpose(.tensor(self), .integer(first), .integer(second))
  }
  /// Elements `start ..< start + length` along a dimension, sharing memory.
  public func narrowed(_ dimension: Int, from start: Int, length: Int) throws(TorchError) -> Tensor {
    try Operators.narrow(.tensor(self), .integer(dimension), .integer(start), .integer(length))
  }
  public func selected(_ dimension: Int, rows: [Int]) throws(TorchError) -> Tensor {
    let index = try Tensor(rows.map(Int64.init), shape: [rows.count]).to(device)
    return try Operators.indexSelect(.tensor(self), .integer(dimension), .tensor(index))
  }
  public func expanded(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Operators.expand(.tensor(self), .integers(shape))
  }
  /// With one more dimension, of extent 1, at `dimension`.
  public func unsqueezed(_ dimension: Int) throws(TorchError) -> Tensor {
    try Operators.unsqueeze(.tensor(self), .integer(dimension))
  }
  /// Without `dimension`, whose extent is 1.
  public func squeezed(_ dimension: Int) throws(TorchError) -> Tensor {
    try Operators.squeeze(.tensor(self), .integer(dimension))
  }
  public func flipped(_ dimensions: [Int]) throws(TorchError) -> Tensor {
    try Operators.flip(.tensor(self), .integers(dimensions))
  }
  public static func concatenated(_ tensors: [Tensor], along dimension: Int = 0) throws(TorchError) -> Tensor {
    try Operators.cat(.tensors(tensors), .integer(dimension))
  }
  public static func stacked(_ tensors: [Tensor], along dimension: Int = 0) throws(TorchError) -> Tensor {
    try Operators.stack(.tensors(tensors), .integer(dimension))
  }
  /// Zeros around the last dimensions: `amounts` = [left, right, top, bottom, ...], innermost first.
  public func padded(_ amounts: [Int]) throws(TorchError) -> Tensor {
    try Operators.pad(.tensor(self), .integers(amounts))
  }

  // MARK: Place and type

  public func to(_ type: ScalarType) throws(TorchError) -> Tensor {
    try Operators.toType(.tensor(self), .type(type))
  }
  public func to(_ device: Device) throws(TorchError) -> Tensor {
    try Operators.toOptions(.tensor(self), .none, .none, .device(device))
  }
  public func contiguous(_ format: MemoryFormat = .contiguous) throws(TorchError) -> Tensor {
    try Operators.contiguous(.tensor(self), .format(format))
  }
  /// The same memory, outside the gradient's graph.
  public func detached() throws(TorchError) -> Tensor { try Operators.detach(.tensor(self)) }
  public func cloned() throws(TorchError) -> Tensor { try Operators.clone(.tensor(self)) }

  // MARK: In place

  /// Writes `source` here, converting type, device and memory order.
  public func copy(from source: Tensor) throws(TorchError) {
    _ = try Operators.copy(.tensor(self), .tensor(source))
  }
  /// `self += factor * other`.
  public func add(_ other: Tensor, times factor: Double) throws(TorchError) {
    _ = try Operators.addInPlace(.tensor(self), .tensor(other), .number(factor))
  }
  /// `self += 1`.
  public func increment() throws(TorchError) { _ = try Operators.addScalarInPlace(.tensor(self), .integer(1)) }
  public func fill(_ value: Double) throws(TorchError) {
    _ = try Operators.fill(.tensor(self), .number(value))
  }
}

/// Found once each, on first use.
enum Operators {
  static let zeros = Operator("zeros")
  static let ones = Operator("ones")
  static let empty = Operator("empty", "memory_format")
  static let add = Operator("add", "Tensor")
  static let subtract = Operator("sub", "Tensor")
  static let multiply = Operator("mul", "Tensor")
  static let divide = Operator("div", "Tensor")
  static let addScalar = Operator("add", "Scalar")
  static let multiplyScalar = Operator("mul", "Scalar")
  static let divideScalar = Operator("div", "Scalar")
  static let power = Operator("pow", "Tensor_Tensor")
  static let powerScalar = Operator("pow", "Tensor_Scalar")
  static let exp = Operator("exp")
  static let log = Operator("log")
  static let sqrt = Operator("sqrt")
  static let absolute = Operator("abs")
  static let sine = Operator("sin")
  static let cosine = Operator("cos")
  static let clamp = Operator("clamp")
  static let less = Operator("lt", "Scalar")
  static let select = Operator("where", "self")
  static let sum = Operator("sum")
  static let mean = Operator("mean")
  static let sumOver = Operator("sum", "dim_IntList")
  static let meanOver = Operator("mean", "dim")
  static let maximum = Operator("max")
  static let minimum = Operator("min")
  static let maximumOver = Operator("amax")
  static let minimumOver = Operator("amin")
  static let logSumExp = Operator("logsumexp")
  static let pairDistances = Operator("cdist")
  static let greater = Operator("gt", "Scalar")
  static let equal = Operator("eq", "Tensor")
  static let matrixProduct = Operator("matmul")
  static let unsqueeze = Operator("unsqueeze")
  static let squeeze = Operator("squeeze", "dim")
  static let argmax = Operator("argmax")
  static let reshape = Operator("reshape")
  static let permute = Operator("permute")
  static let flatten = Operator("flatten", "using_ints")
  static let transpose = Operator("transpose", "int")
  static let narrow = Operator("narrow")
  static let indexSelect = Operator("index_select")
  static let expand = Operator("expand")
  static let flip = Operator("flip")
  static let cat = Operator("cat")
  static let stack = Operator("stack")
  static let pad = Operator("constant_pad_nd")
  static let toType = Operator("to", "dtype")
  static let toOptions = Operator("to", "dtype_layout")
  static let contiguous = Operator("contiguous")
  static let detach = Operator("detach")
  static let clone = Operator("clone")
  static let copy = Operator("copy_")
  static let addInPlace = Operator("add_", "Tensor")
  static let addScalarInPlace = Operator("add_", "Scalar")
  static let fill = Operator("fill_", "Scalar")
}
