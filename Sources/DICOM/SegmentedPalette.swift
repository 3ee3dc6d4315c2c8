/// Palettes stored as segments (PS3.3 C.7.9.2): plain entries, straight lines, and repetitions of earlier segments.
enum SegmentedPalette {
  static func expanded(_ set: DataSet, _ tag: Tag, entries: Int) throws(DICOMError) -> [UInt16] {
    let words = try set.binary(tag, as: UInt16.self)
    var values: [UInt16] = []
    var position = 0
    func corrupt() -> DICOMError { .corrupt(file: set.source.name, detail: "\(tag): its segments do not fit together") }
    while position + 1 < words.count, values.count < entries {
      guard let length = append(words, at: position, to: &values, mayRepeat: true) else { throw corrupt() }
      position += length
    }
    guard values.count <= 65536 else { throw corrupt() }
    return values
  }

  /// Appends the segment at `position`; returns its length in words, or nil where it does not fit.
  private static func append(
    _ words: [UInt16], at position: Int, to values: inout [UInt16], mayRepeat: Bool
  ) -> Int? {
    guard position + 1 < words.count, values.count <= 65536 else { return nil }
    let count = Int(words[position + 1])
    switch words[position] {
    case 0:
      guard position + 2 + count <= words.count else { return nil }
      values.append(contentsOf: words[(position + 2)..<(position + 2 + count)])
      return 2 + count
    case 1:
      guard let from = values.last, position + 2 < words.count else { return nil }
      let (start, end) = (Double(from), Double(words[position + 2]))
      for step in 0..<count {
        values.append(UInt16((start + (end - start) * Double(step + 1) / Double(count)).rounded()))
      }
      return 3
    case 2 where mayRepeat:
      guard position + 3 < words.count else { return nil }
      var repeated = Int(words[position + 2]) | Int(words[position + 3]) << 16
      for _ in 0..<count {
        guard let length = append(words, at: repeated, to: &values, mayRepeat: false) else { return nil }
        repeated += length
      }
      return 4
    default:
      return nil
    }
  }
}
