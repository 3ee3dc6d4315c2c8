/// How an element's value is written (PS3.5 6.2).
public enum ValueRepresentation: String, Sendable, CaseIterable {
  case ae = "AE"
  case `as` = "AS"
  case at = "AT"
  case cs = "CS"
  case da = "DA"
  case ds = "DS"
  case dt = "DT"
  case fd = "FD"
  case fl = "FL"
  case `is` = "IS"
  case lo = "LO"
  case lt = "LT"
  case ob = "OB"
  case od = "OD"
  case of = "OF"
  case ol = "OL"
  case ov = "OV"
  case ow = "OW"
  case pn = "PN"
  case sh = "SH"
  case sl = "SL"
  case sq = "SQ"
  case ss = "SS"
  case st = "ST"
  case sv = "SV"
  case tm = "TM"
  case uc = "UC"
  case ui = "UI"
  case ul = "UL"
  case un = "UN"
  case ur = "UR"
  case us = "US"
  case ut = "UT"
  case uv = "UV"

  private static let byLetters: [UInt16: ValueRepresentation] = Dictionary(
    uniqueKeysWithValues: allCases.map { representation in
      (representation.rawValue.utf8.reduce(0) { $0 << 8 | UInt16($1) }, representation)
    })

  init?(first: UInt8, second: UInt8) {
    guard let found = Self.byLetters[UInt16(first) << 8 | UInt16(second)] else { return nil }
    self = found
  }

  /// Whether an explicit header has two reserved bytes and a length of 32 bits.
  var hasLongLength: Bool {
    switch self {
    case .ob, .od, .of, .ol, .ov, .ow, .sq, .sv, .uc, .un, .ur, .ut, .uv: true
    default: false
    }
  }

  /// Whether text of it is in the data set's character set, not in the default repertoire.
  var isOfCharacterSet: Bool {
    switch self {
    case .lo, .lt, .pn, .sh, .st, .uc, .ut, .un: true
    default: false
    }
  }
}
