import CTorch

/// A seeded stream of random numbers (libtorch's Mersenne twister on the CPU). Draws are made on the CPU and moved, so that
/// a seed means the same on every device. Not `Sendable`: one owner draws at a time.
public final class Generator {
  let handle: ct_generator

  public init(seed: UInt64) throws(TorchError) {
    let engine = try Engine.get()
    var handle: ct_generator?
    try engine.check(engine.functions.pointee.generator_create(seed, &handle))
    guard let handle else { throw .operation("generator: none made") }
    self.handle = handle
  }

  deinit { Engine.current?.functions.pointee.generator_free(handle) }

  /// Starts the stream of `seed` from its beginning.
  public func reseed(_ seed: UInt64) throws(TorchError) {
    let engine = try Engine.get()
    try engine.check(engine.functions.pointee.generator_seed(handle, seed))
  }

  /// Mixes a seed with the coordinates of a draw (fold, epoch, step, purpose), so that each draw has a stream of its own and
  /// nothing has to be stored to resume. SplitMix64's finaliser (Steele, Lea & Flood 2014) over each coordinate in turn.
  public static func seed(_ seed: UInt64, _ coordinates: Int...) -> UInt64 {
    var state = seed &+ 0x9E37_79B9_7F4A_7C15
    for coordinate in coordinates {
      state = mixed(state ^ UInt64(bitPattern: Int64(coordinate)) &* 0xD6E8_FEB8_6659_FD93)
    }
    return mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1), float32.
  public func uniform(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Self.rand(.integers(shape), .generator(self), .type(.float32))
  }

  /// Standard normal, float32.
  public func normal(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Self.randn(.integers(shape), .generator(self), .type(.float32))
  }

  /// A seed for another stream.
  public func seed() throws(TorchError) -> UInt64 {
    let drawn: [Int64] = try Self.randint(
      .integer(Int.min), .integer(Int.max), .integers([1]), .generator(self), .type(.int64)
    ).scalars()
    return UInt64(bitPattern: drawn.first ?? 0)
  }

  private static let randint = Operator("randint", "low_generator")
  private static let rand = Operator("rand", "generator")
  private static let randn = Operator("randn", "generator")
}
