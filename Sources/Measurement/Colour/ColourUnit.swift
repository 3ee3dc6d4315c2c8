/// What the numbers beside a colour bar count.
public enum ColourUnit: String, Sendable, Codable, CaseIterable {
  case kilopascals = "kPa"
  case metresPerSecond = "m/s"
  case centimetresPerSecond = "cm/s"
  case decibels = "dB"
  case hertz = "Hz"
  case kilohertz = "kHz"
  case percent = "%"

  /// The unit as written on a screen, in letters of either case, or by DICOM's code (PS3.3 C.8.5.5.1.15).
  public init?(text: String) {
    let plain = text.lowercased().filter { !$0.isWhitespace && $0 != "." }
    guard let unit = Self.allCases.first(where: { $0.rawValue.lowercased() == plain }) else { return nil }
    self = unit
  }

  public init?(dicomCode: Int) {
    switch dicomCode {
    case 1: self = .percent
    case 2: self = .decibels
    case 5: self = .hertz
    case 7: self = .centimetresPerSecond
    default: return nil
    }
  }
}

/// Young's modulus and the speed of shear waves: E = 3 rho c², which holds for tissue that is elastic, isotropic and
/// incompressible (Bercoff, Tanter, Fink 2004), with the density rho of 1000 kg/m³ that scanners take.
public enum ShearWave {
  /// kg/m³
  public static let density = 1000.0

  /// - Parameter metresPerSecond: 0 or more.
  public static func kilopascals(metresPerSecond: Double) -> Double {
    3 * density * metresPerSecond * metresPerSecond / 1000
  }

  /// - Parameter kilopascals: 0 or more.
  public static func metresPerSecond(kilopascals: Double) -> Double {
    (max(0, kilopascals) * 1000 / (3 * density)).squareRoot()
  }
}
