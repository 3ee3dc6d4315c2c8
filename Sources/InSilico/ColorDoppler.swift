/// A colour Doppler picture: a grey picture with a box in which flow is shown by colour, red towards the probe and blue away.
struct ColorDoppler {
  let geometry: ScanGeometry
  let noise: FlowNoise
  /// cm/s at the ends of the colour bar.
  let scale: Double

  func picture(grey: [UInt8], flow: FlowMap, box: PixelFrame) -> Canvas {
    let size = geometry.imageSize
    var canvas = Canvas(size: size, grey: grey)
    for row in box.top..<box.bottom {
      for column in box.left..<box.right {
        let index = row * size + column
        // Bright tissue keeps its grey.
        guard grey[index] < 205 else { continue }
        let (x, z) = geometry.place(column: column, row: row)
        let seen = noise.estimate(
          power: Double(flow.power[index]), velocity: Double(flow.velocity[index]), x: x, z: z, scale: scale)
        if let seen { canvas.paint(column: column, row: row, Self.color(seen / scale)) }
      }
    }
    canvas.outline(box, ScreenColor(70, 190, 110))
    drawBar(on: &canvas)
    return canvas
  }

  /// - Parameter share: of the scale; beyond it the colour wraps to the other direction (aliasing).
  static func color(_ share: Double) -> ScreenColor {
    var share = share
    while share > 1 { share -= 2 }
    while share < -1 { share += 2 }
    return share >= 0 ? ColorMap.towards.color(share) : ColorMap.away.color(-share)
  }

  private func drawBar(on canvas: inout Canvas) {
    let size = geometry.imageSize
    let text = String(Int(scale.rounded()))
    let bar = PixelFrame(left: 3, top: size * 3 / 10, right: 3 + max(4, size / 40), bottom: size * 55 / 100)
    canvas.scale(bar, above: "+" + text, below: "-" + text + "cm/s") { Self.color(2 * $0 - 1) }
  }
}
