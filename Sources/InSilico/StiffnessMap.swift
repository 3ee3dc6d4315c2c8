/// Young's modulus as shear-wave elastography maps it, kPa, with what it cannot map.
struct StiffnessMap: Sendable {
  let anatomy: ThyroidAnatomy
  let nodule: LesionShape
  let geometry: ScanGeometry
  /// Mean of the nodule, kPa.
  let stiffness: Double
  /// Logarithmic standard deviation within the nodule.
  let spread: Double
  private let texture: SmoothField
  private let noise: SmoothField
  private let signal: SmoothField
  /// Depth as a share of the picture's from which shear waves fade.
  private let fade: Double
  /// kPa added under the skin where the probe presses.
  private let pressure: Double
  private let gland: Double

  init(
    anatomy: ThyroidAnatomy, nodule: LesionShape, geometry: ScanGeometry, stiffness: Double, spread: Double,
    stream: inout RandomStream
  ) {
    (self.anatomy, self.nodule, self.geometry) = (anatomy, nodule, geometry)
    (self.stiffness, self.spread) = (stiffness, spread)
    texture = SmoothField(spacing: max(1.6, 0.4 * nodule.radius), stream: &stream)
    noise = SmoothField(spacing: 1.3, stream: &stream)
    signal = SmoothField(spacing: 2.6, stream: &stream)
    fade = stream.uniform(0.72...1)
    pressure = stream.chance(0.35) ? stream.uniform(10...45) : 0
    gland = stream.uniform(11...19)
  }

  /// nil where no shear wave could be followed.
  func value(x: Double, z: Double) -> Double? {
    let part = anatomy.part(x: x, z: z)
    if part == .carotid || part == .trachea { return nil }
    let tracked = signal.value(x: x, z: z) + 10 * (fade - z / geometry.depth)
    guard tracked > -1.9 else { return nil }
    var level: Double
    switch part {
    case .skin, .fat: level = 9
    case .strap: level = 21
    case .deepMuscle: level = 26
    default: level = gland
    }
    if let distance = nodule.distance(x: x, z: z, within: 1.5) {
      let within = stiffness * PortableMath.exp(spread * texture.value(x: x - nodule.x, z: z - nodule.z))
      let share = min(1, max(0, 0.5 - distance / 2.4))
      level += (within - level) * share
    }
    level *= PortableMath.exp(0.1 * noise.value(x: x, z: z))
    return level + pressure * PortableMath.exp(-z / 4) * (1 + 0.4 * texture.value(x: x * 0.5, z: 70))
  }

  /// The map in colours over a grey picture.
  ///
  /// - Parameter scale: kPa at the end of the colour bar.
  func picture(grey: [UInt8], box: PixelFrame, scale: Double) -> Canvas {
    let size = geometry.imageSize
    var canvas = Canvas(size: size, grey: grey)
    for row in box.top..<box.bottom {
      for column in box.left..<box.right {
        let (x, z) = geometry.place(column: column, row: row)
        guard let kilopascals = value(x: x, z: z) else { continue }
        canvas.paint(column: column, row: row, ColorMap.stiffness.color(kilopascals / scale), cover: 0.6)
      }
    }
    canvas.outline(box, ScreenColor(210, 210, 210))
    let bar = PixelFrame(left: 3, top: size * 3 / 10, right: 3 + max(4, size / 40), bottom: size * 58 / 100)
    canvas.scale(bar, above: "\(Int(scale))", below: "0kPa") { ColorMap.stiffness.color($0) }
    return canvas
  }
}
