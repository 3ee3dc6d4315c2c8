/// Parts of the neck that differ in stiffness.
enum NeckPart: Sendable {
  case skin, fat, strap, thyroid, trachea, carotid, deepMuscle
}

/// A thyroid lobe in transverse section under a linear probe, between trachea and carotid artery. All of it is nuisance.
struct ThyroidAnatomy: Sendable {
  let skin: Double
  let fat: Double
  /// Where the strap muscles end and the lobe may begin, mm.
  let strap: Double
  /// Middle and half axes of the lobe, mm.
  let lobe: (x: Double, z: Double, a: Double, b: Double)
  let trachea: (x: Double, z: Double, radius: Double)
  let carotid: (x: Double, z: Double, radius: Double)
  private let coarse: SolidTexture
  private let fine: SolidTexture
  private let layers: SolidTexture

  /// - Parameters:
  ///   - room: largest distance of the nodule's boundary from its middle, mm; the lobe is at least as large.
  ///   - isSolid: whether slices at other elevations are wanted.
  init(depth: Double, room: Double, isSolid: Bool, stream: inout RandomStream) {
    skin = stream.uniform(1...1.6)
    fat = skin + stream.uniform(1.5...4)
    strap = fat + stream.uniform(2.5...4.5)
    let side = stream.chance(0.5) ? 1.0 : -1.0
    let a = max(stream.uniform(10...12.5), room + 2)
    let b = max(stream.uniform(8...10), room + 1.2)
    lobe = (side * stream.uniform(-1.5...1.5), strap + b + 0.2, a, b)
    let radius = stream.uniform(8...10)
    trachea = (lobe.x - side * (a + 0.85 * radius), strap + 0.75 * radius + stream.uniform(0...2), radius)
    let vessel = stream.uniform(2.6...3.6)
    carotid = (
      lobe.x + side * (a + vessel * 0.9), lobe.z + stream.uniform(-1...4), vessel
    )
    func texture(_ spacing: Double, _ stream: inout RandomStream) -> SolidTexture {
      isSolid
        ? SolidTexture(spacing: spacing, stream: &stream)
        : SolidTexture(SmoothField(spacing: spacing, stream: &stream))
    }
    coarse = texture(3.2, &stream)
    fine = texture(1, &stream)
    layers = texture(1.6, &stream)
  }

  private init(_ other: ThyroidAnatomy, coarse: SolidTexture, fine: SolidTexture, layers: SolidTexture) {
    (skin, fat, strap, lobe) = (other.skin, other.fat, other.strap, other.lobe)
    (trachea, carotid) = (other.trachea, other.carotid)
    (self.coarse, self.fine, self.layers) = (coarse, fine, layers)
  }

  /// The section `elevation` mm along the neck: other texture, the same large parts.
  func slice(at elevation: Double) -> ThyroidAnatomy {
    ThyroidAnatomy(
      self, coarse: coarse.slice(at: elevation / 3.2), fine: fine.slice(at: elevation),
      layers: layers.slice(at: elevation / 6))
  }

  private func share(_ x: Double, _ z: Double) -> Double {
    let (u, v) = ((x - lobe.x) / lobe.a, (z - lobe.z) / lobe.b)
    return (u * u + v * v).squareRoot()
  }

  private func distance(_ x: Double, _ z: Double, to circle: (x: Double, z: Double, radius: Double)) -> Double {
    let (dx, dz) = (x - circle.x, z - circle.z)
    return (dx * dx + dz * dz).squareRoot() - circle.radius
  }

  func part(x: Double, z: Double) -> NeckPart {
    if z < skin { return .skin }
    if z < fat { return .fat }
    if distance(x, z, to: carotid) < 0 { return .carotid }
    if distance(x, z, to: trachea) < 0 { return .trachea }
    if share(x, z) < 1 || isIsthmus(x, z) { return .thyroid }
    return z < lobe.z ? .strap : .deepMuscle
  }

