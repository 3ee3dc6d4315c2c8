/// The colours that the values of a PALETTE COLOR frame stand for (PS3.3 C.7.9), reduced to 8 bits.
struct PaletteTable: Sendable {
  /// 65,536 triples, by the low 16 bits of the stored value.
  private let triples: [UInt8]

  init(_ file: DICOMFile) throws(DICOMError) {
    var channels: [(first: Int, values: [UInt16], bits: Int)] = []
    for index in 0..<3 { channels.append(try Self.channel(file, index)) }
    // Tables are met that say 16 bits and hold 8.
    let isNarrow = channels.allSatisfy { $0.bits <= 8 || $0.values.allSatisfy { $0 < 256 } }
    var triples = [UInt8](repeating: 0, count: 65536 * 3)
    for (index, channel) in channels.enumerated() {
      for stored in 0..<65536 {
        // Values outside the table take its first or last entry.
        let entry = min(max(stored - channel.first, 0), channel.values.count - 1)
        let value = channel.values[entry]
        triples[3 * stored + index] = UInt8(truncatingIfNeeded: isNarrow ? value : value >> 8)
      }
    }
    self.triples = triples
  }

  func rgb(_ frame: StoredFrame) -> [UInt8] {
    let count = frame.rows * frame.columns
    guard frame.bytesPerSample <= 2, frame.bytes.count == count * frame.bytesPerSample else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count * 3) { to, filled in
      frame.bytes.withUnsafeBytes { raw in
        triples.withUnsafeBufferPointer { table in
          for index in 0..<count {
            let stored =
              frame.bytesPerSample == 1
              ? Int(raw[index]) : Int(raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
            to[3 * index] = table[3 * stored]
            to[3 * index + 1] = table[3 * stored + 1]
            to[3 * index + 2] = table[3 * stored + 2]
          }
        }
      }
      filled = count * 3
    }
  }

  /// The lowest of the first `count` stored values whose colour is the darkest among them.
  func darkest(below count: Int) -> Int {
    let values = 0..<max(1, min(count, 65536))
    func sum(_ value: Int) -> Int { (0..<3).reduce(0) { $0 + Int(triples[3 * value + $1]) } }
    return values.min { sum($0) < sum($1) } ?? 0
  }

  private static func channel(
    _ file: DICOMFile, _ index: Int
  ) throws(DICOMError) -> (first: Int, values: [UInt16], bits: Int) {
    let tag = Tag.paletteDescriptors[index]
    let descriptor = try file.dataSet.integers(tag)
    guard descriptor.count == 3, [8, 16].contains(descriptor[2]) else {
      throw .attribute(
        file: file.name, attribute: "\(tag)", expected: "entries, first value, 8 or 16 bits",
        found: descriptor.isEmpty ? "nothing" : "\(descriptor)")
    }
    let entries = descriptor[0] & 0xffff == 0 ? 65536 : descriptor[0] & 0xffff
    var values = try LookupData.words(
      file.dataSet, Tag.paletteData[index], entries: entries, bits: descriptor[2])
    if values.isEmpty {
      values = try SegmentedPalette.expanded(file.dataSet, Tag.segmentedPaletteData[index], entries: entries)
    }
    guard values.count >= entries else {
      throw .attribute(
        file: file.name, attribute: "\(Tag.paletteData[index])", expected: "\(entries) entries",
        found: "\(values.count)")
    }
    // Where values are signed the first may be negative; it then stands for the same 16 bits.
    return (descriptor[1] & 0xffff, Array(values[..<entries]), descriptor[2])
  }
}

/// The entries of a lookup table, whichever way they are packed.
enum LookupData {
  /// Bytes where the table has one a entry, else words. Empty where the attribute is absent.
  static func words(_ set: DataSet, _ tag: Tag, entries: Int, bits: Int) throws(DICOMError) -> [UInt16] {
    let bytes = try set.bytes(tag)
    if bytes.count >= 2 * entries { return try set.binary(tag, as: UInt16.self) }
    guard bits == 8 || bytes.count == entries else { return try set.binary(tag, as: UInt16.self) }
    // Two entries to a word of the file's byte order.
    guard set.isBigEndian, set.element(tag)?.vr == .ow else { return bytes.map { UInt16($0) } }
    return try set.binary(tag, as: UInt16.self).flatMap { [$0 & 0xff, $0 >> 8] }
  }
}
