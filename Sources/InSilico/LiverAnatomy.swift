import Ultrasound

/// A vessel: a tapering tube cut along or across, dark inside; portal veins carry a bright wall.
struct VesselSegment: Sendable {
  let x0, z0, x1, z1: Double
  let radius0, radius1: Double
  let hasWall: Bool

  /// Distance to the wall in mm, negative inside, and nothing where the point is too far off to matter.
  func distance(x: Double, z: Double) -> Double? {
    let reach = max(radius0, radius1) + 3
    guard x > min(x0, x1) - reach, x < max(x0, x1) + reach, z > min(z0, z1) - reach, z < max(z0, z1) + reach
    else { return nil }
    let (dx, dz) = (x1 - x0, z1 - z0)
    let length = dx * dx + dz * dz
    let along = length > 0 ? min(1, max(0, ((x - x0) * dx + (z - z0) * dz) / length)) : 0
    let (px, pz) = (x - x0 - along * dx, z - z0 - along * dz)
    return (px * px + pz * pz).squareRoot() - (radius0 + (radius1 - radius0) * along)
  }
}

/// The liver around the lesion as one picture shows it: abdominal wall, parenchyma by background (S2-07), vessels,
/// diaphragm. All of it is nuisance, drawn without a look at the class.
struct LiverAnatomy: Sendable {
  let background: Background
  let vessels: [VesselSegment]
  /// Liver tissue lies within this circle; its rim is the diaphragm.
  let diaphragm: (x: Double, z: Double, radius: Double)
  let wall: AbdominalWall
  let coarse: SmoothField
  let fine: SmoothField
  let layers: SmoothField

  init(background: Background, depth: Double, stream: inout RandomStream) {
    self.background = background
    let fatDepth = stream.uniform(4...11)
    let wallDepth = fatDepth + stream.uniform(5...9)
    let side = stream.chance(0.5) ? 1.0 : -1.0
    let radius = stream.uniform(0.72...0.86) * depth
    diaphragm = (side * stream.uniform(0.08...0.22) * depth, stream.uniform(0.99...1.08) * depth - radius, radius)
    coarse = SmoothField(spacing: background == .fibrosis ? 4.5 : 7, stream: &stream)
    fine = SmoothField(spacing: background == .fibrosis ? 2.2 : 3, stream: &stream)
    layers = SmoothField(spacing: 1.7, stream: &stream)
    wall = AbdominalWall(fatDepth: fatDepth, wallDepth: wallDepth, layers: layers)
    vessels = Self.drawVessels(depth: depth, stream: &stream)
  }

  var wallDepth: Double { wall.wallDepth }

  /// Level of parenchyma against the normal liver, dB (steatosis is brighter).
  var parenchymaEcho: Double {
    switch background {
    case .normal: 0
    case .steatosis: 4
    case .fibrosis: 1.5
    }
  }

  /// dB/cm/MHz, one way.
  var parenchymaAttenuation: Double {
    switch background {
    case .normal: 0.5
    case .steatosis: 0.74
    case .fibrosis: 0.54
    }
  }

  /// Coarse echo pattern of parenchyma, dB about its level.
  func pattern(x: Double, z: Double) -> Double {
    switch background {
    case .normal: 0.7 * coarse.value(x: x, z: z) + 0.5 * fine.value(x: x, z: z)
    case .steatosis: 0.6 * coarse.value(x: x, z: z) + 0.3 * fine.value(x: x, z: z)
    case .fibrosis: 1.0 * coarse.value(x: x, z: z) + 1.3 * fine.value(x: x, z: z)
    }
  }

  /// mm from the diaphragm towards the probe's side of it; negative beyond.
  func distanceToDiaphragm(x: Double, z: Double) -> Double {
    let (dx, dz) = (x - diaphragm.x, z - diaphragm.z)
    return diaphragm.radius + 1.2 * layers.value(x: x * 0.05, z: 11) - (dx * dx + dz * dz).squareRoot()
  }

  /// Signed distance to the nearest vessel's wall, and whether that wall is bright.
  func nearestVessel(x: Double, z: Double) -> (distance: Double, hasWall: Bool)? {
    var nearest: (distance: Double, hasWall: Bool)?
    for vessel in vessels {
      if let distance = vessel.distance(x: x, z: z), distance < nearest?.distance ?? .infinity {
        nearest = (distance, vessel.hasWall)
      }
    }
    return nearest
  }

