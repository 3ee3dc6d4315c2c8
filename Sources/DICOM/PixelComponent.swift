/// What the stored values of a calibrated region stand for, as far as the file says it: the pixel component attributes of an item
/// of (0018,6011), PS3.3 C.8.5.5. The value of a pixel with three samples is red, green and blue one after another, red highest.
public struct PixelComponent: Sendable, Hashable {
  /// (0018,604c): 1 %, 2 dB, 5 Hz, 7 cm/s, ...
  public let unit: Int
  /// (0018,604e)
  public let dataType: Int
  public let mapping: Mapping

  public enum Mapping: Sendable, Hashable {
    /// Bits of the value that hold a number, put on a curve of straight lines.
    case bits(mask: UInt32, curve: [Point])
    /// Values from `first` to `last`, put on a curve of straight lines.
    case range(first: UInt32, last: UInt32, curve: [Point])
    /// Values one by one.
    case table([UInt32: Double])
  }

  public struct Point: Sendable, Hashable {
    public let stored: Double
    public let value: Double
  }

  /// - Parameter stored: the value of a pixel.
  /// - Returns: nil where the file gives it no number.
  public func value(_ stored: UInt32) -> Double? {
    switch mapping {
    case .table(let table): table[stored]
    case .range(let first, let last, let curve):
      stored >= first && stored <= last ? Self.value(Double(stored), on: curve) : nil
    case .bits(let mask, let curve):
      mask == 0 ? nil : Self.value(Double((stored & mask) >> UInt32(mask.trailingZeroBitCount)), on: curve)
    }
  }

  private static func value(_ place: Double, on curve: [Point]) -> Double? {
    guard let first = curve.first, let last = curve.last, place >= first.stored, place <= last.stored else {
      return nil
    }
    guard let after = curve.firstIndex(where: { $0.stored >= place }), after > 0 else { return first.value }
    let (low, high) = (curve[after - 1], curve[after])
    return low.value + (high.value - low.value) * (place - low.stored) / (high.stored - low.stored)
  }
}

extension Tag {
  public static let pixelComponentOrganization = Tag(0x0018, 0x6044)
  public static let pixelComponentMask = Tag(0x0018, 0x6046)
  public static let pixelComponentRangeStart = Tag(0x0018, 0x6048)
  public static let pixelComponentRangeStop = Tag(0x0018, 0x604a)
  public static let pixelComponentUnits = Tag(0x0018, 0x604c)
  public static let pixelComponentDataType = Tag(0x0018, 0x604e)
  public static let tableOfXBreakPoints = Tag(0x0018, 0x6052)
  public static let tableOfYBreakPoints = Tag(0x0018, 0x6054)
  public static let tableOfPixelValues = Tag(0x0018, 0x6058)
  public static let tableOfParameterValues = Tag(0x0018, 0x605a)
}

extension PixelComponent {
  /// - Returns: nil where the item says nothing of its pixels' values, or names codes instead of numbers.
  /// - Throws: `DICOMError.attribute` where it says something that cannot be.
  init?(_ item: DataSet) throws(DICOMError) {
    guard let organization = try item.integer(.pixelComponentOrganization) else { return nil }
    unit = try item.integer(.pixelComponentUnits) ?? 0
    dataType = try item.integer(.pixelComponentDataType) ?? 0
    switch organization {
    case 0:
      let mask = try Self.word(item, .pixelComponentMask)
      mapping = .bits(mask: mask, curve: try Self.curve(item))
    case 1:
      let (first, last) = (
        try Self.word(item, .pixelComponentRangeStart), try Self.word(item, .pixelComponentRangeStop)
      )
      mapping = .range(first: first, last: last, curve: try Self.curve(item))
    case 2: mapping = .table(try Self.table(item))
    default: return nil
    }
  }

  private static func word(_ item: DataSet, _ tag: Tag) throws(DICOMError) -> UInt32 {
    guard let value = try item.integer(tag) else { throw fault(item, tag, "a number", "nothing") }
    guard let word = UInt32(exactly: value) else { throw fault(item, tag, "32 bits", "\(value)") }
    return word
  }

  private static func curve(_ item: DataSet) throws(DICOMError) -> [Point] {
    let (stored, values) = (try item.numbers(.tableOfXBreakPoints), try item.numbers(.tableOfYBreakPoints))
    guard stored.count == values.count, stored.count >= 2, zip(stored, stored.dropFirst()).allSatisfy({ $0 < $1 }),
      values.allSatisfy(\.isFinite)
    else {
      throw fault(
        item, .tableOfXBreakPoints, "two or more rising values, as many as in the table of Y break points",
        "\(stored.count) and \(values.count)")
    }
    return zip(stored, values).map { Point(stored: $0, value: $1) }
  }

  private static func table(_ item: DataSet) throws(DICOMError) -> [UInt32: Double] {
    let (stored, values) = (try item.integers(.tableOfPixelValues), try item.numbers(.tableOfParameterValues))
    guard !stored.isEmpty, stored.count == values.count, values.allSatisfy(\.isFinite) else {
      throw fault(
        item, .tableOfPixelValues, "values, as many as in the table of parameter values",
        "\(stored.count) and \(values.count)")
    }
    var table: [UInt32: Double] = [:]
    for (key, value) in zip(stored, values) {
      guard let word = UInt32(exactly: key) else { throw fault(item, .tableOfPixelValues, "32 bits", "\(key)") }
      table[word] = value
    }
    return table
  }

  private static func fault(_ item: DataSet, _ tag: Tag, _ expected: String, _ found: String) -> DICOMError {
    .attribute(file: item.source.name, attribute: "\(tag)", expected: expected, found: found)
  }
}

extension DICOMFile {
  /// What the stored values stand for, one for each ultrasound region in the file's order; nil where a region does not say.
  public func pixelComponents() throws(DICOMError) -> [PixelComponent?] {
    var components: [PixelComponent?] = []
    for item in dataSet.items(.ultrasoundRegions) { components.append(try PixelComponent(item)) }
    return components
  }
}
