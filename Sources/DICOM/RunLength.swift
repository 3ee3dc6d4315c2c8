/// RLE as PS3.5 annex G has it: up to 15 segments, each one byte plane of one sample, the most significant byte first.
enum RunLength {
  /// - Parameters:
  ///   - pixels: rows x columns.
  ///   - samples, bytesPerSample: of the frame; there must be as many segments as their product.
  /// - Returns: samples in the machine's (little endian) order, one plane after another; nil where a segment's offset or a
  ///   run does not fit, or a segment ends before its pixels do.
  static func decode(_ data: [UInt8], pixels: Int, samples: Int, bytesPerSample: Int) -> [UInt8]? {
    let segments = samples * bytesPerSample
    guard data.count >= 64, segments <= 15 else { return nil }
    func word(_ index: Int) -> Int { (0..<4).reduce(0) { $0 | Int(data[4 * index + $1]) << (8 * $1) } }
    guard word(0) == segments else { return nil }
    let offsets = (1...segments).map(word) + [data.count]
    guard offsets[0] >= 64, zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
    var isWhole = true
    let planes = [UInt8](unsafeUninitializedCapacity: pixels * segments) { to, filled in
      data.withUnsafeBufferPointer { from in
        for segment in 0..<segments where isWhole {
          let bytes = UnsafeBufferPointer(rebasing: from[offsets[segment]..<offsets[segment + 1]])
          let plane = UnsafeMutableBufferPointer(rebasing: to[(segment * pixels)..<((segment + 1) * pixels)])
          isWhole = unpack(bytes, into: plane)
        }
      }
      filled = isWhole ? pixels * segments : 0
    }
    guard isWhole else { return nil }
    return bytesPerSample == 1 ? planes : joined(planes, pixels: pixels, samples: samples, bytes: bytesPerSample)
  }

  /// Puts the byte planes of each sample, the most significant first, together.
  private static func joined(_ planes: [UInt8], pixels: Int, samples: Int, bytes: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: planes.count) { to, filled in
      planes.withUnsafeBufferPointer { from in
        for sample in 0..<samples {
          for byte in 0..<bytes {
            let plane = (sample * bytes + bytes - 1 - byte) * pixels
            let first = sample * pixels * bytes + byte
            for pixel in 0..<pixels { to[first + pixel * bytes] = from[plane + pixel] }
          }
        }
      }
      filled = planes.count
    }
  }

  /// Fills the plane; false where the segment holds fewer bytes. What a run holds beyond the last pixel is left out.
  private static func unpack(_ from: UnsafeBufferPointer<UInt8>, into to: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    guard let base = UnsafeMutableRawPointer(to.baseAddress), let source = UnsafeRawPointer(from.baseAddress) else {
      return to.isEmpty
    }
    var (read, done) = (0, 0)
    while done < to.count {
      guard read < from.count else { return false }
      let control = Int(source.load(fromByteOffset: read, as: UInt8.self))
      read += 1
      // The longest packet, in whole steps of 16 bytes, fits on both sides: no need to look at each byte.
      let isRoomy = to.count - done >= 144 && from.count - read >= 144
      if control < 128 {
        let length = control + 1
        guard read + length <= from.count else { return false }
        let written = min(length, to.count - done)
        if isRoomy {
          for step in stride(from: 0, to: length, by: 16) {
            let part = source.loadUnaligned(fromByteOffset: read + step, as: SIMD16<UInt8>.self)
            base.storeBytes(of: part, toByteOffset: done + step, as: SIMD16<UInt8>.self)
          }
        } else {
          (base + done).copyMemory(from: source + read, byteCount: written)
        }
        read += length
        done += written
      } else if control > 128 {
        guard read < from.count else { return false }
        let value = source.load(fromByteOffset: read, as: UInt8.self)
        let written = min(257 - control, to.count - done)
        if isRoomy {
          let part = SIMD16<UInt8>(repeating: value)
          for step in stride(from: 0, to: written, by: 16) {
            base.storeBytes(of: part, toByteOffset: done + step, as: SIMD16<UInt8>.self)
          }
        } else {
          (base + done).initializeMemory(as: UInt8.self, repeating: value, count: written)
        }
        read += 1
        done += written
      }
    }
    return true
  }
}
