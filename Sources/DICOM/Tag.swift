/// The name of an attribute: group and element (PS3.6).
public struct Tag: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let group: UInt16
  public let element: UInt16

  public init(_ group: UInt16, _ element: UInt16) {
    (self.group, self.element) = (group, element)
  }

  public static func < (one: Tag, other: Tag) -> Bool {
    (one.group, one.element) < (other.group, other.element)
  }

  /// `(0028,0010)`.
  public var code: String { "(\(Self.hexadecimal(group)),\(Self.hexadecimal(element)))" }

  /// Code and name, where the attribute is one of those below.
  public var description: String { Self.known[self].map { "\($0.name) \(code)" } ?? code }

  private static func hexadecimal(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension Tag {
  static let item = Tag(0xfffe, 0xe000)
  static let itemEnd = Tag(0xfffe, 0xe00d)
  static let sequenceEnd = Tag(0xfffe, 0xe0dd)

  public static let transferSyntax = Tag(0x0002, 0x0010)
  public static let mediaStorageClass = Tag(0x0002, 0x0002)
  public static let characterSet = Tag(0x0008, 0x0005)
  public static let sopClass = Tag(0x0008, 0x0016)
  public static let sopInstance = Tag(0x0008, 0x0018)
  public static let studyDate = Tag(0x0008, 0x0020)
  public static let modality = Tag(0x0008, 0x0060)
  public static let manufacturer = Tag(0x0008, 0x0070)
  public static let manufacturerModel = Tag(0x0008, 0x1090)
  public static let recommendedDisplayFrameRate = Tag(0x0008, 0x2144)
  public static let patientName = Tag(0x0010, 0x0010)
  public static let patientID = Tag(0x0010, 0x0020)
  public static let cineRate = Tag(0x0018, 0x0040)
  public static let frameTime = Tag(0x0018, 0x1063)
  public static let frameTimeVector = Tag(0x0018, 0x1065)
  public static let frameDelay = Tag(0x0018, 0x1066)
  public static let ultrasoundRegions = Tag(0x0018, 0x6011)
  public static let regionSpatialFormat = Tag(0x0018, 0x6012)
  public static let regionDataType = Tag(0x0018, 0x6014)
  public static let regionFlags = Tag(0x0018, 0x6016)
  public static let regionMinX0 = Tag(0x0018, 0x6018)
  public static let regionMinY0 = Tag(0x0018, 0x601a)
  public static let regionMaxX1 = Tag(0x0018, 0x601c)
  public static let regionMaxY1 = Tag(0x0018, 0x601e)
  public static let referencePixelX0 = Tag(0x0018, 0x6020)
  public static let referencePixelY0 = Tag(0x0018, 0x6022)
  public static let physicalUnitsX = Tag(0x0018, 0x6024)
  public static let physicalUnitsY = Tag(0x0018, 0x6026)
  public static let referencePixelValueX = Tag(0x0018, 0x6028)
  public static let referencePixelValueY = Tag(0x0018, 0x602a)
  public static let physicalDeltaX = Tag(0x0018, 0x602c)
  public static let physicalDeltaY = Tag(0x0018, 0x602e)
  public static let studyInstance = Tag(0x0020, 0x000d)
  public static let samplesPerPixel = Tag(0x0028, 0x0002)
  public static let photometric = Tag(0x0028, 0x0004)
  public static let planarConfiguration = Tag(0x0028, 0x0006)
  public static let numberOfFrames = Tag(0x0028, 0x0008)
  public static let frameIncrementPointer = Tag(0x0028, 0x0009)
  public static let rows = Tag(0x0028, 0x0010)
  public static let columns = Tag(0x0028, 0x0011)
  public static let pixelSpacing = Tag(0x0028, 0x0030)
  public static let bitsAllocated = Tag(0x0028, 0x0100)
  public static let bitsStored = Tag(0x0028, 0x0101)
  public static let highBit = Tag(0x0028, 0x0102)
  public static let pixelRepresentation = Tag(0x0028, 0x0103)
  public static let burnedInAnnotation = Tag(0x0028, 0x0301)
  public static let windowCenter = Tag(0x0028, 0x1050)
  public static let windowWidth = Tag(0x0028, 0x1051)
  public static let rescaleIntercept = Tag(0x0028, 0x1052)
  public static let rescaleSlope = Tag(0x0028, 0x1053)
  public static let voiLUTFunction = Tag(0x0028, 0x1056)
  public static let modalityLUTs = Tag(0x0028, 0x3000)
  public static let lutDescriptor = Tag(0x0028, 0x3002)
  public static let lutData = Tag(0x0028, 0x3006)
  public static let voiLUTs = Tag(0x0028, 0x3010)
  public static let presentationLUTShape = Tag(0x2050, 0x0020)
  public static let sharedGroups = Tag(0x5200, 0x9229)
  public static let groupsPerFrame = Tag(0x5200, 0x9230)
  public static let frameContent = Tag(0x0020, 0x9111)
  public static let frameAcquisition = Tag(0x0018, 0x9074)
  public static let frameReference = Tag(0x0018, 0x9151)
  public static let pixelMeasures = Tag(0x0028, 0x9110)
  /// Red, green, blue.
  public static let paletteDescriptors = [Tag(0x0028, 0x1101), Tag(0x0028, 0x1102), Tag(0x0028, 0x1103)]
  public static let paletteData = [Tag(0x0028, 0x1201), Tag(0x0028, 0x1202), Tag(0x0028, 0x1203)]
  public static let segmentedPaletteData = [Tag(0x0028, 0x1221), Tag(0x0028, 0x1222), Tag(0x0028, 0x1223)]
  public static let extendedOffsets = Tag(0x7fe0, 0x0001)
  public static let extendedOffsetLengths = Tag(0x7fe0, 0x0002)
  public static let floatPixels = Tag(0x7fe0, 0x0008)
  public static let doublePixels = Tag(0x7fe0, 0x0009)
  public static let pixels = Tag(0x7fe0, 0x0010)
}
