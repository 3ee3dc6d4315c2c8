/// Skin, subcutaneous fat and muscle under a convex probe.
struct AbdominalWall: Sendable {
  /// Depth of skin and fat, mm.
  let fatDepth: Double
  /// Depth of all layers, mm.
  let wallDepth: Double
  let layers: SmoothField

  /// Skin, fat with bright septa, striped muscle between two fasciae; all follow the probe's face, in waves.
  func point(x: Double, depth: Double) -> TissuePoint {
    if depth < 1.4 { return TissuePoint(echo: 7, specular: 3, attenuation: 0.5) }
    let bend = depth + 0.9 * layers.value(x: x * 0.06, z: 40) + 0.5 * layers.value(x: x * 0.2, z: 60)
    let stripe = layers.value(x: x * 0.1, z: bend * 1.6)
    let fascia = min(abs(bend - fatDepth - 0.5), abs(bend - wallDepth + 1.4))
    if fascia < 0.45 {
      let patchy = layers.value(x: x * 0.15, z: 90)
      return TissuePoint(echo: 4 + 2 * patchy, specular: 3 + 3 * patchy, attenuation: 0.6)
    }
    if bend < fatDepth {
      return TissuePoint(echo: -6 + 4 * stripe, specular: stripe > 1.9 ? 0 : -100, attenuation: 0.5)
    }
    return TissuePoint(echo: -5 + 5 * stripe, specular: -100, attenuation: 0.55)
  }
}
