/// A stream of random numbers that belongs to one purpose. Streams are keyed by seed, purpose and indices, so that what
/// one lesion draws depends neither on the others nor on the order or number of threads.
///
/// Generator: SplitMix64 (Steele, Lea, Flood 2014, OOPSLA).
struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: UInt64
  private var spareNormal: Double?

  /// - Parameters:
  ///   - purpose: what the numbers are for, such as `speckle`; different purposes are independent.
  ///   - indices: which patient, lesion or image.
  init(seed: UInt64, purpose: String, _ indices: Int...) {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { key = (key ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var mixed = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ key
    for index in indices { mixed = Self.mix(mixed &+ 0x9E37_79B9_7F4A_7C15) ^ UInt64(bitPattern: Int64(index)) }
    state = Self.mix(mixed)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next() -> UInt64 {
    state = state &+ 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// Uniform in 0..<1, 53 bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in 0..<count; the bias of the remainder is below 2^-50 for the counts used here.
  mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// Standard normal by Marsaglia's polar method.
  mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let (first, second) = normalPair()
    spareNormal = second
    return first
  }

  /// Two independent standard normals.
  @inline(__always)
  mutating func normalPair() -> (Double, Double) {
    while true {
      let a = 2 * uniform() - 1
      let b = 2 * uniform() - 1
      let s = a * a + b * b
      if s < 1 && s > 0 {
        let scale = (-2 * PortableMath.log(s) / s).squareRoot()
        return (a * scale, b * scale)
      }
    }
  }

  /// One of the elements with the given probabilities, which sum to one.
  mutating func pick<Element>(_ shares: [(Element, Double)]) -> Element {
    var place = uniform()
    for (element, share) in shares {
      place -= share
      if place < 0 { return element }
    }
    return shares[0].0
  }

  /// Fisher-Yates, spelled out so that the order does not hang on the standard library's version.
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    guard result.count > 1 else { return result }
    for last in stride(from: result.count - 1, to: 0, by: -1) { result.swapAt(last, index(below: last + 1)) }
    return result
  }

  /// `count` values in the given shares, as exact as whole numbers allow (largest remainder), in random order.
  mutating func quota<Element>(_ shares: [(Element, Double)], count: Int) -> [Element] {
    let total = shares.reduce(0) { $0 + $1.1 }
    let exact = shares.map { $0.1 / total * Double(count) }
    var counts = exact.map { Int($0) }
    let byRemainder = exact.indices.sorted {
      let (left, right) = (exact[$0] - Double(counts[$0]), exact[$1] - Double(counts[$1]))
      return left != right ? left > right : $0 < $1
    }
    for index in byRemainder.prefix(count - counts.reduce(0, +)) { counts[index] += 1 }
    return shuffled(zip(shares, counts).flatMap { Array(repeating: $0.0, count: $1) })
  }
}
