public import Ultrasound

/// Numbers read back from a picture's colours, row by row.
public struct ValueMap: Sendable, Equatable {
  public enum Saturation: UInt8, Sendable, Codable {
    case none
    /// At the bar's lower or left end: the true value may lie beyond it, or flow may have wrapped around to it.
    case first
    /// At the bar's upper or right end.
    case last
  }

  /// The part of the picture that was read, in whole pixels.
  public let region: PixelBox
  public let width: Int
  public let height: Int
  /// height x width; NaN where there is no colour of the bar.
  public let values: [Float]
  public let saturation: [Saturation]
  /// Half the width of the values whose colours are within the noise, at least half a step of the bar; NaN where there is no value.
  public let uncertainty: [Float]
  public let unit: ColourUnit
  /// As read: estimated where it was not given; nil for chroma matching.
  public let opacity: Double?
  /// The opacities that fit about as well; nil where it was given.
  public let opacityRange: ClosedRange<Double>?
  /// Levels of 0...255 by which the map's colours stray from the bar's.
  public let noise: Double
  /// The part of the bar whose colours are too grey to be told from the picture, 0...1.
  public let unreadableShare: Double
  public let notes: [String]

  /// The part of the region that has a value, 0...1.
  public var coverage: Double {
    Double(values.reduce(0) { $0 + ($1.isNaN ? 0 : 1) }) / Double(max(1, values.count))
  }

  /// A map whose numbers the file itself gives, pixel by pixel, without a bar.
  /// - Parameters:
  ///   - values: row by row, NaN where there is none; as many as the region has pixels.
  ///   - region: in whole pixels.
  /// - Throws: `ColourError.parameter` where the values do not fill the region, `.noColour` where there are none.
  public static func exact(_ values: [Float], region: PixelBox, unit: ColourUnit) throws(ColourError) -> ValueMap {
    guard region.width >= 1, region.height >= 1, region.width * region.height == Double(values.count) else {
      throw .parameter(
        name: "values", expected: "as many as \(ColourError.text(region)) has", found: "\(values.count)")
    }
    guard values.contains(where: { !$0.isNaN }) else { throw .noColour(region: region) }
    return ValueMap(
      region: region, width: Int(region.width), height: Int(region.height), values: values,
      saturation: [Saturation](repeating: .none, count: values.count), uncertainty: values.map { $0.isNaN ? .nan : 0 },
      unit: unit, opacity: 1, opacityRange: nil, noise: 0, unreadableShare: 0, notes: [])
  }

  /// The values changed one by one, as from m/s to kPa, with their uncertainty.
  /// - Parameter change: rising.
  public func converted(to unit: ColourUnit, _ change: (Double) -> Double) -> ValueMap {
    let changed = values.map { $0.isNaN ? $0 : Float(change(Double($0))) }
    let spread = zip(values, uncertainty).map { value, half -> Float in
      value.isNaN ? .nan : Float((change(Double(value + half)) - change(Double(max(0, value - half)))) / 2)
    }
    return ValueMap(
      region: region, width: width, height: height, values: changed, saturation: saturation, uncertainty: spread,
      unit: unit, opacity: opacity, opacityRange: opacityRange, noise: noise, unreadableShare: unreadableShare,
      notes: notes)
  }

  /// Young's modulus where the map shows the speed of shear waves (``ShearWave``); nil for other units.
  public func kilopascals() -> ValueMap? {
    switch unit {
    case .kilopascals: self
    case .metresPerSecond: converted(to: .kilopascals) { ShearWave.kilopascals(metresPerSecond: $0) }
    default: nil
    }
  }
}
