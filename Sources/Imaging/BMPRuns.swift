/// The run-length compressions of a BMP: RLE8 and RLE4, one byte an index after decoding.
enum BMPRuns {
  /// Indices in the file's row order. Pixels skipped by a delta or an early end of line are 0; a stream that ends before the
  /// last pixel is an error, as in Pillow.
  static func decode(_ source: StillSource, _ header: BMPHeader) throws(ImagingError) -> [UInt8] {
    let total = header.width * header.height
    var written = 0
    let indices: [UInt8] = try .filled(count: total) { (to) throws(ImagingError) in
      written = source.data.withUnsafeBufferPointer { data in
        var runs = Runs(
          data: data, at: header.pixelOffset, width: header.width, nibbles: header.compression == 2, out: to)
        runs.decode()
        return runs.written
      }
      guard written == total else {
        throw .truncated(
          file: source.name, detail: "the run-length code gives \(written) of \(total) pixels")
      }
    }
    return indices
  }

  static func fromTop(_ indices: [UInt8], _ header: BMPHeader) -> [UInt8] {
    let flip = header.topDown ? Orientation.upright : .flipped
    return flip.applied(to: indices, width: header.width, height: header.height, channels: 1)
  }
}

private struct Runs {
  let data: UnsafeBufferPointer<UInt8>
  var at: Int
  let width: Int
  let nibbles: Bool
  let out: UnsafeMutableBufferPointer<UInt8>
  var written = 0
  /// The column as the code counts it.
  private var x = 0

  init(data: UnsafeBufferPointer<UInt8>, at: Int, width: Int, nibbles: Bool, out: UnsafeMutableBufferPointer<UInt8>) {
    (self.data, self.at, self.width, self.nibbles, self.out) = (data, at, width, nibbles, out)
  }

  private mutating func next() -> UInt8? {
    guard at < data.count else { return nil }
    defer { at += 1 }
    return data[at]
  }

  private mutating func put(_ value: UInt8) {
    guard written < out.count else { return }
    out[written] = value
    written += 1
  }

  mutating func decode() {
    while written < out.count, let count = next(), let value = next() {
      switch (count, value) {
      case (1..., _): encoded(Int(count), value)
      case (0, 0):
        while written % width != 0 { put(0) }
        x = 0
      case (0, 1): return
      case (0, 2):
        guard let right = next(), let up = next() else { return }
        for _ in 0..<min(out.count - written, Int(right) + Int(up) * width) { put(0) }
        x = written % width
      default:
        guard absolute(Int(value)) else { return }
      }
    }
  }

  private mutating func encoded(_ count: Int, _ value: UInt8) {
    let count = max(0, min(count, width - x))
    for index in 0..<count { put(nibbles ? (index % 2 == 0 ? value >> 4 : value & 15) : value) }
    x += count
  }

  private mutating func absolute(_ declared: Int) -> Bool {
    let count = min(out.count - written, declared)
    var value: UInt8 = 0
    for index in 0..<count {
      if !nibbles || index % 2 == 0 {
        guard let byte = next() else { return false }
        value = byte
      }
      put(nibbles ? (index % 2 == 0 ? value >> 4 : value & 15) : value)
    }
    x += declared
    // Literal stretches end on an even place of the file.
    if at % 2 != 0 { at += 1 }
    return true
  }
}
