/// One upright frame of a clip.
public struct ClipFrame: Sendable {
  /// Where a frame's time comes from.
  public enum Timing: String, Codable, Sendable {
    /// From the file.
    case stated
    /// The file gives this frame none: the time before and one nominal interval more.
    case estimated
    /// From the file, though not after the time of the frame before.
    case disordered
  }

  /// From 0, in the order of presentation.
  public let index: Int
  /// Seconds on the clip's own clock (``ClipInfo/startTime`` for the first frame), the quotient rounded once.
  public let time: Double
  /// The same, in whole nanoseconds, half to even.
  public let nanoseconds: Int64
  /// The same, in units of ``ClipInfo/timeBase``.
  public let ticks: Int64
  public let timing: Timing
  /// Whether the frame can be decoded without others.
  public let isKey: Bool
  public let isInterlaced: Bool
  /// Whether parts of it were lost and guessed (only where `ClipLimits.maximumErrors` lets such pass).
  public let isDamaged: Bool
  /// The picture. Where the clip holds no colour, red, green and blue are equal.
  public let image: RGBImage
}

/// All of a frame but its picture.
struct ClipFrameFacts {
  var index: Int
  var ticks: Int64
  var timing: ClipFrame.Timing
  var isKey: Bool
  var isInterlaced: Bool
  var isDamaged: Bool
}

/// Ticks of a clip's clock as seconds.
struct ClipClock {
  let base: ClipRatio

  func seconds(_ ticks: Int64) -> Double {
    // Exact below 2^53, as the ticks of every real clip are; the quotient rounds once.
    Double(ticks) * Double(base.numerator) / Double(base.denominator)
  }

  /// Saturates at the ends of Int64.
  func nanoseconds(_ ticks: Int64) -> Int64 {
    let sign: Int64 = ticks < 0 ? -1 : 1
    let factor = UInt64(base.numerator).multipliedReportingOverflow(by: 1_000_000_000)
    guard !factor.overflow else { return sign * .max }
    let product = ticks.magnitude.multipliedFullWidth(by: factor.partialValue)
    let divisor = UInt64(base.denominator)
    guard product.high < divisor else { return sign * .max }
    let (quotient, remainder) = divisor.dividingFullWidth(product)
    let half = divisor - remainder
    let up = remainder > half || (remainder == half && quotient & 1 == 1)
    let rounded = quotient &+ (up ? 1 : 0)
    return sign * Int64(clamping: rounded)
  }
}
