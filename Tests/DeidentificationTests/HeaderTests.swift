import DICOM
import Foundation
import Testing

@testable import Deidentification

@Suite struct HeaderTests {
  private func value(_ file: DICOMFile, _ group: UInt16, _ element: UInt16) throws -> String? {
    try file.dataSet.string(DICOM.Tag(group, element))
  }

  private func has(_ file: DICOMFile, _ group: UInt16, _ element: UInt16) -> Bool {
    file.dataSet.contains(DICOM.Tag(group, element))
  }

  @Test func theProfileAndItsDefaults() throws {
    let file = try deidentified(Planted())
    let pseudonym = DeidentificationKey.test.pseudonym(for: "id:SH0012345")
    #expect(try value(file, 0x10, 0x10) == pseudonym && value(file, 0x10, 0x20) == pseudonym)
    // Z: there, and empty.
    for (group, element) in [(0x08, 0x50), (0x08, 0x90), (0x10, 0x30), (0x20, 0x10)] as [(UInt16, UInt16)] {
      #expect(try has(file, group, element) && file.dataSet.bytes(Tag(group, element)).isEmpty)
    }
    // X, and combinations that are Type 3 in ultrasound images.
    for (group, element) in [
      (0x08, 0x80), (0x08, 0x81), (0x08, 0x1010), (0x10, 0x1040), (0x10, 0x4000), (0x18, 0x1000), (0x18, 0x5021),
    ] as [(UInt16, UInt16)] {
      let bytes = try file.dataSet.bytes(Tag(group, element))
      #expect(bytes.isEmpty, "\(Tag(group, element))")
    }
    #expect(try value(file, 0x08, 0x1030) == "Breast left")
    #expect(try value(file, 0x08, 0x103e) == "右 乳 结节 随访" && value(file, 0x08, 0x05) == "ISO_IR 192")
    #expect(try value(file, 0x18, 0x1030) == "Breast Doppler")
    // Kept: what the picture is, who made the machine, what a clinic needs.
    #expect(try value(file, 0x08, 0x70) == "Maker" && value(file, 0x08, 0x1090) == "EPIQ 7")
    #expect(
      try value(file, 0x10, 0x40) == "F" && value(file, 0x10, 0x1010) == "090Y" && value(file, 0x10, 0x1030) == "61.5")
    #expect(try value(file, 0x20, 0x13) == "7")
    #expect(try file.ultrasoundRegions().first?.maxX == 5)
  }

  @Test func theMethodIsWritten() throws {
    let file = try deidentified(Planted())
    #expect(try value(file, 0x12, 0x62) == "YES" && value(file, 0x28, 0x303) == "MODIFIED")
    #expect(try value(file, 0x12, 0x63) == "Insonate, DICOM PS3.15 Annex E")
    #expect(try file.dataSet.strings(DICOM.Tag(0x12, 0x63)).allSatisfy { $0.count <= 64 })
    let codes = try file.dataSet.items(DICOM.Tag(0x12, 0x64)).map { try $0.string(DICOM.Tag(8, 0x100)) }
    #expect(codes == ["113100", "113105", "113107", "113108"])
    #expect(!has(file, 0x28, 0x301), "nobody looked at the pixels")
    var all = DeidentificationOptions()
    all.dates = .keep
    (all.keepsDevice, all.keepsInstitution, all.keepsUIDs, all.keepsSafePrivate) = (true, true, true, true)
    let kept = try deidentified(Planted(), all)
    let more = try kept.dataSet.items(DICOM.Tag(0x12, 0x64)).map { try $0.string(DICOM.Tag(8, 0x100)) }
    #expect(more == ["113100", "113105", "113106", "113108", "113109", "113110", "113111", "113112"])
    #expect(try value(kept, 0x28, 0x303) == "UNMODIFIED" && value(kept, 0x08, 0x20) == "20200310")
    #expect(try value(kept, 0x18, 0x1000) == "SN-998877" && value(kept, 0x08, 0x80) == "Ruijin Hospital")
    #expect(try value(kept, 0x08, 0x18) == "1.2.3.4.5")
    all.dates = .remove
    let removed = try deidentified(Planted(), all)
    #expect(try value(removed, 0x28, 0x303) == "REMOVED" && value(removed, 0x08, 0x20) == nil)
    #expect(!has(removed, 0x08, 0x21))
  }

  @Test func intervalsStay() throws {
    let file = try deidentified(Planted())
    let days = DeidentificationKey.test.shift(for: "id:SH0012345")
    #expect(try value(file, 0x08, 0x20) == days.date("20200310") && value(file, 0x08, 0x22) == days.date("20200311"))
    #expect(try value(file, 0x08, 0x2a) == days.dateTime("20200310101500.25+0800"))
    #expect(try value(file, 0x08, 0x30) == "101500")
    var wrong = Planted()
    wrong.text(0x08, 0x20, .da, "some day")
    #expect(try value(deidentified(wrong), 0x08, 0x20) == nil, "what is no date is not kept")
  }

  @Test func uidsOfAStudyStayTogether() throws {
    var first = Planted(instance: "1.2.3.4.5")
    first.items(
      Tag(0x0008, 0x1140),
      [
        { item in
          item.set(DICOM.Tag(0x0008, 0x1150), .ui, text: "1.2.840.10008.5.1.4.1.1.6.1")
          item.set(DICOM.Tag(0x0008, 0x1155), .ui, text: "1.2.3.4.6")
        }
      ])
    let (one, other) = (try deidentified(first), try deidentified(Planted(instance: "1.2.3.4.6")))
    #expect(try value(one, 0x20, 0x0d) == value(other, 0x20, 0x0d))
    let reference = try #require(one.dataSet.items(DICOM.Tag(0x0008, 0x1140)).first)
    #expect(try reference.string(DICOM.Tag(0x0008, 0x1155)) == value(other, 0x08, 0x18))
    #expect(try reference.string(DICOM.Tag(0x0008, 0x1150)) == "1.2.840.10008.5.1.4.1.1.6.1")
    #expect(try one.meta.string(DICOM.Tag(2, 3)) == value(one, 0x08, 0x18))
  }

  @Test func privateCurvesOverlaysSignaturesAndUnknownsGo() throws {
    var planted = Planted()
    planted.text(0x0009, 0x0010, .lo, "ACME")
    planted.text(0x0009, 0x1001, .lo, "WANG^XIAODONG")
    planted.text(0x5000, 0x2500, .lo, "curve")
    planted.text(0x6000, 0x0022, .lo, "overlay of Wang")
    planted.set.set(EditableElement(Tag(0x6000, 0x3000), .ow, .bytes([1, 2])))
    planted.text(0x0008, 0x7777, .lo, "nobody knows")
    planted.items(Tag(0xfffa, 0xfffa), [{ $0.set(DICOM.Tag(0x0400, 0x0100), .ui, text: "1.2.9") }])
    planted.items(Tag(0x0088, 0x0200), [{ $0.set(DICOM.Tag(0x0028, 0x0010), .us, numbers: [1]) }])
    let file = try deidentified(planted)
    for element in file.dataSet.elements {
      #expect(element.tag.group % 2 == 0 && !element.tag.isRepeatingGraphics && element.tag.group != 0xfffa)
    }
    #expect(!has(file, 0x08, 0x7777) && !has(file, 0x88, 0x200))
  }

  @Test func safePrivateElementsStayOnWish() throws {
    var planted = Planted()
    planted.text(0x2001, 0x0010, .lo, "Philips Imaging DD 001")
    planted.text(0x2001, 0x1006, .cs, "N")
    planted.text(0x2001, 0x1099, .lo, "not in the list")
    planted.text(0x0011, 0x0010, .lo, "ACME")
    planted.text(0x0011, 0x1001, .lo, "said to be safe")
    planted.text(0x0011, 0x1002, .lo, "not said")
    planted.text(0x0011, 0x1003, .lo, "safe, but of WANG")
    planted.items(
      Tag(0x0008, 0x0300),
      [
        { item in
          item.set(DICOM.Tag(0x0008, 0x0301), .us, numbers: [0x11])
          item.set(DICOM.Tag(0x0008, 0x0302), .lo, text: "ACME")
          item.set(DICOM.Tag(0x0008, 0x0303), .cs, text: "MIXED")
          item.set(DICOM.Tag(0x0008, 0x0304), .us, numbers: [1, 3])
        }
      ])
    var options = DeidentificationOptions()
    options.keepsSafePrivate = true
    let file = try deidentified(planted, options)
    #expect(try value(file, 0x2001, 0x1006) == "N" && value(file, 0x2001, 0x10) == "Philips Imaging DD 001")
    #expect(try value(file, 0x11, 0x1001) == "said to be safe" && value(file, 0x11, 0x1003) == "REMOVED")
    #expect(!has(file, 0x2001, 0x1099) && !has(file, 0x11, 0x1002))
    #expect(try deidentified(planted).dataSet.elements.allSatisfy { $0.tag.group % 2 == 0 })
  }

  @Test func sequencesAreCleanedInside() throws {
    var planted = Planted()
    planted.items(
      Tag(0x0018, 0x6011),
      [
        { item in
          item.set(.regionDataType, .us, numbers: [2])
          item.set(DICOM.Tag(0x0008, 0x1070), .pn, text: "LI^Wenliang")
          item.set(DICOM.Tag(0x0009, 0x0010), .lo, text: "ACME")
        }
      ])
    planted.items(
      Tag(0x0008, 0x1032),
      [
        { item in
          item.set(DICOM.Tag(0x0008, 0x0100), .sh, text: "B1")
          item.set(DICOM.Tag(0x0008, 0x0102), .sh, text: "99RUIJIN")
          item.set(DICOM.Tag(0x0008, 0x0104), .lo, text: "Ruijin breast")
        },
        { item in
          item.set(DICOM.Tag(0x0008, 0x0100), .sh, text: "47079000")
          item.set(DICOM.Tag(0x0008, 0x0102), .sh, text: "SCT")
          item.set(DICOM.Tag(0x0008, 0x0104), .lo, text: "Ultrasonography of breast")
        },
      ])
    let file = try deidentified(planted)
    let region = try #require(file.dataSet.items(.ultrasoundRegions).first)
    #expect(try region.integer(.regionDataType) == 2 && !region.contains(DICOM.Tag(0x0009, 0x0010)))
    // Operators' Name, X/Z/D, in an item whose Type nobody knows.
    #expect(try region.string(DICOM.Tag(0x0008, 0x1070)) == "Removed")
    let codes = file.dataSet.items(DICOM.Tag(0x0008, 0x1032))
    #expect(try codes.map { try $0.string(DICOM.Tag(0x0008, 0x0104)) } == ["Ultrasonography of breast"])
  }

  /// The same token in every text attribute that the dictionary knows, and in items.
  @Test func aNamePlantedEverywhereIsGone() throws {
    var planted = Planted(name: "QUENTIN^Xaverius=柳宗元^子厚")
    var count = 0
    for group in [0x08, 0x10, 0x12, 0x18, 0x20, 0x32, 0x38, 0x40] as [UInt16] {
      for element in UInt16(0x0011)...0x2400 {
        let tag = DICOM.Tag(group, element)
        guard let vr = tag.standardRepresentation, [.lo, .lt, .sh, .st, .ut, .pn, .uc].contains(vr),
          planted.set[tag] == nil
        else { continue }
        planted.set.set(tag, vr, text: count % 2 == 0 ? "Xaverius" : "病人柳宗元子厚")
        count += 1
      }
    }
    #expect(count > 150)
    planted.items(Tag(0x0040, 0x0260), [{ $0.set(DICOM.Tag(0x0008, 0x0104), .lo, text: "of Quentin") }])
    planted.items(Tag(0x0018, 0x9346), [{ $0.set(DICOM.Tag(0x0008, 0x0104), .lo, text: "of Quentin") }])
    for options in [DeidentificationOptions(), everything] {
      let made = try Deidentifier(options: options, key: .test).deidentify(planted.file()).bytes()
      let lower = made.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
      for token in ["xaverius", "quentin", "柳宗元", "子厚"] {
        let encoder = try #require(TokenBytes(token, .name))
        #expect(!encoder.isContained(in: lower), "\(token)")
      }
    }
  }

  private var everything: DeidentificationOptions {
    var options = DeidentificationOptions()
    (options.keepsDevice, options.keepsSafePrivate, options.cleansDescriptors) = (true, true, false)
    options.dates = .keep
    return options
  }

  /// GB18030, as files of China have it.
  @Test func chineseNames() throws {
    var planted = Planted()
    planted.text(0x08, 0x05, .cs, "GB18030")
    // 王^小东; 乳腺 王小东 左.
    planted.set.set(EditableElement(Tag(0x10, 0x10), .pn, .bytes([0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab, 0x20])))
    planted.set.set(
      EditableElement(
        Tag(0x08, 0x103e), .lo,
        .bytes([0xc8, 0xe9, 0xcf, 0xd9, 0x20, 0xcd, 0xf5, 0xd0, 0xa1, 0xb6, 0xab, 0x20, 0xd7, 0xf3])))
    let bytes = try DICOMFileWriter().bytes(of: planted.set)
    let made = try Deidentifier(key: .test).deidentify(bytes: bytes, name: "chinese")
    let file = try DICOMFile(name: "made", bytes: made)
    #expect(try value(file, 0x08, 0x103e) == "乳腺 左" && value(file, 0x08, 0x05) == "ISO_IR 192")
  }

  @Test func anIdentityThatIsLeftIsAnError() throws {
    // A comment in a JPEG frame: the header's cleaning does not see it.
    var planted = Planted(frames: 1)
    let frame: [UInt8] = [0xff, 0xd8, 0xff, 0xfe, 0, 10] + Array("xiaodong".utf8) + [0xff, 0xd9]
    let fragments = DICOMFixture.encapsulated(planted, frame)
    #expect(throws: DeidentificationError.self) {
      _ = try Deidentifier(key: .test).deidentify(bytes: fragments, name: "comment")
    }
    planted.text(0x10, 0x10, .pn, "OTHER^PERSON")
    #expect(throws: Never.self) {
      _ = try Deidentifier(key: .test).deidentify(bytes: DICOMFixture.encapsulated(planted, frame), name: "comment")
    }
  }

  @Test func whatIsNoImageIsRefused() throws {
    var report = Planted()
    report.set.remove(.pixels)
    #expect(throws: DeidentificationError.self) { try deidentified(report) }
    #expect(throws: DeidentificationError.self) {
      _ = try Deidentifier(key: .test).deidentify(bytes: [1, 2, 3], name: "three bytes")
    }
    var nameless = Planted()
    for tag in [DICOM.Tag.sopInstance, .studyInstance, DICOM.Tag(0x20, 0x0e), .patientID, .patientName] {
      nameless.set.remove(tag)
    }
    let made = try Deidentifier(key: .test).deidentify(nameless.file())
    #expect(made.path.allSatisfy { $0.hasPrefix("2.25.") || $0.hasPrefix("P") } && made.notes.count == 3)
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let one = try Deidentifier(key: .test).deidentify(Planted().file()).bytes()
    #expect(try one == Deidentifier(key: .test).deidentify(Planted().file()).bytes())
    // De-identified again, nothing of the first pseudonym stays.
    let again = try DICOMFile(name: "twice", bytes: Deidentifier(key: .random()).deidentify(bytes: one, name: "twice"))
    #expect(try value(again, 0x10, 0x20) != value(DICOMFile(name: "once", bytes: one), 0x10, 0x20))
  }
}

enum DICOMFixture {
  /// One frame in one fragment, JPEG Baseline.
  static func encapsulated(_ planted: Planted, _ frame: [UInt8]) -> [UInt8] {
    var set = planted.set
    set.remove(.pixels)
    set.set(.sopClass, .ui, text: "1.2.840.10008.5.1.4.1.1.6.1")
    set.set(.numberOfFrames, .is, text: "1")
    guard let syntax = TransferSyntax.standard("1.2.840.10008.1.2.4.50"),
      var bytes = try? DICOMFileWriter(syntax).bytes(of: set)
    else { return [] }
    let padded = frame.count % 2 == 0 ? frame : frame + [0]
    bytes += [0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]
    bytes += [0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0, 0xe0]
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: padded.count >> (8 * $0)) } + padded
    return bytes + [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]
  }
}