  func point(x: Double, z: Double, depth: Double) -> TissuePoint {
    if depth < wallDepth { return wall.point(x: x, depth: depth) }
    let rim = distanceToDiaphragm(x: x, z: z)
    // Left and right of the circle, above its middle, the liver goes on: only the deep side is diaphragm.
    if rim < 3 && z > diaphragm.z { return nearDiaphragm(x: x, z: z, rim: rim) }
    var point = TissuePoint(
      echo: parenchymaEcho + pattern(x: x, z: z), specular: -100, attenuation: parenchymaAttenuation)
    if depth < wallDepth + 0.8 { point.specular = background == .fibrosis ? 2 + 3 * fine.value(x: x, z: z) : 5 }
    if let vessel = nearestVessel(x: x, z: z) {
      if vessel.distance < 0 {
        point.echo -= 21 * min(1, -vessel.distance / 1.2)
        point.attenuation = 0.2
      } else if vessel.hasWall && vessel.distance < 2 {
        let bright = background == .steatosis ? 4.0 : 9.0
        point.echo += bright * (1 - vessel.distance / 2)
      }
    }
    return point
  }

  /// The bright line, brightest where the beam meets it square, and what a mirror shows beyond it.
  private func nearDiaphragm(x: Double, z: Double, rim: Double) -> TissuePoint {
    let plain = parenchymaEcho + pattern(x: x, z: z)
    if rim > 0.5 { return TissuePoint(echo: plain, specular: -100, attenuation: parenchymaAttenuation) }
    let patchy = coarse.value(x: x * 0.6, z: 77 + 0.2 * z)
    if rim > -0.5 {
      // Height over the circle's middle stands for the cosine of incidence under a convex probe.
      let square = max(0, (z - diaphragm.z) / diaphragm.radius)
      let level = 10 * square * square - 3 + 2.5 * patchy
      return TissuePoint(echo: level, specular: level, attenuation: 1)
    }
    let mirrored = -4 + 0.5 * rim + 1.5 * patchy + 2.5 * coarse.value(x: x, z: z)
    return TissuePoint(echo: max(-22, mirrored), specular: -100, attenuation: 0.6)
  }

  /// Two or three branching trees that enter and leave the plane, and a few cross-sections.
  private static func drawVessels(depth: Double, stream: inout RandomStream) -> [VesselSegment] {
    var vessels: [VesselSegment] = []
    for _ in 0..<2 + stream.index(below: 2) {
      let (x, z) = (stream.uniform(-0.4...0.4) * depth, stream.uniform(0.3...0.75) * depth)
      let radius = stream.uniform(1.4...3.8)
      let hasWall = stream.chance(0.5)
      let segments = 6 + stream.index(below: 6)
      let heading = stream.uniform(-3.1...3.1)
      let stem = walk(
        x: x, z: z, heading: heading, radius: radius, segments: segments, hasWall: hasWall, stream: &stream)
      vessels += stem
      for joint in stem.dropFirst(2).dropLast(2) where stream.chance(0.25) {
        let turn = PortableMath.angle(y: joint.z1 - joint.z0, x: joint.x1 - joint.x0)
        vessels += walk(
          x: joint.x1, z: joint.z1, heading: turn + (stream.chance(0.5) ? 0.8 : -0.8), radius: 0.6 * joint.radius1,
          segments: 4, hasWall: hasWall, stream: &stream)
      }
    }
    for _ in 0..<2 + stream.index(below: 4) {
      let (x, z) = (stream.uniform(-0.4...0.4) * depth, stream.uniform(0.25...0.8) * depth)
      let radius = stream.uniform(1...2.6)
      vessels.append(
        VesselSegment(
          x0: x, z0: z, x1: x + stream.uniform(0...4), z1: z + stream.uniform(-1...1), radius0: radius,
          radius1: radius * stream.uniform(0.5...1), hasWall: stream.chance(0.5)))
    }
    return vessels
  }

  /// A tube of short pieces with slowly turning heading, thin at both ends where it crosses the plane.
  private static func walk(
    x: Double, z: Double, heading: Double, radius: Double, segments: Int, hasWall: Bool, stream: inout RandomStream
  ) -> [VesselSegment] {
    var (x, z, heading, bend) = (x, z, heading, 0.15 * stream.normal())
    func width(_ joint: Int) -> Double {
      let place = Double(joint) / Double(segments)
      return max(0.2, radius * (1 - 0.35 * place) * min(1, 0.35 + 2.2 * place, 3 * (1 - place)))
    }
    return (0..<segments).map { piece in
      let length = 3 + 1.3 * radius
      let (nextX, nextZ) = (
        x + length * PortableMath.cosine(heading), z + 0.8 * length * PortableMath.sine(heading)
      )
      defer {
        (x, z) = (nextX, nextZ)
        bend = 0.7 * bend + 0.12 * stream.normal()
        heading += bend
      }
      return VesselSegment(
        x0: x, z0: z, x1: nextX, z1: nextZ, radius0: width(piece), radius1: width(piece + 1), hasWall: hasWall)
    }
  }
}
