import DICOM
import Foundation
import Testing

@testable import Deidentification

@Suite struct TableTests {
  /// Counted in the standard's own table: 620 single attributes in the edition of September 2024, 31 new ones after.
  @Test func allRowsAreRead() {
    #expect(ConfidentialityTable.rules.count == confidentialityRows.split(separator: "\n").count)
    #expect(ConfidentialityTable.rules.count == 651)
    func count(_ option: ConfidentialityTable.Option) -> Int {
      ConfidentialityTable.rules.values.count { $0.options[option] != nil }
    }
    #expect(count(.retainUIDs) == 60 && count(.retainDevice) == 59 && count(.retainInstitution) == 10)
    #expect(count(.fullDates) == 169 && count(.modifiedDates) == 169 && count(.retainPatient) == 19)
  }

  /// By hand from PS3.15 Table E.1-1 (HTML of an earlier edition, rows that did not change).
  @Test(
    arguments: [
      ("00080050", "Z"), ("00184000", "X"), ("00400555", "X/Z"), ("00080022", "X/Z"), ("0008002a", "X/Z/D"),
      ("00181400", "X/D"), ("001811bb", "D"), ("00189424", "X"), ("00080032", "X/Z"), ("001021b0", "X"),
      ("00380010", "X"), ("00081080", "X"), ("00102110", "X"), ("00120060", "Z"), ("00120081", "D"),
      ("00120020", "D"), ("00120021", "Z"), ("00120010", "D"), ("00120040", "D"), ("00209161", "U"),
      ("0008009c", "Z"), ("00700084", "Z/D"), ("00080023", "Z/D"), ("0040a730", "D"), ("00080033", "Z/D"),
      ("00180010", "Z/D"), ("00082111", "X"), ("0018700a", "X/D"), ("00181000", "X/Z/D"), ("00181002", "U"),
      ("04000100", "U"), ("00200052", "U"), ("00100030", "Z"), ("00100010", "Z"), ("00080018", "U"),
    ])
  func action(_ row: (String, String)) throws {
    let number = try #require(UInt32(row.0, radix: 16))
    let tag = Tag(UInt16(number >> 16), UInt16(number & 0xffff))
    #expect(ConfidentialityTable.rules[tag]?.action.rawValue == row.1)
  }

  @Test func combinationsFollowTheType() {
    func treatment(_ group: UInt16, _ element: UInt16, _ isUltrasound: Bool) -> Treatment? {
      let tag = Tag(group, element)
      return ConfidentialityTable.rules[tag].map { Treatment.basic(tag, $0.action, isUltrasound: isUltrasound) }
    }
    // Institution Name: X/Z/D, Type 3 in an ultrasound image; Content Date: Z/D, Type 2.
    #expect(treatment(0x0008, 0x0080, true) == .remove && treatment(0x0008, 0x0080, false) == .dummy)
    #expect(treatment(0x0008, 0x0023, true) == .empty && treatment(0x0008, 0x0023, false) == .dummy)
    // Acquisition Date: X/Z; where the Type is not known it is left empty.
    #expect(treatment(0x0008, 0x0022, true) == .remove && treatment(0x0008, 0x0022, false) == .empty)
    #expect(treatment(0x0008, 0x2112, false) == .keep, "X/Z/U*: references stay, with other UIDs")
  }

  @Test func optionsGoBeforeTheProfile() throws {
    var options = DeidentificationOptions()
    func treatment(_ group: UInt16, _ element: UInt16) throws -> Treatment {
      let tag = Tag(group, element)
      return Treatment.of(tag, try #require(ConfidentialityTable.rules[tag]), options, isUltrasound: true)
    }
    #expect(try treatment(0x0008, 0x0020) == .shift)
    #expect(try treatment(0x0018, 0x1200) == .shift, "a calibration's date is shifted though the device is kept")
    options.dates = .keep
    #expect(try treatment(0x0008, 0x0020) == .keep && treatment(0x0010, 0x0030) == .empty)
    options.dates = .remove
    #expect(try treatment(0x0008, 0x0020) == .empty)
    #expect(try treatment(0x0018, 0x1000) == .remove)
    options.keepsDevice = true
    #expect(try treatment(0x0018, 0x1000) == .keep && treatment(0x0018, 0x1200) == .keep)
    #expect(try treatment(0x0010, 0x1010) == .keep)
    options.keepsPatientCharacteristics = false
    #expect(try treatment(0x0010, 0x1010) == .remove && treatment(0x0010, 0x0040) == .empty)
    #expect(try treatment(0x0020, 0x000d) == .uid)
    options.keepsUIDs = true
    #expect(try treatment(0x0020, 0x000d) == .keep)
    #expect(try treatment(0x0008, 0x0080) == .remove)
    options.keepsInstitution = true
    #expect(try treatment(0x0008, 0x0080) == .keep)
    #expect(try treatment(0x0008, 0x1030) == .descriptor)
    options.cleansDescriptors = false
    #expect(try treatment(0x0008, 0x1030) == .remove)
  }
}
