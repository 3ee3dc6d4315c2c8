/// The lesion in one picture: a closed boundary about a middle, and what is within.
struct LesionShape: Sendable {
  static let harmonics = 3...11
  private static let tableSize = 720

  let look: LesionLook
  let x: Double
  let z: Double
  /// Mean radius, mm.
  let radius: Double
  /// Largest distance of the boundary from the middle, mm.
  let reach: Double
  /// dB/cm/MHz on top of the parenchyma's. The effective value may fall below zero in a small lesion with enhancement, which
  /// in life comes from refraction too.
  private let attenuationChange: Double
  private let boundary: [Double]
  private let texture: SolidTexture

  /// - Parameters:
  ///   - outline: phases of the boundary's harmonics, the lesion's own.
  ///   - turn: rotation of this picture's plane, radians.
  init(
    look: LesionLook, x: Double, z: Double, radius: Double, aspect: Double, outline: [Double], turn: Double,
    frequencyMHz: Double, stream: inout RandomStream
  ) {
    let texture = SolidTexture(SmoothField(spacing: max(1.8, radius * 0.28), side: 64, stream: &stream))
    self.init(
      look: look, x: x, z: z, radius: radius, aspect: aspect, outline: outline, turn: turn, frequencyMHz: frequencyMHz,
      texture: texture)
  }

  /// - Parameter texture: the echo pattern within, of unit variance, about the lesion's middle.
  init(
    look: LesionLook, x: Double, z: Double, radius: Double, aspect: Double, outline: [Double], turn: Double,
    frequencyMHz: Double, texture: SolidTexture
  ) {
    (self.look, self.x, self.z, self.radius) = (look, x, z, radius)
    let relative = Self.relativeBoundary(look: look, aspect: aspect, outline: outline, turn: turn)
    boundary = relative.map { $0 * radius }
    // Sound crosses the middle, two mean radii long, twice.
    attenuationChange = -look.posterior / (2 * frequencyMHz * 2 * radius / 10)
    reach = boundary.max() ?? radius
    self.texture = texture
  }

  /// Radius over mean radius at each of `tableSize` angles.
  static func relativeBoundary(look: LesionLook, aspect: Double, outline: [Double], turn: Double) -> [Double] {
    // Lobulated where smooth, spiculated where irregular: the finer harmonics gain weight with irregularity.
    let decay = max(0.5, 1.8 - 5 * look.irregularity)
    var weights = harmonics.map { PortableMath.exp(-decay * PortableMath.log(Double($0))) }
    let norm = (weights.reduce(0) { $0 + $1 * $1 } / 2).squareRoot()
    weights = weights.map { $0 / norm * look.irregularity }
    return (0..<tableSize).map { (step: Int) -> Double in
      let angle = 2 * PortableMath.pi * Double(step) / Double(tableSize)
      let (a, b) = (PortableMath.cosine(angle) * aspect, PortableMath.sine(angle))
      var value = 1.0
      for (index, harmonic) in harmonics.enumerated() {
        value += weights[index] * PortableMath.cosine(Double(harmonic) * (angle + turn) + outline[index])
      }
      return aspect.squareRoot() / (a * a + b * b).squareRoot() * max(0.35, value)
    }
  }

  /// mm.
  static func longestDiameter(look: LesionLook, aspect: Double, outline: [Double], radius: Double) -> Double {
    let table = relativeBoundary(look: look, aspect: aspect, outline: outline, turn: 0)
    let half = table.count / 2
    let longest = (0..<half).map { table[$0] + table[$0 + half] }.max() ?? 2
    return longest * radius
  }

  /// Distance from the boundary along the ray from the middle, mm, negative within; nothing beyond `within` mm of the
  /// furthest boundary.
  func distance(x px: Double, z pz: Double, within: Double) -> Double? {
    let (dx, dz) = (px - x, pz - z)
    let square = dx * dx + dz * dz
    let limit = reach + within
    guard square < limit * limit else { return nil }
    let edge = edge(atAngle: PortableMath.angle(y: dz, x: dx))
    return square.squareRoot() - edge
  }

  /// Distance of the boundary from the middle, mm.
  ///
  /// - Parameter angle: -pi...pi, 0 to the right, pi/2 downwards.
  func edge(atAngle angle: Double) -> Double {
    let turn = angle / (2 * PortableMath.pi)
    let place = (turn < 0 ? turn + 1 : turn) * Double(Self.tableSize)
    let low = min(Self.tableSize - 1, Int(place))
    let high = low + 1 == Self.tableSize ? 0 : low + 1
    return boundary[low] + (boundary[high] - boundary[low]) * (place - Double(low))
  }

  var haloWidth: Double { 0.6 + 0.13 * radius }

  /// The lesion's tissue laid over what lies around it.
  func overlay(on tissue: TissuePoint, parenchyma: TissuePoint, x px: Double, z pz: Double) -> TissuePoint {
    let halfMargin = max(0.3, 0.5 * look.margin * radius)
    guard let distance = distance(x: px, z: pz, within: max(halfMargin, haloWidth)) else { return tissue }
    var point = tissue
    if distance > -0.2 * haloWidth && distance < haloWidth {
      // A smooth dark band just outside the boundary.
      let u = (distance - 0.4 * haloWidth) / (0.6 * haloWidth)
      let bump = max(0, 1 - u * u)
      point.echo -= look.halo * bump
    }
    let share = min(1, max(0, 0.5 - distance / (2 * halfMargin)))
    guard share > 0 else { return point }
    let weight = share * share * (3 - 2 * share)
    let within = parenchyma.echo + look.contrast + look.heterogeneity * texture.value(x: px - x, z: pz - z)
    point.echo = point.echo * (1 - weight) + within * weight
    point.specular = weight > 0.5 ? -100 : point.specular
    point.attenuation = point.attenuation * (1 - weight) + (parenchyma.attenuation + attenuationChange) * weight
    return point
  }

  /// 255 within the true boundary and the scan, else 0 (S2-10); `imageSize` squared.
  func mask(geometry: ScanGeometry) -> [UInt8] {
    let size = geometry.imageSize
    var mask = [UInt8](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        let (x, z) = geometry.place(column: column, row: row)
        guard let distance = distance(x: x, z: z, within: 0), distance <= 0 else { continue }
        let (depth, across) = geometry.scanPlace(x: x, z: z)
        if geometry.isInside(depth: depth, across: across) { mask[row * size + column] = 255 }
      }
    }
    return mask
  }
}
