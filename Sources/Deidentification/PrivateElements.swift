import DICOM

/// Which private elements are safe to keep: those of PS3.15 Table E.3.10-1 (2025b), and those that the file itself calls so in
/// Private Data Element Characteristics Sequence (0008,0300).
struct PrivateElements {
  /// Creators of the blocks of this data set, by group and the high byte of the elements.
  private var creators: [Tag: String] = [:]
  private var declared: [Declared] = []

  private struct Declared {
    let group: Int
    let creator: String
    let status: String
    let elements: Set<Int>
  }

  init(_ set: DataSet) throws(DICOMError) {
    for element in set.elements where element.tag.group % 2 == 1 && (0x10...0xff).contains(element.tag.element) {
      creators[element.tag] = try set.text(element.tag).trimmed
    }
    for item in set.items(Tag(0x0008, 0x0300)) {
      declared.append(
        Declared(
          group: try item.integer(Tag(0x0008, 0x0301)) ?? 0, creator: try item.string(Tag(0x0008, 0x0302)) ?? "",
          status: try item.string(Tag(0x0008, 0x0303)) ?? "",
          elements: Set(try item.integers(Tag(0x0008, 0x0304)))))
    }
  }

  func isSafe(_ tag: Tag) -> Bool {
    guard let creator = creators[Self.creatorTag(of: tag)] else { return false }
    let element = Int(tag.element & 0xff)
    if Self.safe[Block(group: tag.group, creator: creator)]?.contains(element) == true { return true }
    return declared.contains { block in
      block.group == Int(tag.group) && block.creator == creator
        && (block.status == "SAFE" || (block.status == "MIXED" && block.elements.contains(element)))
    }
  }

  /// The element that names the creator of a private element's block.
  static func creatorTag(of tag: Tag) -> Tag { Tag(tag.group, tag.element >> 8) }

  private struct Block: Hashable {
    let group: UInt16
    let creator: String
  }

  private static let safe: [Block: Set<Int>] = {
    var safe: [Block: Set<Int>] = [:]
    for row in rows.split(separator: "\n") {
      let parts = row.split(separator: "|")
      guard parts.count == 2, let group = UInt16(parts[0].prefix(4), radix: 16) else { continue }
      let block = Block(group: group, creator: String(parts[0].dropFirst(5)))
      safe[block, default: []].formUnion(parts[1].split(separator: " ").compactMap { Int($0, radix: 16) })
    }
    return safe
  }()

  /// Group, creator, elements within the creator's block.
  private static let rows = """
    00e1 ELSCINT1|21 50
    01e1 ELSCINT1|26
    01f1 ELSCINT1|01 07 26 27
    0019 GEMS_ACQU_01|23 24 27 9e
    0045 GEMS_HELIOS_01|02
    0043 GEMS_PARM_01|39 6f
    2001 Philips Imaging DD 001|01 02 03 04 06 07 08 09 0a 0b 0c 0e 10 11 12 19 1a 1b 1c 1d 1e 1f 21 22 23 24 26 2d
    2001 Philips Imaging DD 001|32 33 35 36 46 47 48 4b 4c 4d 4e 55 56 61 62 63 69 6a 6e 77 7a 7b 81 82 83 84 85 86
    2001 Philips Imaging DD 001|88 89 8a 9f a3 c1 cb f1 f2
    2005 Philips MR Imaging DD 001|0d 0e
    7053 Philips PET Private Group|00 09
    0019 SIEMENS MR HEADER|0c 0d 0e 27
    """
}
