/// What `insonate dicom info` tells of a file: its picture, times and regions, nothing of the patient but whether a name is
/// there. Lengths in mm, times in ms.
public struct FileSummary: Sendable, Encodable {
  public let file: String
  public let transferSyntax: Syntax
  public let sopClass: Named?
  public let modality: String?
  public let manufacturer: String?
  public let model: String?
  public let rows: Int
  public let columns: Int
  public let frames: Int
  public let photometric: String
  public let samplesPerPixel: Int
  public let planarConfiguration: Int
  public let bitsAllocated: Int
  public let bitsStored: Int
  public let isSigned: Bool
  public let patientNamePresent: Bool
  /// Burned In Annotation as the file says it: YES or NO; nil where it does not say.
  public let burnedInAnnotation: String?
  public let frameTimes: Times
  /// Pixel Spacing, from row to row and from column to column.
  public let pixelSpacing: [Double]?
  public let regions: [Region]
  public let notes: [String]

  public struct Named: Sendable, Encodable {
    public let uid: String
    public let name: String
  }

  public struct Syntax: Sendable, Encodable {
    public let uid: String
    public let name: String
    /// Whether its frames are decoded.
    public let isRead: Bool
  }

  public struct Times: Sendable, Encodable {
    public let source: FrameTiming.Source
    public let milliseconds: [Double]?
    public let meanFramesPerSecond: Double?
  }

  public struct Region: Sendable, Encodable {
    public let spatialFormat: String
    public let dataType: String
    public let flags: Int
    public let minX: Int
    public let minY: Int
    public let maxX: Int
    public let maxY: Int
    public let horizontal: Axis
    public let vertical: Axis
    public let problems: [String]
  }

  public struct Axis: Sendable, Encodable {
    public let unit: String?
    public let unitCode: Int
    public let delta: Double?
    public let millimetresPerPixel: Double?
    public let referencePixel: Int?
    public let referenceValue: Double?
  }
}

extension FileSummary {
  /// Reads no pixels.
  public init(_ file: DICOMFile) throws(DICOMError) {
    let (set, layout) = (file.dataSet, try PixelLayout(file))
    let timing = FrameTiming(file, frames: layout.frames)
    self.file = file.name
    let syntax = file.transferSyntax
    transferSyntax = Syntax(uid: syntax.uid, name: syntax.name, isRead: syntax.isRead)
    sopClass = try set.string(.sopClass).map { Named(uid: $0, name: SOPClass.name(of: $0)) }
    modality = try set.string(.modality)
    manufacturer = try set.string(.manufacturer)
    model = try set.string(.manufacturerModel)
    (rows, columns, frames) = (layout.rows, layout.columns, layout.frames)
    photometric = layout.photometric.rawValue
    samplesPerPixel = layout.samplesPerPixel
    planarConfiguration = layout.isPlanar ? 1 : 0
    (bitsAllocated, bitsStored, isSigned) = (layout.bitsAllocated, layout.bitsStored, layout.isSigned)
    let name = try set.bytes(.patientName)
    patientNamePresent = name.contains { ![0, 0x20, 0x3d, 0x5e].contains($0) }
    burnedInAnnotation = try set.string(.burnedInAnnotation)
    frameTimes = Times(
      source: timing.source, milliseconds: timing.milliseconds, meanFramesPerSecond: timing.meanRate)
    // Enhanced objects hold it among what all frames share.
    let measures = set.items(.sharedGroups).first?.items(.pixelMeasures).first
    let spacing = try (set.contains(.pixelSpacing) ? set : measures ?? set).numbers(.pixelSpacing)
    pixelSpacing = spacing.count == 2 ? spacing : nil
    regions = try file.ultrasoundRegions().map { Region($0, layout) }
    notes = file.notes + timing.notes
  }
}

extension FileSummary.Region {
  fileprivate init(_ region: UltrasoundRegion, _ layout: PixelLayout) {
    (spatialFormat, dataType, flags) = (region.spatialFormatName, region.dataTypeName, region.flags)
    (minX, minY, maxX, maxY) = (region.minX, region.minY, region.maxX, region.maxY)
    (horizontal, vertical) = (FileSummary.Axis(region.horizontal), FileSummary.Axis(region.vertical))
    problems = region.problems(inWidth: layout.columns, height: layout.rows)
  }
}

extension FileSummary.Axis {
  fileprivate init(_ axis: UltrasoundRegion.Axis) {
    (unit, unitCode) = (axis.unitName, axis.unit)
    // JSON has no infinities.
    delta = axis.delta.flatMap { $0.isFinite ? $0 : nil }
    millimetresPerPixel = axis.millimetres
    referencePixel = axis.referencePixel
    referenceValue = axis.referenceValue.flatMap { $0.isFinite ? $0 : nil }
  }
}
