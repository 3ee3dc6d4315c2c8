public import Ultrasound

/// One calibrated part of an ultrasound picture: (0018,6011), PS3.3 C.8.5.5.
public struct UltrasoundRegion: Sendable, Hashable {
  /// (0018,6012)
  public let spatialFormat: Int
  /// (0018,6014)
  public let dataType: Int
  /// (0018,6016)
  public let flags: Int
  /// The first and the last column and row that belong to it, as the file says them; they may lie outside the picture.
  public let minX: Int
  public let minY: Int
  public let maxX: Int
  public let maxY: Int
  public let horizontal: Axis
  public let vertical: Axis

  /// How a direction is calibrated. A delta may be negative: velocity grows upwards.
  public struct Axis: Sendable, Hashable {
    /// (0018,6024), (0018,6026)
    public let unit: Int
    /// Units from one pixel to the next; nil where absent.
    public let delta: Double?
    /// The pixel, counted from the region's own corner, to which `referenceValue` belongs; nil where absent.
    public let referencePixel: Int?
    public let referenceValue: Double?

    /// `cm`, `s`, `cm/s`, ... (C.8.5.5.1.15); nil where the direction has no unit or one the standard does not know.
    public var unitName: String? { Names.units[unit] }

    /// Millimetres from one pixel to the next, above 0; nil where the direction is no length.
    public var millimetres: Double? {
      guard unit == 3, let delta, delta.isFinite, delta != 0 else { return nil }
      return abs(delta) * 10
    }
  }

  /// `2D`, `M-mode`, ...
  public var spatialFormatName: String { Names.spatialFormats[spatialFormat] ?? "unknown (\(spatialFormat))" }
  /// `tissue`, `colour flow`, ...
  public var dataTypeName: String { Names.dataTypes[dataType] ?? "unknown (\(dataType))" }
  /// Where regions overlap, the calibration of pixels is that of the one without this flag.
  public var isLowPriority: Bool { flags & 1 != 0 }
  /// Whether a Doppler scale counts hertz instead of velocity.
  public var hasFrequencyScale: Bool { flags & 4 != 0 }

  /// The region in a picture of this size; nil where none of it lies inside.
  public func box(inWidth width: Int, height: Int) -> PixelBox? {
    let (left, top) = (max(0, minX), max(0, minY))
    let (right, bottom) = (min(width, maxX + 1), min(height, maxY + 1))
    guard left < right, top < bottom else { return nil }
    return PixelBox(x: Double(left), y: Double(top), width: Double(right - left), height: Double(bottom - top))
  }

  /// What speaks against using it in a picture of this size; empty where nothing does.
  public func problems(inWidth width: Int, height: Int) -> [String] {
    var problems: [String] = []
    if maxX < minX || maxY < minY { problems.append("its last column or row comes before its first") }
    if minX < 0 || minY < 0 || maxX > width || maxY > height {
      problems.append("columns \(minX)-\(maxX), rows \(minY)-\(maxY) reach beyond the picture of \(width) x \(height)")
    }
    for (name, axis) in [("horizontal", horizontal), ("vertical", vertical)] {
      if axis.unit != 0, axis.unitName == nil { problems.append("\(name): unit \(axis.unit) is unknown") }
      guard axis.unit == 3 else { continue }
      guard let spacing = axis.millimetres else {
        problems.append("\(name): unit cm, but no distance between pixels")
        continue
      }
      if !(0.0005...20).contains(spacing) { problems.append("\(name): \(spacing) mm between pixels is not believable") }
    }
    return problems
  }
}

extension UltrasoundRegion {
  /// - Throws: `DICOMError.attribute` where a bound is absent or no number.
  init(_ item: DataSet) throws(DICOMError) {
    func bound(_ tag: Tag) throws(DICOMError) -> Int {
      guard let value = try item.integer(tag) else {
        throw .attribute(file: item.source.name, attribute: "\(tag)", expected: "a pixel", found: "nothing")
      }
      return value
    }
    spatialFormat = try item.integer(.regionSpatialFormat) ?? 0
    dataType = try item.integer(.regionDataType) ?? 0
    flags = try item.integer(.regionFlags) ?? 0
    (minX, minY) = (try bound(.regionMinX0), try bound(.regionMinY0))
    (maxX, maxY) = (try bound(.regionMaxX1), try bound(.regionMaxY1))
    horizontal = Axis(
      unit: try item.integer(.physicalUnitsX) ?? 0, delta: try item.number(.physicalDeltaX),
      referencePixel: try item.integer(.referencePixelX0), referenceValue: try item.number(.referencePixelValueX))
    vertical = Axis(
      unit: try item.integer(.physicalUnitsY) ?? 0, delta: try item.number(.physicalDeltaY),
      referencePixel: try item.integer(.referencePixelY0), referenceValue: try item.number(.referencePixelValueY))
  }

  private enum Names {
    static let spatialFormats = [0: "none", 1: "2D", 2: "M-mode", 3: "spectral", 4: "waveform", 5: "graphics"]
    static let dataTypes = [
      0: "none", 1: "tissue", 2: "colour flow", 3: "PW spectral Doppler", 4: "CW spectral Doppler",
      5: "Doppler mean trace", 6: "Doppler mode trace", 7: "Doppler maximum trace", 8: "volume trace",
      9: "volume change trace", 10: "ECG trace", 11: "pulse trace", 12: "phonocardiogram trace", 13: "grey bar",
      14: "colour bar", 15: "integrated backscatter", 16: "area trace", 17: "area change trace",
      18: "other physiological trace",
    ]
    static let units = [
      1: "%", 2: "dB", 3: "cm", 4: "s", 5: "Hz", 6: "dB/s", 7: "cm/s", 8: "cm2", 9: "cm2/s", 10: "cm3", 11: "cm3/s",
      12: "degrees",
    ]
  }
}

extension DICOMFile {
  /// The regions in the file's order; none where the file has no such sequence.
  public func ultrasoundRegions() throws(DICOMError) -> [UltrasoundRegion] {
    var regions: [UltrasoundRegion] = []
    for item in dataSet.items(.ultrasoundRegions) { regions.append(try UltrasoundRegion(item)) }
    return regions
  }
}
