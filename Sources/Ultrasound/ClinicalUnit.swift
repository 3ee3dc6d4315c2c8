/// The unit of a number in a clinical record, and what it converts to. Symbols are UCUM's, and the usual spellings of tables.
public struct ClinicalUnit: Sendable, Hashable, Codable, CustomStringConvertible {
  /// What a unit measures. Units of one quantity convert into each other; an amount of substance does not convert into a mass,
  /// which would need the substance.
  public enum Quantity: String, Sendable, Hashable, Codable {
    case length, mass, time, stiffness, velocity, number, temperature
    case massConcentration = "mass concentration"
    case substanceConcentration = "substance concentration"
    case activityConcentration = "activity concentration"
    case volume
    case bodyMassIndex = "body-mass index"
  }

  /// The UCUM symbol, such as `ng/mL`.
  public let symbol: String
  public let quantity: Quantity
  /// One of this unit in the quantity's base unit.
  let factor: Double

  public var description: String { symbol }

  /// Nil for a unit that is not known. Case is heeded only where it matters.
  public init?(_ text: String) {
    let plain = text.filter { !$0.isWhitespace }.replacing("\u{B5}", with: "u").replacing("\u{3BC}", with: "u")
    guard let unit = Self.exact[plain] ?? Self.folded[plain.lowercased()] else { return nil }
    self = unit
  }

  /// `value` of this unit in another. Nil where they measure different things.
  public func convert(_ value: Double, to other: ClinicalUnit) -> Double? {
    guard quantity == other.quantity else { return nil }
    let ratio = factor / other.factor
    // Powers of ten are exact one way round: 0.4 mg/L are 400 ng/mL, and not a little more.
    let (up, down) = (ratio.rounded(), (1 / ratio).rounded())
    if abs(ratio - up) < 1e-9 * ratio { return value * up }
    if abs(1 / ratio - down) < 1e-9 / ratio { return value / down }
    return value * ratio
  }

  private init(_ symbol: String, _ quantity: Quantity, _ factor: Double) {
    (self.symbol, self.quantity, self.factor) = (symbol, quantity, factor)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let unit = ClinicalUnit(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown unit \"\(text)\"")
    }
    self = unit
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(symbol)
  }

  /// Symbol, quantity, size in base units, other spellings.
  private static let table: [(ClinicalUnit, [String])] = [
    (.init("um", .length, 1e-6), ["micron", "微米"]), (.init("mm", .length, 1e-3), ["毫米"]),
    (.init("cm", .length, 1e-2), ["厘米", "公分"]), (.init("m", .length, 1), ["metre", "meter", "米"]),
    (.init("ug", .mass, 1e-9), ["mcg", "微克"]), (.init("mg", .mass, 1e-6), ["毫克"]), (.init("g", .mass, 1e-3), ["克"]),
    (.init("kg", .mass, 1), ["公斤", "千克"]),
    (.init("s", .time, 1), ["sec", "second", "seconds", "秒"]), (.init("min", .time, 60), ["minute", "minutes", "分钟"]),
    (.init("h", .time, 3600), ["hour", "hours", "小时"]), (.init("d", .time, 86_400), ["day", "days", "天", "日"]),
    (.init("wk", .time, 604_800), ["week", "weeks", "周"]),
    (.init("mo", .time, 2_629_800), ["month", "months", "个月", "月"]),
    (.init("a", .time, 31_557_600), ["y", "yr", "yrs", "year", "years", "岁", "年"]),
    (.init("Pa", .stiffness, 1), []), (.init("kPa", .stiffness, 1e3), []),
    (.init("mm[Hg]", .stiffness, 133.322), ["mmHg"]),
    (.init("mm/s", .velocity, 1e-3), []), (.init("cm/s", .velocity, 1e-2), []), (.init("m/s", .velocity, 1), []),
    (.init("1", .number, 1), []), (.init("%", .number, 0.01), ["percent"]),
    (.init("Cel", .temperature, 1), ["°C", "℃", "degC"]),
    (.init("pg/mL", .massConcentration, 1e-9), ["ng/L"]),
    (.init("ng/mL", .massConcentration, 1e-6), ["ug/L", "mcg/L"]),
    (.init("ug/mL", .massConcentration, 1e-3), ["mg/L", "mcg/mL"]), (.init("mg/dL", .massConcentration, 1e-2), []),
    (.init("mg/mL", .massConcentration, 1), ["g/L"]), (.init("g/dL", .massConcentration, 10), []),
    (.init("pmol/L", .substanceConcentration, 1e-12), []), (.init("nmol/L", .substanceConcentration, 1e-9), []),
    (.init("umol/L", .substanceConcentration, 1e-6), []), (.init("mmol/L", .substanceConcentration, 1e-3), ["mM"]),
    (.init("mol/L", .substanceConcentration, 1), []),
    (.init("[IU]/L", .activityConcentration, 1), ["IU/L", "U/L", "mIU/mL", "mU/mL"]),
    (.init("[IU]/mL", .activityConcentration, 1e3), ["IU/mL", "U/mL", "kU/L", "kIU/L"]),
    (.init("m[IU]/L", .activityConcentration, 1e-3), ["mIU/L", "mU/L", "uIU/mL", "uU/mL"]),
    (.init("mL", .volume, 1e-6), ["cm3", "cc", "毫升"]), (.init("L", .volume, 1e-3), ["dm3", "升"]),
    (.init("mm3", .volume, 1e-9), ["uL"]), (.init("kg/m2", .bodyMassIndex, 1), ["kg/m^2", "kg/m²"]),
  ]

  private static let exact: [String: ClinicalUnit] = table.reduce(into: [:]) { units, row in
    for text in [row.0.symbol] + row.1 { units[text] = row.0 }
  }

  /// By lower case, where only one unit is spelled so.
  private static let folded: [String: ClinicalUnit] = {
    let spellings = Dictionary(grouping: exact.keys) { $0.lowercased() }
    return spellings.compactMapValues { texts in
      let units = Set(texts.compactMap { exact[$0] })
      return units.count == 1 ? units.first : nil
    }
  }()
}
