/// 64 bits of the texture in a window of a picture: the signs of its cosine coefficients of 1...8 half waves across and down.
///
/// The signature of the middle of a picture (``middle``) is compared with those of many windows of others (``Windows``): what was cropped
/// there, or mirrored, comes to lie in one of them.
public struct TextureSignature: Sendable, Hashable {
  /// Bit 8 v + u: the sign of the coefficient of u + 1 half waves across and v + 1 down.
  public var bits: UInt64

  public init(bits: UInt64) { self.bits = bits }

  /// The number of bits that differ, 0...64.
  @inline(__always) public func distance(to other: TextureSignature) -> Int { (bits ^ other.bits).nonzeroBitCount }

  /// The signature of the same texture, mirrored: waves of odd number change their sign.
  @inline(__always) public func reflected(_ reflection: Reflection) -> TextureSignature {
    TextureSignature(bits: bits ^ reflection.signs)
  }
}

/// How one picture is turned over against another.
public struct Reflection: Sendable, Hashable {
  public var across: Bool
  public var down: Bool

  public init(across: Bool, down: Bool) { (self.across, self.down) = (across, down) }

  public static let all = [(false, false), (true, false), (false, true), (true, true)].map {
    Reflection(across: $0, down: $1)
  }

  /// Cosines of an odd number of half waves (places 0, 2, 4, 6) change their sign.
  fileprivate var signs: UInt64 {
    let columns: UInt64 = across ? 0x5555_5555_5555_5555 : 0
    let rows: UInt64 = down ? 0x00FF_00FF_00FF_00FF : 0
    return columns ^ rows
  }
}

/// A stretch of a picture's width or height, both counted as 1.
public struct Stretch: Sendable, Hashable {
  public var start: Float
  public var length: Float

  public init(start: Float, length: Float) { (self.start, self.length) = (start, length) }

  /// What of a picture is compared: its border, where banners and scales are, is not.
  public static let middle = Stretch(start: 0.1, length: 0.8)
}
