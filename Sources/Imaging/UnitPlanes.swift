extension RGBImage {
  /// Red, green and blue as planes of 0...1: 3 x height x width, as a network reads one image of a batch (NCHW).
  public func unitPlanes() -> [Float] {
    let count = width * height
    return [Float](unsafeUninitializedCapacity: count * 3) { to, filled in
      pixels.withUnsafeBufferPointer { from in
        for index in 0..<count {
          to[index] = Float(from[3 * index]) / 255
          to[count + index] = Float(from[3 * index + 1]) / 255
          to[2 * count + index] = Float(from[3 * index + 2]) / 255
        }
      }
      filled = count * 3
    }
  }
}
