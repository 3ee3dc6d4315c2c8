/// Random numbers by counting (SplitMix64: Steele, Lea & Flood, OOPSLA 2014): the state is a counter, so that streams for
/// different tasks can be made without order and results do not depend on who ran first.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// An independent stream of a seed: for the resample, fold or thread of that number.
  public init(seed: UInt64, stream: UInt64) {
    var root = SplitMix64(seed: seed ^ 0x5851_F42D_4C95_7F2D)
    var mixer = SplitMix64(seed: root.next() &+ stream &* 0xD134_2543_DE82_EF95)
    state = mixer.next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in 0..<bound by one multiplication; its bias is below bound / 2^64.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Uniform in 0..<1, 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
