/// The cosine coefficients of 1...8 half waves across and down of the texture in a window, of which ``TextureSignature`` is the signs.
///
/// Signs alone say as much of a coefficient near 0 as of a large one. Of windows whose signatures are alike by chance the coefficients
/// agree less than of those that show the same.
public struct TextureSpectrum: Sendable {
  /// Row v: v + 1 half waves down, 1...8 across.
  typealias Rows = (
    SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>
  )
  var rows: Rows = (.zero, .zero, .zero, .zero, .zero, .zero, .zero, .zero)

  /// Of no texture at all.
  public init() {}

  public var signature: TextureSignature {
    var bits: UInt64 = 0
    bits |= Self.signs(rows.0)
    bits |= Self.signs(rows.1) << 8
    bits |= Self.signs(rows.2) << 16
    bits |= Self.signs(rows.3) << 24
    bits |= Self.signs(rows.4) << 32
    bits |= Self.signs(rows.5) << 40
    bits |= Self.signs(rows.6) << 48
    bits |= Self.signs(rows.7) << 56
    return TextureSignature(bits: bits)
  }

  private static let places = SIMD8<Int32>(1, 2, 4, 8, 16, 32, 64, 128)

  @inline(__always) private static func signs(_ row: SIMD8<Float>) -> UInt64 {
    UInt64(truncatingIfNeeded: SIMD8<Int32>.zero.replacing(with: places, where: row .> 0).wrappedSum())
  }

  /// Cosine of the angle between the coefficients of this window, mirrored, and those of the other, -1...1; 0 where one of them has none.
  public func likeness(to other: TextureSpectrum, reflected reflection: Reflection) -> Float {
    // Waves of odd number change their sign: those at places 0, 2, 4, 6.
    let odd = SIMD8<Float>(-1, 1, -1, 1, -1, 1, -1, 1)
    let (across, down): (SIMD8<Float>, Float) = (
      reflection.across ? odd : SIMD8(repeating: 1), reflection.down ? -1 : 1
    )
    let (mine, theirs) = (rows, other.rows)
    let oddRows = mine.0 * theirs.0 + mine.2 * theirs.2 + mine.4 * theirs.4 + mine.6 * theirs.6
    let evenRows = mine.1 * theirs.1 + mine.3 * theirs.3 + mine.5 * theirs.5 + mine.7 * theirs.7
    let product = (across * (down * oddRows + evenRows)).sum()
    let lengths = (power * other.power).squareRoot()
    return lengths > 0 ? product / lengths : 0
  }

  private var power: Float {
    let upper = rows.0 * rows.0 + rows.1 * rows.1 + rows.2 * rows.2 + rows.3 * rows.3
    let lower = rows.4 * rows.4 + rows.5 * rows.5 + rows.6 * rows.6 + rows.7 * rows.7
    return (upper + lower).sum()
  }
}
