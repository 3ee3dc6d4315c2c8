/// A modality or VOI lookup table (PS3.3 C.11.1.1, C.11.2.1.1): an entry for each value from `first` on; values outside take
/// the first or last entry.
struct ValueTable: Sendable {
  /// May be below 0.
  let first: Int
  /// Not empty.
  let entries: [UInt16]
  /// Of an entry, as the descriptor says.
  let bits: Int

  func entry(_ value: Double) -> UInt16 {
    let place = min(max((value - Double(first)).rounded(.down), 0), Double(entries.count - 1))
    return place.isNaN ? entries[0] : entries[Int(place)]
  }

  /// The table of the sequence's first item; nil where there is none. Items are met that hold nothing.
  /// - Parameter isSigned: whether the values that are looked up may be below 0. The first value is then written with a sign,
  ///   which files are met to mark as none.
  init?(_ file: DICOMFile, _ sequence: Tag, isSigned: Bool) throws(DICOMError) {
    guard let item = file.dataSet.items(sequence).first else { return nil }
    let descriptor = try item.integers(.lutDescriptor)
    guard !descriptor.isEmpty else { return nil }
    guard descriptor.count == 3 else {
      throw .attribute(
        file: file.name, attribute: "\(Tag.lutDescriptor)", expected: "entries, first value, bits",
        found: "\(descriptor)")
    }
    let count = descriptor[0] & 0xffff == 0 ? 65536 : descriptor[0] & 0xffff
    let values = try LookupData.words(item, .lutData, entries: count, bits: descriptor[2])
    guard values.count >= count else {
      throw .attribute(
        file: file.name, attribute: "\(Tag.lutData)", expected: "\(count) entries", found: "\(values.count)")
    }
    let first = descriptor[1]
    (self.first, entries) = (isSigned && first >= 0x8000 ? first - 0x10000 : first, Array(values[..<count]))
    bits = min(max(descriptor[2], 1), 16)
  }
}
