/// The Image Pixel module of a data set, checked.
public struct PixelLayout: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// As declared; 1 where the attribute is absent.
  public let frames: Int
  public let samplesPerPixel: Int
  /// Bits of a sample's container: 1, 8, 16, 32 or 64.
  public let bitsAllocated: Int
  /// Bits of it that count.
  public let bitsStored: Int
  public let isSigned: Bool
  /// Whether all of the first sample come before all of the second (Planar Configuration 1).
  public let isPlanar: Bool
  /// Float Pixel Data or Double Float Pixel Data.
  public let isFloat: Bool
  public let photometric: Photometric
  /// The element that holds the pixels.
  let element: Tag

  /// - Throws: where an attribute is absent, contradicts another or asks for more than the limits allow.
  public init(_ file: DICOMFile) throws(DICOMError) {
    let set = file.dataSet
    element = try Self.pixelElement(of: file)
    isFloat = element != .pixels
    func wrong(_ tag: Tag, _ expected: String, _ found: String) -> DICOMError {
      .attribute(file: file.name, attribute: "\(tag)", expected: expected, found: found)
    }
    func number(_ tag: Tag) throws(DICOMError) -> Int {
      guard let value = try set.integer(tag) else { throw wrong(tag, "a number", "nothing") }
      return value
    }
    (rows, columns) = (try number(.rows), try number(.columns))
    guard rows > 0 else { throw wrong(.rows, "1 or more", "\(rows)") }
    guard columns > 0 else { throw wrong(.columns, "1 or more", "\(columns)") }
    frames = try set.integer(.numberOfFrames) ?? 1
    guard frames > 0 else { throw wrong(.numberOfFrames, "1 or more", "\(frames)") }

    guard let text = try set.string(.photometric) else { throw wrong(.photometric, "an interpretation", "nothing") }
    guard let photometric = Photometric(rawValue: text.uppercased()) else {
      throw .unsupported(file: file.name, detail: "photometric interpretation \(text.debugDescription)")
    }
    self.photometric = photometric
    samplesPerPixel = try set.integer(.samplesPerPixel) ?? photometric.samples
    guard samplesPerPixel == photometric.samples else {
      throw wrong(.samplesPerPixel, "\(photometric.samples) for \(photometric.rawValue)", "\(samplesPerPixel)")
    }
    bitsAllocated = isFloat ? (element == .floatPixels ? 32 : 64) : try number(.bitsAllocated)
    guard [1, 8, 16, 32].contains(bitsAllocated) || isFloat else {
      throw .unsupported(file: file.name, detail: "\(Tag.bitsAllocated) is \(bitsAllocated)")
    }
    bitsStored = isFloat ? bitsAllocated : try set.integer(.bitsStored) ?? bitsAllocated
    guard (1...bitsAllocated).contains(bitsStored) else {
      throw wrong(.bitsStored, "1 to \(bitsAllocated), the bits allocated", "\(bitsStored)")
    }
    isSigned = isFloat ? true : try set.integer(.pixelRepresentation) == 1
    isPlanar = samplesPerPixel > 1 ? try set.integer(.planarConfiguration) == 1 : false
    // Rows and columns have 16 bits each, so that this cannot overflow.
    let bytes = rows * columns * samplesPerPixel * max(1, bitsAllocated / 8)
    guard bytes <= set.source.limits.maximumFrameBytes, rows * columns * 3 <= set.source.limits.maximumFrameBytes else {
      throw .tooLarge(
        file: file.name, detail: "a frame of \(bytes) bytes, limit \(set.source.limits.maximumFrameBytes)")
    }
  }

  private static func pixelElement(of file: DICOMFile) throws(DICOMError) -> Tag {
    for tag in [Tag.pixels, .floatPixels, .doublePixels] where file.dataSet.contains(tag) { return tag }
    var uid = try file.dataSet.string(.sopClass)
    if uid == nil { uid = try file.meta.string(.mediaStorageClass) }
    throw .noPicture(
      file: file.name, detail: "no Pixel Data; its class is \(uid.map(SOPClass.name(of:)) ?? "not named")")
  }

  /// Bytes of a container: 1, 2, 4 or 8. Bits are unpacked to a byte each.
  var bytesPerSample: Int { max(1, bitsAllocated / 8) }
}
