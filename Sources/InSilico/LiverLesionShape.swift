/// What a lesion looks like, each property a strictly monotone map of its factor within the factor's clamped range.
/// Malignant lesions tend to be darker, more irregular, less sharp, more mixed, with a halo, and to shadow.
struct LesionLook: Sendable {
  /// Level of the lesion against the parenchyma around it, dB.
  let contrast: Double
  /// Root mean square of the boundary's relative deviation from an ellipse.
  let irregularity: Double
  /// Width of the transition at the boundary as a share of the radius.
  let margin: Double
  /// Standard deviation of the echo pattern within, dB.
  let heterogeneity: Double
  /// How much darker the rim around the lesion is, dB.
  let halo: Double
  /// Change of level behind the lesion's middle, dB: above 0 enhancement, below 0 shadow.
  let posterior: Double

  /// Names and weights of the B-mode factors (S2-05), in the order of a factor vector. What a small network sees well weighs
  /// most, so that the quick cohort can be learnt.
  static let factors: [(name: String, weight: Double)] = [
    ("echogenicity", 1.6), ("irregularity", 1.0), ("margin", 0.3), ("heterogeneity", 0.5), ("halo", 0.6),
    ("posterior", 0.25),
  ]

  /// - Parameter factors: a factor vector in the order of `LesionLook.factors`; values beyond 3.5 look as 3.5.
  init(factors: [Double]) {
    let z = factors.map { min(3.5, max(-3.5, $0)) }
    // Steep about zero: a study's lesions were seen, so few are as bright as the liver around them.
    let t = z[0] + 0.25
    contrast = -(1.6 * t + 12 * t / (1 + 3.2 * t * t).squareRoot())
    irregularity = 0.068 * PortableMath.exp(0.6 * min(2.8, z[1]))
    margin = 0.12 * PortableMath.exp(0.65 * min(3, z[2]))
    heterogeneity = 1.9 * PortableMath.exp(0.5 * z[3])
    halo = 11 / (1 + PortableMath.exp(-1.5 * (z[4] - 0.2)))
    posterior = -3.2 * z[5]
  }
}

/// The lesion in one picture: a closed boundary about a middle, and what is within.
struct LiverLesionShape: Sendable {
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
  private let texture: SmoothField

  /// - Parameters:
  ///   - outline: phases of the boundary's harmonics, the lesion's own.
  ///   - turn: rotation of this picture's plane, radians.
  init(
    look: LesionLook, x: Double, z: Double, radius: Double, aspect: Double, outline: [Double], turn: Double,
    frequencyMHz: Double, stream: inout RandomStream
  ) {
    (self.look, self.x, self.z, self.radius) = (look, x, z, radius)
    let relative = Self.relativeBoundary(look: look, aspect: aspect, outline: outline, turn: turn)
    boundary = relative.map { $0 * radius }
    // Sound crosses the middle, two mean radii long, twice.
    attenuationChange = -look.posterior / (2 * frequencyMHz * 2 * radius / 10)
    reach = boundary.max() ?? radius
    texture = SmoothField(spacing: max(1.8, radius * 0.28), side: 64, stream: &stream)
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

  /// Distance from the boundary along the ray from the middle, mm, negative within; nothing beyond `within` mm of the
  /// furthest boundary.
  func distance(x px: Double, z pz: Double, within: Double) -> Double? {
    let (dx, dz) = (px - x, pz - z)
    let square = dx * dx + dz * dz
    let limit = reach + within
    guard square < limit * limit else { return nil }
    let turn = PortableMath.angle(y: dz, x: dx) / (2 * PortableMath.pi)
    let place = (turn < 0 ? turn + 1 : turn) * Double(Self.tableSize)
    let low = min(Self.tableSize - 1, Int(place))
    let high = low + 1 == Self.tableSize ? 0 : low + 1
    let edge = boundary[low] + (boundary[high] - boundary[low]) * (place - Double(low))
    return square.squareRoot() - edge
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
}
