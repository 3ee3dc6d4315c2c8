/// Flow as a Doppler machine estimates it, pixel by pixel.
struct FlowMap: Sendable {
  let geometry: ScanGeometry
  /// Share of each pixel that is blood, 0...1.
  private(set) var power: [Float]
  /// Towards the probe, cm/s.
  private(set) var velocity: [Float]

  /// - Parameters:
  ///   - steer: angle of the Doppler beam from straight down, radians.
  ///   - bloom: how far colour runs over the vessel's wall, mm.
  init(_ segments: [FlowSegment], geometry: ScanGeometry, steer: Double, bloom: Double) {
    self.geometry = geometry
    power = [Float](repeating: 0, count: geometry.imageSize * geometry.imageSize)
    velocity = power
    let (sine, cosine) = (PortableMath.sine(steer), PortableMath.cosine(steer))
    for segment in segments { stamp(segment, bloom: bloom, sine: sine, cosine: cosine) }
  }

  private mutating func stamp(_ segment: FlowSegment, bloom: Double, sine: Double, cosine: Double) {
    let (dx, dz) = (segment.x1 - segment.x0, segment.z1 - segment.z0)
    let length = (dx * dx + dz * dz).squareRoot()
    guard length > 0 else { return }
    let towards = -segment.speed * (dz * cosine + dx * sine) / length
    let reach = segment.radius + bloom + geometry.pixel
    let size = geometry.imageSize
    let first = geometry.pixelPlace(x: min(segment.x0, segment.x1) - reach, z: min(segment.z0, segment.z1) - reach)
    let last = geometry.pixelPlace(x: max(segment.x0, segment.x1) + reach, z: max(segment.z0, segment.z1) + reach)
    let (left, right) = (max(0, Int(first.column)), min(size - 1, Int(last.column) + 1))
    let (top, bottom) = (max(0, Int(first.row)), min(size - 1, Int(last.row) + 1))
    guard left <= right, top <= bottom else { return }
    for row in top...bottom {
      for column in left...right {
        let (x, z) = geometry.place(column: column, row: row)
        let along = min(1, max(0, ((x - segment.x0) * dx + (z - segment.z0) * dz) / (length * length)))
        let (px, pz) = (x - segment.x0 - along * dx, z - segment.z0 - along * dz)
        let distance = (px * px + pz * pz).squareRoot()
        let share = min(1, max(0, (segment.radius + bloom - distance) / geometry.pixel + 0.5))
        let index = row * size + column
        guard Float(share) > power[index] else { continue }
        power[index] = Float(share)
        // Fastest in the middle.
        let u = min(1, distance / max(1e-6, segment.radius + bloom))
        velocity[index] = Float(towards * (1 - 0.6 * u * u))
      }
    }
  }
}

/// What disturbs a colour picture, drawn without a look at the class.
struct FlowNoise: Sendable {
  /// Gaps and rough edges.
  private let edge: SmoothField
  private let specks: SmoothField
  private let sign: SmoothField
  private let flash: SmoothField
  /// Above this value of the field a pixel is coloured by noise.
  private let speckLevel: Double
  /// Above this value of its field a pixel is coloured by movement of tissue; nil without a flash.
  private let flashLevel: Double?

  init(stream: inout RandomStream) {
    edge = SmoothField(spacing: 0.5, side: 160, stream: &stream)
    specks = SmoothField(spacing: 0.55, side: 160, stream: &stream)
    sign = SmoothField(spacing: 3, stream: &stream)
    flash = SmoothField(spacing: 7, stream: &stream)
    speckLevel = stream.uniform(3.6...4.8)
    flashLevel = stream.chance(0.12) ? stream.uniform(1.3...1.9) : nil
  }

  /// What noise makes of the true share of blood and its velocity at a place in mm.
  ///
  /// - Parameter scale: the velocity at the end of the colour bar, cm/s.
  /// - Returns: nil where nothing is coloured.
  func estimate(power: Double, velocity: Double, x: Double, z: Double, scale: Double) -> Double? {
    let rough = edge.value(x: x, z: z)
    if power * (1 + 0.3 * rough) > 0.5 {
      let seen = velocity + 0.07 * scale * rough
      // The wall filter removes slow flow with the movement of tissue.
      return abs(seen) < 0.07 * scale ? nil : seen
    }
    let direction = sign.value(x: x, z: z)
    if let flashLevel, flash.value(x: x, z: z) > flashLevel, rough > -0.7 {
      return 0.3 * scale * (direction > 0 ? 1 : -1)
    }
    guard specks.value(x: x, z: z) > speckLevel else { return nil }
    return (direction > 0 ? 1 : -1) * (0.15 + 0.1 * abs(direction)) * scale
  }
}

extension PixelFrame {
  /// A box about a lesion, `margin` of its radius wider on each side, within the scan.
  init(around lesion: LesionShape, margin: Double, geometry: ScanGeometry) {
    let reach = lesion.reach + margin * lesion.radius
    let size = geometry.imageSize
    let first = geometry.pixelPlace(x: lesion.x - reach, z: lesion.z - reach)
    let last = geometry.pixelPlace(x: lesion.x + reach, z: lesion.z + reach)
    var (start, end) = (0, size)
    if case .linear(let width) = geometry.device.face {
      start = Int(geometry.pixelPlace(x: -width / 2, z: 0).column.rounded(.up))
      end = Int(geometry.pixelPlace(x: width / 2, z: 0).column)
    }
    let top = Int(geometry.pixelPlace(x: 0, z: 0.05 * geometry.depth).row)
    self.init(
      left: max(max(0, start + 1), Int(first.column)), top: max(top, Int(first.row)),
      right: min(min(size, end - 1), Int(last.column) + 1), bottom: min(size - 2, Int(last.row) + 1))
  }
}
