/// Parts that differ in echo and in perfusion.
enum RenalPart: Sendable {
  case wall, liver, fat, muscle, capsule, cortex, medulla, sinus
}

/// A kidney lengthwise under liver or spleen, in perirenal fat on muscle. All of it is nuisance.
struct RenalAnatomy: Sendable {
  let wall: AbdominalWall
  /// Middle, mm.
  let x: Double
  let z: Double
  /// Half lengths of the long and the short axis, mm; turn of the long axis from level, radians.
  let long: Double
  let short: Double
  private let cosine: Double
  private let sine: Double
  private let fatWidth: Double
  private let pyramids: [Double]
  private let pyramidWidth: Double
  let coarse: SmoothField
  let fine: SmoothField

  /// - Parameter shift: how far breathing has moved the kidney, mm.
  init(depth: Double, shift: (x: Double, z: Double), stream: inout RandomStream) {
    let fatDepth = stream.uniform(5...12)
    let wallDepth = fatDepth + stream.uniform(5...9)
    long = stream.uniform(48...57)
    short = stream.uniform(23...28)
    x = stream.uniform(-9...9) + shift.x
    z = max(wallDepth + 1.25 * short + 4, stream.uniform(0.5...0.58) * depth) + shift.z
    let turn = stream.uniform(-0.28...0.28)
    (cosine, sine) = (PortableMath.cosine(turn), PortableMath.sine(turn))
    fatWidth = stream.uniform(3...8)
    let count = 8 + stream.index(below: 3)
    let first = stream.uniform(0...1)
    pyramids = (0..<count).map { pyramid in
      2 * PortableMath.pi * (Double(pyramid) + first + stream.uniform(-0.15...0.15)) / Double(count) - PortableMath.pi
    }
    pyramidWidth = 0.62 * PortableMath.pi / Double(count)
    coarse = SmoothField(spacing: 7, stream: &stream)
    fine = SmoothField(spacing: 2.6, stream: &stream)
    wall = AbdominalWall(
      fatDepth: fatDepth, wallDepth: wallDepth, layers: SmoothField(spacing: 1.7, stream: &stream))
  }

  /// Distance from the middle as a share of the outline's, and the angle in the kidney's own axes.
  private func place(x px: Double, z pz: Double) -> (share: Double, angle: Double) {
    let (dx, dz) = (px - x, pz - z)
    let (u, v) = ((dx * cosine + dz * sine) / long, (-dx * sine + dz * cosine) / short)
    return ((u * u + v * v).squareRoot(), PortableMath.angle(y: v, x: u))
  }

  /// A place on the outline, or within it where `share` is below 1.
  ///
  /// - Parameter angle: in the kidney's own axes; -pi/2 is towards the probe.
  func outline(angle: Double, share: Double) -> (x: Double, z: Double) {
    let (u, v) = (share * long * PortableMath.cosine(angle), share * short * PortableMath.sine(angle))
    return (x + u * cosine - v * sine, z + u * sine + v * cosine)
  }

  func part(x px: Double, z pz: Double, depth: Double) -> RenalPart {
    if depth < wall.wallDepth { return .wall }
    let (share, angle) = place(x: px, z: pz)
    let waved = share + 0.02 * coarse.value(x: px * 0.4, z: pz * 0.4)
    if waved > 1 {
      let beyond = (waved - 1) * short
      if beyond < 0.7 { return .capsule }
      if beyond < fatWidth { return .fat }
      return pz < z ? .liver : .muscle
    }
    // The sinus is open towards one side of the lower edge only in other planes; here it lies in the middle.
    if waved < 0.46 + 0.05 * fine.value(x: px * 0.3, z: pz * 0.3) { return .sinus }
    if waved < 0.8 {
      // Pyramids: broad towards the cortex, pointed towards the sinus.
      let breadth = pyramidWidth * (0.35 + 0.65 * (waved - 0.46) / 0.34)
      for pyramid in pyramids {
        var off = abs(angle - pyramid)
        if off > PortableMath.pi { off = 2 * PortableMath.pi - off }
        if off < breadth { return .medulla }
      }
    }
    return .cortex
  }

  func point(x px: Double, z pz: Double, depth: Double) -> TissuePoint {
    let part = part(x: px, z: pz, depth: depth)
    let pattern = 0.7 * coarse.value(x: px, z: pz) + 0.6 * fine.value(x: px, z: pz)
    switch part {
    case .wall: return wall.point(x: px, depth: depth)
    case .liver: return TissuePoint(echo: pattern, specular: -100, attenuation: 0.5)
    case .fat: return TissuePoint(echo: 4 + 2.2 * pattern, specular: -100, attenuation: 0.55)
    case .muscle:
      let stripe = fine.value(x: px * 0.15, z: pz * 1.4)
      return TissuePoint(echo: -6 + 3 * stripe, specular: -100, attenuation: 0.55)
    case .capsule: return TissuePoint(echo: 6, specular: 4 + 2 * coarse.value(x: px, z: pz), attenuation: 0.5)
    case .cortex: return TissuePoint(echo: -3.5 + 0.7 * pattern, specular: -100, attenuation: 0.5)
    case .medulla: return TissuePoint(echo: -9 + 0.6 * pattern, specular: -100, attenuation: 0.45)
    case .sinus:
      // Fat with vessels and calyces in it.
      let calyx = fine.value(x: px * 0.55 + 31, z: pz * 0.55) < -1.3
      return TissuePoint(echo: calyx ? -9 : 8 + 2.5 * pattern, specular: -100, attenuation: 0.5)
    }
  }
}
