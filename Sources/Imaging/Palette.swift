/// The colours of an indexed picture; entries the file does not give are black, as in Pillow.
struct Palette {
  /// 256 x red, green, blue.
  var triples = [UInt8](repeating: 0, count: 768)

  var isColor: Bool {
    for entry in 0..<256
    where triples[3 * entry] != triples[3 * entry + 1] || triples[3 * entry] != triples[3 * entry + 2] { return true }
    return false
  }

  /// The colour of each index, three bytes a pixel.
  func applied(to indices: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: indices.count * 3) { to, filled in
      triples.withUnsafeBufferPointer { colors in
        indices.withUnsafeBufferPointer { from in
          for index in from.indices {
            let entry = 3 * Int(from[index])
            to[3 * index] = colors[entry]
            to[3 * index + 1] = colors[entry + 1]
            to[3 * index + 2] = colors[entry + 2]
          }
        }
      }
      filled = indices.count * 3
    }
  }
}