  /// The band of gland before the trachea.
  private func isIsthmus(_ x: Double, _ z: Double) -> Bool {
    let off = distance(x, z, to: trachea)
    return off < 3.2 && z < trachea.z && abs(x - trachea.x) < trachea.radius
  }

  func point(x: Double, z: Double) -> TissuePoint {
    let pattern = 0.6 * coarse.value(x: x, z: z) + 0.5 * fine.value(x: x, z: z)
    let bend = z + 0.5 * layers.value(x: x * 0.25, z: 5)
    switch part(x: x, z: bend) {
    case .skin: return TissuePoint(echo: 6, specular: z < 0.4 ? 4 : -100, attenuation: 0.6)
    case .fat: return TissuePoint(echo: -3 + 2.5 * layers.value(x: x * 0.25, z: z), specular: -100, attenuation: 0.5)
    case .carotid:
      let rim = -distance(x, bend, to: carotid)
      return rim < 0.5
        ? TissuePoint(echo: 4, specular: 3, attenuation: 0.3) : TissuePoint(echo: -24, specular: -100, attenuation: 0.1)
    case .trachea: return tracheal(x: x, z: bend)
    case .thyroid:
      let isCapsule = abs(share(x, bend) - 1) * lobe.b < 0.3
      return TissuePoint(
        echo: 1.5 + pattern, specular: isCapsule ? 2 * fine.value(x: x * 0.4, z: z) : -100, attenuation: 0.5)
    case .strap, .deepMuscle:
      let fibre = layers.value(x: x * 0.16, z: bend * 1.5)
      let isFascia = abs(bend - strap + 0.3) < 0.25 || abs(bend - fat) < 0.25
      return TissuePoint(
        echo: -8 + 3 * fibre, specular: isFascia ? 3 + fibre : -100, attenuation: 0.5)
    }
  }

  /// The cartilage's bright arc where the beam meets it, then the air's echoes of it below each other, fading in the dark.
  private func tracheal(x: Double, z: Double) -> TissuePoint {
    let off = (x - trachea.x) / trachea.radius
    let square = max(0, 1 - off * off).squareRoot()
    let behind = z - trachea.z + trachea.radius * square
    if behind < 0.7 {
      let level = 8 * square - 1
      return TissuePoint(echo: level, specular: level + fine.value(x: x, z: z), attenuation: 1)
    }
    let ring = behind / 2.1
    let isEcho = abs(ring - ring.rounded()) < 0.16 && ring > 0.6
    return TissuePoint(echo: isEcho ? 2 * square - 2.2 * behind : -14 - behind, specular: -100, attenuation: 0.8)
  }
}

/// The tissue of one picture: lobe with the nodule in it.
struct ThyroidScene: Tissue {
  let anatomy: ThyroidAnatomy
  let nodule: LesionShape
  var reflectors: [Reflector] = []

  func point(x: Double, z: Double, depth: Double) -> TissuePoint {
    let around = anatomy.point(x: x, z: z)
    let gland = TissuePoint(echo: 1.5, specular: -100, attenuation: 0.5)
    return nodule.overlay(on: around, parenchyma: gland, x: x, z: z)
  }
}

/// Linear probes for the neck.
enum NeckDevices {
  static let all: [Device] = [
    Device(
      name: "sim-linear-i18lx5", frequencyMHz: 11, face: .linear(width: 40), aperture: 18, looks: 4,
      greyContrast: 0.8, noise: -84, surround: 0),
    Device(
      name: "sim-linear-l14-5", frequencyMHz: 9.5, face: .linear(width: 38), aperture: 16, looks: 3, greyContrast: 0.7,
      noise: -78, surround: 0),
    Device(
      name: "sim-linear-l12-4", frequencyMHz: 8.5, face: .linear(width: 40), aperture: 16, looks: 2, greyContrast: 0.6,
      noise: -74, surround: 12),
    Device(
      name: "sim-linear-sl15-4", frequencyMHz: 10, face: .linear(width: 42), aperture: 18, looks: 5, greyContrast: 0.9,
      noise: -82, surround: 0),
  ]
}
