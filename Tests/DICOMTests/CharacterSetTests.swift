import DICOM
import Testing

/// Names in the scripts of PS3.5 annexes H to J; the bytes are those of its examples.
@Suite struct CharacterSetTests {
  @Test(arguments: [
    ("ISO_IR 100", [0x42, 0x75, 0x63, 0x5e, 0x4a, 0xe9, 0x72, 0xf4, 0x6d, 0x65], "Buc^Jérôme"),
    ("ISO_IR 192", Array("王^小东".utf8).map { Int($0) }, "王^小东"),
    ("GB18030", [0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab], "王^小东"),
    ("GBK", [0xcd, 0xf5, 0x5e, 0xd0, 0xa1, 0xb6, 0xab], "王^小东"),
    ("ISO_IR 144", [0xbb, 0xee, 0xda], "Люк"),
    ("\\ISO 2022 IR 149", [0x48, 0x3d, 0x1b, 0x24, 0x29, 0x43, 0xfb, 0xf3, 0x5e, 0xd1, 0xce, 0xd4, 0xd7], "H=洪^吉洞"),
    ("\\ISO 2022 IR 87", [0x59, 0x3d, 0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42, 0x5e], "Y=山田^"),
    ("ISO_IR 13", [0xd4, 0xcf, 0xc0, 0xde], "ﾔﾏﾀﾞ"),
    ("", [0x4a, 0xe9], "Jé"),
  ])
  func names(set: String, bytes: [Int], text: String) throws {
    var writer = DICOMWriter()
    writer.text(.characterSet, "CS", set)
    writer.raw(.patientName, "PN", bytes.map { UInt8($0) })
    #expect(try writer.file().opened().dataSet.string(.patientName) == text)
  }

  /// The second byte of a character may be the code of a backslash; an item inherits the set or has its own.
  @Test func setsOfItemsAndBytesThatLookLikeBackslashes() throws {
    var writer = DICOMWriter()
    writer.text(.characterSet, "CS", "GBK")
    writer.sequence(
      Tag(0x0008, 0x1140),
      [
        { $0.raw(.patientName, "PN", [0x81, 0x5c]) },
        {
          $0.text(.characterSet, "CS", "ISO_IR 100")
          $0.raw(.patientName, "PN", [0xe9])
        },
      ])
    writer.raw(.patientName, "PN", [0xd0, 0xa1, 0xff, 0x41])
    let set = try writer.file().opened().dataSet
    let items = set.items(Tag(0x0008, 0x1140))
    #expect(try items.map { try $0.string(.patientName) } == ["乗", "é"])
    #expect(try set.string(.patientName)?.hasPrefix("小\u{fffd}") == true)
  }
}
