/// The matrices of PS3.3 C.7.6.3.1.2 in fixed point of 16 bits, rounded and cut to 0...255.
struct LumaChroma: Sendable {
  private let black: Int32
  private let luma: Int32
  private let redOfRed: Int32
  private let greenOfBlue: Int32
  private let greenOfRed: Int32
  private let blueOfBlue: Int32

  /// Luma and chroma use all of 0...255.
  static let full = LumaChroma(
    black: 0, luma: 1, redOfRed: 1.402, greenOfBlue: 0.344136, greenOfRed: 0.714136, blueOfBlue: 1.772)
  /// Luma is 16...235, chroma 16...240 (ITU-R BT.601).
  static let partial = LumaChroma(
    black: 16, luma: 1.1644, redOfRed: 1.5960, greenOfBlue: 0.3917, greenOfRed: 0.8130, blueOfBlue: 2.0173)

  private init(
    black: Int32, luma: Double, redOfRed: Double, greenOfBlue: Double, greenOfRed: Double, blueOfBlue: Double
  ) {
    func fixed(_ value: Double) -> Int32 { Int32((value * 65536).rounded()) }
    self.black = black
    self.luma = fixed(luma)
    self.redOfRed = fixed(redOfRed)
    self.greenOfBlue = fixed(greenOfBlue)
    self.greenOfRed = fixed(greenOfRed)
    self.blueOfBlue = fixed(blueOfBlue)
  }

  /// `bytes` holds Y, Cb, Cr of each pixel.
  func turnIntoRGB(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBufferPointer { pixels in
      for start in stride(from: 0, to: pixels.count - 2, by: 3) {
        let y = (Int32(pixels[start]) &- black) &* luma &+ 0x8000
        let blue = Int32(pixels[start + 1]) &- 128
        let red = Int32(pixels[start + 2]) &- 128
        pixels[start] = Self.cut((y &+ redOfRed &* red) >> 16)
        pixels[start + 1] = Self.cut((y &- greenOfBlue &* blue &- greenOfRed &* red) >> 16)
        pixels[start + 2] = Self.cut((y &+ blueOfBlue &* blue) >> 16)
      }
    }
  }

  @inline(__always)
  private static func cut(_ value: Int32) -> UInt8 { UInt8(truncatingIfNeeded: min(max(value, 0), 255)) }
}
