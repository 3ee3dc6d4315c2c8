/// A limb or trunk wall under a linear probe: skin, subcutaneous fat with septa, fascia, striped muscle, at times bone. All of
/// it is nuisance.
struct SoftTissueAnatomy: Sendable {
  let skin: Double
  /// Depth of the muscle fascia, mm.
  let fascia: Double
  /// Depth of bone, mm; beyond the picture where there is none.
  let bone: Double
  private let tilt: Double
  private let coarse: SmoothField
  private let fine: SmoothField

  init(depth: Double, stream: inout RandomStream) {
    skin = stream.uniform(1.4...2.4)
    fascia = stream.uniform(0.2...0.38) * depth
    bone = stream.chance(0.3) ? stream.uniform(0.86...0.97) * depth : 2 * depth
    tilt = stream.uniform(-0.12...0.12)
    coarse = SmoothField(spacing: 5, stream: &stream)
    fine = SmoothField(spacing: 1.1, stream: &stream)
  }

  func point(x: Double, z: Double) -> TissuePoint {
    if z < skin { return TissuePoint(echo: 7, specular: z < 0.5 ? 4 : -100, attenuation: 0.6) }
    let wave = 0.8 * coarse.value(x: x * 0.35, z: 7)
    let toFascia = z - fascia - tilt * x - wave
    if abs(toFascia) < 0.25 {
      let patchy = coarse.value(x: x * 0.6, z: 3)
      return TissuePoint(echo: 2 + 2 * patchy, specular: 1 + 3 * patchy, attenuation: 0.6)
    }
    if toFascia < 0 { return fat(x: x, z: z) }
    if z > bone + 0.5 * wave { return behindBone(x: x, z: z, depth: z - bone - 0.5 * wave) }
    return muscle(x: x, z: z - tilt * x - wave)
  }

  /// Dark lobules between bright, mostly level septa.
  private func fat(x: Double, z: Double) -> TissuePoint {
    let septum = abs(coarse.value(x: x * 0.35, z: z * 1.2 + 90))
    let pattern = 0.9 * coarse.value(x: x, z: z) + 1.1 * fine.value(x: x * 0.4, z: z)
    let patchy = coarse.value(x: x * 0.8 + 50, z: z)
    return TissuePoint(
      echo: -5 + 7 * max(0, 1 - septum / 0.12) + pattern,
      specular: septum < 0.045 && patchy > -0.3 ? -4 + 3 * patchy : -100, attenuation: 0.5)
  }

  /// Fibres as fine broken lines along the muscle.
  private func muscle(x: Double, z: Double) -> TissuePoint {
    let fibre = fine.value(x: x * 0.11, z: z * 1.3)
    let bundle = coarse.value(x: x * 0.22, z: z)
    return TissuePoint(
      echo: -6 + 2.8 * fibre + 1.5 * bundle, specular: fibre > 1.9 ? -10 + 2 * fibre : -100, attenuation: 0.55)
  }

  private func behindBone(x: Double, z: Double, depth: Double) -> TissuePoint {
    if depth < 0.7 { return TissuePoint(echo: 12, specular: 9 + 2 * fine.value(x: x, z: z), attenuation: 3) }
    return TissuePoint(echo: -16 - depth, specular: -100, attenuation: 3)
  }
}

/// The tissue of one picture: layers with the mass in them.
struct SoftTissueScene: Tissue {
  let anatomy: SoftTissueAnatomy
  let lesion: LesionShape

  func point(x: Double, z: Double, depth: Double) -> TissuePoint {
    let around = anatomy.point(x: x, z: z)
    let muscle = TissuePoint(echo: -4, specular: -100, attenuation: 0.55)
    return lesion.overlay(on: around, parenchyma: muscle, x: x, z: z)
  }
}
