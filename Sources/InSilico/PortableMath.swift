/// Elementary functions from additions, multiplications, divisions and square roots alone. IEEE 754 fixes those to the
/// bit, while a system's `exp` or `sin` may differ in the last place between machines; a simulated cohort must not.
enum PortableMath {
  static let pi = 3.141592653589793
  static let ln10 = 2.302585092994046
  private static let ln2High = 6.93147180369123816490e-01
  private static let ln2Low = 1.90821492927058770002e-10

  static func exp(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    guard x < 700 else { return .infinity }
    let power = (x * 1.4426950408889634).rounded()
    let rest = (x - power * ln2High) - power * ln2Low
    var sum = 1.0
    // Taylor by Horner: |rest| <= ln 2 / 2, so 13 terms reach the last place.
    sum = 1 + rest * sum / 13
    sum = 1 + rest * sum * (1.0 / 12)
    sum = 1 + rest * sum * (1.0 / 11)
    sum = 1 + rest * sum * (1.0 / 10)
    sum = 1 + rest * sum * (1.0 / 9)
    sum = 1 + rest * sum * (1.0 / 8)
    sum = 1 + rest * sum * (1.0 / 7)
    sum = 1 + rest * sum * (1.0 / 6)
    sum = 1 + rest * sum * (1.0 / 5)
    sum = 1 + rest * sum * (1.0 / 4)
    sum = 1 + rest * sum * (1.0 / 3)
    sum = 1 + rest * sum * (1.0 / 2)
    sum = 1 + rest * sum
    return sum * Double(bitPattern: UInt64(Int64(power) + 1023) << 52)
  }

  /// Natural logarithm of a positive, normal number; minus infinity for anything else that is not above zero.
  static func log(_ x: Double) -> Double {
    guard x >= Double.leastNormalMagnitude else { return -.infinity }
    let bits = x.bitPattern
    var power = Double(Int64(bits >> 52) - 1023)
    var mantissa = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
    if mantissa > 1.4142135623730951 {
      mantissa *= 0.5
      power += 1
    }
    // log m = 2 artanh((m - 1) / (m + 1)), |s| < 0.172.
    let s = (mantissa - 1) / (mantissa + 1)
    let q = s * s
    var sum = 1.0 / 19
    sum = 1.0 / 17 + q * sum
    sum = 1.0 / 15 + q * sum
    sum = 1.0 / 13 + q * sum
    sum = 1.0 / 11 + q * sum
    sum = 1.0 / 9 + q * sum
    sum = 1.0 / 7 + q * sum
    sum = 1.0 / 5 + q * sum
    sum = 1.0 / 3 + q * sum
    sum = 1 + q * sum
    return power * ln2High + (2 * s * sum + power * ln2Low)
  }

  /// Amplitude ratio of a level in decibels.
  static func amplitude(decibels: Double) -> Double { exp(decibels * (ln10 / 20)) }

  /// Level in decibels of an amplitude ratio.
  static func decibels(amplitude: Double) -> Double { log(amplitude) * (20 / ln10) }

  static func sine(_ x: Double) -> Double {
    let turns = (x * (2 / pi)).rounded()
    let rest = (x - turns * 1.5707963267341256) - turns * 6.077100506506192e-11
    switch Int(turns) & 3 {
    case 0: return sineNearZero(rest)
    case 1: return cosineNearZero(rest)
    case 2: return -sineNearZero(rest)
    default: return -cosineNearZero(rest)
    }
  }

  static func cosine(_ x: Double) -> Double { sine(x + pi / 2) }

  private static func sineNearZero(_ x: Double) -> Double {
    let q = x * x
    var sum = 1 - q / (16 * 17)
    for k in stride(from: 14.0, through: 2, by: -2) { sum = 1 - q / (k * (k + 1)) * sum }
    return x * sum
  }

  private static func cosineNearZero(_ x: Double) -> Double {
    let q = x * x
    var sum = 1 - q / (15 * 16)
    for k in stride(from: 13.0, through: 1, by: -2) { sum = 1 - q / (k * (k + 1)) * sum }
    return sum
  }

  /// Angle of the vector (x, y) in -pi...pi; 0 for the zero vector.
  static func angle(y: Double, x: Double) -> Double {
    let (a, b) = (abs(x), abs(y))
    guard a > 0 || b > 0 else { return 0 }
    var result = arcTangentOfUnit(min(a, b) / max(a, b))
    if b > a { result = pi / 2 - result }
    if x < 0 { result = pi - result }
    return y < 0 ? -result : result
  }

  /// arctan of 0...1: brought below tan(pi/12) by one addition step, then the series.
  private static func arcTangentOfUnit(_ t: Double) -> Double {
    let root3 = 1.7320508075688772
    let reduced = t > 0.2679491924311227
    let u = reduced ? (t * root3 - 1) / (root3 + t) : t
    let q = u * u
    var sum = 1.0 / 25
    for k in stride(from: 23.0, through: 1, by: -2) { sum = 1 / k - q * sum }
    return u * sum + (reduced ? pi / 6 : 0)
  }

  /// Standard normal distribution function (Marsaglia 2004, J Stat Softw 11(4): the series about zero).
  static func normalCDF(_ x: Double) -> Double {
    guard x > -8 else { return 0 }
    guard x < 8 else { return 1 }
    let q = x * x
    var (sum, term, k) = (x, x, 1.0)
    while abs(term) > 1e-18 * abs(sum) {
      k += 2
      term *= q / k
      sum += term
    }
    return min(1, max(0, 0.5 + sum * exp(-q / 2) * 0.3989422804014327))
  }

  /// Standard normal quantile by bisection: slow and exact enough for settings.
  static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if normalCDF(middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
