/// What the machine draws over the picture: a depth scale on the right, one tick a centimetre, and the grey wedge.
struct ScreenScales {
  let geometry: ScanGeometry

  func draw(on pixels: inout [UInt8]) {
    let size = geometry.imageSize
    let tick = max(2, size / 80)
    for centimetre in 0...Int(geometry.depth / 10) {
      let row = Int((Double(centimetre) * 10 + 0.015 * geometry.depth) / geometry.pixel)
      guard row < size else { break }
      let length = centimetre % 5 == 0 ? 2 * tick : tick
      for column in size - 2 - length..<size - 2 { pixels[row * size + column] = 200 }
    }
    let (top, height, width) = (size / 40, size / 5, max(3, size / 64))
    for row in 0..<height {
      for column in 0..<width {
        pixels[(top + row) * size + 3 + column] = UInt8(255 - 255 * row / max(1, height - 1))
      }
    }
  }
}
