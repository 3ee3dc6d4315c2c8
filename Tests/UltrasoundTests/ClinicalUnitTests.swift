import Testing
import Ultrasound

struct ClinicalUnitTests {
  @Test(arguments: [
    (1.2, "cm", "mm", 12.0), (400, "ug/L", "ng/mL", 400), (0.4, "mg/L", "ng/mL", 400), (5, "g/dL", "g/L", 50),
    (2, "years", "mo", 24), (3, "岁", "a", 3), (15, "kPa", "Pa", 15_000), (25, "cm/s", "m/s", 0.25),
    (37, "U/mL", "kU/L", 37),
    (2.5, "uIU/mL", "mIU/L", 2.5), (50, "%", "1", 0.5), (17.1, "μmol/L", "umol/L", 17.1), (8, "毫米", "cm", 0.8),
  ])
  func convertsWithinAQuantity(value: Double, from: String, to: String, expected: Double) throws {
    let (from, to) = (try #require(ClinicalUnit(from)), try #require(ClinicalUnit(to)))
    let converted = try #require(from.convert(value, to: to))
    #expect(abs(converted - expected) < 1e-9 * max(1, abs(expected)))
    let back = try #require(to.convert(converted, to: from))
    #expect(abs(back - value) < 1e-9 * max(1, abs(value)))
  }

  @Test func doesNotGuess() {
    for text in ["furlong", "", "mol", "mm2"] { #expect(ClinicalUnit(text) == nil, "\(text)") }
    // What one unit is in grams depends on the substance.
    #expect(ClinicalUnit("mmol/L")?.convert(1, to: ClinicalUnit("mg/dL") ?? .init("m")!) == nil)
    #expect(ClinicalUnit("cm")?.convert(1, to: ClinicalUnit("kg") ?? .init("m")!) == nil)
    // Case is heeded where two units differ by it alone.
    #expect(ClinicalUnit("CM")?.symbol == "cm" && ClinicalUnit("KPA")?.symbol == "kPa")
  }
}
