/// How an element's value is written (PS3.5 6.2).
public enum ValueRepresentation: String, Sendable, CaseIterable {
  case ae = "AE", `as` = "AS", at = "AT", cs = "CS", da = "DA", ds = "DS", dt = "DT", fd = "FD", fl = "FL", `is` = "IS"
  case lo = "LO", lt = "LT", ob = "OB", od = "OD", of = "OF", ol = "OL", ov = "OV", ow = "OW", pn = "PN", sh = "SH"
  case sl = "SL", sq = "SQ", ss = "SS", st = "ST", sv = "SV", tm = "TM", uc = "UC", ui = "UI", ul = "UL", un = "UN"
  case ur = "UR", us = "US", ut = "UT", uv = "UV"

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
}
