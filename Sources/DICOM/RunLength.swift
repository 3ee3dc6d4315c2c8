/// RLE as PS3.5 annex G has it: up to 15 segments, each one byte plane of one sample, the most significant byte first.
enum RunLength {
  /// - Parameters:
  ///   - pixels: rows x columns.
  ///   - samples, bytesPerSample: of the frame; there must be as many segments as their product.
  /// - Returns: interleaved samples in the machine's (little endian) order; nil where a segment's offset or a run does
  ///   not fit, or a segment ends before its pixels do.
  static func decode(_ data: [UInt8], pixels: Int, samples: Int, bytesPerSample: Int) -> [UInt8]? {
    let segments = samples * bytesPerSample
    guard data.count >= 64, segments <= 15 else { return nil }
    func word(_ index: Int) -> Int { (0..<4).reduce(0) { $0 | Int(data[4 * index + $1]) << (8 * $1) } }
    guard word(0) == segments else { return nil }
    let offsets = (1...segments).map(word) + [data.count]
    guard offsets[0] >= 64, zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
    var isWhole = true
    let decoded = [UInt8](unsafeUninitializedCapacity: pixels * segments) { to, filled in
      data.withUnsafeBufferPointer { from in
        for segment in 0..<segments where isWhole {
          let (sample, byte) = (segment / bytesPerSample, segment % bytesPerSample)
          let first = sample * bytesPerSample + (bytesPerSample - 1 - byte)
          let bytes = UnsafeBufferPointer(rebasing: from[offsets[segment]..<offsets[segment + 1]])
          isWhole = unpack(bytes, into: to, first: first, step: segments, count: pixels)
        }
      }
      filled = isWhole ? pixels * segments : 0
    }
    return isWhole ? decoded : nil
  }

  /// Writes `count` bytes at `first`, `first + step`, ...; false where the segment holds fewer. What a run holds beyond
  /// the last pixel is left out.
  private static func unpack(
    _ from: UnsafeBufferPointer<UInt8>, into to: UnsafeMutableBufferPointer<UInt8>, first: Int, step: Int, count: Int
  ) -> Bool {
    guard let base = to.baseAddress, let source = from.baseAddress else { return count == 0 }
    var (read, done) = (0, 0)
    while done < count {
      guard read < from.count else { return false }
      let control = source[read]
      read += 1
      if control < 128 {
        let length = Int(control) + 1
        guard read + length <= from.count else { return false }
        let written = min(length, count - done)
        if step == 1 {
          (base + done).update(from: source + read, count: written)
        } else {
          var target = base + (first + done * step)
          for index in 0..<written {
            target.pointee = source[read + index]
            target += step
          }
        }
        read += length
        done += written
      } else if control > 128 {
        guard read < from.count else { return false }
        let (value, written) = (source[read], min(257 - Int(control), count - done))
        if step == 1 {
          (base + done).update(repeating: value, count: written)
        } else {
          var target = base + (first + done * step)
          for _ in 0..<written {
            target.pointee = value
            target += step
          }
        }
        read += 1
        done += written
      }
    }
    return true
  }
}
