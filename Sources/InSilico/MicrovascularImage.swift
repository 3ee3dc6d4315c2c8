/// Superb microvascular imaging: slow flow in fine vessels without direction, in amber over the grey picture or white on a
/// picture from which tissue was removed.
struct MicrovascularImage {
  enum Style: Sendable, CaseIterable { case color, monochrome }

  let geometry: ScanGeometry
  let noise: FlowNoise
  let style: Style

  func picture(grey: [UInt8], flow: FlowMap, box: PixelFrame) -> Canvas {
    let size = geometry.imageSize
    var canvas = Canvas(size: size, grey: style == .color ? grey : dimmed(grey, in: box))
    // Any speed shows: velocities lie far above a scale of 1 cm/s, so only noise is cut.
    for row in box.top..<box.bottom {
      for column in box.left..<box.right {
        let index = row * size + column
        let (x, z) = geometry.place(column: column, row: row)
        let power = Double(flow.power[index])
        guard noise.estimate(power: power, velocity: 2, x: x, z: z, scale: 1) != nil else { continue }
        let strength = min(1, 0.35 + abs(Double(flow.velocity[index])) / 14)
        switch style {
        case .color: canvas.paint(column: column, row: row, ColorMap.power.color(strength))
        case .monochrome:
          canvas.paint(column: column, row: row, ScreenColor(150, 150, 145).mixed(ScreenColor(255, 255, 250), strength))
        }
      }
    }
    canvas.outline(box, ScreenColor(190, 180, 90))
    let bar = PixelFrame(left: 3, top: size * 3 / 10, right: 3 + max(4, size / 40), bottom: size * 50 / 100)
    canvas.scale(bar, above: "+", below: "1.5cm/s") { share in
      style == .color ? ColorMap.power.color(share) : ScreenColor(255 * share, 255 * share, 250 * share)
    }
    return canvas
  }

  private func dimmed(_ grey: [UInt8], in box: PixelFrame) -> [UInt8] {
    var dimmed = grey
    for row in box.top..<box.bottom {
      for column in box.left..<box.right {
        let index = row * geometry.imageSize + column
        dimmed[index] = UInt8(18 + Int(grey[index]) * 28 / 100)
      }
    }
    return dimmed
  }
}
