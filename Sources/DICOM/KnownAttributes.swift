internal import CDCMTK

extension Tag {
  struct Known: Sendable {
    let vr: ValueRepresentation
    let name: String

    init(_ vr: ValueRepresentation, _ name: String) { (self.vr, self.name) = (vr, name) }
  }

  /// The attributes that this target reads, so that the larger dictionary is seldom asked.
  static let known: [Tag: Known] = [
    .transferSyntax: Known(.ui, "Transfer Syntax UID"), .mediaStorageClass: Known(.ui, "Media Storage SOP Class UID"),
    .characterSet: Known(.cs, "Specific Character Set"), .sopClass: Known(.ui, "SOP Class UID"),
    .sopInstance: Known(.ui, "SOP Instance UID"), .studyDate: Known(.da, "Study Date"),
    .modality: Known(.cs, "Modality"), .manufacturer: Known(.lo, "Manufacturer"),
    .manufacturerModel: Known(.lo, "Manufacturer's Model Name"),
    .recommendedDisplayFrameRate: Known(.is, "Recommended Display Frame Rate"),
    .patientName: Known(.pn, "Patient's Name"), .patientID: Known(.lo, "Patient ID"),
    .cineRate: Known(.is, "Cine Rate"), .frameTime: Known(.ds, "Frame Time"),
    .frameTimeVector: Known(.ds, "Frame Time Vector"), .frameDelay: Known(.ds, "Frame Delay"),
    .ultrasoundRegions: Known(.sq, "Sequence of Ultrasound Regions"),
    .regionSpatialFormat: Known(.us, "Region Spatial Format"), .regionDataType: Known(.us, "Region Data Type"),
    .regionFlags: Known(.ul, "Region Flags"), .regionMinX0: Known(.ul, "Region Location Min X0"),
    .regionMinY0: Known(.ul, "Region Location Min Y0"), .regionMaxX1: Known(.ul, "Region Location Max X1"),
    .regionMaxY1: Known(.ul, "Region Location Max Y1"), .referencePixelX0: Known(.sl, "Reference Pixel X0"),
    .referencePixelY0: Known(.sl, "Reference Pixel Y0"), .physicalUnitsX: Known(.us, "Physical Units X Direction"),
    .physicalUnitsY: Known(.us, "Physical Units Y Direction"),
    .referencePixelValueX: Known(.fd, "Reference Pixel Physical Value X"),
    .referencePixelValueY: Known(.fd, "Reference Pixel Physical Value Y"),
    .physicalDeltaX: Known(.fd, "Physical Delta X"), .physicalDeltaY: Known(.fd, "Physical Delta Y"),
    .studyInstance: Known(.ui, "Study Instance UID"), .samplesPerPixel: Known(.us, "Samples per Pixel"),
    .photometric: Known(.cs, "Photometric Interpretation"),
    .planarConfiguration: Known(.us, "Planar Configuration"), .numberOfFrames: Known(.is, "Number of Frames"),
    .frameIncrementPointer: Known(.at, "Frame Increment Pointer"), .rows: Known(.us, "Rows"),
    .columns: Known(.us, "Columns"), .pixelSpacing: Known(.ds, "Pixel Spacing"),
    .bitsAllocated: Known(.us, "Bits Allocated"), .bitsStored: Known(.us, "Bits Stored"),
    .highBit: Known(.us, "High Bit"), .pixelRepresentation: Known(.us, "Pixel Representation"),
    .burnedInAnnotation: Known(.cs, "Burned In Annotation"), .windowCenter: Known(.ds, "Window Center"),
    .windowWidth: Known(.ds, "Window Width"), .rescaleIntercept: Known(.ds, "Rescale Intercept"),
    .rescaleSlope: Known(.ds, "Rescale Slope"), .modalityLUTs: Known(.sq, "Modality LUT Sequence"),
    .voiLUTFunction: Known(.cs, "VOI LUT Function"), .voiLUTs: Known(.sq, "VOI LUT Sequence"),
    .presentationLUTShape: Known(.cs, "Presentation LUT Shape"),
    .sharedGroups: Known(.sq, "Shared Functional Groups Sequence"),
    .groupsPerFrame: Known(.sq, "Per-Frame Functional Groups Sequence"),
    .frameContent: Known(.sq, "Frame Content Sequence"),
    .frameAcquisition: Known(.dt, "Frame Acquisition DateTime"),
    .frameReference: Known(.dt, "Frame Reference DateTime"), .pixelMeasures: Known(.sq, "Pixel Measures Sequence"),
    .lutDescriptor: Known(.us, "LUT Descriptor"), .lutData: Known(.ow, "LUT Data"),
    paletteDescriptors[0]: Known(.us, "Red Palette Color Lookup Table Descriptor"),
    paletteDescriptors[1]: Known(.us, "Green Palette Color Lookup Table Descriptor"),
    paletteDescriptors[2]: Known(.us, "Blue Palette Color Lookup Table Descriptor"),
    paletteData[0]: Known(.ow, "Red Palette Color Lookup Table Data"),
    paletteData[1]: Known(.ow, "Green Palette Color Lookup Table Data"),
    paletteData[2]: Known(.ow, "Blue Palette Color Lookup Table Data"),
    segmentedPaletteData[0]: Known(.ow, "Segmented Red Palette Color Lookup Table Data"),
    segmentedPaletteData[1]: Known(.ow, "Segmented Green Palette Color Lookup Table Data"),
    segmentedPaletteData[2]: Known(.ow, "Segmented Blue Palette Color Lookup Table Data"),
    .extendedOffsets: Known(.ov, "Extended Offset Table"),
    .extendedOffsetLengths: Known(.ov, "Extended Offset Table Lengths"),
    .floatPixels: Known(.of, "Float Pixel Data"), .doublePixels: Known(.od, "Double Float Pixel Data"),
    .pixels: Known(.ow, "Pixel Data"),
  ]

  /// The value representation where the file itself does not say it (implicit VR): private attributes are unknown.
  var dictionaryRepresentation: ValueRepresentation {
    if let known = Self.known[self] { return known.vr }
    if element == 0 { return .ul }
    if group % 2 == 1 { return .un }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4) { letters in
      letters.initialize(repeating: 0)
      guard cd_dictionary_vr(group, element, letters.baseAddress) != 0 else { return .un }
      return ValueRepresentation(first: UInt8(bitPattern: letters[0]), second: UInt8(bitPattern: letters[1])) ?? .un
    }
  }

  /// The value representation that the dictionary of DICOM (PS3.6) has for a standard attribute; nil where it is in no
  /// dictionary, as private ones.
  public var standardRepresentation: ValueRepresentation? {
    if let known = Self.known[self] { return known.vr }
    guard group % 2 == 0, element != 0 else { return nil }
    let found = dictionaryRepresentation
    return found == .un ? nil : found
  }
}
