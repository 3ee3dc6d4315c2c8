import Foundation

/// How the scanner made grey of echo power, undone: grey falls by 255 from white to black over the dynamic range in dB, so
/// power = 10^((grey / white - 1) * range / 10), white = 1. The concentration of bubbles goes with this power, not with the grey
/// (Rognin et al., J Acoust Soc Am 2008;124:3091). A constant gain multiplies all powers and changes no time and no ratio. Black
/// is the range's lower end or anything below it.
public struct LogCompression: Sendable, Hashable {
  /// dB from black to white, as the scanner shows it.
  public let dynamicRange: Double
  /// The luma of the colour map's brightest colour: a tinted map may not reach 255.
  public let white: Int
  /// Power of each luma; what is above `white` counts as white.
  let powers: [Double]

  /// - Throws: `setting` where the range is not 10...200 dB or white not 32...255.
  public init(dynamicRange: Double = 60, white: Int = 255) throws(ContrastError) {
    guard dynamicRange >= 10, dynamicRange <= 200 else {
      throw .setting(name: "dynamic range", expected: "10 to 200 dB", found: "\(dynamicRange)")
    }
    guard (32...255).contains(white) else {
      throw .setting(name: "white", expected: "a luma from 32 to 255", found: "\(white)")
    }
    (self.dynamicRange, self.white) = (dynamicRange, white)
    powers = (0...255).map { pow(10, (min(1, Double($0) / Double(white)) - 1) * dynamicRange / 10) }
  }

  /// Power to dB below white; nothing is below the range's lower end.
  func decibels(_ power: Double) -> Double { max(-dynamicRange, 10 * log10(max(power, 1e-30))) }
}
