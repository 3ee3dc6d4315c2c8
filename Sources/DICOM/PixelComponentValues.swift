extension StoredFrame {
  /// The value of each pixel as pixel components count it: the sample, or red, green and blue one after another. Rows from the top.
  /// - Returns: nil where they are neither RGB of 8 bits nor single samples of 8 or 16 bits.
  public func componentValues() -> [UInt32]? {
    let count = rows * columns
    switch (samplesPerPixel, bytesPerSample) {
    case (1, 1) where bytes.count >= count: return (0..<count).map { UInt32(bytes[$0]) }
    case (1, 2) where bytes.count >= 2 * count:
      return (0..<count).map { UInt32(bytes[2 * $0]) | UInt32(bytes[2 * $0 + 1]) << 8 }
    case (3, 1) where photometric == .rgb && arrangement != .halvedChroma && bytes.count >= 3 * count:
      let isPlanar = arrangement == .planar
      return (0..<count).map { pixel in
        let places = isPlanar ? (pixel, count + pixel, 2 * count + pixel) : (3 * pixel, 3 * pixel + 1, 3 * pixel + 2)
        return UInt32(bytes[places.0]) << 16 | UInt32(bytes[places.1]) << 8 | UInt32(bytes[places.2])
      }
    default: return nil
    }
  }
}
