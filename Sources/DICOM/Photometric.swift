/// What the samples of a pixel mean (PS3.3 C.7.6.3.1.2).
public enum Photometric: String, Sendable, Hashable, CaseIterable {
  /// Grey, the smallest value white.
  case monochrome1 = "MONOCHROME1"
  /// Grey, the smallest value black.
  case monochrome2 = "MONOCHROME2"
  case palette = "PALETTE COLOR"
  case rgb = "RGB"
  case ybrFull = "YBR_FULL"
  case ybrFull422 = "YBR_FULL_422"
  case ybrPartial422 = "YBR_PARTIAL_422"
  case ybrPartial420 = "YBR_PARTIAL_420"
  case ybrRCT = "YBR_RCT"
  case ybrICT = "YBR_ICT"

  var samples: Int {
    switch self {
    case .monochrome1, .monochrome2, .palette: 1
    default: 3
    }
  }

  var isLumaChroma: Bool {
    switch self {
    case .ybrFull, .ybrFull422, .ybrPartial422, .ybrPartial420: true
    default: false
    }
  }
}
